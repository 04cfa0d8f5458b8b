"""Plans: which stories make a page, in which style, and what happens to it."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Plan", "load", "of_split"]


@dataclass(frozen=True)
class Plan:
    """One page. All lists of lists name a story first; paragraphs are counted from 0 in their story."""

    id: str
    stories: tuple[str, ...]
    group: str
    note: str = ""
    seed: int = 0
    # marks and gaps
    title_mark: str = "# "
    later_mark: str = ""  # of titles after the first, if it is another
    section_mark: str = "## "
    box_mark: str = "## "
    kicker_mark: str = ""
    kicker_heads: tuple[str, ...] = ()  # stories whose kicker is promoted to a heading
    kicker_below: tuple[str, ...] = ()  # stories whose kicker stands below the title
    subtitle_mark: str = ""
    gap: str = " "
    box_gap: str = ""  # printed inside box titles before a quotation mark
    byline_mark: str = ""
    abstract_title: str = "核心提示"
    abstract_wide: bool = False  # it is not set in the narrow lines of the other boxes
    caption_mark: str = ""
    pictures: bool = False  # a picture line before each caption
    # columns
    wrap: int = 0
    wrap_end: str = ""
    by_count: bool = False  # a line holds `wrap` characters, a digit counting like an ideograph
    hyphens: bool = False
    columns: tuple[tuple[str, int, str], ...] = ()  # story, wrap, wrap_end: of one article
    box_wrap: int = 0
    box_indent: int = 0  # room that the first line of an entry left in print
    box_sets: tuple[tuple[str, int, str], ...] = ()  # box_mark, wrap, line end: of each box in turn
    between: str = "blank"  # blank lines between paragraphs, `indent`, `both`, `web`, or `none`
    # (web: blank lines and an indent of no-break spaces, with zero-width spaces here and there)
    solid: tuple[tuple[str, int, int], ...] = ()  # story, paragraphs from, to: one block of lines
    line_end: str = "\n"
    entry: str = "bold"  # how a labelled entry is printed: bold, colon, dash
    # furniture
    head: tuple[str, ...] = ()
    guide: tuple[str, ...] = ()  # below the head: the title of a guide to the pages, its lines
    foot: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    strays: tuple[tuple[str, int, str], ...] = ()  # story, paragraph, a line of furniture before it
    # (paragraph -1: between title and byline, -2: between kicker and title, -3: before the kicker)
    # what happens
    tears: tuple[tuple[str, int, str, str], ...] = ()  # story, paragraph, by what, how
    # (by: box, caption, furniture, column, seam: a column that left no room; `box+box` both in one tear,
    # `box/box` a paragraph in three)
    middle: bool = False  # tears inside quotations too are kept in the middle half of the paragraph
    misplaced: tuple[tuple[str, int, str, int], ...] = ()  # a paragraph, and the one it landed behind
    jumps: tuple[tuple[str, int, str, str, str], ...] = ()  # story, paragraph, how, to, from
    # (how: word, clause, quote, end of a paragraph, or cut: the rest is on a page that is not there)
    turned: tuple[str, ...] = ()  # stories of a second file, which begins with the continuation
    interleaved: bool = False  # the continuation stands after the next story
    continuation_mark: str = ""
    jump_form: str = "（下转{}版）"
    continuation_form: str = "（上接{}版）"
    displaced: tuple[str, ...] = ()
    displaced_plain: bool = False  # displaced titles have lost their mark
    boxes_last: bool = False
    strewn: bool = False  # boxes and captions that tear nothing stand between any paragraphs
    bare: bool = False  # no boxes but the abstract, no captions
    frayed: bool = False  # empty lines before the page and in its tears, no line end after it
    letter_spaced: bool = False
    doubled: bool = False
    radicals: bool = False
    noise: float = 0.0
    misread: str = ""  # `runs`: numbers change as a whole, `mild`: the same without quotes and shapes
    noise_heads: float = 0.0  # the same in titles, kickers and headings
    noise_boxes: float = 0.0  # in titles and entries of boxes
    noise_jumps: float = 0.0  # in jump and continuation lines
    flat: str = ""  # `space` or `indent`: the whole page in one line


def load(path: Path) -> tuple[Plan, ...]:
    """Return the plans of a file; an unknown key is an error, so that no wish goes unheard."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in dataclasses.fields(Plan)}
    plans = []
    for key, row in rows.items():
        if unknown := set(row) - known:
            raise ValueError(f"{path.name}: {key}: unknown {sorted(unknown)}")
        plans.append(Plan(id=key, **{name: _frozen(value) for name, value in row.items()}))
    return tuple(plans)


def of_split(split: str) -> tuple[Plan, ...]:
    """Return the plans of a split, of all files whose names begin with its name."""
    files = sorted((Path(__file__).parent / "plans").glob(f"{split}*.toml"))
    return tuple(plan for path in files for plan in load(path))


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list) else value
