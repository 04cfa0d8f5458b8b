"""A mapping becomes a frozen dataclass: types checked, unknown keys answered with a suggestion.

Values come from TOML and YAML with types, and from `--set` as text; both are understood. Keys may
be written with `-` or `_`. Supported field types: `bool`, `int`, `float`, `str`, `Path`, enums of
text, `Literal`, `X | None`, and `tuple[X, ...]` of these.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import UsageError

__all__ = ["alternatives", "convert", "fill", "help_of", "hints_of", "key_of", "suggest"]

T = TypeVar("T")

_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")


def key_of(name: str) -> str:
    """Return the key of a field as people write it: `page_numbers` is `page-numbers`."""
    return name.replace("_", "-")


def help_of(field: Field[Any]) -> str:
    """Return the one-line help of a field."""
    return str(field.metadata.get("help", ""))


def hints_of(schema: type[Any]) -> dict[str, Any]:
    """Return the resolved types of a dataclass's fields, by field name."""
    return get_type_hints(schema)


def suggest(word: str, known: Iterable[str]) -> str:
    """Return the next step for a word that is not among the `known` ones."""
    choices = list(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"known are: {', '.join(choices)}" if choices else "there is nothing to set here"


def fill(schema: type[T], values: Mapping[str, Any], *, where: str, base: T | None = None) -> T:
    """Return an instance of the dataclass `schema` with `values` laid over `base` (or its defaults).

    `where` names the place in messages (`npp.toml [pdf]`, `--set`). Raises UsageError for an
    unknown key or a value that the field's type cannot hold.
    """
    hints = hints_of(schema)
    known = {key_of(field.name): field.name for field in fields(schema)}  # type: ignore[arg-type]
    changes: dict[str, Any] = {}
    for key, value in values.items():
        name = known.get(key_of(str(key)))
        if name is None:
            raise UsageError(f"unknown key {key!r}", where=where, hint=suggest(key_of(str(key)), known))
        changes[name] = convert(value, hints[name], where=f"{where}: {key}")
    try:
        return replace(base, **changes) if base is not None else schema(**changes)  # type: ignore[type-var]
    except (TypeError, ValueError) as error:
        raise UsageError(str(error), where=where) from error


def alternatives(kind: Any) -> tuple[str, ...]:
    """Return the words that a type allows, or nothing where it is open."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(str(member.value) for member in kind)
    if get_origin(kind) is Literal:
        return tuple(str(choice) for choice in get_args(kind))
    return ()


def convert(value: Any, kind: Any, *, where: str) -> Any:
    """Return `value` as the type `kind`, or raise UsageError naming `where`."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _either(value, get_args(kind), where)
    if origin is tuple:
        return _several(value, get_args(kind)[0], where)
    if words := alternatives(kind):
        return _word(value, kind, words, where)
    if kind is bool:
        return _switch(value, where)
    if kind in (int, float):
        return _number(value, kind, where)
    if kind is Path and isinstance(value, str | Path):
        return Path(value)
    if kind is str and isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    raise UsageError(f"{value!r} is not {_named(kind)}", where=where)


def _either(value: Any, kinds: tuple[Any, ...], where: str) -> Any:
    if value is None or (value in ("", "none") and type(None) in kinds and str not in kinds):
        return None
    problems = []
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return convert(value, kind, where=where)
        except UsageError as error:
            problems.append(error)
    raise problems[0]


def _several(value: Any, kind: Any, where: str) -> tuple[Any, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise UsageError(f"{value!r} is not a list", where=where)
    return tuple(convert(item, kind, where=where) for item in value)


def _word(value: Any, kind: Any, words: tuple[str, ...], where: str) -> Any:
    text = str(value)
    if text not in words:
        raise UsageError(f"{text!r} is not one of {', '.join(words)}", where=where, hint=suggest(text, words))
    if get_origin(kind) is Literal:
        return next(choice for choice in get_args(kind) if str(choice) == text)
    return next(member for member in kind if str(member.value) == text)


def _switch(value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise UsageError(f"{value!r} is neither true nor false", where=where)


def _number(value: Any, kind: type[int] | type[float], where: str) -> int | float:
    if not isinstance(value, bool) and isinstance(value, int | float | str):
        try:
            number = kind(value)
        except (ValueError, OverflowError):
            pass
        else:
            if isinstance(value, str) or number == value:
                return number
    raise UsageError(f"{value!r} is not {_named(kind)}", where=where)


def _named(kind: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "text", Path: "a path", bool: "true or false"}
    return names.get(kind, str(kind))
