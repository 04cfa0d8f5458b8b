"""Depots: where pages come from and where publications go.

A local folder needs nothing; `s3://`, `gs://`, `memory://` and every other scheme go through fsspec,
which is an extra. Writing is atomic in both: a rename here, a single put there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from glob import glob, has_magic
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from ..errors import CannotWrite, InputUnreadable, ToolMissing

__all__ = ["Depot", "Item", "Store"]


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
    """What a place for files can do."""

    def find(self, suffixes: Sequence[str]) -> Iterator[Item]: ...

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, data: bytes) -> None: ...

    def append(self, name: str, line: str) -> None: ...

    def names(self, prefix: str) -> list[str]: ...

    def size(self, name: str) -> int: ...


class Depot:
    """Makes the store for a place."""

    @staticmethod
    def of(place: str) -> Store:
        """Return the store of a path, a glob or a URL; nothing is read yet."""
        return Remote(place) if "://" in place else Local(place)


class Local:
    """A folder, a file or a glob of this machine. Hidden files and folders are passed over."""

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
        """Write a whole file: a temporary neighbour, then a rename."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".npp-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(temporary).chmod(0o644)
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
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

    def size(self, name: str) -> int:
        """Return the size in bytes, or -1 where there is no such file."""
        try:
            return self._path(name).stat().st_size
        except OSError:
            return -1

    def _path(self, name: str) -> Path:
        return Path(name) if name == self.place or Path(name).is_absolute() else Path(self.place) / name


class Remote:
    """Any place that fsspec knows."""

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
        """Yield the files with one of the suffixes, sorted."""
        try:
            single = not has_magic(self.root) and self.files.isfile(self.root)
            listing = self.files.glob if has_magic(self.root) else self.files.find
            found = {self.root: self.files.info(self.root)} if single else listing(self.root, detail=True)
        except (OSError, ValueError) as error:
            raise InputUnreadable(f"cannot list: {error}", where=self.place) from error
        base = self.root.split("*", 1)[0].rpartition("/")[0] if single or has_magic(self.root) else self.root
        for name, info in sorted(found.items()):
            if info.get("type") == "file" and name.lower().endswith(tuple(suffixes)):
                stamp = (
                    info.get("ETag") or info.get("mtime") or info.get("LastModified") or info.get("created")
                )
                yield Item(
                    f"{self.scheme}://{name.lstrip('/') if self.scheme != 'file' else name}",
                    name[len(base) :].lstrip("/"),
                    int(info.get("size") or 0),
                    str(stamp),
                )

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        try:
            data: bytes = self.files.cat_file(self._path(name))
            return data
        except (OSError, KeyError) as error:
            raise InputUnreadable(f"cannot read: {error}", where=name) from error

    def write(self, name: str, data: bytes) -> None:
        """Write a whole object."""
        try:
            path = self._path(name)
            self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.files.pipe_file(path, data)
        except (OSError, ValueError) as error:
            raise CannotWrite(f"cannot write: {error}", where=name) from error

    def append(self, name: str, line: str) -> None:
        """Write one line as an object of its own: object stores cannot append.

        The object is named after the line, so that the same line is never counted twice.
        """
        from hashlib import sha256

        self.write(f"{name}.d/{sha256(line.encode()).hexdigest()[:24]}", line.encode() + b"\n")

    def names(self, prefix: str) -> list[str]:
        """Return the names of the files below a folder of this place."""
        self.files.invalidate_cache()
        base = self._path(prefix)
        found = self.files.find(base) if self.files.exists(base) else []
        return sorted(f"{prefix}{name[len(base) :]}" for name in found)

    def size(self, name: str) -> int:
        """Return the size in bytes, or -1 where there is no such file."""
        try:
            return int(self.files.size(self._path(name)))
        except (OSError, TypeError):
            return -1

    def _path(self, name: str) -> str:
        if "://" in name:
            return str(self.files._strip_protocol(name))
        return f"{self.root}/{name}"
