"""Standing type: what was published before and need not be set again.

Printers keep the type of a page standing when it may be printed once more. Here: the *order* (what
a person wants published), its *keys* (digests of everything that could change the outcome) and the
question whether the outputs on disk still answer to them. Nothing of the engines is imported.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .backends import follows
from .colophon import Digests, backend_digest, code_digest, digest_of, tool_versions
from .config import Settings
from .diagnostics import Diagnostic, Severity
from .dist import Place, read_record
from .typecase import styles_folder

if TYPE_CHECKING:
    from .markdown import Written
    from .model import Edition, SourceFile

__all__ = [
    "Copy",
    "Keys",
    "Order",
    "Outcome",
    "keys_of",
    "looked_at",
    "named_files",
    "note",
    "pictures_of",
    "recall",
    "styles_digest",
    "themes_of",
]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be published: the files of ONE edition, where to, in which formats, how.

    `edited` means that the input is an `edition.md`, so that stages 1-4 are left out. No formats
    means the Markdown only (stages 1-5). `again` rebuilds what is up to date; `overwrite` allows
    the new Markdown to replace one that was edited by hand.
    """

    inputs: tuple[Path, ...]
    place: Place
    formats: tuple[str, ...]
    settings: Settings = field(default_factory=Settings)
    edited: bool = False
    again: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """What stages 1-5 made of a page: the Markdown, the files it was read from, findings, proofs."""

    made: Written
    files: tuple[SourceFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    proofs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was published, what was noticed, and the exit code that says so.

    `row` is the document's row of the manifest; `fresh` means that everything was up to date; `seen`
    that all of it was looked at, so that the same answer may be given while nothing changes.
    """

    document: str
    published: tuple[Path, ...]
    diagnostics: tuple[Diagnostic, ...]
    exit_code: int
    row: Mapping[str, Any]
    fresh: bool = False
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """The key of the copy (stages 1-5), of the whole (1-6), and one a format (7 and 8)."""

    copy: str
    text: str
    formats: Mapping[str, str]


def themes_of(settings: Settings) -> tuple[Path, ...]:
    """Return the folders that a theme may come from: all shipped ones, which lend each other files,
    and that of the settings where it is another one."""
    shipped = styles_folder()
    named = settings.build.theme
    if Path(named).name == named and (shipped / named).is_dir():
        return (shipped,)
    return (shipped, settings.path("theme"))


def keys_of(order: Order, digests: Digests) -> Keys:
    """Return the digests of everything that decides what this order's outputs will be.

    That is: the inputs with their names, the settings, the theme, the fonts, our code, the tools'
    versions, SOURCE_DATE_EPOCH; and for each format its own settings and its maker's code, and the
    key of the format that it follows.
    """
    settings, build = order.settings, order.settings.build
    copy = digest_of(
        {
            "inputs": [(str(path), digests.file(path)) for path in order.inputs],
            "edited": order.edited,
            "source": asdict(settings.source),
            "profile": [build.profile, *(digests.file(path) for path in _profiles(settings))],
            "edits": [build.edits, digests.file(settings.path("edits"))] if build.edits else [],
            "code": code_digest(digests),
            "tools": tool_versions(),
        }
    )
    own = [digests.folder(folder) for folder in themes_of(settings)[1:]]
    looks = [build.theme, styles_digest(digests), own]
    sheets = [(str(path), digests.file(path)) for path in settings.styles()]
    text = digest_of([copy, looks, sheets, os.environ.get("SOURCE_DATE_EPOCH", "")])
    tables = {name: [settings.project.get(name), settings.command.get(name)] for name in order.formats}
    made = {
        name: digest_of(
            [text, tables[name], named_files(tables[name], digests), backend_digest(name, digests)]
        )
        for name in order.formats
    }
    leaders = {name: follows(name, order.formats) for name in order.formats}
    for name, lead in leaders.items():
        made[name] = digest_of([made[name], made[lead]]) if lead else made[name]
    return Keys(copy, text, made)


def named_files(value: Any, digests: Digests) -> list[str]:
    """Return the digests of all files that the words of a format's settings name (programs, covers)."""
    if isinstance(value, dict | list | tuple):
        inner = value.values() if isinstance(value, dict) else value
        return [digest for item in inner for digest in named_files(item, digests)]
    words = value.split() if isinstance(value, str) else []
    names = [os.path.expanduser(word.strip("'\"")) for word in words]  # noqa: PTH111 (a Path may raise)
    return [digest for name in names if (digest := digests.file(Path(name)))]


def styles_digest(digests: Digests) -> str:
    """Return one digest of all shipped themes."""
    return digests.folder(styles_folder())


def _profiles(settings: Settings) -> list[Path]:
    """Return the profile's file and those that it extends, where they are files of one's own."""
    found: list[Path] = []
    name = str(settings.path("profile")) if settings.build.profile.endswith(".toml") else ""
    while name.endswith(".toml") and Path(name) not in found and Path(name).is_file():
        found.append(Path(name))
        try:
            name = str(tomllib.loads(Path(name).read_text(encoding="utf-8-sig")).get("extends", ""))
        except (OSError, ValueError):  # told when the profile is loaded
            break
    return found


def recall(order: Order, keys: Keys, digests: Digests) -> Outcome | None:
    """Return the last run's outcome where it still stands for this order, else None.

    It stands where the keys are the same, that run succeeded, every output is on disk as it was
    published, and every picture that was used (or missed) is as it was.
    """
    digests.file(order.place.record)
    record = read_record(order.place)
    try:
        row, known = record["row"], record["keys"]
        if record["text"] != keys.text or any(known.get(name) != key for name, key in keys.formats.items()):
            return None
        wanted = ("md", "ledger", *order.formats)
        made = {output["format"]: output for output in row["outputs"]}
        outputs = [made[name] for name in wanted if name in made]
        pictures = record["pictures"]
        found = tuple(_diagnostic(item) for item in record["diagnostics"])
    except (KeyError, TypeError, AttributeError, ValueError):
        return None  # a record of another version, or damaged
    folder = order.place.folder
    missing = set(order.formats) - set(made)
    if missing or record["exit"] or not _published(outputs, folder, digests):
        return None
    if any(digests.file(Path(path)) != digest for path, digest in pictures):
        return None
    paths = tuple(folder / output["path"] for output in outputs)
    return Outcome(order.place.stem, paths, found, 0, row, fresh=True, seen=True)


def _published(outputs: Iterable[Mapping[str, Any]], folder: Path, digests: Digests) -> bool:
    """Tell whether these outputs are on disk as they were published."""
    return all(digests.file(folder / str(output["path"])) == output["sha256"] for output in outputs)


def looked_at(order: Order, outcome: Outcome, digests: Digests) -> Outcome:
    """Return the outcome of a run just done as seen, if its record and outputs are as it left them."""
    digests.file(order.place.record)
    names = {path.name for path in outcome.published}
    outputs = [output for output in outcome.row["outputs"] if output["path"] in names]
    whole = len(outputs) == len(names) and _published(outputs, order.place.folder, digests)
    return replace(outcome, seen=whole and not outcome.exit_code)


def pictures_of(edition: Edition, folder: Path, digests: Digests) -> dict[str, str]:
    """Return the digest of every picture that the edition names in its folder; "" for one not there."""
    from .model import Figure
    from .model.branches import nodes

    found = (node for node in nodes(edition.articles) if isinstance(node, Figure))
    named = {node.src for node in found} | {edition.value("cover-image")}
    paths = [folder / name for name in named if name and ":" not in name and "\0" not in name]
    home = os.path.realpath(folder) + os.sep
    return {str(path): digests.file(path) for path in paths if os.path.realpath(path).startswith(home)}


def _diagnostic(item: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(**{**item, "severity": Severity(item["severity"])})


def note(
    order: Order, keys: Keys, outcome: Outcome, pictures: Mapping[str, str], earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the record of a run; of formats that it did not make, what the `earlier` record says stays.
    The orders say what would have to be built again to get the same bytes."""
    own = {
        "inputs": [str(path) for path in order.inputs],
        "formats": list(order.formats),
        "edited": order.edited,
    }
    return {
        "text": keys.text,
        "keys": {**earlier.get("keys", {}), **keys.formats},
        "orders": {**earlier.get("orders", {}), **dict.fromkeys(order.formats, own)},
        "exit": outcome.exit_code,
        "row": outcome.row,
        "pictures": sorted(pictures.items()),
        "diagnostics": json.loads(json.dumps([asdict(item) for item in outcome.diagnostics])),
    }
