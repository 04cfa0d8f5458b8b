"""Dummies: the templates of the themes, kept as Jinja compiled them.

A dummy is the drawing of a page before anything is set in it. Jinja makes a program of a template at
every start: 18 ms for a page of HTML, 1 ms from the store. It asks for the template as ever, and takes
what is kept only for exactly the same text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..makeready.plant import plant
from ..makeready.store import drawer

if TYPE_CHECKING:
    from jinja2.bccache import BytecodeCache

__all__ = ["kept"]

_MOST = 200  # templates; a theme has four


@cache
def kept(use: str) -> BytecodeCache:
    """Return what an environment of Jinja may keep its templates in; environments with other settings
    make other programs, and have another `use`."""
    from jinja2.bccache import Bucket, BytecodeCache

    store = drawer("templates", plant().version("jinja2"), _MOST)

    class Kept(BytecodeCache):
        """See `kept`."""

        def load_bytecode(self, bucket: Bucket) -> None:
            known: Any = store.things.get((use, bucket.key, bucket.checksum))
            if known is not None:
                bucket.bytecode_from_string(known)

        def dump_bytecode(self, bucket: Bucket) -> None:
            store.put((use, bucket.key, bucket.checksum), bucket.bytecode_to_string())

    return Kept()
