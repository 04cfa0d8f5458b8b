"""The store of what was made ready: files in the user's own cache folder, and drawers in them."""

from __future__ import annotations

import marshal
import os
import sys
from zlib import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Drawer", "clear", "drawer", "keep", "owned", "place", "write"]

_WRITABLE_BY_OTHERS = 0o022


class Drawer:
    """One file of the store: things by their keys, all of them what `marshal` can write (numbers, texts,
    bytes, tuples, code). `mark` says what they are good for: with another mark the file counts as
    empty. A drawer that holds `most` things is emptied for the next one."""

    def __init__(self, path: str, mark: str, most: int) -> None:
        self._path, self._most = path, most
        self._mark = f"{mark} {sys.version}"
        self.things: dict[Any, Any] = {}
        self.fresh: dict[Any, Any] = {}
        self._load()

    def _load(self) -> None:
        if not owned(self._path):
            return
        try:
            with open(self._path, "rb") as stream:
                check, content = stream.read(4), stream.read()
            if check != _check(content):
                return
            mark, things = marshal.loads(content)
        except (OSError, ValueError, EOFError, TypeError):  # damaged
            return
        fits = isinstance(things, dict) and len(things) + len(self.fresh) <= self._most
        if fits and mark == self._mark:
            self.things = things | self.fresh

    def put(self, key: Any, thing: Any) -> None:
        """Keep a thing from now on, and in the file from the next `save` on."""
        if len(self.things) >= self._most:
            self.things, self.fresh = {}, {}
        self.things[key] = self.fresh[key] = thing

    def save(self) -> None:
        """Write what is new together with what is there."""
        if self.fresh:
            self._load()  # another process may have written since
            self.fresh = {}
            content = marshal.dumps((self._mark, self.things))
            write(self._path, _check(content) + content)


_open: dict[str, Drawer] = {}


def drawer(name: str, mark: str, most: int) -> Drawer:
    """Return a drawer of the store, opened when it is first asked for."""
    if name not in _open:
        _open[name] = Drawer(place(name), mark, most)
    return _open[name]


def keep() -> None:
    """Save all drawers that were opened."""
    for one in _open.values():
        one.save()


def _check(content: bytes) -> bytes:
    return crc32(content).to_bytes(4, "big")


def place(name: str) -> str:
    """Return where the file `name` of the store is."""
    return os.path.join(_store(), name)


def _store() -> str:
    return os.path.join(_folder(), "ready")


def _folder() -> str:
    if sys.platform.startswith("linux"):  # as platformdirs has it, without its import (2 ms)
        home = os.environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
        return os.path.join(home, "npp-publish")
    import platformdirs

    return platformdirs.user_cache_dir("npp-publish", appauthor=False)


def owned(path: str) -> bool:
    """Tell whether a file is there, and this user's, and nobody else can write it or its folder: then it
    is trusted like what lies in `__pycache__`."""
    if not hasattr(os, "getuid"):
        return os.path.isfile(path)
    try:
        states = os.stat(path), os.stat(os.path.dirname(path))
    except OSError:
        return False
    user = os.getuid()
    return all(state.st_uid == user and not state.st_mode & _WRITABLE_BY_OTHERS for state in states)


def write(path: str, content: bytes) -> None:
    """Write a file of the store, whole or not at all; one that cannot be written costs only time."""
    draft = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(content)
        os.replace(draft, path)
    except OSError:
        return


def clear() -> None:
    """Remove everything in the store; what another process is just writing may stay."""
    for folder, _, names in os.walk(_store(), topdown=False):
        for name in names:
            try:
                os.unlink(os.path.join(folder, name))
            except OSError:
                continue
