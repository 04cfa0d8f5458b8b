"""The dummy: which words stand on which page, told from the laid-out pages before they are drawn.

A dummy is the folded sheet that shows what goes on which page. Who keys something to the pages can
begin with it; what counts is the finished file, which is read back (`validate.pagemap`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ...model import RenderJob
from ...typeset.anchors import anchored
from ...typeset.order import before
from ...typeset.theme import labels
from ...validate.pagemap import PageStart, page_starts
from ...validate.readback import Part, Unit

__all__ = ["starts_of_pages", "units_of_pages"]

_SILENT = frozenset(("nav", "rt", "rp"))
"""Contents and readings: what a theme adds (see `validate.pressed`)."""
_LABELS = ("::footnote-call", "::marker")


def starts_of_pages(document: Any, job: RenderJob) -> tuple[PageStart, ...]:
    """Return where the pages of the engine's laid-out `document` begin; nothing where the boxes do not say
    the text of the edition in its order."""
    words = labels(job.theme, job.edition.lang or "zh-Hans")
    path = job.work / f"{job.stem}.pdf"
    return page_starts(path, anchored(job.edition), words, units_of_pages(document))


def units_of_pages(document: Any) -> list[Unit]:
    """Return the running text of the engine's laid-out `document`, block by block, in the order of
    reading; neither margins nor notes."""
    dummy = _Dummy()
    for number, page in enumerate(document.pages, 1):
        dummy.page = number
        dummy.read(page._page_box)
    return dummy.units


@dataclass(slots=True)
class _Dummy:
    """The units so far, and where those of blocks that moved up begin."""

    page: int = 0
    units: list[Unit] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    moved: dict[Any, int] = field(default_factory=dict)

    def read(self, page: Any) -> None:
        """Walk the boxes of a page: a unit ends wherever a block or a label begins or ends."""
        from weasyprint.formatting_structure import boxes
        from weasyprint.layout.absolute import AbsolutePlaceholder

        blocks = (boxes.BlockLevelBox, boxes.TableCellBox)
        left_out = (boxes.MarginBox, boxes.FootnoteAreaBox)
        waiting: list[tuple[Any, int]] = [(page, -1)]
        while waiting:
            box, start = waiting.pop()
            if start >= 0:
                self.close(box, start)
                continue
            box = box._box if type(box) is AbsolutePlaceholder else box
            if isinstance(box, boxes.TextBox):
                self.words.append(_shown(box))
            elif not isinstance(box, left_out) and box.element_tag not in _SILENT:
                if isinstance(box, blocks) or (box.element_tag or "").endswith(_LABELS):
                    self.open(box)
                    waiting.append((box, len(self.units)))
                waiting += [(child, -1) for child in reversed(_children(box))]
        self.end()

    def open(self, box: Any) -> None:
        self.end()
        if "npp_moved" in box.__dict__:
            self.moved.setdefault(box.element, len(self.units))

    def close(self, box: Any, start: int) -> None:
        """End a block; text that moved up past it is read after it (as in `tags.proper_tags`)."""
        self.end()
        target = self.moved.get(before(box), start)
        if target < start < len(self.units):
            own = self.units[start:]
            self.units[target:] = own + self.units[target:start]
            self.moved = {e: at + len(own) if at >= target else at for e, at in self.moved.items()}

    def end(self) -> None:
        text = "".join(self.words)
        self.words.clear()
        if text.strip():
            self.units.append(Unit(text, f"page {self.page}", Part.TEXT, ((self.page, len(text)),)))


def _children(box: Any) -> Sequence[Any]:
    found: Sequence[Any] = getattr(box, "children", ())
    return found


def _shown(box: Any) -> str:
    """Return the characters of a text box without the hyphen that parts its last word."""
    hyphen = getattr(box.pango_layout, "hyphen", 0)
    text: str = box.text
    return text[: len(text) - hyphen] if hyphen else text
