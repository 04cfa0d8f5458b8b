"""The colophon: which code, themes, fonts and tools a publication was made with, and their digest.

A book's colophon says how it was made. Here it also decides what need not be made again: an
output is up to date exactly when the digest of everything that could change it is the same.

Digests of files are remembered by their place, size and times, the way version control does it;
a file that changed so lately that its times may not tell two states apart is read again.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from . import __version__
from .backends import GROUP
from .makeready.plant import plant
from .makeready.stet import marks_of, settled, witness
from .makeready.store import owned, place, write
from .typecase import fonts_folder, styles_folder

__all__ = ["Digests", "backend_digest", "code_digest", "digest_of", "files_below", "tool_versions"]

_LIBRARIES = {
    "Pango": (("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0.0.dylib"), "pango_version_string"),
    "HarfBuzz": (("libharfbuzz.so.0", "libharfbuzz.dylib", "libharfbuzz.0.dylib"), "hb_version_string"),
}
_DISTRIBUTIONS = (
    "weasyprint",
    "pydyf",
    "ebooklib",
    "jinja2",
    "pypandoc_binary",
    "fonttools",
    "uharfbuzz",
    "brotli",
    "pikepdf",
    "lxml",
    "jieba",
    "budoux",
    "typst",
)


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a JSON-serialisable value in its canonical form."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Digests:
    """SHA-256 of files, remembered in one JSON file between runs (safe to delete, safe to share).

    What was learned of our own code, themes and fonts is kept in the user's cache as well, so that they
    are not read again for each new output folder (60 ms). `seen` is every file and folder that was
    asked for, with its `witness` when it was read.
    """

    def __init__(self, store: Path | None = None) -> None:
        self._store = store
        self._known: dict[str, list[Any]] = {}
        self._once: dict[str, str] = {}
        self._changed = False
        self.seen: dict[str, tuple[str, str]] = {}
        house = Path(place("digests.json"))
        for file in (house, store) if store is not None and owned(str(house)) else (store,):
            with contextlib.suppress(OSError, ValueError):
                known = json.loads(file.read_text(encoding="utf-8")) if file else {}
                self._known |= known if isinstance(known, dict) else {}

    def file(self, path: Path) -> str:
        """Return the digest of one file, or an empty text where there is no readable file."""
        return self._file(str(path))

    def _file(self, name: str) -> str:
        try:
            status = os.stat(name)
            now = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
            known = self._known.get(name)
            if isinstance(known, list) and known[1:] == now:
                self.seen[name] = marks_of(status), ""
                return str(known[0])
            if not stat.S_ISREG(status.st_mode):  # a device may have no end, a pipe no beginning
                raise OSError
            with open(name, "rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except (OSError, ValueError):
            self.seen[name] = witness(name)
            return ""
        old = settled(status)
        self.seen[name] = marks_of(status), "" if old else found
        if old:  # a younger one is read again
            self._known[name] = [found, *now]
            self._changed = True
        return found

    def folder(self, folder: Path) -> str:
        """Return one digest for all files below `folder`, by relative name and content."""
        rows, above = [], len(os.path.join(folder, ""))
        for parent, names in _walk(folder):
            self.seen[parent] = witness(parent)
            paths = (os.path.join(parent, name) for name in sorted(names) if not name.startswith("."))
            rows += [(path[above:], self._file(path)) for path in paths]
        return digest_of(rows)

    def once(self, name: str, find: Callable[[], str]) -> str:
        """Return what `find` found the first time: for what cannot change while a process runs."""
        if name not in self._once:
            self._once[name] = find()
        return self._once[name]

    def save(self) -> None:
        """Write what was learned; a folder that cannot be written costs only time."""
        if self._store is None or not self._changed:
            return
        try:
            self._store.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._store.with_name(f"{self._store.name}.{os.getpid()}")
            fresh.write_text(json.dumps(self._known), encoding="utf-8")
            fresh.replace(self._store)
        except OSError:
            return
        home = (*map(str, _house()),)
        ours = {name: known for name, known in self._known.items() if name.startswith(home)}
        write(place("digests.json"), json.dumps(ours).encode())


def _house() -> tuple[Path, Path, Path]:
    return Path(__file__).resolve().parent, styles_folder(), fonts_folder()


def files_below(folder: Path) -> tuple[Path, ...]:
    """Return all files below a folder in a fixed order, without caches and hidden files."""
    return tuple(
        Path(parent) / name
        for parent, names in _walk(folder)
        for name in sorted(names)
        if not name.startswith(".")
    )


def _walk(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        yield parent, names


def code_digest(digests: Digests) -> str:
    """Return one digest of our own code, as this process has it, and of the fonts."""
    return digests.once("code", lambda: _code(digests))


def _code(digests: Digests) -> str:
    return digest_of([digests.folder(Path(__file__).resolve().parent), digests.folder(fonts_folder())])


def backend_digest(name: str, digests: Digests) -> str:
    """Return a digest of who makes a format: its entry point, its release, its code; imports nothing."""
    return digests.once(f"maker {name}", lambda: _maker(name, digests))


def _maker(name: str, digests: Digests) -> str:
    for point in plant().points(GROUP):
        if point.name == name:
            return digest_of([point.value, point.version, _home(point.value, digests)])
    return ""


def _home(value: str, digests: Digests) -> str:
    """Digest the top-level package or module of a backend, without importing it; ours is counted already."""
    top = value.partition(":")[0].partition(".")[0]
    if top == (__package__ or ""):
        return ""
    for entry in sys.path:
        place = Path(entry or ".") / top
        digests.seen[str(place)] = witness(str(place))
        if place.is_dir():
            return digests.folder(place)
        if digest := digests.file(place.with_suffix(".py")):
            return digest
    return ""


@cache
def tool_versions() -> Mapping[str, str]:
    """Return the versions of everything that shapes an output, by name; missing ones are left out."""
    found = {"npp-publish": __version__, "python": ".".join(str(part) for part in sys.version_info[:3])}
    found |= {name: number for name in _DISTRIBUTIONS if (number := plant().version(name))}
    for name, (files, symbol) in _LIBRARIES.items():
        if number := _library_version(files, symbol):
            found[name] = number
    return found


def _library_version(files: tuple[str, ...], symbol: str) -> str:
    for file in files:
        try:
            function = getattr(ctypes.CDLL(file), symbol)
        except (OSError, AttributeError):
            continue
        function.restype = ctypes.c_char_p
        return str((function() or b"").decode("ascii", "replace"))
    return ""


def library_files() -> tuple[str, ...] | None:
    """Return the files that the versions of the libraries were read from, and what decides which files
    those are; None where that cannot be told. (The maps of Linux: `man 5 proc`.)"""
    names = [files[0].partition(".so")[0] + ".so" for files, _ in _LIBRARIES.values()]
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    paths = {line[line.index("/") :] for line in maps.split("\n") if "/" in line}
    found = sorted(path for path in paths if any(name in path for name in names))
    if any(path.endswith(" (deleted)") for path in found):
        return None
    return (*found, "/etc/ld.so.cache")
