"""`npp.toml`, `--set`, and what both mean for one document.

A settings file has a few tables of ours (`build`, `source`, `limits`) and one table for each
backend, whose fields are that backend's `Options`. `npp.toml` is looked for in the current folder
and its parents, as far as the first one that has it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..backends import load as load_backend
from ..backends import names
from ..errors import BackendFailed, InputUnreadable, UsageError
from .options import fill, key_of, suggest

if TYPE_CHECKING:
    from ..backends import Backend
    from ..model import Theme

__all__ = [
    "FILE_NAME",
    "Build",
    "Cache",
    "Limits",
    "Settings",
    "SourceTable",
    "assignment",
    "find",
    "load",
    "looked_for",
    "options_for",
]

FILE_NAME = "npp.toml"

Tables = Mapping[str, Mapping[str, Any]]


def _help(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


def _within(key: str, value: int, least: int, most: int) -> None:
    """Raise ValueError, which `fill` turns into a message with its place."""
    if not least <= value <= most:
        raise ValueError(f"{key} is {value}, and may be {least} to {most}")


@dataclass(frozen=True, slots=True)
class Build:
    """What is made, and how it looks."""

    to: tuple[str, ...] = _help(("pdf", "epub", "html"), "output formats, by backend name")
    out: str = _help("dist", "output folder")
    theme: str = _help("briefing", "name of a shipped theme, or a folder with a theme of your own")
    profile: str = _help("", "profile of a paper's habits: a name or a TOML file; empty for the general one")
    edits: str = _help("", "TOML file with decisions of the ledger to flip, by id")
    styles: tuple[str, ...] = _help((), "style sheets laid over the theme, in order")
    jobs: int = _help(0, "processes at the same time; 0 for one per core")
    strict: bool = _help(False, "warnings fail the run (exit code 8)")
    keep: bool = _help(True, "keep the work folder with the output of every stage")

    def __post_init__(self) -> None:
        _within("jobs", self.jobs, 0, 1024)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """How input files are read."""

    encoding: str = _help("", "encoding of the input; empty to find it out")
    pages: tuple[str, ...] = _help((), "newspaper page that each input stands for, in their order")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one run: untrusted input must end."""

    seconds: int = _help(1800, "time that one backend may take for one document, in seconds")

    def __post_init__(self) -> None:
        _within("seconds", self.seconds, 1, 10_000_000)


@dataclass(frozen=True, slots=True)
class Cache:
    """The morgue: what was made before and need not be made again."""

    megabytes: int = _help(1000, "size of the cache in megabytes; 0 turns it off")
    folder: str = _help("", "its folder; empty for the user's own cache folder")

    def __post_init__(self) -> None:
        _within("megabytes", self.megabytes, 0, 100_000_000)


OURS: Mapping[str, type[Any]] = {"build": Build, "source": SourceTable, "limits": Limits, "cache": Cache}


@dataclass(frozen=True, slots=True)
class Settings:
    """The project's and the command line's wishes; the tables of backends are read when one runs.

    `origin` is the settings file (for messages and for paths in it), or None.
    """

    build: Build = field(default_factory=Build)
    source: SourceTable = field(default_factory=SourceTable)
    limits: Limits = field(default_factory=Limits)
    cache: Cache = field(default_factory=Cache)
    project: Tables = field(default_factory=dict)
    command: Tables = field(default_factory=dict)
    origin: Path | None = None

    def said(self, key: str) -> bool:
        """Tell whether the command line itself set `key` of the `build` table."""
        return key in {key_of(name) for name in self.command.get("build", {})}

    def styles(self) -> tuple[Path, ...]:
        """Return the style sheets of the `build` table, found as `path` finds the rest."""
        home = self.origin.parent if self.origin and not self.said("styles") else Path()
        return tuple(home / name for name in self.build.styles)

    def path(self, key: str) -> Path:
        """Return a path of the `build` table: relative to the settings file that says it."""
        value = Path(str(getattr(self.build, key)))
        return self.origin.parent / value if self.origin and not self.said(key) else value


def assignment(text: str) -> tuple[str, str, str]:
    """Split `--set table.key=value`; raises UsageError where it has another form."""
    path, equals, value = text.partition("=")
    table, dot, key = path.strip().partition(".")
    if not (equals and dot and table and key):
        hint = "write --set table.key=value, as in --set pdf.paper=a5"
        raise UsageError(f"cannot read --set {text!r}", hint=hint)
    return table, key, value.strip()


def find(start: Path) -> Path | None:
    """Return the `npp.toml` that counts for the folder `start`, or None."""
    last = looked_for(start)[-1]
    return last if last.is_file() else None


def looked_for(start: Path) -> tuple[Path, ...]:
    """Return where `find` looks, in order; only the last may be there."""
    folder = start.resolve()
    candidates = [parent / FILE_NAME for parent in (folder, *folder.parents)]
    found = next((n for n, path in enumerate(candidates) if path.is_file()), len(candidates) - 1)
    return tuple(candidates[: found + 1])


def load(
    path: Path | None = None, *, sets: Iterable[str] = (), flags: Mapping[str, Any] | None = None
) -> Settings:
    """Read a settings file and lay the command line over it.

    `sets` are `table.key=value` texts, `flags` values for the `build` table from the command's own
    options. Raises InputUnreadable, or UsageError that names file and key.
    """
    project = _read(path) if path else {}
    command: dict[str, dict[str, Any]] = {"build": dict(flags or {})}
    for text in sets:
        table, key, value = assignment(text)
        command.setdefault(table, {})[key] = value
    origin = str(path) if path else FILE_NAME
    _known_tables(project, origin)
    _known_tables(command, "--set")
    _fitting(project, lambda name: f"{origin} [{name}]")
    _fitting(command, lambda name: f"--set {name}")
    ours = {
        name: fill(
            schema,
            command.get(name, {}),
            where="command line",
            base=fill(schema, project.get(name, {}), where=f"{origin} [{name}]"),
        )
        for name, schema in OURS.items()
    }
    return Settings(**ours, project=project, command=command, origin=path)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    if path.exists() and not path.is_file():
        raise InputUnreadable("the settings are no file", where=path)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputUnreadable("no such settings file", where=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputUnreadable(f"cannot read the settings: {error}", where=path) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"this is not TOML: {error}", where=path) from error
    for name, table in tables.items():
        if not isinstance(table, dict):
            home = next((ours for ours, schema in OURS.items() if name in _keys(schema)), "")
            hint = f"put it in the table [{home}]" if home else "settings stand in tables such as [build]"
            raise UsageError(f"{name!r} stands outside any table", where=path, hint=hint)
    return tables


def _keys(schema: type[Any]) -> list[str]:
    return [key_of(item.name) for item in fields(schema)]


def _known_tables(tables: Mapping[str, Any], where: str) -> None:
    for name in tables:
        if name not in OURS and name not in names():
            raise UsageError(f"unknown table {name!r}", where=where, hint=suggest(name, (*OURS, *names())))


def _fitting(tables: Tables, where: Callable[[str], str]) -> None:
    """Raise UsageError for a key or value of a backend's table that it does not know, also where this run
    does not make its format: a slip is told when it is made."""
    for name, table in tables.items():
        if name in OURS:
            continue
        try:
            schema = load_backend(name).Options
        except BackendFailed:  # told by the run that needs it
            continue
        fill(schema, table, where=where(name))


def options_for(
    name: str, backend: Backend, settings: Settings, *, theme: Theme | None = None, front_matter: str = "{}"
) -> Any:
    """Return the `Options` of one backend: theme, project, front matter, command line, in this order.

    `front_matter` is the edition's `extra`; per-backend options stand there under `format: name:`.
    A theme sets them in `theme.toml` as `format.name.key`. Raises UsageError.
    """
    origin = str(settings.origin or FILE_NAME)
    options = backend.Options()
    layers = (
        (_themed(name, theme), f"theme {theme.name if theme else ''}"),
        (settings.project.get(name, {}), f"{origin} [{name}]"),
        (_fronted(name, front_matter), f"front matter, format: {name}:"),
        (settings.command.get(name, {}), f"--set {name}"),
    )
    for values, where in layers:
        if where.startswith(("theme", "front matter")):
            _refuse_trusted(backend.Options, values, where)
        options = fill(backend.Options, values, where=where, base=options)
    return options


def _refuse_trusted(schema: type[Any], values: Mapping[str, Any], where: str) -> None:
    """Refuse what a text or theme from anywhere must not decide: options marked `trusted`."""
    trusted = {key_of(item.name) for item in fields(schema) if item.metadata.get("trusted")}
    for key in values:
        if key_of(str(key)) in trusted:
            raise UsageError(f"{key!r} cannot be set here", where=where, hint="use npp.toml or --set")


def _themed(name: str, theme: Theme | None) -> Mapping[str, str]:
    prefix = f"format.{name}."
    settings = theme.settings if theme else ()
    return {key.removeprefix(prefix): value for key, value in settings if key.startswith(prefix)}


def _fronted(name: str, front_matter: str) -> Mapping[str, Any]:
    formats = json.loads(front_matter).get("format", {})
    table = formats.get(name, {}) if isinstance(formats, dict) else formats
    if not isinstance(table, dict):
        raise UsageError(f"{table!r} is not a table of options", where=f"front matter, format: {name}:")
    return table
