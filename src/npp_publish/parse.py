"""Stage 6, parse: `edition.md` becomes the job that the backends print.

Here the text is trusted no further than it must be: pictures come from the document's folder only
and are checked (pictures.py), links lead to the web or to a mail address or are set as plain words,
references lead to something in this edition, raw markup has already become text. What was left out
is told, with its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from pathlib import Path
from typing import Any

from . import markdown
from .diagnostics import Diagnostic, diagnose
from .model import (
    Article,
    Edition,
    Figure,
    Foreign,
    Inline,
    Link,
    Reference,
    RenderJob,
    Text,
    Theme,
)
from .model.branches import branches, nodes
from .pictures import PlateRoom

__all__ = ["parse"]

_CHECKED = frozenset((Figure, Foreign, Link, Reference))
_SUSPECT = re.compile('"(?:RawInline|RawBlock|Link|Image)"')

_FOLLOWED = re.compile(r"(?:https?://[^/?#\s]+|mailto:[^\s]+|tel:[0-9+().-]+$)", re.IGNORECASE)


def parse(
    text: str,
    *,
    name: str,
    folder: Path,
    theme: Theme,
    work: Path,
    stem: str,
    epoch: int,
    written: markdown.Written | None = None,
    attachments: Sequence[Path] = (),
    page: str = "",
) -> tuple[RenderJob, tuple[Diagnostic, ...]]:
    """Check an edition's text and return what the backends need, and what was noticed.

    In: the text of `edition.md`; its `name` for diagnostics; the `folder` its pictures come from;
    the theme; the `work` folder; a safe file name without suffix; the seconds that timestamps use.
    `page` is the file whose lines the parts of the edition know; without it they get those of the text.
    `written` is what stage 5 made or read: if it is of this very text, pandoc is not started again
    and what it noticed is not told again. Raises InputUnreadable.
    """
    known = written is not None and written.text == text
    read = written if written is not None and known else markdown.read(text, name=name)
    room = PlateRoom(folder, work / "6-pictures", name)
    desk = _Desk(text, name, room, _ids(read.edition))
    articles = desk.articles(read.edition.articles)
    edition = replace(read.edition, articles=articles)
    edition = edition if page else markdown.lined(edition, text)
    if cover := edition.value("cover-image"):
        room.asset(cover, desk.line(cover))
    job = RenderJob(
        edition=edition,
        ast=desk.ast(read.ast),
        theme=theme,
        stem=stem,
        work=work,
        epoch=epoch,
        assets=tuple(asset for asset in room.assets.values() if asset),
        attachments=tuple(attachments),
        source_name=page or name,
    )
    noticed = () if known else read.diagnostics
    return job, (*noticed, *desk.found, *room.found)


def _ids(edition: Edition) -> frozenset[str]:
    """Return every id in an edition."""
    return frozenset(id for node in nodes(edition.articles) if (id := getattr(node, "id", "")))


@dataclass(slots=True)
class _Desk:
    """The copy desk: takes out what must not be printed as it stands."""

    text: str
    path: str
    room: PlateRoom
    ids: frozenset[str]
    found: list[Diagnostic] = field(default_factory=list)
    told: set[tuple[str, str]] = field(default_factory=set)

    def line(self, *needles: str) -> int:
        """Return the first 1-based line of the text that holds one of the needles, or 0."""
        for needle in filter(None, needles):
            at = self.text.find(needle)
            if at >= 0:
                return self.text.count("\n", 0, at) + 1
        return 0

    def tell(self, code: str, about: str, message: str) -> None:
        if (code, about) not in self.told:
            self.told.add((code, about))
            line = self.line(f"]({about}", f"<{about}>", about)
            self.found.append(diagnose(code, message, path=self.path, line=line))

    # ----------------------------------------------------------------- the edition

    def articles(self, articles: tuple[Article, ...]) -> tuple[Article, ...]:
        """Return the articles with their links and pictures checked."""
        made = [
            self.walk(one) if any(type(node) in _CHECKED for node in nodes(one)) else one for one in articles
        ]
        return articles if all(map(is_, made, articles)) else tuple(made)

    def walk(self, value: Any) -> Any:
        """Return the node or tuple with its links and pictures checked; untouched parts as they are."""
        if isinstance(value, tuple):
            return self._each(value)
        if isinstance(value, Figure) and value.src:
            self.room.asset(value.src, self.line(f"]({value.src}", value.src))
        if isinstance(value, Foreign):
            return replace(value, ast=self.ast(value.ast))
        changed = {}
        for name in branches(type(value)):
            part = getattr(value, name)
            made = self.walk(part)
            if made is not part:
                changed[name] = made
        return replace(value, **changed) if changed else value

    def _each(self, value: tuple[Any, ...]) -> tuple[Any, ...]:
        out: list[Any] = []
        same = True
        for item in value:
            if isinstance(item, Link | Reference) and not self._leads(item):
                same = False
                words = self.walk(item.content) or (Text(getattr(item, "href", "")),)
                _extend(out, words)
                continue
            made = self.walk(item)
            same = same and made is item
            _extend(out, (made,))
        return value if same else tuple(out)

    def _leads(self, item: Link | Reference) -> bool:
        if isinstance(item, Link):
            return self._followed(item.href)
        if item.target in self.ids:
            return True
        self.tell("NPP608", "#" + item.target, f"nothing in this edition has the id {item.target!r}")
        return False

    def _followed(self, address: str) -> bool:
        if _FOLLOWED.match(address):
            return True
        self.tell("NPP607", address, f"the link to {address[:60]!r} is set as plain words")
        return False

    # ----------------------------------------------------------------- pandoc's AST

    def ast(self, ast: str) -> str:
        """Return pandoc's AST, which is in its fixed form, cleaned."""
        return markdown.canonical(self.cleaned(json.loads(ast))) if _SUSPECT.search(ast) else ast

    def cleaned(self, value: Any) -> Any:
        """Return pandoc's AST without raw parts, refused pictures and links that lead nowhere."""
        if isinstance(value, list):
            return [self.cleaned(item) for item in value]
        if not isinstance(value, dict):
            return value
        content = value.get("c")
        match value.get("t"), content:
            case "RawInline", [_, words]:
                return {"t": "Str", "c": words}
            case "RawBlock", [_, words]:
                return {"t": "CodeBlock", "c": [["", [], []], words]}
            case "Link", [attr, words, [address, _]] if not self._stays(address):
                return {"t": "Span", "c": [attr, self.cleaned(words)]}
            case "Image", [attr, words, [src, _]] if self.room.asset(src, self.line(src)) is None:
                return {"t": "Span", "c": [["", [], []], self.cleaned(words)]}
            case _:
                return {key: self.cleaned(item) for key, item in value.items()}

    def _stays(self, address: str) -> bool:
        inside = address.startswith("#") and address[1:] in self.ids
        return inside or (not address.startswith("#") and self._followed(address))


def _extend(out: list[Any], words: Iterable[Inline]) -> None:
    """Append inlines; adjacent texts are one."""
    for item in words:
        if isinstance(item, Text) and out and isinstance(out[-1], Text):
            out[-1] = Text(out[-1].text + item.text)
        else:
            out.append(item)
