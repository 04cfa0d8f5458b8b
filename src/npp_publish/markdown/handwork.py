"""Stage 5, handwork: what a person edited in `edition.md` survives when the page is normalized again.

Three texts decide: the *base* (what was generated last time, kept beside), the *edited* file as it
is now, and what is *made* this time. Where only one side changed, that side stands; where both did,
they are merged paragraph by paragraph, and refused where they touch the same one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from ..diagnostics import Diagnostic, diagnose
from ..ledger import slots
from ..model import Edition, LedgerEntry, Op, Span

__all__ = ["BY_HAND", "Outcome", "Verdict", "hand_rows", "reconcile"]

BY_HAND = "by-hand"
_LONGEST = 4000  # characters of a paragraph that are compared one by one


class Verdict(StrEnum):
    """What became of the file.

    `GENERATED`: nothing was edited, the made text stands. `KEPT`: only the editor changed it, the
    edited text stands. `MERGED`: both changed different paragraphs, and both changes stand.
    `REFUSED`: both changed the same paragraph, or the base is lost: the edited text stands, and the
    made one is to be kept beside it.
    """

    GENERATED = "generated"
    KEPT = "kept"
    MERGED = "merged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text that is to stand in `edition.md` and how it came about."""

    verdict: Verdict
    text: str
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Tell whether the text holds anything that a person wrote."""
        return self.verdict is not Verdict.GENERATED


@dataclass(frozen=True, slots=True)
class _Change:
    """Tokens `start` to `end` of the base became `new`."""

    start: int
    end: int
    new: tuple[str, ...]
    at: int  # index of the first new token in the changed text


def reconcile(base: str | None, edited: str | None, made: str, *, path: str = "edition.md") -> Outcome:
    """Decide which text stands; nothing that a person typed is ever lost.

    In: the text generated last time (None: not known), the file as it is now (None: there is
    none), the text generated now, the file's name for diagnostics. Line ends of any system count
    as the same.
    """
    current = None if edited is None else _even(edited)
    if current is None or current in (made, base):
        return Outcome(Verdict.GENERATED, made)
    if base == made:
        return Outcome(Verdict.KEPT, current, (_note("NPP510", path, "it stands as it was edited"),))
    if base is None:
        return Outcome(
            Verdict.REFUSED, current, (_note("NPP512", path, "what was generated before is not known"),)
        )
    return _merge(base, current, made, path)


def _even(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _note(code: str, path: str, message: str, line: int = 0) -> Diagnostic:
    return diagnose(code, message, path=path, line=line)


# --------------------------------------------------------------------------- merging


def _merge(base: str, edited: str, made: str, path: str) -> Outcome:
    body, end = _end_cut(edited)
    before, mine, theirs = (_tokens(text) for text in (_end_cut(base)[0], body, _end_cut(made)[0]))
    by_hand, by_us = _changes(before, mine), _changes(before, theirs)
    clashes = [change for change in by_hand if any(_touch(change, other) for other in by_us)]
    if clashes:
        found = [_clash(change, mine, path) for change in clashes]
        return Outcome(Verdict.REFUSED, edited, tuple(found))
    changes = sorted([*by_hand, *by_us], key=lambda change: (change.start, change.end))
    text = _end_cut("".join(_applied(before, _distinct(changes))))[0] + end
    message = f"{len(by_hand)} places edited by hand and {len(by_us)} newly generated were merged"
    return Outcome(Verdict.MERGED, text, (_note("NPP511", path, message),))


def _clash(change: _Change, mine: Sequence[str], path: str) -> Diagnostic:
    line = sum(token.count("\n") for token in mine[: change.at]) + 1
    return _note("NPP512", path, "the page gives another text here than before, and so did the editor", line)


def _end_cut(text: str) -> tuple[str, str]:
    """Return the text up to its last printed line, and the line ends and blank lines after that."""
    lines = text.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    body = "\n".join(lines)
    return body, text[len(body) :]


def _tokens(text: str) -> list[str]:
    """Cut the text into printed lines (a paragraph is one), each with the blank lines after it.

    The last one gets a blank line too: what the other side adds after it must not run into it.
    """
    out: list[str] = []
    for line in [*text.split("\n"), ""] if text else []:
        if out and not line.strip():
            out[-1] += line + "\n"
        else:
            out.append(line + "\n")
    return out


def _changes(before: Sequence[str], after: Sequence[str]) -> list[_Change]:
    """Return what changed between two lists of tokens; equal ends are cut off first."""
    head = 0
    while head < min(len(before), len(after)) and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < min(len(before), len(after)) - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    middle, new = before[head : len(before) - tail], after[head : len(after) - tail]
    matcher = SequenceMatcher(None, middle, new, autojunk=False)
    out: list[_Change] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and b - a == d - c:  # paragraph for paragraph
            out += [
                _Change(a + n + head, a + n + 1 + head, (new[c + n],), c + n + head) for n in range(b - a)
            ]
        elif tag != "equal":
            out.append(_Change(a + head, b + head, tuple(new[c:d]), c + head))
    return out


def _touch(one: _Change, other: _Change) -> bool:
    """Tell whether two changes claim the same place and are not the same change."""
    if (one.start, one.end, one.new) == (other.start, other.end, other.new):
        return False
    if one.start == one.end and other.start == other.end:
        return one.start == other.start
    return max(one.start, other.start) < min(one.end, other.end) or _inside(one, other) or _inside(other, one)


def _inside(insertion: _Change, other: _Change) -> bool:
    return insertion.start == insertion.end and other.start < insertion.start < other.end


def _distinct(changes: Sequence[_Change]) -> Iterator[_Change]:
    """Yield each change once where both sides made the same one."""
    last: tuple[int, int, tuple[str, ...]] | None = None
    for change in changes:
        this = (change.start, change.end, change.new)
        if this != last:
            yield change
        last = this


def _applied(before: Sequence[str], changes: Iterator[_Change]) -> Iterator[str]:
    at = 0
    for change in changes:
        yield from before[at : change.start]
        yield from change.new
        at = change.end
    yield from before[at:]


# --------------------------------------------------------------------------- the ledger of handwork


def hand_rows(
    generated: Edition, edited: Edition, ledger: Sequence[LedgerEntry] = ()
) -> tuple[LedgerEntry, ...]:
    """Return what was changed by hand as rows of the ledger's kind, rule `by-hand`.

    In: the edition as generated, as edited, and the generated one's ledger, by which a row names
    the source characters it stands for (else its span is empty). `dst` is the slot in the edited
    edition (for a drop: in the generated one), `at` the offset in it, `source` the generated
    words, `text` those written by hand. The rows do not belong to the partition of the source.
    """
    before, after = list(slots(generated).items()), list(slots(edited).items())
    matcher = SequenceMatcher(None, [text for _, text in before], [text for _, text in after], autojunk=False)
    rows: list[LedgerEntry] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        paired = min(b - a, d - c)
        for (old_slot, old), (new_slot, new) in zip(
            before[a : a + paired], after[c : c + paired], strict=True
        ):
            rows += _within(old_slot, old, new_slot, new, ledger)
        rows += [
            _row(slot, 0, text, "", _span(ledger, slot, 0, len(text)))
            for slot, text in before[a + paired : b]
        ]
        rows += [_row(slot, 0, "", text, Span(0, 0)) for slot, text in after[c + paired : d]]
    return tuple(replace(row, id=number) for number, row in enumerate(rows, 1))


def _within(
    old_slot: str, old: str, new_slot: str, new: str, ledger: Sequence[LedgerEntry]
) -> Iterator[LedgerEntry]:
    """Yield the changes inside one slot, character by character where it is not too long."""
    if max(len(old), len(new)) > _LONGEST:
        yield _row(new_slot, 0, old, new, _span(ledger, old_slot, 0, len(old)))
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield _row(new_slot, c, old[a:b], new[c:d], _span(ledger, old_slot, a, b))


def _row(slot: str, at: int, source: str, text: str, span: Span) -> LedgerEntry:
    op = Op.REPLACE if source and text else Op.INSERT if text else Op.DROP
    return LedgerEntry(0, span, op, slot, at, text, source, BY_HAND, 1.0, "edited by hand in edition.md")


def _span(ledger: Sequence[LedgerEntry], slot: str, start: int, end: int) -> Span:
    """Return the source characters that stand at `start` to `end` of a slot; empty if unknown."""
    hits = [
        row
        for row in ledger
        if row.dst == slot and row.at < max(end, start + 1) and row.at + len(row.text) > start
    ]
    if not hits:
        return Span(0, 0)
    ends = []
    for row in hits:
        whole = len(row.span) == len(row.text)
        low = row.span.start + (max(start - row.at, 0) if whole else 0)
        high = row.span.start + min(end - row.at, len(row.span)) if whole else row.span.end
        ends.append((low, high))
    return Span(min(low for low, _ in ends), max(high for _, high in ends))
