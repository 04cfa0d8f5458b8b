"""Lines: what the flowing text needs so that reading systems break and set it as Chinese is set.

Only elements are added, never a character: `wbr` where a line may end, spans around what belongs
together. Reading systems break lines by Unicode's rules, which know no Chinese headline and glue
quotation marks to Latin on their inside (UAX 14, LB 19).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from ...typeset.characters import GLUED
from ...typeset.headline import pauses

__all__ = ["ease_breaks", "lay_headings", "let_long_names_break", "span_sentences", "upright_digits"]

_X = "{http://www.w3.org/1999/xhtml}"
_HEADINGS = tuple(f"{_X}h{level}" for level in range(1, 7))
_BLOCKS = frozenset(f"{_X}{tag}" for tag in ("p", "li", "dd", "dt", "td", "th")) | frozenset(_HEADINGS)
_SET_ASIDE = frozenset((f"{_X}rt", f"{_X}code", f"{_X}pre"))
_LONGEST_NAME = 14
_DIGITS = re.compile(r"(?<![0-9A-Za-z.,:/%-])[0-9]{2}(?![0-9A-Za-z.,:/%-])")
_SENTENCE = re.compile("[^。！？；]*[。！？；][”’」』）》]*|[^。！？；]+")

Run = tuple[str, str, str]  # text, element to wrap it in ("" for none, "wbr" before it), class or id


def _places(body: Any) -> list[tuple[Any, str]]:
    """Return the places of running text (element, `text` or `tail`); a list, as the tree is changed."""
    return list(_find(body))


def _find(body: Any) -> Iterator[tuple[Any, str]]:
    for node in body.iter():
        if not isinstance(node.tag, str) or node.tag in _SET_ASIDE:
            continue
        if node.text and node.text.strip():
            yield node, "text"
        for child in node:
            if child.tail and child.tail.strip():
                yield child, "tail"


def _lay(node: Any, where: str, runs: Sequence[Run]) -> None:
    """Replace a text or tail by runs of text and elements."""
    from lxml import etree

    setattr(node, where, None)
    parent = node if where == "text" else node.getparent()
    previous = None if where == "text" else node
    at = 0 if where == "text" else parent.index(node) + 1
    for text, tag, mark in runs:
        if tag:
            element = etree.Element(f"{_X}{tag}")
            if mark:
                element.set("id" if mark.startswith("kobo.") else "class", mark)
            parent.insert(at, element)
            previous, at = element, at + 1
            if tag == "wbr":
                element.tail = text
            else:
                element.text = text
        elif previous is None:
            parent.text = (parent.text or "") + text
        else:
            previous.tail = (previous.tail or "") + text


def lay_headings(body: Any) -> None:
    """Let headings break between phrases only, and keep the parts that the paper sets apart by a
    space on lines of their own where they do not fit on one."""
    for heading in list(body.iter(*_HEADINGS)):
        for node, where in _places(heading):
            text = getattr(node, where)
            whole = where == "text" and len(node) == 0
            parts = re.split("([ \u3000]+)", text) if whole else [text]
            if len([part for part in parts if part.strip()]) > 1:
                _lay(node, where, [(part, "span" if part.strip() else "", "part") for part in parts if part])
        for node, where in _places(heading):
            text = getattr(node, where)
            pieces = phrases(text)
            if len(pieces) > 1:
                _lay(node, where, [(piece, "wbr" if n else "", "") for n, piece in enumerate(pieces)])


@lru_cache(maxsize=4096)
def phrases(text: str) -> tuple[str, ...]:
    """Divide a text at the pauses where its lines may end; the parts together are the text. Headings are
    said twice, in their place and in the contents."""
    cuts = pauses(text)
    return tuple(text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True))


def ease_breaks(body: Any) -> None:
    """Allow a line to end before an opening and after a closing quotation mark beside Latin: else
    `完善“4+5+M+N”创新` is one unbreakable word, and the line before it is torn open."""
    for node, where in _places(body):
        text = getattr(node, where)
        cuts = [found.start() for found in GLUED.finditer(text)]
        if cuts:
            pieces = zip([0, *cuts], [*cuts, len(text)], strict=True)
            _lay(node, where, [(text[a:b], "wbr" if a else "", "") for a, b in pieces])


def let_long_names_break(body: Any) -> None:
    """Mark names too long for one line of a phone: all others stay whole."""
    for span in body.iter(f"{_X}span"):
        if span.get("class") in ("author", "role") and len("".join(span.itertext())) > _LONGEST_NAME:
            span.set("class", f"{span.get('class')} long")


def upright_digits(body: Any) -> None:
    """Set two-digit numbers upright in one cell of a vertical line (clreq 2.3.2, tate-chu-yoko)."""
    for node, where in _places(body):
        text = getattr(node, where)
        runs: list[Run] = []
        last = 0
        for found in _DIGITS.finditer(text):
            runs += [(text[last : found.start()], "", ""), (found.group(), "span", "upright")]
            last = found.end()
        if runs:
            _lay(node, where, [*runs, (text[last:], "", "")])


def span_sentences(body: Any) -> None:
    """Wrap every sentence in a koboSpan: `kobo.PARAGRAPH.SENTENCE`, numbered through the document."""
    numbers: dict[Any, list[int]] = {}
    for node, where in _places(body):
        count = numbers.setdefault(
            _home(node if where == "text" else node.getparent()), [len(numbers) + 1, 0]
        )
        runs: list[Run] = []
        for sentence in _SENTENCE.findall(getattr(node, where)):
            count[1] += bool(sentence.strip())
            tag = "span" if sentence.strip() else ""
            runs.append((sentence, tag, f"kobo.{count[0]}.{count[1]}"))
        _lay(node, where, runs)
    for span in body.iter(f"{_X}span"):
        if (span.get("id") or "").startswith("kobo."):
            span.set("class", "koboSpan")


def _home(node: Any) -> Any:
    while node is not None and node.tag not in _BLOCKS:
        node = node.getparent()
    return node
