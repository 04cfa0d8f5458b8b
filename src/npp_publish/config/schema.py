"""The published JSON Schema of `npp.toml`, generated from the dataclasses that read it."""

from __future__ import annotations

import types
from collections.abc import Iterable
from dataclasses import MISSING, fields
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin

from ..backends import load
from .options import alternatives, help_of, hints_of, key_of
from .settings import OURS

__all__ = ["schema_of", "table_of"]

_PLAIN: dict[Any, str] = {bool: "boolean", int: "integer", float: "number", str: "string", Path: "string"}


def schema_of(backends: Iterable[str]) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a settings file for these backends.

    Tables of backends that are not among them are allowed and not described.
    """
    tables = {name: table_of(table) for name, table in OURS.items()}
    for name in backends:
        backend = load(name)
        tables[name] = table_of(backend.Options, title=backend.info.summary)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "npp.toml, the settings of npp-publish",
        "type": "object",
        "properties": tables,
        "additionalProperties": {"type": "object"},
    }


def table_of(table: type[Any], *, title: str = "") -> dict[str, Any]:
    """Return the schema of one table, that is of one dataclass."""
    hints = hints_of(table)
    heading = title or (table.__doc__ or "").strip().split("\n")[0]
    return {
        "title": heading,
        "type": "object",
        "additionalProperties": False,
        "properties": {key_of(field.name): _property(field, hints[field.name]) for field in fields(table)},
    }


def _property(field: Any, kind: Any) -> dict[str, Any]:
    found = _typed(kind)
    if text := help_of(field):
        found["description"] = text
    if field.default is not MISSING and field.default is not None:
        found["default"] = _plain(field.default)
    return found


def _typed(kind: Any) -> dict[str, Any]:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        kinds = [_typed(part) for part in get_args(kind) if part is not type(None)]
        return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    if origin is tuple:
        return {"type": "array", "items": _typed(get_args(kind)[0])}
    if words := alternatives(kind):
        return {"enum": list(words)}
    return {"type": _PLAIN[kind]}


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value
