"""The morgue: where a newspaper keeps what it printed before, to be found again by its content.

A store on disk of small folders named by the digest of everything they were made from, so that an
entry is never stale: another input is another name. Entries appear whole (by one rename), may be
read and written by several processes at once, and the least recently used go when there are too many.

It holds the copy of stages 1-5 and the artifacts of stage 7 (`Archive` is a press that looks here first),
and parts of these that a backend wants to keep (`Drawers`).
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import shutil
import stat
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any

from .colophon import Digests, backend_digest, code_digest, digest_of, tool_versions
from .config import Cache
from .diagnostics import Diagnostic, Severity
from .model import Artifact
from .press import Press, Printed, Task
from .standing import Copy, named_files, styles_digest

__all__ = ["Archive", "Drawers", "Morgue", "Shelf", "default_folder", "open_morgue"]

MOST_BYTES = 1_000_000_000


def default_folder() -> Path:
    """Return the user's own cache folder for it (`NPP_PUBLISH_CACHE` names another)."""
    named = os.environ.get("NPP_PUBLISH_CACHE", "")
    if named:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("npp-publish", appauthor=False) / "morgue"


def open_morgue(settings: Cache) -> Morgue:
    """Return the morgue that the settings name."""
    folder = Path(settings.folder).expanduser() if settings.folder else default_folder()
    return Morgue(folder, settings.megabytes * 1_000_000)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One entry: its key, its folder, its size in bytes, when it was last used (ns)."""

    key: str
    folder: Path
    size: int
    used: int


class Morgue:
    """The store in `folder`, of at most `most` bytes; `most` 0 keeps nothing."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most = most

    def get(self, key: str) -> Path | None:
        """Return the folder of an entry, or None. It may vanish while it is read: then read it as None."""
        folder = self.folder / key[:2] / key
        if not self.most or not folder.is_dir() or not self._ours():
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        return folder

    def put(self, key: str, fill: Callable[[Path], object], *, trim: bool = True) -> None:
        """Add an entry whose files `fill` writes into the folder it is given; unless told not to, `trim`.

        A store that cannot be written, or is full, costs time and nothing else.
        """
        target = self.folder / key[:2] / key
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not self.most or target.exists() or not self._ours():
                return
            target.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix="new-") as work:
                made = Path(work) / key
                made.mkdir()
                fill(made)
                made.rename(target)
        except OSError:
            return
        if trim:
            self.trim()

    def recall_copy(self, key: str) -> Copy | None:
        """Return the copy of stages 1-5 that was kept under a key, or None."""
        folder = self.get(key)
        if folder is None:
            return None
        try:
            copy = pickle.loads((folder / "copy").read_bytes())
        except Exception:  # damaged, or of another release: made again
            return None
        return copy if isinstance(copy, Copy) else None

    def keep_copy(self, key: str, copy: Copy) -> None:
        """Keep the copy of stages 1-5 under its key."""
        self.put(key, lambda folder: (folder / "copy").write_bytes(pickle.dumps(copy)))

    def _ours(self) -> bool:
        """Nobody else may write here: what is found is trusted as if it had just been made."""
        if not hasattr(os, "getuid"):
            return True
        status = self.folder.stat()
        return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

    def shelves(self) -> list[Shelf]:
        """Return all entries, the least recently used first."""
        found = []
        for folder in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):  # another process may be clearing up
                size = sum(path.stat().st_size for path in folder.iterdir())
                found.append(Shelf(folder.name, folder, size, folder.stat().st_mtime_ns))
        return sorted(found, key=lambda shelf: (shelf.used, shelf.key))

    def trim(self, most: int | None = None) -> int:
        """Remove the least recently used until at most `most` bytes are left; return how many went."""
        limit = self.most if most is None else most
        shelves = self.shelves()
        total, gone = sum(shelf.size for shelf in shelves), 0
        for shelf in shelves:
            if total <= limit:
                break
            shutil.rmtree(shelf.folder, ignore_errors=True)
            total -= shelf.size
            gone += 1
        return gone


@dataclass(frozen=True, slots=True)
class Drawers:
    """Where one backend keeps parts of its work (`model.Parts`): in a morgue, apart from those that were
    made with other code, tools or themes (`base`). The archive trims when all is done."""

    morgue: Morgue
    base: str

    def get(self, key: str) -> Path | None:
        """Return the folder of what was kept under a key, or None."""
        return self.morgue.get(digest_of([self.base, key]))

    def put(self, key: str, fill: Callable[[Path], object]) -> None:
        """Keep what `fill` writes into the folder that it is given."""
        self.morgue.put(digest_of([self.base, key]), fill, trim=False)


def _values(options: Any) -> list[Any]:
    is_one = is_dataclass(options) and not isinstance(options, type)
    return list(asdict(options).values()) if is_one else []


class Archive:
    """A press that looks into the morgue first and keeps what another press makes."""

    def __init__(self, press: Press, morgue: Morgue, digests: Digests) -> None:
        self._press = press
        self._morgue = morgue
        self._digests = digests

    def __enter__(self) -> Archive:
        self._press.__enter__()
        return self

    def __exit__(self, *details: object) -> None:
        self._press.__exit__(*details)

    def warm(self, names: Sequence[str], logs: Path) -> None:
        """Get the other press ready."""
        self._press.warm(names, logs)

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        """Return what was made before from exactly the same; have the rest made, and keep it."""
        own = {task.name: self._key(task) for task in tasks}
        leads = {task.name: task.after for task in tasks if task.after in own}
        keys = {n: digest_of([key, own[leads[n]]]) if n in leads else key for n, key in own.items()}
        known = {task.name: found for task in tasks if (found := self._recall(task, keys[task.name]))}
        rest = [t.beside(known[t.after]) if t.after in known else t for t in tasks if t.name not in known]
        rest = [replace(task, job=replace(task.job, parts=self._drawers(task))) for task in rest]
        made = {item.name: item for item in self._press.run(rest)}
        failed = {item.name for item in made.values() if item.exit_code}
        for item in made.values():
            if item.artifact and item.name not in failed and leads.get(item.name) not in failed:
                self._keep(item, item.artifact, keys[item.name])
        if made:
            self._morgue.trim()
        return tuple(known.get(task.name) or made[task.name] for task in tasks)

    def _drawers(self, task: Task) -> Drawers:
        return Drawers(self._morgue, self._base(task))

    def _base(self, task: Task) -> str:
        """Digest what all that a backend makes with a theme depends on."""
        theme = task.job.theme
        return digest_of(
            {
                "name": task.name,
                "theme": [theme.name, self._digests.folder(theme.folder), styles_digest(self._digests)],
                "maker": backend_digest(task.name, self._digests),
                "code": code_digest(self._digests),
                "tools": tool_versions(),
            }
        )

    def _key(self, task: Task) -> str:
        job = task.job
        return digest_of(
            {
                "base": self._base(task),
                "options": [repr(task.options), named_files(_values(task.options), self._digests)],
                "edition": repr(job.edition),
                "ast": job.ast,
                "theme": [job.theme.settings, job.theme.overrides],
                "where": [job.stem, job.epoch, job.source_name],
                "pictures": [(asset.src, asset.media_type, asset.sha256) for asset in job.assets],
                "attachments": [(path.name, self._digests.file(path)) for path in job.attachments],
            }
        )

    def _recall(self, task: Task, key: str) -> Printed | None:
        folder = self._morgue.get(key)
        if folder is None:
            return None
        try:
            row = json.loads((folder / "row.json").read_text(encoding="utf-8"))
            path = task.job.work / str(row["file"])
            shutil.copyfile(folder / "artifact", path)
            found = tuple(
                Diagnostic(**{**d, "severity": Severity(d["severity"])}) for d in row["diagnostics"]
            )
            return Printed(task.name, Artifact(path, task.name, str(row["media_type"])), found)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, item: Printed, artifact: Artifact, key: str) -> None:
        def fill(folder: Path) -> None:
            shutil.copyfile(artifact.path, folder / "artifact")
            row = {
                "file": artifact.path.name,
                "media_type": artifact.media_type,
                "diagnostics": [asdict(finding) for finding in item.diagnostics],
            }
            (folder / "row.json").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")

        self._morgue.put(key, fill, trim=False)
