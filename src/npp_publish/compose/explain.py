"""Tell in one paragraph what became of a line of the page, and why: the ledger in words.

`explain(normalized, "page.txt:79")` says where the characters of the line went, what was left out or
changed and by which rule, which other lines stand in the same paragraph, and where the decision could
have gone the other way, with its number for `edits.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ..errors import UsageError
from ..model import LedgerEntry, Line, Normalized, Op, Source, plain

__all__ = ["deed", "explain", "named", "place_of"]

_MOST_QUOTED = 24
_QUIET = frozenset({"white-space", "line-break", "blank-line"})  # rules that need no word
_HEAD = {
    "title": "the title",
    "kicker": "the kicker",
    "subtitle": "the subtitle",
    "byline": "the byline",
    "dateline": "the dateline",
    "from": "the continuation line",
    "to": "the jump line",
}
_PARTS = {
    "p": "paragraph",
    "h": "heading",
    "l": "list",
    "e": "run of entries",
    "q": "quotation",
    "t": "table",
    "f": "figure",
    "b": "box",
    "v": "verbatim block",
    "x": "foreign block",
}
_VERBS = {
    Op.JOIN: "was joined to what stands before it",
    Op.MOVE: "was moved there",
    Op.RETAG: "was read as that",
    Op.KEEP: "was kept as it is",
}


def explain(normalized: Normalized, path_line: str) -> str:
    """Return one paragraph on the line that `path_line` names (`page.txt:79`, or `79` in a single file).

    Raises UsageError for a place that is none, a file that is not in the source, a line it does not have.
    """
    source = normalized.source
    line = place_of(source, path_line)
    rows = _rows(normalized.ledger, source, line)
    name = f"Line {line.number}"
    if len(source.files) > 1:
        name += f" of {source.files[line.file].name}"
    text = source.text[line.start : line.end]
    if not text.strip():
        return _blank(name, rows)
    sentences = [f"{name} ({_quoted(text)})"]
    goes = list(_destinations(normalized, rows, line))
    sentences[0] += " " + ("; ".join(goes) if goes else _left_out(rows)) + "."
    sentences += _decisions([*rows, *_seams(normalized, rows)], told=not goes)
    return " ".join(sentences)


def place_of(source: Source, path_line: str) -> Line:
    """Return the line that `page.txt:79` names; the file may be its whole name or the end of it."""
    path, _, number = path_line.rpartition(":")
    if not number.isascii() or not number.isdigit():
        raise UsageError(f"{path_line!r} is no place", hint="write page.txt:79, or 79 for a single file")
    found = [i for i, file in enumerate(source.files) if path in {"", file.name} or _ends(file.name, path)]
    if not found:
        names = ", ".join(file.name for file in source.files[:5])
        raise UsageError(f"no file {path!r} in this edition", hint=f"the files are {names}")
    if len(found) > 1:
        raise UsageError(f"{path_line!r} may be in any of {len(found)} files", hint="name the file")
    lines = [line for line in source.lines if line.file == found[0]]
    if not 1 <= int(number) <= len(lines):
        raise UsageError(f"there is no line {number}: {source.files[found[0]].name} has {len(lines)} lines")
    return lines[int(number) - 1]


def _ends(name: str, path: str) -> bool:
    return name.endswith(("/" + path, "\\" + path))


def _rows(ledger: Sequence[LedgerEntry], source: Source, line: Line) -> list[LedgerEntry]:
    """Return the rows that touch the line or its end, in order; inserts at its start count to it."""
    index = source.lines.index(line)
    after = source.lines[index + 1].start if index + 1 < len(source.lines) else len(source.text) + 1
    return [
        row
        for row in ledger
        if row.span.start < after and (row.span.end > line.start or row.span.start >= line.start)
    ]


# --------------------------------------------------------------------------- where it went


def _destinations(normalized: Normalized, rows: Iterable[LedgerEntry], line: Line) -> Iterator[str]:
    printed = [row for row in rows if row.dst and row.text.strip()]
    for slot, group in groupby(printed, key=lambda row: row.dst):
        part = list(group)
        own = "".join(_own(normalized.source, row, line) for row in part)
        whole = "".join(row.text for row in normalized.ledger if row.dst == slot)
        verb = "became" if "".join(own.split()) == "".join(whole.split()) else "stands in"
        said = f"{verb} {named(normalized, slot)}"
        if others := _other_lines(normalized, slot, line):
            said += f", together with {others}"
        yield said


def _own(source: Source, row: LedgerEntry, line: Line) -> str:
    """Return the part of a kept row that stands on the line; a changed row is taken whole."""
    if len(row.text) != len(row.span) or row.source:
        return row.text
    start, end = max(row.span.start, line.start), min(row.span.end, line.end)
    return source.text[start:end]


def _other_lines(normalized: Normalized, slot: str, line: Line) -> str:
    source = normalized.source
    numbers: set[tuple[int, int]] = set()
    for row in normalized.ledger:
        if row.dst == slot and row.text.strip():
            first = source.line_at(row.span.start)
            last = source.line_at(max(row.span.start, row.span.end - 1))
            numbers |= {(first.file, n) for n in range(first.number, last.number + 1)}
    numbers.discard((line.file, line.number))
    if not numbers:
        return ""
    here = [n for file, n in sorted(numbers) if file == line.file]
    there = sorted({source.files[file].name for file, _ in numbers if file != line.file})
    said = [f"{'line' if len(here) == 1 else 'lines'} {_ranges(here)}"] if here else []
    return " and ".join([*said, *(f"lines of {name}" for name in there)])


def _ranges(numbers: Sequence[int]) -> str:
    """Return `31-36, 40` for a sorted sequence of numbers."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def named(normalized: Normalized, slot: str) -> str:
    """Return `paragraph 13 of the article “…” (a1.p13)` for the name of a slot."""
    base, _, rest = slot.partition(".")
    inside = " of ".join(_parts(rest)) or "a part"
    title = next((plain(a.title) for a in normalized.edition.articles if a.id == base), "")
    number = base.removeprefix("a")
    article = f"the article {_quoted(title)}" if title else f"article {number}, which has no title"
    return f"{inside} of {article} ({slot})"


def _parts(rest: str) -> list[str]:
    """Return the words for the parts of a slot's name, the innermost first."""
    within = re.sub(r"(?<=\.\d)\.p1$", "", rest)  # the only paragraph of an entry is the entry
    words = []
    for match in re.finditer(r"([a-z]+)(\d*)(?:\.(\d+))?(?:\.|$)", within):
        name, number, item = match.groups()
        group = f"{_PARTS.get(name, name)} {number}"
        if name in _HEAD:
            words.append(_HEAD[name] + (f" {number}" if number not in {"", "1"} else ""))
        elif name == "label":
            words.append("the label")
        elif item:
            each = "entry" if name == "e" else "item"
            words.append(f"{each} {item}" + (f" of {group}" if number != "1" else ""))
        else:
            words.append(group)
    return words[::-1]


# --------------------------------------------------------------------------- what was decided


def _left_out(rows: Sequence[LedgerEntry]) -> str:
    drops = [row for row in rows if row.op is Op.DROP and row.source.strip()]
    if not drops:
        return "is not in the output"
    row = max(drops, key=lambda r: len(r.source))
    why = f", because {row.why}" if row.why else ""
    return f"was left out by the rule {row.rule} (confidence {row.confidence:.2f}){why}"


def _blank(name: str, rows: Sequence[LedgerEntry]) -> str:
    said = f"{name} is blank: it parts what stands above it from what stands below, and is not printed."
    return " ".join([said, *_decisions(rows, told=False)])


def _decisions(rows: Sequence[LedgerEntry], *, told: bool) -> list[str]:
    """Return a sentence for each decision; `told` leaves out the drop that was told already."""
    said: list[str] = []
    longest = max((len(r.source) for r in rows if r.op is Op.DROP), default=0) if told else -1
    for row in rows:
        if not row.rule or (row.rule in _QUIET and not row.alternative):
            continue
        sentence = _sentence(row, already=row.op is Op.DROP and len(row.source) == longest)
        if sentence and sentence not in said:
            said.append(sentence)
    if any(row.alternative for row in rows):
        said.append("To take another reading, put the number of its decision into edits.toml.")
    return said


def _seams(normalized: Normalized, rows: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """Return the rows elsewhere that were joined to the paragraphs of these rows."""
    slots = {row.dst for row in rows if row.dst and row.text.strip()}
    own = {row.id for row in rows}
    joins = (row for row in normalized.ledger if row.op is Op.JOIN and not row.source)
    return [row for row in joins if row.dst in slots and row.id not in own]


def _sentence(row: LedgerEntry, *, already: bool = False) -> str:
    other = f"the other reading would be “{row.alternative}” (decision {row.id})" if row.alternative else ""
    if already:
        return f"{other[0].upper()}{other[1:]}." if other else ""
    why = f", because {row.why}" if row.why else ""
    sure = f"{row.rule}, confidence {row.confidence:.2f}" if row.confidence < 1 else row.rule
    done = deed(row)
    said = f"{done[0].upper()}{done[1:]} ({sure}){why}"
    return f"{said}; {other}." if other else f"{said}."


def deed(row: LedgerEntry) -> str:
    """Return what was done to the characters of a row, as `“两会” was read as that`."""
    was = row.source or row.text
    if row.op is Op.INSERT:
        return f"{_quoted(row.text)} was put in"
    what = _quoted(was)
    if row.op is Op.REPLACE or (row.op is Op.JOIN and row.source):
        return f"{what} was replaced by {_quoted(row.text)}" if row.text else f"{what} was closed up"
    if row.op is Op.DROP:
        return f"{what} was left out"
    return f"{what} {_VERBS.get(row.op, 'was kept')}"


def _quoted(text: str) -> str:
    """Return a short quotation on one line; white space alone is named."""
    if text and not text.strip(" \t\r\n\u3000"):
        return "the line end" if "\n" in text or "\r" in text else "the space"
    flat = " ".join(text.split())
    shown = flat if len(flat) <= _MOST_QUOTED else flat[: _MOST_QUOTED - 1] + "…"
    printable = "".join(c if c.isprintable() else "\ufffd" for c in shown)
    return f"“{printable}”"
