"""`npp-publish backends`: the output formats, their options, the schema of the settings."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import Any

from ..backends import Backend, load, names
from ..config.options import alternatives, help_of, hints_of, key_of
from ..errors import PublishError
from .init import as_toml
from .voice import give, give_json, trouble

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `backends`."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="show only these, with their options")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of npp.toml")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(words: argparse.Namespace) -> int:
    """List the backends; one that cannot be loaded is told and does not hide the others."""
    if words.schema:
        from ..config.schema import schema_of

        give_json(schema_of(words.names or names()))
        return 0
    found: list[Backend] = []
    code = 0
    for name in words.names or names():
        try:
            found.append(load(name))
        except PublishError as error:
            trouble(error)
            code = code or error.exit_code
    if words.json:
        give_json([_as_json(backend) for backend in found])
        return code
    for backend in found:
        give(f"{backend.info.name:<12}{backend.info.suffix:<12}{backend.info.summary}")
        if words.names:
            _options(backend)
    return code


def _as_json(backend: Backend) -> dict[str, Any]:
    from ..config.schema import table_of

    info = backend.info
    return {
        "name": info.name,
        "summary": info.summary,
        "suffix": info.suffix,
        "media-type": info.media_type,
        "features": sorted(feature.value for feature in info.features),
        "tools": list(info.tools),
        "options": table_of(backend.Options)["properties"],
    }


def _options(backend: Backend) -> None:
    hints = hints_of(backend.Options)
    for field in fields(backend.Options):
        words = alternatives(hints[field.name])
        choice = f" ({', '.join(words)})" if words else ""
        give(f"    {backend.info.name}.{key_of(field.name)} = {as_toml(field.default)}{choice}")
        give(f"        {help_of(field)}")
