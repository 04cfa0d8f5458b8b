"""`npp-publish init`: an npp.toml with every setting, its default and its help."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path
from typing import Any

from ..backends import load, names
from ..config.options import alternatives, help_of, hints_of, key_of
from ..config.settings import FILE_NAME, OURS
from ..errors import CannotWrite, PublishError
from .voice import give

__all__ = ["as_toml", "configure", "run", "written"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `init`."""
    parser.add_argument("folder", nargs="?", type=Path, default=Path(), help="where to write it (here)")


def run(words: argparse.Namespace) -> int:
    """Write the file; one that is there already is left alone (exit 9)."""
    path = words.folder / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(written())
    except FileExistsError as error:
        raise CannotWrite("there is one already", where=path, hint="edit it, or remove it first") from error
    except OSError as error:
        raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error
    give(str(path))
    return 0


def written() -> str:
    """Return the text of a settings file in which every line is a default, commented out."""
    parts = ["# Settings of npp-publish. Every line shows a default; remove the # to change it.", ""]
    for name, table in OURS.items():
        parts += _table(name, table)
    for name in names():
        try:
            parts += _table(name, load(name).Options)
        except PublishError as error:
            parts += [f"# [{name}] cannot be loaded: {error.message}", ""]
    return "\n".join(parts)


def _table(name: str, table: type[Any]) -> list[str]:
    hints = hints_of(table)
    lines = [f"[{name}]"]
    for field in fields(table):
        words = alternatives(hints[field.name])
        choice = f" ({', '.join(words)})" if words else ""
        lines.append(f"# {key_of(field.name)} = {as_toml(field.default)}  # {help_of(field)}{choice}")
    return [*lines, ""]


def as_toml(value: Any) -> str:
    """Return a default as a settings file has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(as_toml(item) for item in value)}]"
    if isinstance(value, int | float):
        return str(value)
    text = str(getattr(value, "value", "" if value is None else value))
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
