"""Proofs: what each stage made, pulled into the work folder so that it can be looked at.

    1-read.txt        the decoded text            5-write.md        the edition as Markdown
    2-detect.txt      what each block is          6-parse.json      pandoc's AST, theme, pictures
    3-repair.txt      the same after the repairs  7-render/         a folder for each format
    4-compose.txt     articles and their slots    8-validate.txt    what the judges said
    4-ledger.json     where every character went  5-by-hand.md, .json  what an editor changed

Every stage also tells its progress: `[4/8 compose] 3 articles`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .diagnostics import Diagnostic
from .errors import CannotWrite
from .model import Block, Box, Edition, Heading, Normalized, Paragraph, RenderJob, Source, plain

if TYPE_CHECKING:
    from .compose.edits import Settled
    from .detect import Edit
    from .markdown import Written
    from .press import Printed
    from .standing import Copy

__all__ = ["STAGES", "Progress", "Proofs", "Tell", "silent"]

STAGES = ("read", "detect", "repair", "compose", "write", "parse", "render", "validate")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of one document: stage number (1-8), what was made, and how long it took (seconds)."""

    document: str
    stage: int
    text: str
    seconds: float

    def __str__(self) -> str:
        return f"[{self.stage}/{len(STAGES)} {STAGES[self.stage - 1]}] {self.text}"


Tell = Callable[[Progress], None]


def silent(progress: Progress) -> None:
    """Say nothing."""


class Proofs:
    """Writes the proofs of one document to `folder` and tells its progress."""

    def __init__(self, folder: Path, document: str, tell: Tell = silent, *, keep: bool = True) -> None:
        self.folder = folder
        self._document = document
        self._tell = tell
        self._keep = keep
        self._noticed: dict[Diagnostic, None] = {}
        self._pulled: dict[str, str] = {}
        self.text = ""
        self._last = time.perf_counter()

    def source(self, source: Source, found: Sequence[Diagnostic]) -> Source:
        """Stage 1: the text as it was decoded."""
        self.notice(found)
        self.put("1-read.txt", source.text)
        encodings = ", ".join(dict.fromkeys(file.encoding for file in source.files))
        self._say(1, f"{len(source.lines)} lines, {len(source.text)} characters ({encodings})")
        return source

    def settled(self, settled: Settled) -> tuple[Edit, ...]:
        """The editor's flips: those that this page has no place for are told."""
        self.notice(settled.diagnostics)
        return settled.edits

    def detected(self, source: Source, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Stage 2: what each run of lines is thought to be."""
        self.put("2-detect.txt", _rows(source, blocks) if self._keep else "")
        self._say(2, f"{_count(len(blocks), 'block')}")
        return blocks

    def repaired(self, source: Source, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Stage 3: the blocks after unwrapping, rejoining, reattaching."""
        self.put("3-repair.txt", _rows(source, blocks) if self._keep else "")
        rules = sum(1 for block in blocks for piece in block.pieces if piece.rule)
        self._say(3, f"{_count(len(blocks), 'block')}, {_count(rules, 'decision')}")
        return blocks

    def composed(self, normalized: Normalized) -> Normalized:
        """Stage 4: the edition in outline, and the ledger."""
        from .ledger import dump

        self.notice(normalized.diagnostics)
        if self._keep:
            self.put("4-compose.txt", _outline(normalized.edition))
        self.put("4-ledger.json", dump(normalized), wanted=True)
        self._say(4, _count(len(normalized.edition.articles), "article"))
        return normalized

    def made(self, written: Written) -> Written:
        """Stage 5: the Markdown as the stages made it."""
        self.text = written.text
        self.put("5-write.md", written.text, wanted=True)
        return written

    def again(self, copy: Copy) -> Copy:
        """Stages 1-5, where all of it was made before: the same proofs, the same findings."""
        for name, text in copy.proofs:
            self.put(name, text, wanted=True)
        self._pulled.clear()
        self.text = copy.made.text
        self.notice(copy.diagnostics)
        for stage in range(1, 5):
            self._say(stage, "as before")
        return copy

    def handed_over(self) -> tuple[tuple[str, str], ...]:
        """Give away the names and texts of the proofs pulled so far."""
        pulled, self._pulled = tuple(self._pulled.items()), {}
        return pulled

    def reconciled(self, made: Written, written: Written, found: Sequence[Diagnostic]) -> Written:
        """Stage 5, where somebody edited the published Markdown: what stands now, and why."""
        self.notice(found)
        if written is not made:
            from .markdown.handwork import hand_rows

            self.put("5-by-hand.md", written.text, wanted=True)
            rows = [asdict(row) for row in hand_rows(made.edition, written.edition)]
            self.put("5-by-hand.json", json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
        return written

    @property
    def texts(self) -> tuple[Path, ...]:
        """The Markdown and the ledger, where there are any."""
        by_hand, made = self.folder / "5-by-hand.md", self.folder / "5-write.md"
        files = (by_hand if by_hand.is_file() else made, self.folder / "4-ledger.json")
        return tuple(path for path in files if path.is_file())

    def written(self, written: Written) -> Written:
        """Stage 5: the edition as Markdown, made or read."""
        self.notice(written.diagnostics)
        self._say(5, f"{len(written.text)} characters of Markdown")
        return written

    def parsed(self, job: RenderJob, found: Sequence[Diagnostic]) -> RenderJob:
        """Stage 6: the Markdown as pandoc read it, and the pictures that were found."""
        self.notice(found)
        self.put("6-parse.json", job.ast)
        self._say(6, f"theme {job.theme.name}, {_count(len(job.assets), 'picture')}")
        return job

    def printed(self, printed: tuple[Printed, ...]) -> tuple[Printed, ...]:
        """Stages 7 and 8: an artifact for each format, and what its judges said."""
        made = [f"{item.name} {item.seconds:.1f} s" for item in printed if item.artifact]
        self._say(7, ", ".join(made) or "nothing")
        lines = []
        for item in printed:
            self.notice(item.diagnostics)
            lines.append(f"{item.name}: {'refused' if item.exit_code else 'accepted'}")
            lines += [f"  {finding}" for finding in item.diagnostics]
        self.put("8-validate.txt", "\n".join(lines) + "\n")
        passed = sum(1 for item in printed if not item.exit_code)
        self._say(8, f"{passed} of {len(printed)} accepted")
        return printed

    @property
    def noticed(self) -> tuple[Diagnostic, ...]:
        """All findings so far, each once, in the order of the stages."""
        return tuple(self._noticed)

    def notice(self, found: Sequence[Diagnostic]) -> None:
        """Add findings."""
        self._noticed.update(dict.fromkeys(found))

    def put(self, name: str, text: str, *, wanted: bool = False) -> None:
        """Write one proof; where they are not kept, only those that are published. Raises CannotWrite."""
        if not (self._keep or wanted):
            return
        self._pulled[name] = text
        try:
            path = self.folder / name
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise CannotWrite(f"cannot write the work folder: {error}", where=self.folder) from error

    def _say(self, stage: int, text: str) -> None:
        now = time.perf_counter()
        self._tell(Progress(self._document, stage, text, now - self._last))
        self._last = now


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _rows(source: Source, blocks: Sequence[Block]) -> str:
    """Return one line a block: its source lines, kind, confidence, reason, text, then its decisions."""
    lines: list[str] = []
    for block in blocks:
        spans = [piece.span for piece in block.pieces if len(piece.span)]
        ends = [place for span in spans for place in (span.start, span.end - 1)]
        numbers = [source.line_at(place).number for place in (ends and (min(ends), max(ends)))]
        place = f"{min(numbers)}-{max(numbers)}" if numbers else "-"
        group = f" {block.group}" if block.group else ""
        shown = json.dumps(block.text, ensure_ascii=False)
        lines.append(f"{place:>9} {block.kind.value}{group} {block.confidence:.2f} {shown}  # {block.reason}")
        lines += [
            f"{'':>11}{piece.op.value} {source.cut(piece.span)!r} -> {piece.text!r}: {piece.rule}"
            for piece in block.pieces
            if piece.rule and piece.text != source.cut(piece.span)
        ]
    return "\n".join(lines) + "\n"


def _outline(edition: Edition) -> str:
    """Return the edition as an indented list of what stands where."""
    lines = [f"{edition.title} [{edition.lang}]"]
    lines += [
        f"  {key}: {stated.value}{'' if stated.printed else ' (inferred: ' + stated.evidence + ')'}"
        for key, stated in edition.metadata
    ]
    for article in edition.articles:
        lines.append(f"{article.id} {plain(article.title)}  # lines {_range(article.lines)}")
        for name, part in (("kicker", article.kicker), ("subtitle", article.subtitle)):
            lines += [f"  {name}: {plain(part)}"] if part else []
        for element in article.body:
            label = type(element).__name__.lower()
            if isinstance(element, Box):
                label, text = f"box {element.kind.value}", plain(element.title)
            else:
                text = plain(element) if isinstance(element, Heading | Paragraph) else ""
            lines.append(f"  {label}: {text[:60]}")
    return "\n".join(lines) + "\n"


def _range(lines: Sequence[int]) -> str:
    return f"{min(lines)}-{max(lines)}" if lines else "?"
