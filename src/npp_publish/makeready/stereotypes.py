"""Stereotypes: the methods of data classes, cast once and used again at every start.

A stereotype is a plate cast from set type, to print from without setting it again. The methods of a
data class are text that Python compiles at every start: 50 ms of CPU for the hundred classes of a
build, 15 ms from the store. Compiled are the same texts, so the methods are the same.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .store import Drawer, drawer

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Stereotypes", "install"]

_MOST = 8000  # texts; a build has five hundred


class Stereotypes:
    """The compiled texts kept in one file."""

    def __init__(self, drawer: Drawer) -> None:
        self.drawer = drawer

    def execute(
        self, text: str, globals: dict[str, Any] | None = None, locals: Mapping[str, Any] | None = None, /
    ) -> None:
        """Stand in for `exec` in the module `dataclasses`."""
        plate = self.drawer.things.get(text)
        if plate is None:
            plate = compile(text, "<string>", "exec")
            self.drawer.put(text, plate)
        exec(plate, globals, locals)


def install() -> Stereotypes:
    """Let the module `dataclasses` compile through the store.

    The module calls the builtin `exec` by its name, in every version of Python, so that a name of its
    own takes precedence; where it calls something else, nothing changes.
    """
    import dataclasses

    stereotypes = Stereotypes(drawer("stereotypes", f"2 {sys.flags.optimize}", _MOST))
    dataclasses.exec = stereotypes.execute  # type: ignore[attr-defined]
    return stereotypes
