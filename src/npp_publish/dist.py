"""Publishing: from the work folder to the output folder, whole files only, with a manifest.

    dist/<stem>.md .ledger.json .pdf .epub .html    what was published
    dist/manifest.json                              hashes, sizes, tools, diagnostics of all documents
    dist/.work/<stem>/                              the output of every stage (`proofs`)
    dist/.work/records/<stem>.json                  what the next run needs to know of this one

Every file appears by an atomic rename, so that a reader sees the old or the new one and never a
part; the record is written last, so that a run that was killed is simply done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CannotWrite, UsageError

__all__ = [
    "MANIFEST",
    "Output",
    "Place",
    "as_generated",
    "bind",
    "hold",
    "intact",
    "place_for",
    "prepare",
    "publish",
    "read_record",
    "refuse_twins",
    "safe_stem",
    "spare",
    "write_record",
    "write_text",
]

MANIFEST = "manifest.json"
WORK = ".work"
_LONGEST = 180  # bytes of UTF-8; file systems allow 255, and suffixes are still to come
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})
_PROOFS = ("1-read", "2-detect", "3-repair", "4-", "5-", "6-", "7-render", "8-validate", "publish")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one document is published: `folder/stem.suffix`, or exactly `single` (from `-o NAME.pdf`).

    `work` is the document's own work folder; it is inside the output folder unless one was named.
    """

    folder: Path
    stem: str
    work: Path
    single: Path | None = None

    def target(self, suffix: str) -> Path:
        """Return where the output with this suffix goes."""
        return self.single or self.folder / f"{self.stem}{suffix}"

    @property
    def record(self) -> Path:
        """The file that the next run reads to know whether anything changed."""
        return self.work.parent / "records" / f"{self.stem}.json"

    @property
    def base(self) -> Path:
        """What stages 1-5 made the last time, to tell an editor's changes from ours."""
        return self.record.with_suffix(".md")


@dataclass(frozen=True, slots=True)
class Output:
    """One file to publish: made at `path` in the work folder, to appear at `target`."""

    name: str
    path: Path
    target: Path
    media_type: str


def safe_stem(name: str) -> str:
    """Return a file name without suffix that is safe on every system, made from any `name`.

    Letters and digits of any script, `-` and `_` stay; all else becomes one `-`. Path separators,
    leading dots, control characters and device names cannot come through. Never empty.
    """
    text = unicodedata.normalize("NFC", name)
    kept = "".join(c if c.isalnum() or c in "-_" else "-" for c in text)
    stem = "-".join(part for part in kept.split("-") if part)
    encoded = stem.encode("utf-8", "ignore")[:_LONGEST]
    stem = encoded.decode("utf-8", "ignore").strip("-")
    if not stem:
        stem = "page-" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{stem}-page" if stem.lower() in {*_DEVICES, "manifest"} else stem


def place_for(source: Path, folder: Path, *, single: Path | None = None, work: Path | None = None) -> Place:
    """Return the place of the document made from the input file `source`."""
    if single is not None:
        stem = safe_stem(single.stem)
        mark = hashlib.sha256(str(single.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        home = work or _cache_folder() / "work" / mark
        return Place(single.parent, stem, home / stem, single)
    stem = safe_stem(source.stem)
    return Place(folder, stem, (work or folder / WORK) / stem)


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("npp-publish"))


@contextlib.contextmanager
def hold(lock: Path) -> Iterator[None]:
    """Keep other processes out while this one works at the same place; raises CannotWrite."""
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        stream = lock.open("ab")
    except OSError as error:
        raise CannotWrite(f"cannot write there: {_cause(error)}", where=lock.parent) from error
    with stream:
        try:
            import fcntl
        except ImportError:  # a system without advisory locks: one process at a time is the user's care
            yield
            return
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _cause(error: OSError) -> str:
    return error.strerror or str(error)


def prepare(place: Place) -> None:
    """Make the work folder and empty it of an earlier run's proofs; raises CannotWrite.

    Only names that this program writes are removed, whatever else lies in the folder.
    """
    if place.single is not None and place.single.is_dir():
        raise CannotWrite("this is a folder, not a file", where=place.single)
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        place.work.mkdir(parents=True, exist_ok=True)
        for entry in place.work.iterdir():
            if entry.name.startswith(_PROOFS):
                shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
        (place.work / "7-render").mkdir()
        probe = place.folder / f".npp-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotWrite(f"cannot write there: {_cause(error)}", where=place.folder) from error


def publish(place: Place, outputs: Sequence[Output]) -> tuple[dict[str, Any], ...]:
    """Move all outputs to their targets, each by one atomic rename; returns their manifest rows.

    Raises CannotWrite; then the targets not yet renamed are as they were.
    """
    try:
        moving = [output for output in outputs if not _same(output.path, output.target)]
        staged = [(output, _stage(place, output)) for output in moving]
        for output, path in staged:
            path.replace(output.target)
    except OSError as error:
        where = error.filename2 or place.folder
        raise CannotWrite(f"cannot publish: {_cause(error)}", where=where) from error
    return tuple(_row(output) for output in outputs)


def spare(inputs: Sequence[Path], targets: Sequence[Path]) -> None:
    """Raise CannotWrite where publishing would replace what it is made from."""
    for target in targets:
        if any(path.exists() and _same(path, target) for path in inputs):
            hint = "name another folder or file with -o"
            raise CannotWrite("this is the page itself, which is not replaced", where=target, hint=hint)


def _same(path: Path, target: Path) -> bool:
    return target.exists() and path.samefile(target)


def _stage(place: Place, output: Output) -> Path:
    """Copy an output next to its target, on the same file system; the proof in the work folder stays."""
    near = place.work / "publish"
    near.mkdir(exist_ok=True)
    if near.stat().st_dev == output.target.parent.stat().st_dev:
        staged = near / output.target.name
    else:
        staged = output.target.with_name(f".{output.target.name}.{os.getpid()}.part")
    try:
        shutil.copyfile(output.path, staged)
    except OSError:
        staged.unlink(missing_ok=True)
        raise
    return staged


def _row(output: Output) -> dict[str, Any]:
    with output.path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {
        "format": output.name,
        "path": output.target.name,
        "media-type": output.media_type,
        "sha256": digest,
        "size": output.path.stat().st_size,
    }


def read_record(place: Place) -> dict[str, Any]:
    """Return what the last run noted, or an empty dictionary where it noted nothing readable."""
    try:
        record = json.loads(place.record.read_text(encoding="utf-8"))
        usable = all(isinstance(output["path"], str) for output in record["row"]["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return dict(record) if usable else {}


def write_record(place: Place, record: Mapping[str, Any]) -> None:
    """Note for the next run what this one did; raises CannotWrite."""
    _write_json(place.record, record)


def _write_json(path: Path, value: Any) -> None:
    """Write it, unless the same is there: a file that stays is one that others need not read again."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with contextlib.suppress(OSError):
        if path.read_bytes() == text.encode("utf-8", "surrogatepass"):
            return
    write_text(path, text)


def write_text(path: Path, text: str) -> None:
    """Write a file of ours by one atomic rename; raises CannotWrite."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(text.encode("utf-8", "surrogatepass"))
        fresh.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise CannotWrite(f"cannot write: {_cause(error)}", where=path) from error


def intact(row: Mapping[str, Any], folder: Path) -> bool:
    """Tell whether a published file still is, byte for byte, what its manifest row says."""
    path = folder / str(row["path"])
    try:
        if path.stat().st_size != row["size"]:
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == str(row["sha256"])
    except OSError:
        return False


def bind(folder: Path, documents: Sequence[Mapping[str, Any]]) -> Path:
    """Merge documents into the folder's manifest and return it; raises CannotWrite.

    A document's new row replaces its old one; outputs that are no longer there are left out.
    """
    path = folder / MANIFEST
    with hold(folder / WORK / "manifest.lock"):
        rows = {str(row["id"]): row for row in [*_known(path), *documents]}
        kept = [_still_there(rows[name], folder) for name in sorted(rows)]
        listed = [row for row in kept if row["outputs"]]
        _write_json(path, {"manifest": 1, "generator": "npp-publish", "documents": listed})
    return path


def as_generated(place: Place) -> bool:
    """Tell whether the manifest knows the published Markdown, and knows it as nobody's handwork."""
    rows = [row for row in _known(place.folder / MANIFEST) if row["id"] == place.stem]
    outputs = [output for row in rows for output in row.get("outputs", ()) if output.get("format") == "md"]
    return any(not output.get("by-hand") and intact(output, place.folder) for output in outputs)


def _known(path: Path) -> list[Mapping[str, Any]]:
    """The documents of a manifest; a damaged one is made anew from what is published next."""
    try:
        documents = json.loads(path.read_text(encoding="utf-8"))["documents"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    rows = documents if isinstance(documents, list) else []
    return [row for row in rows if isinstance(row, dict) and "id" in row]


def _still_there(row: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    outputs = [output for output in row.get("outputs", ()) if (folder / str(output["path"])).is_file()]
    return {**row, "outputs": outputs}


def refuse_twins(places: Sequence[tuple[Path, Place]]) -> None:
    """Raise UsageError where two inputs of one call would be published under one name."""
    seen: dict[str, Path] = {}
    for source, place in places:
        other = seen.setdefault(str(place.target("")).casefold(), source)
        if other is not source:
            hint = "publish them into different folders with -o, or join them with --together"
            raise UsageError(f"{other} and {source} would both become {place.stem!r}", hint=hint)
