"""Stereotypes: the methods of data classes, cast once and used again at every start.

A stereotype is a plate cast from set type, to print from without setting it again. The methods of a
data class are text that Python compiles at every start: 50 ms of CPU for the hundred classes of a
build, 15 ms from the store. Compiled are the same texts, so the methods are the same.
"""

from __future__ import annotations

import marshal
import sys
from types import CodeType
from typing import TYPE_CHECKING, Any

from .store import owned, place, write

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Stereotypes", "install"]

_FORMAT = 1
_MOST = 8000  # texts; a build has five hundred


class Stereotypes:
    """The compiled texts kept in one file."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._plates: dict[str, CodeType] = {}
        self._fresh = False
        self._load()

    def _load(self) -> None:
        if not owned(self._path):
            return
        try:
            with open(self._path, "rb") as stream:
                mark, plates = marshal.loads(stream.read())
        except (OSError, ValueError, EOFError, TypeError):  # damaged
            return
        if mark == _mark() and isinstance(plates, dict):
            self._plates = plates | self._plates

    def execute(
        self, text: str, globals: dict[str, Any] | None = None, locals: Mapping[str, Any] | None = None, /
    ) -> None:
        """Stand in for `exec` in the module `dataclasses`."""
        plate = self._plates.get(text)
        if plate is None:
            plate = compile(text, "<string>", "exec")
            if len(self._plates) < _MOST:
                self._plates[text] = plate
                self._fresh = True
        exec(plate, globals, locals)

    def save(self) -> None:
        """Write what is new together with what is there."""
        if self._fresh:
            self._fresh = False
            self._load()  # another process may have written since
            write(self._path, marshal.dumps((_mark(), self._plates)))


def _mark() -> str:
    return f"{_FORMAT} {sys.version} {sys.flags.optimize}"


def install() -> Stereotypes:
    """Let the module `dataclasses` compile through the store.

    The module calls the builtin `exec` by its name, in every version of Python, so that a name of its
    own takes precedence; where it calls something else, nothing changes.
    """
    import dataclasses

    stereotypes = Stereotypes(place("stereotypes"))
    dataclasses.exec = stereotypes.execute  # type: ignore[attr-defined]
    return stereotypes
