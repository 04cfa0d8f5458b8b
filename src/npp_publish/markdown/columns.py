"""Stage 5, blocks: the model's elements as pandoc's blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..model import (
    Box,
    Code,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Rule,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from .foreign import is_speakable, reset
from .ink import Spot, attribute, escape
from .words import Node, Place, cast, node, raw, span

__all__ = [
    "CAPTION",
    "ENTRIES",
    "FOREIGN",
    "LABEL",
    "LIST_TABLE",
    "UNTITLED",
    "VERBATIM",
    "div",
    "ranges",
    "stack",
]

CAPTION, ENTRIES, LABEL, VERBATIM = "caption", "entries", "label", "verbatim"
LIST_TABLE, UNTITLED, FOREIGN = "list-table", "untitled", "pandoc"
_ALIGNS = {"l": "AlignLeft", "r": "AlignRight", "c": "AlignCenter", "-": "AlignDefault"}
_BARE: list[Any] = ["", [], []]


def div(blocks: list[Node], *classes: str, id: str = "", **pairs: str) -> Node:
    """Return a fenced div; attributes without a value are left out."""
    kept = [[name, attribute(value)] for name, value in pairs.items() if value]
    return node("Div", [[id, list(classes), kept], blocks])


def ranges(lines: Sequence[int], gap: int = 1) -> str:
    """Return line numbers in the short form `3-9,12`.

    With a `gap` of 2 a single line between two others, nearly always a blank one, counts to them:
    the exact lines of every character are in the ledger.
    """
    runs: list[list[int]] = []
    for number in lines:
        if runs and 0 < number - runs[-1][1] <= gap:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in runs)


def stack(blocks: Sequence[Element], strict: bool = False, *, tight: bool = False) -> list[Node]:
    """Return pandoc's blocks; `tight` sets a lone paragraph without blank lines around it."""
    kind = "Plain" if tight and len(blocks) == 1 else "Para"
    return [_one(block, Place(opens=True, strict=strict), kind) for block in blocks]


def _one(block: Element, place: Place, kind: str) -> Node:
    strict = place.strict
    match block:
        case Paragraph(content, id):
            made = [node(kind, cast(content, place))] if content else []
            return div(made, id=id) if id else made[0]
        case Heading(level, content, id):
            line = replace(place, opens=False, line=True, heading=True)
            return node("Header", [level, [id, [], []], cast(content, line)])
        case Listing(items, start):
            return _listing(items, start, strict)
        case Entries(entries):
            return _entries(entries, strict)
        case Quote(blocks):
            return node("BlockQuote", stack(blocks, strict))
        case Table():
            return _table(block, strict)
        case Figure():
            return _figure(block, place)
        case Box():
            return _box(block, place)
        case Rule():
            return node("RawBlock", ["markdown", "* * *"])
        case Verbatim(text):
            return _verbatim(text, strict)
        case Foreign(ast):
            return _foreign(ast, strict)


def _listing(items: Sequence[tuple[Element, ...]], start: int, strict: bool) -> Node:
    tight = all(len(item) <= 1 for item in items)
    made = [stack(item, strict, tight=tight) for item in items]
    if start:
        return node("OrderedList", [[start, node("DefaultStyle"), node("DefaultDelim")], made])
    return node("BulletList", made)


def _entries(entries: Sequence[Entry], strict: bool) -> Node:
    label = Place(opens=True, line=True, strict=strict)
    if (
        all(entry.label and entry.blocks and isinstance(entry.blocks[0], Paragraph) for entry in entries)
        and not strict
    ):
        tight = all(len(entry.blocks) == 1 for entry in entries)
        made = [[cast(e.label, label), [stack(e.blocks, strict, tight=tight)]] for e in entries]
        return node("DefinitionList", made)
    inside = replace(label, opens=False, brackets=True)
    items = [[node("Para", [span(cast(e.label, inside), LABEL)]), *stack(e.blocks, strict)] for e in entries]
    return div([node("BulletList", items)], ENTRIES)


def _figure(figure: Figure, place: Place) -> Node:
    if not figure.src:
        made = [node("Para", cast(figure.caption, place))] if figure.caption else []
        return div(made, CAPTION, id=figure.id, alt=figure.alt)
    caption = cast(figure.caption, replace(place, opens=False, brackets=True))
    alt = (
        [["alt", attribute(figure.alt)]] if figure.alt != plain(figure.caption) or not figure.caption else []
    )
    return node("Para", [node("Image", [[figure.id, [], alt], caption, [attribute(figure.src), ""]])])


def _box(box: Box, place: Place) -> Node:
    line = Place(line=True, heading=True, strict=place.strict)
    made = [node("Header", [3, _BARE, cast(box.title, line)])] if box.title else []
    ambiguous = not box.title and bool(box.blocks) and isinstance(box.blocks[0], Heading)
    classes = ("box", box.kind.value, *((UNTITLED,) if ambiguous else ()))
    return div(made + stack(box.blocks, place.strict), *classes, id=box.id, lines=ranges(box.lines, 2))


def _verbatim(text: str, strict: bool) -> Node:
    if not strict and "\r" not in text and text == text.strip("\n"):
        return node("CodeBlock", [["", [VERBATIM], []], text])
    spot = Spot(opens=True, first=True, last=True, strict=True)
    marked = "[]{.break}".join(escape(line, spot) for line in text.split("\n"))
    return div([node("Para", [raw(marked)])], VERBATIM)


# --------------------------------------------------------------------------- tables


def _table(table: Table, strict: bool) -> Node:
    if strict or not _is_regular(table):
        return _list_table(table, strict)
    place = Place(line=True, cell=True, strict=strict)
    rows = [[node("Plain", cast(_words(cell), place)) for cell in row.cells] for row in table.rows]
    made = [[_BARE, [[_BARE, node("AlignDefault"), 1, 1, [cell]] for cell in row]] for row in rows]
    head = 1 if table.rows[0].header else 0
    specs = [[node(_ALIGNS[align]), node("ColWidthDefault")] for align in table.aligns]
    caption = [node("Plain", cast(table.caption, Place(line=True, heading=True)))] if table.caption else []
    body = [[_BARE, 0, [], made[head:]]]
    content = [_BARE, [None, caption], specs, [_BARE, made[:head]], body, [_BARE, []]]
    return div([node("Table", content)], id=table.id) if table.id else node("Table", content)


def _words(cell: tuple[Element, ...]) -> Inlines:
    return cell[0].content if cell and isinstance(cell[0], Paragraph) else ()


def _is_regular(table: Table) -> bool:
    """Tell whether a pipe table can say it: one head row at most, one short paragraph a cell."""
    widths = {len(row.cells) for row in table.rows}
    if widths != {len(table.aligns)} or any(row.header for row in table.rows[1:]):
        return False
    if (
        not table.rows[0].header
        or len(table.rows) < 2
        or not any(_words(cell) for cell in table.rows[0].cells)
    ):
        return False
    return all(_fits(cell) for row in table.rows for cell in row.cells)


def _fits(cell: tuple[Element, ...]) -> bool:
    if not cell:
        return True
    match cell:
        case (Paragraph(content, ""),):
            return all(_is_simple(item) for item in content)
        case _:
            return False


def _is_simple(item: Inline) -> bool:
    match item:
        case Text(text) | Code(text):
            return "\n" not in text
        case Styled(_, inside) | Tagged(_, inside) | Link(inside) | Reference(inside):
            return all(_is_simple(child) for child in inside)
        case Note():
            return False
        case _:
            return True


def _list_table(table: Table, strict: bool) -> Node:
    """A table as a list of lists, for what a pipe table cannot say."""
    heads = ",".join(str(n) for n, row in enumerate(table.rows, 1) if row.header)
    rows = [[node("BulletList", [stack(cell, strict) for cell in row.cells])] for row in table.rows]
    made = [node("BulletList", rows)] if rows else []
    place = Place(opens=True, strict=strict)
    if table.caption:
        made.insert(0, node("Para", cast(table.caption, place)))
    return div(made, LIST_TABLE, id=table.id, aligns=table.aligns, head=heads)


# --------------------------------------------------------------------------- foreign blocks


def _foreign(ast: str, strict: bool) -> Node:
    """A foreign block in Markdown of its own where that can say it, else as JSON in a code block."""
    block: Node = json.loads(ast)
    if strict or not is_speakable(block):
        return node("CodeBlock", [["", [FOREIGN], []], ast])
    made: Node = reset(block)
    return made
