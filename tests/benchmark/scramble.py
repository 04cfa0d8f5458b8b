"""Story + plan -> the raw page and its gold reading, both from one pass so that they cannot differ.

The page is a list of chunks (paragraphs, headings, boxes ...), each a list of printed lines. The gold
names what a person would read; its fields are those that `score` compares.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from .damage import (
    cut_points,
    doubled,
    hyphenated,
    letter_spaced,
    noisy,
    printed,
    radicals,
    wrapped,
)
from .plans import Plan
from .stories import Part, Story

__all__ = ["scramble"]

_TAIL = 12


@dataclass
class _Page:
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
            _furniture(self, line)
        self.chunks += self.waiting

    def flush(self) -> None:
        """Print what waited: the continuation of an article."""
        self.chunks, self.waiting, self.over = [*self.chunks, *self.waiting], [], False

    def put(self, *lines: str) -> None:
        held_over = self.over and (self.plan.interleaved or (self.plan.turned and not self.turned))
        (self.waiting if held_over else self.chunks).append(list(lines))


def scramble(plan: Plan, stories: Mapping[str, Story]) -> tuple[str, dict[str, Any]]:
    """Return the raw page and its gold. The same plan and stories give the same page."""
    page = _Page(plan, random.Random(f"{plan.id}/{plan.seed}"))
    for line in plan.head:
        _furniture(page, line)
    articles = []
    for number, key in enumerate(plan.stories, 1):
        if key in plan.turned and not page.turned:
            page.turn()
        story = stories[key]
        page.lang, page.over = story.lang, False
        articles.append(_article(page, story, f"a{number}"))
        if page.waiting and plan.interleaved and not page.over:
            page.flush()
        for line in plan.after:
            _furniture(page, line)
    if plan.interleaved:
        page.flush()
    page.chunks += page.last
    for line in plan.foot:
        _furniture(page, line)
    gold = {
        "doc_id": plan.id,
        "kind": "composed",
        "group": plan.group,
        "note": plan.note,
        "lang": page.lang,
        "raw": f"{plan.id}.raw.md",
        "title": articles[0]["title"],
        "articles": articles,
        "sidebars": page.boxes,
        "captions": [{"text": text} for text in page.captions],
        "furniture": [{"text": text} for text in page.furniture],
        "torn": page.torn,
        "neutral_texts": page.neutral,
        "sanctioned_drops": "".join(page.dropped),
    }
    if page.turned:
        gold["files"] = [_assemble(plan, page.first), _assemble(plan, page.chunks)]
        gold["pages"] = [plan.jumps[0][4], plan.jumps[0][3]]
        return "".join(gold["files"]), gold
    return _assemble(plan, page.chunks), gold


# ----------------------------------------------------------------------------- one article


def _article(page: _Page, story: Story, ident: str) -> dict[str, Any]:
    plan = page.plan
    parts, title = printed(story.title)
    if page.chunks and plan.between == "indent":
        page.put("")
    if story.kicker:
        page.put(plan.kicker_mark + story.kicker)
    displaced = story.key in plan.displaced
    _heading(page, parts, plan.title_mark, to=page.last if displaced else page.chunks)
    if story.subtitle:
        page.put(plan.subtitle_mark + story.subtitle)
        page.neutral.append(story.subtitle)
    gold: dict[str, Any] = {
        "id": ident,
        "title": title,
        "title_alternatives": [],
        "kicker": {"text": story.kicker} if story.kicker else None,
        "subtitle": story.subtitle or None,
        "byline": None,
        "dateline": None,
        "jump": None,
        "continued_from": None,
        "sidebars": [],
        "blocks": [],
    }
    _abstract(page, story, ident, gold)
    _byline(page, story, gold)
    if story.dateline and story.dateline.where == "head":
        page.put(story.dateline.raw)
    _body(page, story, ident, gold)
    if story.dateline and story.dateline.where == "tail":
        page.put(story.dateline.raw)
    if story.dateline:
        line = story.dateline
        gold["dateline"] = {
            "raw": line.raw,
            "agency": line.agency,
            "place": line.place,
            "date": line.date,
            "position": line.where,
        }
    return gold


def _heading(page: _Page, parts: tuple[str, ...], mark: str, to: list[list[str]]) -> None:
    plan = page.plan
    text = plan.gap.join(parts)
    if plan.letter_spaced:
        text = letter_spaced(text)
    if plan.doubled:
        page.dropped.append("".join(c for c in text if not c.isspace()))
        text = doubled(text)
    bold = mark == "**"
    to.append([f"**{line}**" if bold else mark + line for line in text.split("\n")])


def _abstract(page: _Page, story: Story, ident: str, gold: dict[str, Any]) -> None:
    if not story.abstract:
        return
    part = Part("box", page.plan.abstract_title, "abstract", (("", story.abstract),))
    _box(page, part, ident, gold)


def _byline(page: _Page, story: Story, gold: dict[str, Any]) -> None:
    line = story.byline
    if not line:
        return
    marked = line.raw[0] in "□■◎●"
    raw = line.raw if marked else page.plan.byline_mark + line.raw
    if marked or page.plan.byline_mark.strip():
        page.dropped.append(raw[0])
    where = "inline-lead" if line.leads else "own"
    gold["byline"] = {
        "raw": line.raw if line.leads else raw,
        "authors": list(line.names),
        "agency": line.agency,
        "position": where,
    }
    if not line.leads:
        page.put(raw)


def _body(page: _Page, story: Story, ident: str, gold: dict[str, Any]) -> None:
    boxes = [part for part in story.parts if part.kind == "box"]
    captions = [part for part in story.parts if part.kind == "caption"]
    waiting = {"box": list(boxes), "caption": list(captions)}
    planned = {t[1]: t for t in page.plan.tears if t[0] == story.key}
    jumps = {j[1]: j for j in page.plan.jumps if j[0] == story.key}
    count = 0
    for part in story.parts:
        if part.kind == "para":
            text = _led(story, part.text) if count == 0 else part.text
            gold["blocks"].append({"type": "para", "text": text, "alternatives": []})
            if count in jumps:
                _jump(page, text, jumps[count], gold)
                if jumps[count][2] == "cut":
                    return
            elif count in planned:
                _tear(page, text, planned[count], waiting, ident, gold)
            else:
                _paragraph(page, text)
            count += 1
        elif part.kind == "head":
            lines, reading = printed(part.text)
            gold["blocks"].append({"type": "heading", "text": reading, "alternatives": []})
            _heading(page, lines, page.plan.section_mark, to=page.chunks)
        elif part.kind == "note-of-author":
            page.put(part.text)
            page.neutral.append(part.text)
        elif part in waiting[part.kind] and not (part.kind == "box" and page.plan.boxes_last):
            waiting[part.kind].remove(part)
            _interruption(page, part, ident, gold)
    for part in waiting["box"] if page.plan.boxes_last else ():
        _interruption(page, part, ident, gold)


def _led(story: Story, text: str) -> str:
    """Put an inline byline or a leading dateline before the first paragraph, as papers print them."""
    if story.byline and story.byline.leads:
        text = story.byline.raw + text
    if story.dateline and story.dateline.where == "lead":
        text = f"{story.dateline.raw} {text}"
    return text


def _interruption(page: _Page, part: Part, ident: str, gold: dict[str, Any]) -> None:
    if part.kind == "box":
        _box(page, part, ident, gold)
    else:
        line = page.plan.caption_mark + part.text
        if page.plan.pictures:
            path = f"images/{page.plan.id}-{len(page.captions)}.jpg"
            page.put(f"![]({path})  ", line)
            page.dropped.append(path)
        else:
            page.put(line)
        page.dropped.append(page.plan.caption_mark)
        page.captions.append(part.text)


# ----------------------------------------------------------------------------- paragraphs


def _paragraph(page: _Page, text: str, *, starts: bool = True) -> None:
    plan = page.plan
    if plan.noise:
        text, extra = noisy(text, page.draw, plan.noise)
        page.dropped.append(extra)
    if not plan.wrap:
        lines = [text]
    elif page.lang[:2] in {"en", "ko"}:
        lines = hyphenated(text, plan.wrap, page.draw, keep=plan.hyphens)
        extra = len("".join(lines)) - len(text.replace(" ", "")) - "".join(lines).count(" ")
        page.dropped.append("-" * extra)
    else:
        lines = wrapped(text, plan.wrap)
    ends = [line + plan.wrap_end for line in lines[:-1]] + lines[-1:]
    if plan.between == "indent" and starts:
        ends[0] = "　　" + ends[0]
    page.put(*ends)


def _halves(page: _Page, text: str, how: str) -> tuple[str, str]:
    points = cut_points(text, how) or cut_points(text, "word") or cut_points(text, "clause")
    if not points:  # Latin text: between two words
        points = [i for i, c in enumerate(text) if c == " " and len(text) // 4 < i < len(text) * 3 // 4]
    at = page.draw.choice(points)
    return text[:at].rstrip(" "), text[at:].lstrip(" ")


def _note_torn(page: _Page, text: str, halves: tuple[str, str], how: str, by: str) -> None:
    left, right = halves
    page.torn.append(
        {"text": text, "left_tail": left[-_TAIL:], "right_head": right[:_TAIL], "kind": how, "by": by}
    )


def _tear(
    page: _Page,
    text: str,
    tear: tuple[str, int, str, str],
    waiting: dict[str, list[Part]],
    ident: str,
    gold: dict[str, Any],
) -> None:
    _, _, by, how = tear
    halves = _halves(page, text, how)
    _paragraph(page, halves[0])
    if waiting.get(by):
        _interruption(page, waiting[by].pop(0), ident, gold)
    elif by == "furniture":
        _furniture(page, page.plan.foot[0] if page.plan.foot else page.plan.head[0])
    else:
        page.put("")  # the foot of a column: nothing but room
    _paragraph(page, halves[1], starts=False)
    _note_torn(page, text, halves, how, by)


def _jump(page: _Page, text: str, jump: tuple[str, int, str, str, str], gold: dict[str, Any]) -> None:
    """End the front page's part; the rest of the article follows after the continuation line."""
    _, _, how, to, origin = jump
    out, back = page.plan.jump_form.format(to), page.plan.continuation_form.format(origin)
    gold["jump"] = {"raw": out, "to": to}
    page.dropped.append(out)
    left, right = (text, "") if how in {"end", "cut"} else _halves(page, text, how)
    _paragraph(page, left)
    page.chunks[-1][-1] += out
    if how == "cut":
        return
    gold["continued_from"] = {"raw": back, "from": origin}
    page.dropped.append(back)
    page.over = True
    page.put(page.plan.continuation_mark + back)
    if right:
        _paragraph(page, right, starts=False)
        _note_torn(page, text, (left, right), how, "jump")


# ----------------------------------------------------------------------------- boxes, furniture


def _box(page: _Page, part: Part, ident: str, gold: dict[str, Any]) -> None:
    plan = page.plan
    parts, title = printed(part.text)
    name = f"{ident}s{len(page.boxes)}"
    gold["sidebars"].append(name)
    labelled = any(label for label, _ in part.entries)
    is_list = part.box == "list"
    entries: list[dict[str, Any]]
    if is_list:
        entries = [{"label": None, "items": [text for _, text in part.entries]}]
    else:
        entries = [{"label": label or None, "text": text} for label, text in part.entries]
    page.boxes.append(
        {
            "id": name,
            "type": part.box,
            "article": ident,
            "title": title,
            "neutral": part.box in {"abstract", "note"},
            "entries": entries,
        }
    )
    heading = plan.gap.join(parts)
    if plan.box_gap and "“" in heading[1:]:
        heading = heading[0] + heading[1:].replace("“", plan.box_gap + "“", 1)
    page.put(f"**{heading}**" if plan.box_mark == "**" else plan.box_mark + heading)
    if is_list:
        items = [text for _, text in part.entries]
        page.put(*[item + "  " for item in items[:-1]], items[-1])
    for label, text in () if is_list else part.entries:
        _entry(page, label, text) if labelled else page.put(*_narrow(plan, text))


def _narrow(plan: Plan, text: str) -> list[str]:
    if not plan.box_wrap:
        return [text]
    lines = wrapped(text, plan.box_wrap)
    return [line + "  " for line in lines[:-1]] + lines[-1:]


def _entry(page: _Page, label: str, text: str) -> None:
    plan = page.plan
    if plan.entry == "bold":
        page.put(f"**{label}**  ", *_narrow(plan, text))
    elif plan.entry == "dash":
        page.put(*_narrow(plan, f"{label}——{text}"))
        page.dropped.append("——")
    else:
        page.put(*_narrow(plan, f"{label}：{text}"))
        page.dropped.append("：")


def _furniture(page: _Page, text: str) -> None:
    page.put(text)
    page.furniture.append(text)


# ----------------------------------------------------------------------------- the page


def _assemble(plan: Plan, printed_chunks: list[list[str]]) -> str:
    chunks = [chunk for chunk in printed_chunks if chunk]
    if plan.radicals:
        chunks = [[radicals(line) for line in chunk] for chunk in chunks]
    if plan.flat:
        mark = " " if plan.flat == "space" else "　　"
        return mark.join("".join(chunk).rstrip() for chunk in chunks if chunk != [""]) + "\n"
    return "\n".join(_spaced(chunks, plan)) + "\n"


def _spaced(chunks: list[list[str]], plan: Plan) -> Iterator[str]:
    for index, chunk in enumerate(chunks):
        marked = chunk[0].startswith(("#", "**"))
        if index and (plan.between == "blank" or marked):
            yield ""
        yield from chunk
