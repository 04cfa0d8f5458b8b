"""Stage 5, inlines: the model's inline nodes as pandoc's inlines.

Styles have pandoc's own marks where nothing next to them could be mistaken for a part of the mark,
else a bracketed span (`[字]{.strong}`), which cannot be misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..model import (
    Break,
    Code,
    Element,
    Inline,
    Inlines,
    Link,
    Note,
    Paragraph,
    Reference,
    Ruby,
    Style,
    Styled,
    Tagged,
    Text,
)
from .ink import Spot, attribute, escape

__all__ = ["BREAK", "CODE", "MARKS", "Node", "Place", "cast", "node", "raw", "run_on", "span"]

Node = dict[str, Any]

BREAK, CODE, CHAR = "break", "code", "char"
MARKS = {
    Style.EMPHASIS: "Emph",
    Style.STRONG: "Strong",
    Style.UNDERLINE: "Underline",
    Style.STRIKEOUT: "Strikeout",
    Style.SUPERSCRIPT: "Superscript",
    Style.SUBSCRIPT: "Subscript",
}
_TIGHT = (Style.STRIKEOUT, Style.SUPERSCRIPT, Style.SUBSCRIPT)


@dataclass(frozen=True, slots=True)
class Place:
    """Where inlines are set: `line`: the container is one line (heading, label, cell);
    `strict`: the cautious second attempt, after a first text did not read back equal."""

    opens: bool = False
    line: bool = False
    brackets: bool = False
    cell: bool = False
    heading: bool = False
    strict: bool = False


def node(kind: str, content: Any = None) -> Node:
    """Return one node of pandoc's AST."""
    return {"t": kind} if content is None else {"t": kind, "c": content}


def raw(markdown: str) -> Node:
    """Return Markdown that stands in the output as it is."""
    return node("RawInline", ["markdown", markdown])


def span(content: list[Node], *classes: str, **pairs: str) -> Node:
    """Return a bracketed span with classes and attributes."""
    kept = [[name, attribute(value)] for name, value in pairs.items()]
    return node("Span", [["", list(classes), kept], content])


def run_on(items: Iterable[Inline]) -> Inlines:
    """Return inlines in which adjacent texts are one and none is empty."""
    out: list[Inline] = []
    held: list[str] = []
    for item in (*items, None):
        if isinstance(item, Text):
            held.append(item.text)
            continue
        if text := "".join(held):
            out.append(Text(text))
        held = []
        if item is not None:
            out.append(item)
    return tuple(out)


def cast(content: Inlines, place: Place) -> list[Node]:
    """Return pandoc's inlines for one container of inlines."""
    out: list[Node] = []
    for index, item in enumerate(content):
        before = content[index - 1] if index else None
        after = content[index + 1] if index + 1 < len(content) else None
        out += _one(item, before, after, place)
    return out


def _one(item: Inline, before: Inline | None, after: Inline | None, place: Place) -> list[Node]:
    match item:
        case Text(text):
            return [raw(escape(text, _spot(before, after, place)))]
        case Styled(style, inside):
            return [_styled(style, inside, before, after, place)]
        case Tagged(role, inside):
            return [span(cast(inside, _inside(place)), role.value)]
        case Ruby(base, reading):
            return [span([raw(_boxed(base, place))], ruby=reading)]
        case Code(text):
            return [_code(text, before, place)]
        case Link(inside, address):
            return [_link(inside, address, place)]
        case Reference(inside, target):
            return [_link(inside, "#" + target, place)]
        case Note(blocks):
            return _note(blocks, after, place)
        case Break():
            plain = before is None or after is None or isinstance(before, Break) or isinstance(after, Break)
            return [span([], BREAK) if plain or place.line or place.brackets else node("LineBreak")]


def _spot(before: Inline | None, after: Inline | None, place: Place) -> Spot:
    broken = isinstance(before, Break)
    return Spot(
        opens=broken or (place.opens and before is None),
        first=broken or before is None,
        last=after is None or isinstance(after, Break),
        after=before is not None,
        before=after is not None,
        brackets=place.brackets,
        cell=place.cell,
        heading=place.heading,
        strict=place.strict,
    )


def _inside(place: Place) -> Place:
    return replace(place, opens=False, brackets=True)


def _boxed(text: str, place: Place) -> str:
    spot = Spot(first=True, last=True, brackets=True, cell=place.cell, strict=place.strict)
    return escape(text, spot).replace("\n", "&#10;")


def _styled(style: Style, inside: Inlines, before: Inline | None, after: Inline | None, place: Place) -> Node:
    if style in MARKS and not place.strict and _is_clear(style, inside, before, after):
        tag = MARKS[style]
        return node(tag, cast(inside, _inside(place) if tag == "Underline" else replace(place, opens=False)))
    return span(cast(inside, _inside(place)), style.value)


def _is_clear(style: Style, inside: Inlines, before: Inline | None, after: Inline | None) -> bool:
    """Tell whether a style's own mark cannot run into another mark beside or inside it."""
    if style is Style.UNDERLINE:
        return False
    if style in _TIGHT:
        words = len(inside) == 1 and isinstance(inside[0], Text) and inside[0].text.isalnum()
        return words and not isinstance(before, Styled) and not isinstance(after, Styled)
    return not any(_is_marked(item) for item in (before, after, inside[0], inside[-1]))


def _is_marked(item: Inline | None) -> bool:
    """Tell whether an inline may begin or end with a mark of its own (`*`, `^`, `~`, `_`)."""
    bracketed = isinstance(item, Styled) and item.style in (Style.DOTS, Style.UNDERLINE)
    return isinstance(item, Styled | Break | Note) and not bracketed


def _code(text: str, before: Inline | None, place: Place) -> Node:
    odd = isinstance(before, Code) or text != text.strip() or "  " in text or (place.cell and "|" in text)
    if odd or place.strict or not text.replace(" ", "").isprintable():
        return span([raw(_boxed(text, place))], CODE)
    return node("Code", [["", [], []], text])


def _link(inside: Inlines, address: str, place: Place) -> Node:
    return node("Link", [["", [], []], cast(inside, _inside(place)), [attribute(address), ""]])


def _note(blocks: Sequence[Element], after: Inline | None, place: Place) -> list[Node]:
    """A note of one paragraph stands where it belongs; a longer one after its block.

    `^[note]` right before another bracket would be read as something else.
    """
    clear = after is None or (isinstance(after, Text) and after.text[0].isprintable() and not place.strict)
    match blocks:
        case (Paragraph(content, ""),) if clear:
            return [raw("^["), *cast(content, _inside(place)), raw("]")]
        case _:
            from .columns import stack

            return [node("Note", stack(blocks, place.strict))]
