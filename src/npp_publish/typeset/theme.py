"""Themes: a folder of style sheets, templates and a `theme.toml`, no code.

    [theme]        title, summary, based-on (another shipped theme that lends the files it lacks),
                   standard (a layout standard that the finished pages are measured by)
    [format.pdf]   options of one backend, as `--set pdf.key=...` takes them
    [look]         values that the style sheets of all formats share: `accent = "#9b1c1c"` is
                   `var(--accent)` in CSS and `{{ look.accent }}` in a template
    [page]         the type area in characters and lines, see `typeset.typearea`; [page.a5] for a paper
    [labels]       words that the theme prints (contents, page ...); [labels.en] for another language

`load` checks all of it, so that a mistake in a theme is told before anything is rendered.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..model import Theme
from ..typecase import styles_folder

__all__ = ["FALLBACK", "labels", "load", "look", "names", "part"]

FALLBACK = "briefing"
"""The theme that lends a file which neither a theme nor its base has."""
_TABLES = ("theme", "format", "look", "page", "labels")
_NESTED = ("format", "page", "labels")
_ABOUT = ("title", "summary", "based-on", "standard")
_KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*\Z")
_LOOK = re.compile(r"[\w#%.,()/+* -]{1,200}\Z")
"""A value of [look] stands in a style sheet, so it holds nothing that could end a declaration."""


def names() -> tuple[str, ...]:
    """Return the names of the shipped themes."""
    folders = styles_folder().iterdir()
    return tuple(sorted(folder.name for folder in folders if (folder / "theme.toml").is_file()))


def load(name: str | Path, overrides: Sequence[str | Path] = ()) -> Theme:
    """Load a shipped theme by name, or any folder with a `theme.toml`.

    `overrides` are style sheets laid over the theme's own, in this order; their text goes into
    `Theme.overrides`. Raises UsageError, with the file and the key, for whatever is wrong.
    """
    folder = _folder(str(name))
    table = _read(folder / "theme.toml")
    settings = dict(_settings(table, folder / "theme.toml"))
    base = settings.get("theme.based-on", "")
    if base and base not in names():
        raise UsageError(f"based-on names no shipped theme: {base!r}", where=folder / "theme.toml")
    if base:
        settings = {**dict(load(base).settings), **settings}
    return Theme(folder.name, folder, tuple(settings.items()), tuple(_sheet(Path(o)) for o in overrides))


def part(theme: Theme, file: str) -> Path:
    """Return a file of the theme: its own, else that of its base, else that of the briefing.

    Raises UsageError where none of them has it.
    """
    base = theme.setting("theme.based-on")
    folders = [theme.folder, *(styles_folder() / name for name in (base, FALLBACK) if name)]
    for folder in folders:
        if (folder / file).is_file():
            return folder / file
    raise UsageError(f"the theme {theme.name!r} has no {file}", where=theme.folder)


def labels(theme: Theme, lang: str) -> Mapping[str, str]:
    """Return the words that the theme prints in a language: the plain ones, overlaid with those of
    `[labels.zh]`, `[labels.zh-Hant]` for the tag `zh-Hant` (each subtag adds to the one before)."""
    found: dict[str, str] = {}
    pairs = [(k.removeprefix("labels."), v) for k, v in theme.settings if k.startswith("labels.")]
    found.update((key, value) for key, value in pairs if "." not in key)
    subtags = lang.split("-")
    for count in range(1, len(subtags) + 1):
        tag = "-".join(subtags[:count]).lower() + "."
        found.update((k[len(tag) :], v) for k, v in pairs if k.lower().startswith(tag))
    return found


def look(theme: Theme) -> Mapping[str, str]:
    """Return the values that style sheets and templates share."""
    return {k.removeprefix("look."): v for k, v in theme.settings if k.startswith("look.")}


# ------------------------------------------------------------------------------------ reading


def _folder(name: str) -> Path:
    shipped = styles_folder() / name
    if re.fullmatch(r"[\w-]+", name) and (shipped / "theme.toml").is_file():
        return shipped
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    near = get_close_matches(name, names(), n=1)
    hint = f"did you mean {near[0]!r}?" if near else "shipped are: " + ", ".join(names())
    raise UsageError(f"there is no theme {name!r}, and no folder of that name", hint=hint)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError("a theme needs a theme.toml", where=path.parent) from None
    except (OSError, ValueError) as error:  # a TOML or UTF-8 fault is a ValueError
        raise UsageError(f"theme.toml cannot be read: {error}", where=path) from error


def _sheet(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"the style sheet cannot be read: {error}", where=path) from error


def _settings(table: Mapping[str, Any], where: Path) -> Iterator[tuple[str, str]]:
    for name, content in table.items():
        if name not in _TABLES:
            raise _unknown(name, _TABLES, where)
        if not isinstance(content, dict):
            raise UsageError(f"{name} is a table: [{name}]", where=where)
        yield from _flat(name, content, where)


def _flat(prefix: str, table: Mapping[str, Any], where: Path) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict) and prefix.split(".")[0] in _NESTED:
            yield from _flat(f"{prefix}.{key}", value, where)
            continue
        if prefix == "theme" and key not in _ABOUT:
            raise _unknown(key, _ABOUT, where)
        if prefix == "format" or not _KEY.match(key):
            raise UsageError(f"{prefix}.{key} is not the name of a setting", where=where)
        yield f"{prefix}.{key}", _text(f"{prefix}.{key}", value, where)


def _text(key: str, value: object, where: Path) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        raise UsageError(f"{key} must be a text, a number or true/false", where=where)
    text = str(value)
    if key.startswith("look.") and not _LOOK.match(text):
        raise UsageError(f"{key} is no value for a style sheet: {text[:60]!r}", where=where)
    return text


def _unknown(key: str, known: Sequence[str], where: Path) -> UsageError:
    near = get_close_matches(key, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "known are: " + ", ".join(known)
    return UsageError(f"theme.toml does not know {key!r}", where=where, hint=hint)
