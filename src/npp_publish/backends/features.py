"""Which features an edition uses, and where; a backend that lacks one says so, with the line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..model import Box, Figure, Foreign, Link, Note, Reference, RenderJob, Ruby, Table
from ..model.branches import branches
from . import BackendInfo, Feature

__all__ = ["used", "wanting"]

_NODES: dict[type[Any], Feature] = {
    Box: Feature.BOXES,
    Figure: Feature.FIGURES,
    Foreign: Feature.FOREIGN,
    Link: Feature.LINKS,
    Note: Feature.NOTES,
    Reference: Feature.REFERENCES,
    Ruby: Feature.RUBY,
    Table: Feature.TABLES,
}
_NEEDED = frozenset(_NODES.values())


def used(node: Any, line: int = 0) -> Iterator[tuple[Feature, int]]:
    """Yield every feature below a node with the 1-based source line of its block (0 if unknown)."""
    waiting = [(node, line)]
    while waiting:
        node, line = waiting.pop()
        if isinstance(node, tuple):
            waiting += [(child, line) for child in reversed(node)]
            continue
        line = next(iter(getattr(node, "lines", ())), line)
        if feature := _NODES.get(type(node)):
            yield feature, line
        waiting += [(getattr(node, name), line) for name in reversed(branches(type(node)))]


def wanting(job: RenderJob, info: BackendInfo) -> tuple[Diagnostic, ...]:
    """Return one warning for each feature that the edition uses and the backend cannot render."""
    if info.features >= _NEEDED:
        return ()
    places: dict[Feature, list[int]] = {}
    for feature, line in used(job.edition.articles):
        if feature not in info.features:
            places.setdefault(feature, []).append(line)
    return tuple(
        diagnose(
            "NPP703",
            f"{info.name} does not render {feature.value} ({len(lines)} in this edition)",
            path=job.source_name,
            line=min(lines),
        )
        for feature, lines in sorted(places.items())
    )
