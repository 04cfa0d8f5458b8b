"""`edits.toml`: an editor's word on single decisions, replayed on every run.

    [[edit]]
    id = 1593220110          # the number of the decision, from the ledger or from `explain`
    take = "split"           # the reading to take; left out: the one that was not taken
    rule = "torn-paragraph"  # the rest lets the decision be found again where the page has changed
    text = "之本”，以"
    before = "这一“立园"
    after = "绿色低碳"
    note = "two paragraphs in print"

To *flip* a decision, take its other reading. To *pin* it, take the reading it has: it then stays so,
whatever the rules learn. A number depends on the rule, the characters and their neighbours, not on the
place in the file, so it survives changes elsewhere. Where the place itself has changed, the decision is
looked for by rule and words: the one that is most like it, if it is like it enough.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from ..detect import PASSES as DETECT
from ..detect import Edit, Profile, load, open_desk, run
from ..detect.desk import Choice, Desk
from ..detect.marks import blocks_of_lines
from ..diagnostics import Diagnostic, diagnose
from ..errors import InputUnreadable, UsageError
from ..model import LedgerEntry, Source
from ..repair import PASSES as REPAIR

__all__ = ["Settled", "Wish", "asked", "choices", "draft", "read", "settle", "words_at"]

_NEAR = 12  # characters on each side that tell a place
_LONGEST = 48  # characters of the place itself that a draft quotes
_ALIKE = 0.7  # how like the words must be for a changed place to be the same
_ROUNDS = 3  # a flipped decision may raise others that were edited too
_MOST_EDITS = 2000
_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Wish:
    """One table of `edits.toml`; `number` counts the tables from 1."""

    id: int
    take: str = ""
    rule: str = ""
    text: str = ""
    before: str = ""
    after: str = ""
    note: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """Edits whose decisions exist on this page, and what there is to say about the others."""

    edits: tuple[Edit, ...]
    diagnostics: tuple[Diagnostic, ...]


# --------------------------------------------------------------------------- the file


def read(path: Path) -> tuple[Wish, ...]:
    """Return the wishes of an `edits.toml`.

    Raises InputUnreadable for a file that cannot be read, UsageError for one that cannot be
    understood: an unknown key, a number that is none, one decision edited twice.
    """
    if path.exists() and not path.is_file():
        raise InputUnreadable("the edits are no file", where=path)
    try:
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputUnreadable(f"cannot read the edits: {error.strerror}", where=path) from None
    except UnicodeDecodeError:
        raise InputUnreadable("the edits are not UTF-8", where=path) from None
    if len(data) > _MOST_BYTES:
        raise InputUnreadable("the edits are larger than 1 MB", where=path)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"the edits are no TOML: {error}", where=path) from None
    return _wishes(table, str(path))


def _wishes(table: dict[str, Any], name: str) -> tuple[Wish, ...]:
    rows = table.get("edit", [])
    if set(table) - {"edit"} or not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise UsageError("the edits are [[edit]] tables and nothing else", where=name, hint=_SHAPE)
    if len(rows) > _MOST_EDITS:
        raise UsageError(f"{len(rows)} edits are too many (at most {_MOST_EDITS})", where=name)
    wishes = tuple(_wish(row, number, name) for number, row in enumerate(rows, 1))
    seen: dict[int, int] = {}
    for wish in wishes:
        if wish.id in seen:
            raise UsageError(f"edits {seen[wish.id]} and {wish.number} are both for {wish.id}", where=name)
        seen[wish.id] = wish.number
    return wishes


_SHAPE = 'write [[edit]] with id = 12345 and, if wanted, take = "split"'
_KEYS = tuple(field.name for field in fields(Wish) if field.name != "number")


def _wish(row: dict[str, Any], number: int, name: str) -> Wish:
    where = f"edit {number}"
    if unknown := sorted(set(row) - set(_KEYS)):
        raise UsageError(
            f"{where}: unknown key {unknown[0]!r}", where=name, hint=f"keys are {', '.join(_KEYS)}"
        )
    ident = row.get("id")
    if not isinstance(ident, int) or isinstance(ident, bool) or ident <= 0:
        raise UsageError(f"{where}: id must be a number of the ledger", where=name, hint=_SHAPE)
    words = {key: value for key, value in row.items() if key != "id"}
    if odd := next((key for key, value in words.items() if not isinstance(value, str)), ""):
        raise UsageError(f"{where}: {odd} must be a string", where=name)
    return Wish(ident, number=number, **words)


# --------------------------------------------------------------------------- finding the decisions


def choices(source: Source, profile: Profile | None = None, edits: Sequence[Edit] = ()) -> tuple[Choice, ...]:
    """Return every doubtful place of a page with its number and readings, in the order of the text."""
    desk = open_desk(source, profile or load(), edits, ask=True)
    run((*DETECT, *REPAIR), desk, blocks_of_lines(desk))
    return asked(desk)


def asked(desk: Desk) -> tuple[Choice, ...]:
    """Return what the passes asked at a desk that collects choices, each once, in the order of the text."""
    unique = {(choice.id, choice.span): choice for choice in desk.choices or ()}
    return tuple(sorted(unique.values(), key=lambda c: (c.span.start, c.span.end, c.rule)))


def settle(
    source: Source, wishes: Sequence[Wish], profile: Profile | None = None, *, name: str = "edits.toml"
) -> Settled:
    """Find the decision that each wish is about on this page.

    A wish whose decision is gone, or whose reading does not exist there, is left out with a warning;
    the page is published all the same.
    """
    if not wishes:
        return Settled((), ())
    edits: dict[int, Edit] = {}
    said: dict[int, Diagnostic] = {}
    waiting = list(wishes)
    for _ in range(_ROUNDS):
        page = _Page(source, profile, tuple(edits.values()))
        left = []
        for wish in waiting:
            choice = page.found(wish, taken=set(edits))
            if choice is None:
                left.append(wish)
                continue
            if remark := _remark(source, wish, choice, name):
                said[wish.number] = remark
            if not wish.take or wish.take in (choice.taken, choice.other):
                edits[choice.id] = Edit(choice.id, wish.take)
        if not left or len(left) == len(waiting):
            break
        waiting = left
    for wish in left:
        message = f"edit {wish.number}: this page has no decision {wish.id}"
        said[wish.number] = diagnose("NPP401", message, path=name)
    return Settled(tuple(edits.values()), tuple(said[number] for number in sorted(said)))


class _Page:
    """The decisions of a page, to find those that wishes are about."""

    def __init__(self, source: Source, profile: Profile | None, edits: Sequence[Edit]) -> None:
        self.source, self.profile, self.edits = source, profile, edits
        self.asked = choices(source, profile, edits)

    @cached_property
    def rows(self) -> dict[int, LedgerEntry]:
        """The rows of the ledger by number."""
        from . import normalize

        return {row.id: row for row in normalize(self.source, self.profile, self.edits).ledger}

    def found(self, wish: Wish, taken: set[int]) -> Choice | None:
        """Return the decision with the wish's number, or the one that a row of that number follows
        from, or the one whose words are most like those quoted."""
        exact = next((choice for choice in self.asked if choice.id == wish.id), None)
        return exact or self._of_row(wish.id) or self._alike(wish, taken)

    def _of_row(self, number: int) -> Choice | None:
        """One decision may show in several rows: every line of a wrapped paragraph, a whole box."""
        row = self.rows.get(number)
        if row is None or not row.alternative:
            return None
        same = [choice for choice in self.asked if choice.rule == row.rule]
        touching = [c for c in same if c.span.start <= row.span.end and c.span.end >= row.span.start]
        before = [c for c in same if c.span.start <= row.span.start]
        return touching[0] if touching else (before[-1] if before else None)

    def _alike(self, wish: Wish, taken: set[int]) -> Choice | None:
        if not wish.rule or not (wish.text or wish.before or wish.after):
            return None
        alike = [
            (self._likeness(wish, choice), -number, choice)
            for number, choice in enumerate(self.asked)
            if choice.rule == wish.rule and choice.id not in taken
        ]
        best = max(alike, key=lambda row: row[:2], default=None)
        return best[2] if best and best[0] >= _ALIKE else None

    def _likeness(self, wish: Wish, choice: Choice) -> float:
        """Return how like (0..1) the words of a place are to those that the wish quotes."""
        wanted = wish.before + wish.text + wish.after
        here = "".join(words_at(self.source, choice))
        return SequenceMatcher(None, wanted, here, autojunk=False).ratio()


def words_at(source: Source, choice: Choice) -> tuple[str, str, str]:
    """Return the characters before a doubtful place, of it, and after it."""
    start, end = choice.span.start, choice.span.end
    before = source.text[max(0, start - _NEAR) : start]
    return before, source.text[start:end][:_LONGEST], source.text[end : end + _NEAR]


def _remark(source: Source, wish: Wish, choice: Choice, name: str) -> Diagnostic | None:
    path, line, column = source.where(min(choice.span.start, max(0, len(source.text) - 1)))
    if wish.take and wish.take not in (choice.taken, choice.other):
        message = (
            f"edit {wish.number}: {choice.rule} can be {choice.taken} or {choice.other}, not {wish.take}"
        )
        return diagnose("NPP403", message, path=path, line=line, column=column)
    if choice.id != wish.id and wish.rule:
        message = f"edit {wish.number} of {name}: the page has changed there; its decision is now {choice.id}"
        return diagnose("NPP402", message, path=path, line=line, column=column)
    return None


# --------------------------------------------------------------------------- a table to paste


def draft(source: Source, choice: Choice, *, pin: bool = False) -> str:
    """Return the `[[edit]]` table that flips a decision, or pins it, with the words to find it again."""
    before, text, after = words_at(source, choice)
    take = choice.chosen if pin else (choice.other if choice.chosen == choice.taken else choice.taken)
    rows = {"take": take, "rule": choice.rule, "text": text, "before": before, "after": after}
    lines = ["[[edit]]", f"id = {choice.id}", *(f"{key} = {_quoted(value)}" for key, value in rows.items())]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    """Return a basic string of TOML 1.0: quotation marks, backslashes and control characters escaped."""
    out = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in out) + '"'
