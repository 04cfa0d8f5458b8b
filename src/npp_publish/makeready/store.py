"""The store of what was made ready: files in the user's own cache folder."""

from __future__ import annotations

import os
import sys

__all__ = ["clear", "owned", "place", "write"]

_WRITABLE_BY_OTHERS = 0o022


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
