"""Depots: where pages come from and where publications go.

A local folder needs nothing; `s3://`, `gs://`, `memory://` and every other scheme go through fsspec,
which is an extra. Writing is atomic in all of them: a rename where there are renames, a single put in
an object store. What a killed run left half written lies in one folder, and the next run clears it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from ..errors import CannotWrite, InputUnreadable, ToolMissing

__all__ = ["FOLDER", "Depot", "Item", "Store", "Unreachable", "held"]

FOLDER = ".npp-journal"
"""Where a run keeps its own things in the output place."""
_NEW = f"{FOLDER}/new"
_OLD_ENOUGH = 60.0  # seconds after which a half-written file that nobody holds is a dead run's


class Unreachable(CannotWrite):
    """A place does not answer: nothing is wrong with the page, and the same command tries again."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file: its full name, its key below the place that was asked for, size in bytes, and a
    stamp that changes when the content does (modification time, ETag)."""

    url: str
    key: str
    size: int
    stamp: str

    @property
    def folder(self) -> str:
        """The name of the folder that holds the file."""
        return PurePosixPath(self.url.partition("://")[2] or self.url).parent.name or "edition"


class Store(Protocol):
    """What a place for files can do. `appends`: a line can be added to a file."""

    appends: bool

    def find(self, suffixes: Sequence[str]) -> Iterator[Item]: ...

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None: ...

    def append(self, name: str, line: str) -> None: ...

    def names(self, prefix: str) -> list[str]: ...

    def sizes(self, folder: str) -> dict[str, int]: ...

    def claim(self, name: str) -> AbstractContextManager[None]: ...

    def sweep(self) -> int: ...


class Depot:
    """Makes the store for a place."""

    @staticmethod
    def of(place: str) -> Store:
        """Return the store of a path, a glob or a URL; nothing is read yet."""
        return Remote(place) if "://" in place else Local(place)


class Local:
    """A folder, a file or a glob of this machine. Hidden files and folders are passed over."""

    appends = True

    def __init__(self, place: str) -> None:
        self.place = place

    def find(self, suffixes: Sequence[str]) -> Iterator[Item]:
        """Yield the files with one of the suffixes, sorted; symbolic links are not followed."""
        place = Path(self.place)
        if place.is_file():
            yield self._item(place, place.parent)
            return
        if has_magic(self.place):
            root = Path(self.place.split("*", 1)[0].split("?", 1)[0].split("[", 1)[0])
            root = root if root.is_dir() else root.parent
            found = [Path(name) for name in glob(self.place, recursive=True)]  # noqa: PTH207 - absolute patterns
        else:
            root, found = place, list(place.rglob("*")) if place.is_dir() else []
        for path in sorted(found):
            hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
            if path.suffix.lower() in suffixes and not hidden and path.is_file() and not path.is_symlink():
                yield self._item(path, root)

    @staticmethod
    def _item(path: Path, root: Path) -> Item:
        status = path.stat()
        return Item(str(path), path.relative_to(root).as_posix(), status.st_size, str(status.st_mtime_ns))

    def read(self, name: str) -> bytes:
        """Return the bytes of a file below this place, or of an absolute one."""
        try:
            return self._path(name).read_bytes()
        except OSError as error:
            raise InputUnreadable(f"cannot read: {error.strerror}", where=name) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a whole file: first under another name, then by a rename."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            nursery = self._path(_NEW)
            nursery.mkdir(parents=True, exist_ok=True)
            try:
                _rename_into(path, data, nursery)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                _rename_into(path, data, path.parent)
        except OSError as error:
            raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error

    def append(self, name: str, line: str) -> None:
        """Append one line and bring it to the disk."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files in a folder below this place."""
        folder = self._path(prefix)
        return sorted(f"{prefix}/{p.name}" for p in folder.iterdir()) if folder.is_dir() else []

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each file in a folder of this place."""
        try:
            with os.scandir(self._path(folder)) as entries:
                return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
        except OSError:
            return {}

    @contextlib.contextmanager
    def claim(self, name: str) -> Iterator[None]:
        """Keep a second run out; raises CannotWrite. The claim of a killed run ends with it."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("ab")
        except OSError as error:
            raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error
        with stream:
            if not held(stream):
                hint = "wait for it, or give each run a shard of its own with --shard"
                raise CannotWrite("another run is at work there", where=self.place, hint=hint)
            yield

    def sweep(self) -> int:
        """Remove what killed runs left half written; return how many files that were."""
        gone = 0
        for path in self._path(_NEW).glob("*"):
            with contextlib.suppress(OSError), path.open("rb") as stream:
                if time.time() - path.stat().st_mtime > _OLD_ENOUGH and held(stream):
                    path.unlink()
                    gone += 1
        return gone

    def _path(self, name: str) -> Path:
        return Path(name) if name == self.place or Path(name).is_absolute() else Path(self.place) / name


def _rename_into(path: Path, data: bytes, nursery: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=nursery, prefix=".npp-")
    try:
        with os.fdopen(handle, "wb") as file:
            held(file)
            file.write(data)
            file.flush()
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def held(stream: IO[bytes]) -> bool:
    """Take a lock that ends with the process; tell whether it was free."""
    try:
        import fcntl
    except ImportError:  # a system without advisory locks: one run at a time is the user's care
        return True
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EAGAIN, errno.EACCES)
    return True


_WHOLE = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oss", "oci", "memory"))
"""Schemes where an object is there whole or not at all; elsewhere it is renamed when it is whole."""


class Remote:
    """Any place that fsspec knows."""

    appends = False

    def __init__(self, place: str) -> None:
        try:
            import fsspec
        except ImportError as error:
            raise ToolMissing(
                f"{place}: places with '://' need fsspec", hint="pip install 'npp-publish[cluster]'"
            ) from error
        self.place = place
        try:
            self.files: Any
            self.files, self.root = fsspec.core.url_to_fs(place)
        except (ImportError, ValueError) as error:
            raise ToolMissing(
                f"{place}: {error}", hint="install the fsspec package for this scheme"
            ) from error
        self.scheme = place.partition("://")[0]

    def find(self, suffixes: Sequence[str]) -> Iterator[Item]:
        """Yield the files with one of the suffixes, sorted; hidden ones are passed over."""
        with self._asking("list", self.place):
            single = not has_magic(self.root) and self.files.isfile(self.root)
            listing = self.files.glob if has_magic(self.root) else self.files.find
            found = {self.root: self.files.info(self.root)} if single else listing(self.root, detail=True)
        base = self.root.split("*", 1)[0].rpartition("/")[0] if single or has_magic(self.root) else self.root
        for name, info in sorted(found.items()):
            key = name[len(base) :].lstrip("/")
            hidden = any(part.startswith(".") for part in key.split("/"))
            if info.get("type") == "file" and name.lower().endswith(tuple(suffixes)) and not hidden:
                stamps = (info.get(word) for word in ("ETag", "mtime", "LastModified", "created"))
                stamp = str(next((stamp for stamp in stamps if stamp), None))
                yield Item(self._url(name), key, int(info.get("size") or 0), stamp)

    def _url(self, name: str) -> str:
        return f"{self.scheme}://{name if self.scheme == 'file' else name.lstrip('/')}"

    @contextlib.contextmanager
    def _asking(self, what: str, name: str) -> Iterator[None]:
        """Whatever a file system raises: a missing file is the caller's, all else is the place's."""
        try:
            yield
        except FileNotFoundError as error:
            raise InputUnreadable(f"cannot {what}: there is no such file", where=name) from error
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise Unreachable(f"cannot {what}: {reason}", where=name) from error

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        with self._asking("read", name):
            data: bytes = self.files.cat_file(self._path(name))
        return data

    def write(self, name: str, data: bytes) -> None:
        """Write a whole object: by one put, or by a rename where a put is not all or nothing."""
        path = self._path(name)
        with self._asking("write", name):
            if self.scheme in _WHOLE:
                self.files.pipe_file(path, data)
                return
            self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
            draft = f"{path.rpartition('/')[0]}/.npp-{os.getpid()}-{path.rpartition('/')[2]}"
            self.files.pipe_file(draft, data)
            self.files.mv(draft, path)

    def append(self, name: str, line: str) -> None:
        """Object stores cannot append: the journal writes whole pieces instead."""
        raise NotImplementedError(name)

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files below a folder of this place."""
        with self._asking("list", prefix):
            self.files.invalidate_cache()
            base = self._path(prefix)
            found = self.files.find(base) if self.files.exists(base) else []
        return sorted(f"{prefix}{name[len(base) :]}" for name in found)

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each file in a folder of this place, by one listing."""
        base = self._path(folder).rstrip("/.")
        with contextlib.suppress(InputUnreadable), self._asking("list", folder):
            self.files.invalidate_cache()
            rows = self.files.ls(base, detail=True) if self.files.exists(base) else []
            return {row["name"].rpartition("/")[2]: int(row.get("size") or 0) for row in rows}
        return {}

    @contextlib.contextmanager
    def claim(self, name: str) -> Iterator[None]:
        """Nothing that could be locked: two runs of one shard do the same work twice, no more."""
        yield

    def sweep(self) -> int:
        """A put that was cut off left nothing."""
        return 0

    def _path(self, name: str) -> str:
        if "://" in name:
            return str(self.files._strip_protocol(name))
        return f"{self.root}/{name}"
