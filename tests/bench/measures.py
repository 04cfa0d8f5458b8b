"""Chinese set by npp-publish in measures of 12 to 40 em and one to four columns, measured on the PDFs.

    python tests/bench/measures.py [--measures 12-40] [--columns 1-4] [--why]

Prints one line for each measure. `--why` also names the lines that are opened furthest, each with
what the line after it begins with: mostly a figure that no rule parts.
"""

from __future__ import annotations

import argparse
import html
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from typography import paragraphs, weasyprint

from npp_publish.typecase import fonts_folder
from npp_publish.validate.typography import Outcome, gaps, make_up, marks
from npp_publish.validate.typography.ink import read_sheets
from npp_publish.validate.typography.lines import Proof, read_proof

WIDE_GAP = 0.15
SIZE, LEADING, GUTTER = 10.0, 16.0, 20.0
LINES = 40


@dataclass
class Found:
    """What was measured at one measure, over all numbers of columns."""

    lines: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    flush: float = 0.0
    squeeze: float = 0.0
    grid: float = 0.0
    gaps: list[float] = field(default_factory=list)
    opened: list[tuple[float, str]] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The widest gap between Han, em."""
        return max((gap for gap, _ in self.opened), default=0.0)

    @property
    def wide(self) -> float:
        """The share of lines that are opened by more than .15 em, in per cent."""
        return 100 * sum(gap > WIDE_GAP for gap, _ in self.opened) / max(1, self.lines)

    @property
    def mean(self) -> float:
        """The mean gap between Han, em."""
        return fmean(self.gaps) if self.gaps else 0.0


def page(texts: Sequence[str], measure: float, columns: int) -> str:
    """Return the HTML of pages with so many columns."""
    face = (fonts_folder() / "npp-song-regular.ttf").as_uri()
    width = columns * measure * SIZE + (columns - 1) * GUTTER
    css = f"""
@font-face {{ font-family: "NPP Song"; src: url({face}); }}
@page {{ size: {width + 80}pt {LINES * LEADING + 80}pt; margin: 40pt; }}
body {{ margin: 0; font: {SIZE}pt/{LEADING}pt "NPP Song"; text-align: justify; hyphens: auto;
  columns: {columns}; column-gap: {GUTTER}pt; }}
p {{ margin: 0; text-indent: 2em; orphans: 2; widows: 2; overflow-wrap: anywhere; }}"""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    head = f'<meta charset="utf-8"><title>t</title><style>{css}</style>'
    return f'<!doctype html><html lang="zh-Hans">{head}{body}'


def measured(texts: Sequence[str], measure: float, columns: Sequence[int], folder: Path) -> Found:
    """Set each share of the text in another number of columns and measure all of it."""
    found = Found()
    for n, count in enumerate(columns):
        source, target = folder / "page.html", folder / "page.pdf"
        source.write_text(page(texts[n :: len(columns)], measure, count), encoding="utf-8")
        weasyprint("ours", source, target)
        _add(found, read_proof(read_sheets(target)))
    return found


def _add(found: Found, proof: Proof) -> None:
    for row in (
        marks.line_starts(proof), marks.line_ends(proof), marks.dash_split(proof), marks.mark_ends(proof),
        marks.pairs(proof), gaps.autospace(proof), gaps.flush(proof), make_up.runts(proof),
        make_up.indent(proof), make_up.grid(proof),
    ):  # fmt: skip
        count = row.failures if row.outcome is Outcome.FAIL else 0
        found.faults[row.check] = found.faults.get(row.check, 0) + count
        if row.check in ("flush", "squeeze", "grid"):
            setattr(found, row.check, max(getattr(found, row.check), row.value))
    for line, gap, following in gaps.opened(proof):
        found.lines += 1
        found.opened.append((gap, f"{line.text} | {following[:12]}"))
        found.gaps += line.han_gaps()


def spans(text: str) -> Iterator[int]:
    """Yield the numbers of `12-15,20`."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--measures", default="12-40", help="line lengths in em")
    parser.add_argument("--columns", default="1-4", help="numbers of columns")
    parser.add_argument("--why", action="store_true", help="name the lines opened furthest")
    arguments = parser.parse_args()
    texts, columns = paragraphs(), list(spans(arguments.columns))
    print(f"{len(texts)} paragraphs, {sum(map(len, texts))} characters, columns {arguments.columns}\n")
    print("| em | lines | faults | squeeze | flush, pt | grid, pt | widest gap | over .15 em | mean gap |")
    print("|---" * 9 + "|")
    whole = Found()
    with tempfile.TemporaryDirectory() as temporary:
        for measure in spans(arguments.measures):
            found = measured(texts, measure, columns, Path(temporary))
            print_row(str(measure), found)
            if arguments.why:
                for gap, words in sorted(found.opened, reverse=True)[:5]:
                    if gap > WIDE_GAP:
                        print(f"  {gap:.3f} em  {words}")
            whole.lines += found.lines
            whole.opened += found.opened
            whole.gaps += found.gaps
            for name in ("flush", "squeeze", "grid"):
                setattr(whole, name, max(getattr(whole, name), getattr(found, name)))
            for check, count in found.faults.items():
                whole.faults[check] = whole.faults.get(check, 0) + count
    print_row("all", whole)


def print_row(name: str, found: Found) -> None:
    """Print one line of the table."""
    faults = ", ".join(f"{check} {count}" for check, count in found.faults.items() if count) or "0"
    print(
        f"| {name} | {found.lines} | {faults} | {found.squeeze:.3f} | {found.flush:.4f} | {found.grid:.4f} "
        f"| {found.worst:.3f} | {found.wide:.3f} % | {found.mean:.4f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
