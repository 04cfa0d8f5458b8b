"""All dictionaries of a PDF, also those that stand inside others and not as objects of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["dictionaries"]


def dictionaries(pdf: Any) -> Iterator[Any]:
    """Yield every dictionary of an open `pikepdf.Pdf` (of streams, their dictionaries), each once."""
    import pikepdf

    for thing in pdf.objects:
        waiting = [thing]
        while waiting:
            node = waiting.pop()
            if isinstance(node, pikepdf.Stream):
                node = node.stream_dict
            if isinstance(node, pikepdf.Dictionary):
                yield node
                children = [child for _, child in node.items()]
            elif isinstance(node, pikepdf.Array):
                children = list(node)
            else:
                continue
            waiting += [c for c in children if isinstance(c, pikepdf.Object) and not c.is_indirect]
