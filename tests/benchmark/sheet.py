"""The page while it is being made: chunks of printed lines, and what the gold has to know of them.

Here are the parts that stand by themselves: headings, boxes, lines below one another, furniture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from .damage import doubled, letter_spaced, printed, wrapped
from .plans import Plan
from .stories import Part

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
    text = plan.gap.join(parts)
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
    if plan.box_gap and "“" in heading[1:]:
        heading = heading[0] + heading[1:].replace("“", plan.box_gap + "“", 1)
    sheet.put(f"**{heading}**" if plan.box_mark == "**" else plan.box_mark + heading)
    if is_list:
        items = [text for _, text in part.entries]
        sheet.put(*[item + "  " for item in items[:-1]], items[-1])
    labelled = any(label for label, _ in part.entries)
    for label, text in () if is_list else part.entries:
        _entry(sheet, label, text) if labelled else sheet.put(*_narrow(plan, text))


def _entries(part: Part) -> list[dict[str, Any]]:
    if part.box == "list":
        return [{"label": None, "items": [text for _, text in part.entries]}]
    return [{"label": label or None, "text": text} for label, text in part.entries]


def _narrow(plan: Plan, text: str) -> list[str]:
    if not plan.box_wrap:
        return [text]
    lines = wrapped(text, plan.box_wrap)
    return [line + "  " for line in lines[:-1]] + lines[-1:]


def _entry(sheet: Sheet, label: str, text: str) -> None:
    plan = sheet.plan
    if plan.entry == "bold":
        sheet.put(f"**{label}**  ", *_narrow(plan, text))
    elif plan.entry == "dash":
        sheet.put(*_narrow(plan, f"{label}——{text}"))
        sheet.dropped.append("——")
    else:
        sheet.put(*_narrow(plan, f"{label}：{text}"))
        sheet.dropped.append("：")
