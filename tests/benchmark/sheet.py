"""The page while it is being made: chunks of printed lines, and what the gold has to know of them.

Here are the parts that stand by themselves: headings, boxes, lines below one another, furniture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .damage import doubled, letter_spaced, misread, noisy, printed, wrapped
from .plans import Plan
from .stories import LISTED, Part

__all__ = ["Sheet", "print_box", "print_furniture", "print_guide", "print_heading", "print_rows"]


@dataclass
class Sheet:
    """A page while it is being made."""

    plan: Plan
    draw: random.Random
    chunks: list[list[str]] = field(default_factory=list)
    last: list[list[str]] = field(default_factory=list)  # chunks that were displaced to the end
    furniture: list[str] = field(default_factory=list)
    torn: list[dict[str, Any]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    neutral: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    lang: str = "zh-Hans"
    story: str = ""
    places: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # the chunk of each paragraph
    first: list[list[str]] = field(default_factory=list)  # the first file, once the page is turned
    waiting: list[list[str]] = field(default_factory=list)  # what the second file begins with
    turned: bool = False
    over: bool = False  # the rest of this article goes to the second file, or after the next story

    def turn(self) -> None:
        """Begin the second file: its head, then what was turned over to it."""
        self.first, self.chunks, self.turned = self.chunks, [], True
        for line in self.plan.head:
            print_furniture(self, line)
        self.chunks += self.waiting

    def flush(self) -> None:
        """Print what waited: the continuation of an article."""
        self.chunks, self.waiting, self.over = [*self.chunks, *self.waiting], [], False

    def put(self, *lines: str) -> None:
        """Print a chunk of lines."""
        self._column.append(list(lines))

    @property
    def newest(self) -> list[str]:
        """The chunk printed last."""
        return self._column[-1]

    @property
    def measure(self) -> tuple[int, str]:
        """Width and line end of the columns of the article being printed."""
        own = (column[1:] for column in self.plan.columns if column[0] == self.story)
        return next(own, (self.plan.wrap, self.plan.wrap_end))

    def read_badly(self, text: str, rate: float) -> str:
        """Return the text with slips of recognition, and note what a repair has to drop."""
        if not rate:
            return text
        if self.plan.misread:
            text, extra = misread(text, self.draw, rate, mild=self.plan.misread == "mild")
        else:
            text, extra = noisy(text, self.draw, rate)
        self.dropped.append(extra)
        return text

    def misplace(self) -> None:
        """Put the paragraphs that landed elsewhere behind those that they landed behind."""
        for key, number, host, behind in self.plan.misplaced:
            chunk = self.places[key, number]
            self.chunks = [c for c in self.chunks if c is not chunk]
            at = next(i for i, c in enumerate(self.chunks) if c is self.places[host, behind])
            self.chunks.insert(at + 1, chunk)

    def run_on(self, line: str) -> None:
        """Print a line right below the last one, as lines that a hard line end parts."""
        self._column[-1][-1] += "  "
        self._column[-1].append(line)

    @property
    def _column(self) -> list[list[str]]:
        held_over = self.over and (self.plan.interleaved or (self.plan.turned and not self.turned))
        return self.waiting if held_over else self.chunks


def print_heading(sheet: Sheet, parts: tuple[str, ...], mark: str, *, displaced: bool = False) -> None:
    """Print a heading of one or more printed lines."""
    plan = sheet.plan
    text = sheet.read_badly(plan.gap.join(parts), plan.noise_heads)
    if plan.letter_spaced:
        text = letter_spaced(text)
    if plan.doubled:
        sheet.dropped.append("".join(c for c in text if not c.isspace()))
        text = doubled(text)
    bold = mark == "**"
    lines = [f"**{line}**" if bold else mark + line for line in text.split("\n")]
    if displaced:
        sheet.last.append(lines)
    else:
        sheet.put(*lines)


def print_furniture(sheet: Sheet, text: str) -> None:
    """Print a line that belongs to the page, not to an article."""
    sheet.put(text)
    sheet.furniture.append(text)


def print_guide(sheet: Sheet) -> None:
    """Print the guide to the inner pages that stands on a front page, a list of headlines and pages."""
    title, *lines = sheet.plan.guide
    part = Part("box", title, "list", tuple(("", line) for line in lines))
    print_box(sheet, part, "a1", {"sidebars": []})


def print_rows(sheet: Sheet, part: Part, gold: dict[str, Any]) -> None:
    """Print lines that stay lines: a list without a title, a table, a poem."""
    lines = [text for _, text in part.entries]
    gold["blocks"] += [{"type": "para", "text": line, "alternatives": []} for line in lines]
    if sheet.plan.between == "indent":
        for line in lines:
            sheet.put("　　" + line)
    else:
        sheet.put(*[line + "  " for line in lines[:-1]], lines[-1])


def print_box(sheet: Sheet, part: Part, ident: str, gold: dict[str, Any]) -> None:
    """Print a box with its title and entries."""
    plan = sheet.plan
    parts, title = printed(part.text)
    name = f"{ident}s{len(sheet.boxes)}"
    gold["sidebars"].append(name)
    is_list = part.box == "list"
    sheet.boxes.append(
        {
            "id": name,
            "type": part.box,
            "article": ident,
            "title": title,
            "neutral": part.box in {"abstract", "note"},
            "entries": _entries(part),
        }
    )
    heading = plan.gap.join(parts)
    at = heading.find("“", 1)
    if plan.box_gap and at > 0 and not heading[at - 1].isspace():
        heading = heading[:at] + plan.box_gap + heading[at:]
    heading = sheet.read_badly(heading, plan.noise_boxes)
    setting = _setting(plan, len(sheet.boxes) - 1)
    if part.box == "abstract" and plan.abstract_wide:
        setting = setting._replace(width=0)
    sheet.put(f"**{heading}**" if setting.mark == "**" else setting.mark + heading)
    if is_list:
        items = [sheet.read_badly(text, plan.noise_boxes) for _, text in part.entries]
        sheet.put(*[item + "  " for item in items[:-1]], items[-1])
    labelled = any(label for label, _ in part.entries)
    for label, text in () if is_list else part.entries:
        text = sheet.read_badly(text, plan.noise_boxes)
        _entry(sheet, setting, label, text) if labelled else sheet.put(*_narrow(setting, text))


class _Setting(NamedTuple):
    """How a box is set: the mark of its title, the width of its lines, what ends them."""

    mark: str
    width: int
    end: str
    indent: int
    by_count: bool


def _setting(plan: Plan, number: int) -> _Setting:
    mark, width, end = plan.box_mark, plan.box_wrap, "  "
    if plan.box_sets:
        mark, width, end = plan.box_sets[number % len(plan.box_sets)]
    return _Setting(mark, width, end, plan.box_indent, plan.by_count)


def _entries(part: Part) -> list[dict[str, Any]]:
    if part.box == "list":
        return [{"label": None, "items": [text for _, text in part.entries]}]
    return [_gold_entry(label, text) for label, text in part.entries]


def _gold_entry(label: str, text: str) -> dict[str, Any]:
    items = text.split(LISTED)
    return {"label": label or None} | ({"items": items} if len(items) > 1 else {"text": text})


def _narrow(setting: _Setting, text: str) -> list[str]:
    if LISTED in text:
        lines = text.split(LISTED)
        return [line + "  " for line in lines[:-1]] + lines[-1:]
    if not setting.width:
        return [text]
    lines = wrapped(text, setting.width, indent=setting.indent, by_count=setting.by_count)
    return [line + setting.end for line in lines[:-1]] + lines[-1:]


def _entry(sheet: Sheet, setting: _Setting, label: str, text: str) -> None:
    plan = sheet.plan
    if plan.entry == "bold":
        sheet.put(f"**{label}**  ", *_narrow(setting, text))
    elif plan.entry == "dash":
        sheet.put(*_narrow(setting, f"{label}——{text}"))
        sheet.dropped.append("——")
    else:
        sheet.put(*_narrow(setting, f"{label}：{text}"))
        sheet.dropped.append("：")
