"""Branches: what grows out of a node of an edition, so that trees can be walked whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

__all__ = ["branches", "children", "nodes"]

_LEAVES = frozenset(("str", "int", "bool", "tuple[int, ...]", "tuple[str, ...]", "Style", "Role", "BoxKind"))


_KNOWN: dict[type[Any], tuple[str, ...]] = {}


def branches(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a kind of node that may hold other nodes, in their order."""
    known = _KNOWN.get(kind)
    if known is None:
        found = fields(kind) if is_dataclass(kind) else ()
        known = _KNOWN[kind] = tuple(field.name for field in found if field.type not in _LEAVES)
    return known


def nodes(root: Any) -> Iterator[Any]:
    """Yield every node with and below `root` (a node, or a tuple of them) in the order of the text, parents
    before children. Without recursion: an edition may be nested deeper than the interpreter's stack."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting += node[::-1]
            continue
        yield node
        for name in reversed(branches(type(node))):
            if part := getattr(node, name):
                waiting.append(part)


def children(node: Any) -> Iterator[Any]:
    """Yield the nodes right below a node, in their order."""
    for name in branches(type(node)):
        part = getattr(node, name)
        if not isinstance(part, tuple):
            yield from () if part is None else (part,)
            continue
        waiting = list(part[::-1])
        while waiting:
            inner = waiting.pop()
            if isinstance(inner, tuple):
                waiting += inner[::-1]
            else:
                yield inner
