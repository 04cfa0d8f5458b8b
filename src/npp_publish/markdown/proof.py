"""Stage 5, reading: pandoc's inlines and blocks as the model's nodes.

What the model has no node for is kept: an unknown class loses its wrapper but not its words, raw
HTML becomes text, a formula or a merged cell keeps its block as `Foreign`. Each is a diagnostic.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..diagnostics import Diagnostic, diagnose
from ..model import (
    Box,
    BoxKind,
    Break,
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
    Role,
    Ruby,
    Rule,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from .columns import CAPTION, ENTRIES, FOREIGN, LABEL, LIST_TABLE, UNTITLED, VERBATIM
from .foreign import BLOCKS, canonical, is_comment, numbers, tidy, words_of
from .ink import char
from .tables import read_list_table, read_table
from .words import BREAK, CHAR, CODE, MARKS, Node, run_on

__all__ = ["DEEPEST", "Reader"]

DEEPEST = 100  # blocks and inlines inside each other
_STYLES = {tag: style for style, tag in MARKS.items()}
_BY_CLASS: dict[str, Style] = {style.value: style for style in Style}
_ROLES: dict[str, Role] = {role.value: role for role in Role}
_BOXES: dict[str, BoxKind] = {kind.value: kind for kind in BoxKind}


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF" and not "\uac00" <= character <= "\ud7a3"


def _pairs(attr: Sequence[Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in attr[2]}


@dataclass(slots=True)
class Reader:
    """Reads pandoc's nodes. `text` is what they were read from, to tell lines by; `flaws` collects
    what was noticed; `alien` says that the block being read holds inline content that the model has
    no node for."""

    path: str = ""
    text: str = ""
    flaws: list[Diagnostic] = field(default_factory=list)
    alien: bool = False
    depth: int = 0

    def note(self, code: str, message: str, line: int = 0, *, about: str = "") -> None:
        """Add a diagnostic, once; where no line is known, that of the first `about` in the text."""
        at = self.text.find(about) if about and not line else -1
        line = self.text.count("\n", 0, at) + 1 if at >= 0 else line
        made = diagnose(code, message, path=self.path, line=line)
        if made not in self.flaws:
            self.flaws.append(made)

    # ----------------------------------------------------------------- inlines

    def words(self, nodes: Sequence[Node]) -> Inlines:
        """Return inline nodes; adjacent texts are one."""
        self._deeper()
        try:
            return self._words(nodes)
        finally:
            self.depth -= 1

    def _deeper(self) -> None:
        """Bound the nesting: later stages and reading systems cannot follow without end."""
        if self.depth >= DEEPEST:
            raise RecursionError
        self.depth += 1

    def _words(self, nodes: Sequence[Node]) -> Inlines:
        found: list[Inline] = []
        held: list[str] = []
        for index, item in enumerate(nodes):
            tag = item["t"]
            if tag == "Str":
                held.append(item["c"])
            elif tag == "Space":
                held.append(" ")
            elif tag == "SoftBreak":
                held.append(self._turn(nodes, index))
            else:
                if held:
                    found.append(Text("".join(held)))
                    held = []
                found += self._word(item)
        if held:
            found.append(Text("".join(held)))
        return run_on(found) if len(found) > 1 or found == [Text("")] else tuple(found)

    @staticmethod
    def _turn(nodes: Sequence[Node], index: int) -> str:
        """A line end typed by hand is a space, but nothing between two wide characters."""
        before, after = (
            words_of([nodes[index - 1]] if index else []),
            words_of(list(nodes[index + 1 : index + 2])),
        )
        return "" if before and after and _is_wide(before[-1]) and _is_wide(after[0]) else " "

    def _word(self, item: Node) -> Iterable[Inline]:
        tag, content = item["t"], item.get("c")
        match tag:
            case "LineBreak":
                yield Break()
            case "Code":
                yield Code(content[1])  # type: ignore[index]
            case "Link":
                yield self._link(content)  # type: ignore[arg-type]
            case "Note":
                yield Note(self._apart(content))  # type: ignore[arg-type]
            case "Span":
                yield from self._span(content)  # type: ignore[arg-type]
            case "RawInline":
                yield from self._raw(content)  # type: ignore[arg-type]
            case _ if tag in _STYLES:
                yield Styled(_STYLES[tag], self.words(content))  # type: ignore[arg-type]
            case _:
                self.alien = True
                yield Text(words_of(item))

    def _link(self, content: list[Any]) -> Inline:
        words, address = self.words(content[1]), str(content[2][0])
        return Reference(words, address[1:]) if address.startswith("#") else Link(words, address)

    def _apart(self, blocks: list[Node]) -> tuple[Element, ...]:
        """Read blocks inside an inline; aliens there are kept by their own block."""
        outer, self.alien = self.alien, False
        made = self.blocks(blocks)
        self.alien = outer
        return made

    def _raw(self, content: list[str]) -> Iterable[Inline]:
        if content[0] == "html" and is_comment(content[1]):
            return
        self.note("NPP505", f"{content[1][:40]!r} is shown as text", about=content[1])
        yield Text(content[1])

    def _span(self, content: list[Any]) -> Iterable[Inline]:
        (id, classes, _), inside = content[0], content[1]
        pairs = _pairs(content[0])
        known = next((name for name in classes if name in _ROLES or name in _BY_CLASS), "")
        if "ruby" in pairs:
            yield Ruby(plain(self.words(inside)), pairs["ruby"])
        elif known in _ROLES:
            yield Tagged(_ROLES[known], self.words(inside))
        elif known:
            yield Styled(_BY_CLASS[known], self.words(inside))
        elif BREAK in classes:
            yield Break()
        elif CODE in classes:
            yield Code(plain(self.words(inside)))
        elif CHAR in classes and (character := char(words_of(inside))) is not None:
            yield Text(character)
        else:
            if classes or id or pairs:
                named = " ".join("." + name for name in classes) or f"#{id}"
                self.note(
                    "NPP504", f"nothing is known of the span {named!r}; its words are kept", about=named
                )
            yield from self.words(inside)

    # ----------------------------------------------------------------- blocks

    def blocks(self, nodes: Sequence[Node]) -> tuple[Element, ...]:
        """Return block nodes; a block with inline content that has no node is kept as `Foreign`."""
        return tuple(element for item in nodes for element in self.block(item))

    def block(self, item: Node) -> tuple[Element, ...]:
        """Return what one block of pandoc's is in the model."""
        outer, self.alien = self.alien, False
        self._deeper()
        try:
            made = tuple(self._block(item))
        finally:
            self.depth -= 1
        if self.alien:
            kept = tidy(item)
            made = (Foreign(canonical(kept), words_of(kept)),)
        self.alien = outer
        return made

    def _block(self, item: Node) -> Iterable[Element]:
        tag, content = item["t"], item.get("c")
        match tag:
            case "Para" | "Plain":
                yield from self._paragraph(content)  # type: ignore[arg-type]
            case "Header":
                level, (id, _, _), inside = content  # type: ignore[misc]
                yield Heading(max(2, level), self.words(inside), id)
            case "BulletList":
                yield Listing(tuple(self.blocks(entry) for entry in content))  # type: ignore[union-attr]
            case "OrderedList":
                yield from self._ordered(content)  # type: ignore[arg-type]
            case "DefinitionList":
                yield Entries(tuple(self._entry(*entry) for entry in content))  # type: ignore[union-attr]
            case "BlockQuote":
                yield Quote(self.blocks(content))  # type: ignore[arg-type]
            case "HorizontalRule":
                yield Rule()
            case "CodeBlock":
                yield from self._verbatim(content)  # type: ignore[arg-type]
            case "Table":
                yield from read_table(content, self)  # type: ignore[arg-type]
            case "Figure":
                yield from self._figure(content)  # type: ignore[arg-type]
            case "Div":
                yield from self._div(content)  # type: ignore[arg-type]
            case "RawBlock":
                yield from self._raw_block(content)  # type: ignore[arg-type]
            case "LineBlock":
                yield from self._verse(content)  # type: ignore[arg-type]
            case _:
                self.alien = True

    def _paragraph(self, content: list[Node]) -> Iterable[Element]:
        if len(content) == 1 and content[0]["t"] == "Image":
            yield self._picture(content[0]["c"], "")
            return
        words = self.words(content)
        if words:
            yield Paragraph(words)

    def _picture(self, image: list[Any], id: str, caption: Inlines | None = None) -> Figure:
        words = self.words(image[1])
        alt = _pairs(image[0]).get("alt", plain(words))
        return Figure(str(image[2][0]), alt, words if caption is None else caption, id or image[0][0])

    def _figure(self, content: list[Any]) -> Iterable[Element]:
        (id, _, _), (_, caption), blocks = content
        inside = blocks[0]["c"] if len(blocks) == 1 and blocks[0]["t"] in ("Plain", "Para") else []
        if len(inside) == 1 and inside[0]["t"] == "Image" and len(caption) <= 1:
            words = self.words(caption[0]["c"]) if caption else ()
            yield self._picture(inside[0]["c"], id, words)
        else:
            self.alien = True

    def _ordered(self, content: list[Any]) -> Iterable[Element]:
        (start, style, delimiter), items = content
        usual = style["t"] in ("DefaultStyle", "Decimal") and delimiter["t"] in ("DefaultDelim", "Period")
        if usual and start > 0:
            yield Listing(tuple(self.blocks(entry) for entry in items), start)
        else:
            self.alien = True

    def _entry(self, label: list[Node], definitions: list[list[Node]]) -> Entry:
        return Entry(self.words(label), tuple(e for part in definitions for e in self.blocks(part)))

    def _verbatim(self, content: list[Any]) -> Iterable[Element]:
        (id, classes, pairs), text = content
        if classes == [FOREIGN] and not pairs:
            yield from self._pasted(text)
        elif classes in ([], [VERBATIM]) and not id and not pairs:
            yield Verbatim(text)
        else:
            self.alien = True

    def _pasted(self, text: str) -> Iterable[Element]:
        """A block of pandoc's AST as JSON; what is no such block is shown as it stands."""
        try:
            value = json.loads(text)
            kept = tidy(value)
            words = words_of(kept)
        except (ValueError, TypeError, LookupError, AttributeError):
            value = None
        if isinstance(value, dict) and value.get("t") in BLOCKS:
            yield Foreign(canonical(kept), words)
        else:
            yield Verbatim(text)

    def _raw_block(self, content: list[str]) -> Iterable[Element]:
        if content[0] == "html" and is_comment(content[1]):
            return
        self.note("NPP505", f"{content[1].strip()[:40]!r} is shown as text", about=content[1].strip())
        yield Verbatim(content[1])

    def _verse(self, lines: list[list[Node]]) -> Iterable[Element]:
        words: list[Inline] = []
        for line in lines:
            words += [Break(), *self.words(line)] if words else self.words(line)
        if words:
            yield Paragraph(tuple(words))

    # ----------------------------------------------------------------- divs

    def _div(self, content: list[Any]) -> Iterable[Element]:
        (id, classes, _), inside = content
        pairs = _pairs(content[0])
        if "box" in classes:
            yield self._box(id, classes, pairs, inside)
        elif CAPTION in classes:
            yield Figure("", pairs.get("alt", ""), self.line(inside), id)
        elif ENTRIES in classes:
            yield from self._entry_items(inside)
        elif LIST_TABLE in classes:
            yield from read_list_table(id, pairs, inside, self)
        elif VERBATIM in classes:
            yield Verbatim(plain(self.line(inside)))
        else:
            if classes:
                named = " ".join("." + name for name in classes)
                self.note(
                    "NPP504",
                    f"nothing is known of the block {named!r}; its content is kept",
                    about=classes[0],
                )
            yield from _named(id, self.blocks(inside))

    def line(self, nodes: Sequence[Node]) -> Inlines:
        """Return the inline content of blocks that stand for one printed line."""
        out: list[Inline] = []
        for item in nodes:
            if item["t"] in ("Para", "Plain"):
                words = self.words(item["c"])
            elif item["t"] == "Header":
                words = self.words(item["c"][2])
            elif item["t"] == "RawBlock" and is_comment(item["c"][1]):
                continue
            else:
                words = (Text(words_of(item)),)
            out += [Break(), *words] if out else words
        return tuple(out)

    def _box(self, id: str, classes: list[str], pairs: dict[str, str], inside: list[Node]) -> Box:
        kind = next((_BOXES[name] for name in classes if name in _BOXES), None)
        if kind is None:
            kinds = ", ".join(_BOXES)
            self.note("NPP504", f"a box is one of {kinds}; {classes!r} is set as a note", about=".box")
        titled = bool(inside) and inside[0]["t"] == "Header" and UNTITLED not in classes
        title = self.words(inside[0]["c"][2]) if titled else ()
        blocks = self.blocks(inside[1:] if titled else inside)
        return Box(kind or BoxKind.NOTE, title, blocks, id, numbers(pairs.get("lines", "")))

    def _entry_items(self, inside: list[Node]) -> Iterable[Element]:
        if len(inside) != 1 or inside[0]["t"] != "BulletList":
            yield from self.blocks(inside)
            return
        made = []
        for blocks in inside[0]["c"]:
            first = blocks[0] if blocks else {}
            spans = first.get("c", []) if first.get("t") in ("Para", "Plain") else []
            labelled = len(spans) == 1 and spans[0]["t"] == "Span" and LABEL in spans[0]["c"][0][1]
            label = self.words(spans[0]["c"][1]) if labelled else ()
            made.append(Entry(label, self.blocks(blocks[1:] if labelled else blocks)))
        yield Entries(tuple(made))


def _named(id: str, blocks: tuple[Element, ...]) -> tuple[Element, ...]:
    """Give an id to the element that its div was made for, else to the first of the content."""
    if not id:
        return blocks
    if blocks and isinstance(blocks[0], Paragraph | Heading | Table | Figure | Box) and not blocks[0].id:
        return (replace(blocks[0], id=id), *blocks[1:])
    return (Paragraph((), id), *blocks)
