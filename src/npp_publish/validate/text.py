"""The text gate: one text in three formats.

What a finished file says, read back by other programs (`readback`), is compared with the manuscript,
article by article: the same characters in the same order, and nothing else but what a theme is known
to add on paper (masthead, contents, folios, "see page 3"). White space is not compared on paper,
where lines end; on screens and in e-books a space lost or made up is told too.

A difference is an error with the line of the source and the place in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ..diagnostics import Diagnostic, diagnose
from ..model import Edition, RenderJob
from .manuscript import Additions, Passage, additions, folded, letters, passages
from .readback import BROKEN, Part, Unit, units_of

__all__ = ["Difference", "compare", "differences", "follow", "judge_text", "trace"]

_SHOWN = 12
_CONTEXT = 14
_RETRIES = 200
_PIECES = 16
_COMPARED = 1200
_HYPHENS = frozenset("-‐‑–")


@dataclass(frozen=True, slots=True)
class _Read:
    """A unit as it takes part in the comparison: its ink and itself."""

    ink: str
    unit: Unit


def judge_text(path: Path, job: RenderJob, units: Iterable[Unit] | None = None) -> tuple[Diagnostic, ...]:
    """Return where a finished PDF, EPUB or HTML file says something else than the edition of `job`:
    NPP860 text is missing, NPP861 text is added, NPP862 text differs, NPP863 a space lost or made up,
    NPP864 the text cannot be read back. `units` are what was read from it, if that was done before."""
    from ..typeset.theme import labels

    try:
        units = list(units_of(path) if units is None else units)
    except ValueError as error:
        return (diagnose("NPP864", str(error), path=path.name),)
    extra = additions(job.edition, labels(job.theme, job.edition.lang)) if path.suffix == ".pdf" else None
    return compare(job.edition, units, extra=extra, name=path.name, source=job.source_name)


def compare(
    edition: Edition,
    units: Iterable[Unit],
    *,
    extra: Additions | None = None,
    name: str = "",
    source: str = "",
) -> tuple[Diagnostic, ...]:
    """Compare an edition with the units read back from a file called `name`.

    `extra` is what may be added, for paged formats; None means that nothing may. `source` is the
    file that lines refer to.
    """
    found = differences(edition, units, extra=extra, name=name)
    return tuple(one.diagnostic(source or name) for one in found)


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its code, in words, the line of the source (0 if unknown), the unit where the file
    says something else (None where it says nothing), and what it says there."""

    code: str
    words: str
    line: int = 0
    unit: Unit | None = None
    said: str = ""

    def diagnostic(self, path: str) -> Diagnostic:
        """Return the difference as a finding about `path`, to which the line refers."""
        return diagnose(self.code, self.words, path=path, line=self.line)


def differences(
    edition: Edition, units: Iterable[Unit], *, extra: Additions | None = None, name: str = ""
) -> tuple[Difference, ...]:
    """Return how units read back from a file called `name` differ from an edition (see `compare`)."""
    paper = extra is not None
    wanted = [(p, words) for p in passages(edition) if (words := letters(p.words, paper=paper))]
    read = [_Read(words, unit) for unit in units if (words := letters(unit.text, paper=paper))]
    gate = _Gate(extra or Additions(), name)
    text = [item for item in wanted if not item[0].note]
    notes = [item for item in wanted if item[0].note]
    if paper:
        return (*gate.paper(text, notes, read),)
    body = [r for r in read if r.unit.part is not Part.NOTE]
    apart = [r for r in read if r.unit.part is Part.NOTE]
    return (*gate.screen(text, body), *gate.screen(notes, apart))


Wanted = Sequence[tuple[Passage, str]]


@dataclass(frozen=True, slots=True)
class _Gate:
    """Compares streams of ink; cheap where they are equal, thorough where they are not."""

    extra: Additions
    name: str

    def screen(self, wanted: Wanted, read: Sequence[_Read]) -> Iterator[Difference]:
        """Everything read must be wanted, and the other way round; then white space is looked at."""
        if "".join(ink for _, ink in wanted) == "".join(r.ink for r in read):
            yield from self.spaces(wanted, read)
        else:
            yield from self.differences(wanted, read)

    def paper(self, wanted: Wanted, notes: Wanted, read: Sequence[_Read]) -> Iterator[Difference]:
        """Everything wanted must be read in order; whatever else is read must be a known addition."""
        body = [r for r in read if r.unit.part is Part.TEXT or r.unit.part is Part.LABEL]
        apart = [r for r in read if r.unit.part is Part.NOTE]
        around = [r for r in read if r.unit.part is Part.ADDED]
        known = self.extra.with_notes(passage for passage, _ in notes)
        left = follow("".join(ink for _, ink in wanted), body, known)
        if left is None:
            yield from self.differences(wanted, _comparable(body, wanted, known))
        said = "".join(r.ink for r in (*apart, *(body if left is None else left)))
        soft = _unbroken(said) if BROKEN in said else ""
        for passage, words in notes:
            if words not in said and not (soft and _unbroken(words) in soft):
                yield self.lost(passage, words)
        yield from (self.added(r.ink, r.unit) for r in strange(around, known))

    # ------------------------------------------------------------------ findings

    def lost(self, passage: Passage, words: str, near: str = "") -> Difference:
        where = f" ({near})" if near else ""
        text = f"{self.name} lacks {_shown(words)} of article {passage.article}{where}"
        return Difference("NPP860", text, passage.line)

    def added(self, words: str, unit: Unit) -> Difference:
        text = f"{self.name}, {unit.place}: {_shown(words)} is not in the edition"
        return Difference("NPP861", text, 0, unit, words)

    def changed(self, passage: Passage, words: str, read: str, unit: Unit) -> Difference:
        text = f"{self.name}, {unit.place}: {_shown(read)} instead of {_shown(words)}"
        return Difference("NPP862", text, passage.line, unit, read)

    def differences(self, wanted: Wanted, read: Sequence[_Read]) -> Iterator[Difference]:
        """Name the first differences, block against block, then character against character."""
        wanted, read = _unlike(wanted, read)
        ours, theirs = [ink for _, ink in wanted], [r.ink for r in read]
        found = 0
        for tag, i, j, m, n in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
            if tag == "equal" or "".join(ours[i:j]) == "".join(theirs[m:n]):
                continue
            found += 1
            if found > _SHOWN:
                yield Difference("NPP862", f"{self.name}: and more differences")
                return
            yield self.difference(wanted[i:j], read[m:n], self.near(read, m))

    def near(self, read: Sequence[_Read], at: int) -> str:
        """Say where a text that is not there would stand."""
        if not read:
            return "nothing can be read"
        return f"near {read[min(at, len(read) - 1)].unit.place}"

    def difference(self, wanted: Wanted, read: Sequence[_Read], near: str) -> Difference:
        ours, theirs = "".join(ink for _, ink in wanted), "".join(r.ink for r in read)
        before, after = _frame(ours, theirs)
        lost, new = ours[before : len(ours) - after], theirs[before : len(theirs) - after]
        passage = _at(wanted, before)
        if not read or (not new and passage):
            assert passage is not None
            return self.lost(passage, lost, near)
        unit = _where(read, before)
        if passage is None or not lost:
            return self.added(new, unit)
        return self.changed(passage, lost, new, unit)

    def spaces(self, wanted: Wanted, read: Sequence[_Read]) -> Iterator[Difference]:
        """Compare white space where a passage and a unit are the same characters."""
        units = {}
        at = 0
        for r in read:
            units[at, at + len(r.ink)] = r.unit
            at += len(r.ink)
        at, found = 0, 0
        for passage, ink in wanted:
            unit = units.get((at, at + len(ink)))
            at += len(ink)
            if unit and folded(passage.words) != folded(unit.text) and found < _SHOWN:
                found += 1
                text = f"{self.name}, {unit.place}: spaces differ in {_shown(folded(unit.text))}"
                yield Difference("NPP863", text, passage.line, unit, unit.text)


def _shown(text: str) -> str:
    short = text if len(text) <= 2 * _CONTEXT + 1 else f"{text[:_CONTEXT]}…{text[-_CONTEXT:]}"
    return f"“{short}” ({len(text)} characters)" if len(text) > 2 * _CONTEXT + 1 else f"“{short}”"


def _unlike(wanted: Wanted, read: Sequence[_Read]) -> tuple[Wanted, Sequence[_Read]]:
    """Leave out the blocks that are the same at both ends, but for one, by which a place can be named, and
    of the rest so much that it is compared in bounded time."""
    shorter = min(len(wanted), len(read))
    before = next((n for n in range(shorter) if wanted[n][1] != read[n].ink), shorter)
    rest = shorter - before
    after = next((n for n in range(rest) if wanted[-1 - n][1] != read[-1 - n].ink), rest)
    start, end = max(0, before - 1), after if before else max(0, after - 1)
    ours, theirs = wanted[start : len(wanted) - end], read[start : len(read) - end]
    return ours[:_COMPARED], theirs[:_COMPARED]


def _frame(ours: str, theirs: str) -> tuple[int, int]:
    """Return how many characters are the same at the beginning, and at the end of the rest."""
    shorter = min(len(ours), len(theirs))
    before = next((i for i in range(shorter) if ours[i] != theirs[i]), shorter)
    rest = shorter - before
    after = next((i for i in range(rest) if ours[-1 - i] != theirs[-1 - i]), rest)
    return before, after


def _at(wanted: Wanted, offset: int) -> Passage | None:
    for passage, ink in wanted:
        if offset < len(ink):
            return passage
        offset -= len(ink)
    return wanted[-1][0] if wanted else None


def _where(read: Sequence[_Read], offset: int) -> Unit:
    for r in read:
        if offset < len(r.ink):
            return r.unit
        offset -= len(r.ink)
    return read[-1].unit


def _comparable(read: Sequence[_Read], wanted: Wanted, known: Additions) -> list[_Read]:
    """Return the units as passages are cut, without what a theme adds: only so can they be compared
    block against block. Units that together are one passage are joined."""
    texts = {words for _, words in wanted}
    found, index = [], 0
    while index < len(read):
        joined, count = _joined(read, index, texts)
        if joined in texts or not known.allow(joined):
            found.append(_Read(_without(joined, texts, known), read[index].unit))
        index += count
    return found


def _joined(read: Sequence[_Read], index: int, texts: Set[str]) -> tuple[str, int]:
    together = ""
    for count, r in enumerate(read[index : index + _PIECES], 1):
        together += r.ink
        if together in texts:
            return together, count
    return read[index].ink, 1


def _without(words: str, texts: Set[str], known: Additions) -> str:
    """Return a unit without the marks that a theme adds, unless it is wanted as it is."""
    if words in texts:
        return words
    return known.bare(words).replace(BROKEN, "")


def strange(read: Sequence[_Read], known: Additions) -> Iterator[_Read]:
    """Yield the units around the text that are no additions, alone or with those after them: a line of
    the contents may be in pieces."""
    index = 0
    while index < len(read):
        longest = min(_PIECES, len(read) - index)
        joined = {n: "".join(r.ink for r in read[index : index + n]) for n in range(longest, 0, -1)}
        taken = next((n for n, ink in joined.items() if known.allow(ink, cut=True)), 0)
        if not taken:
            yield read[index]
        index += max(1, taken)


def follow(text: str, read: Sequence[_Read], known: Additions) -> list[_Read] | None:
    """Follow `text` through the units; return those that are additions, or None where it is lost."""
    taken = trace(text, [r.ink for r in read], known)
    return None if taken is None else [r for r, at in zip(read, taken, strict=True) if at is None]


def trace(text: str, units: Sequence[str], known: Additions) -> list[int | None] | None:
    """Return where in `text` each unit begins, None for an addition; nothing where `text` is lost.

    A unit that goes on with the text is read as text first; where that leads nowhere, and it may be
    an addition too, it is read as one.
    """
    at, taken, tries = 0, [], 0  # type: int, list[int | None], int
    choices: list[tuple[int, int]] = []
    while len(taken) < len(units) or at < len(text):
        index = len(taken)
        stop = _consume(text, at, units[index], known.marks) if index < len(units) else None
        addition = index < len(units) and known.allow(units[index])
        if stop is not None:
            if addition:
                choices.append((index, at))
            taken.append(at)
            at = stop
        elif addition:
            taken.append(None)
        elif choices and tries < _RETRIES:
            tries += 1
            index, at = choices.pop()
            taken[index:] = [None]
        else:
            return None
    return taken


def _unbroken(text: str) -> str:
    """Return a text without hyphens: of one at the end of a line it is not known whether it was in it."""
    return "".join(c for c in text if c not in _HYPHENS and c != BROKEN)


def _consume(text: str, at: int, ink: str, marks: Sequence[re.Pattern[str]]) -> int | None:
    """Return where `text` goes on after a unit, marks inside of it skipped; None where it does not."""
    if text.startswith(ink, at):
        return at + len(ink)
    if not marks and BROKEN not in ink:
        return None
    found = {found.span() for mark in marks for found in mark.finditer(ink)}
    spans = sorted(found, key=lambda span: (span[0], -span[1]))  # the longest of those that begin together
    position, skipped = 0, 0
    while position < len(ink):
        if text.startswith(ink[position], at):
            at, position = at + 1, position + 1
            continue
        if ink[position] == BROKEN:  # may stand for none, one or several
            while text[at : at + 1] in _HYPHENS:
                at += 1
            position += 1
            continue
        back = next((s for s in spans if skipped <= s[0] <= position < s[1]), None)
        if back is None:
            return None
        at -= position - back[0]
        position = skipped = back[1]
    return at
