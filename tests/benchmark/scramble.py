"""Story + plan -> the raw page and its gold reading, both from one pass so that they cannot differ.

The page is a list of chunks (paragraphs, headings, boxes ...), each a list of printed lines. The gold
names what a person would read; its fields are those that `score` compares.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from .damage import cut_points, hyphenated, printed, radicals, slipped, webbed, wrapped
from .plans import Plan
from .sheet import Sheet, print_box, print_furniture, print_guide, print_heading, print_rows
from .stories import Part, Signature, Story

__all__ = ["scramble"]

_TAIL = 12


def scramble(plan: Plan, stories: Mapping[str, Story]) -> tuple[str, dict[str, Any]]:
    """Return the raw page and its gold. The same plan and stories give the same page."""
    sheet = Sheet(plan, random.Random(f"{plan.id}/{plan.seed}"))
    for line in plan.head:
        print_furniture(sheet, line)
    if plan.guide:
        print_guide(sheet)
    articles = []
    for number, key in enumerate(plan.stories, 1):
        if key in plan.turned and not sheet.turned:
            sheet.turn()
        story = stories[key]
        sheet.lang, sheet.over, sheet.story = story.lang, False, key
        articles.append(_article(sheet, story, f"a{number}"))
        if sheet.waiting and plan.interleaved and not sheet.over:
            sheet.flush()
        for line in plan.after:
            print_furniture(sheet, line)
    if plan.interleaved:
        sheet.flush()
    sheet.misplace()
    sheet.chunks += sheet.last
    for line in plan.foot:
        print_furniture(sheet, line)
    gold = {
        "doc_id": plan.id,
        "kind": "composed",
        "group": plan.group,
        "note": plan.note,
        "lang": sheet.lang,
        "raw": f"{plan.id}.raw.md",
        "title": articles[0]["title"],
        "articles": articles,
        "sidebars": sheet.boxes,
        "captions": [{"text": text} for text in sheet.captions],
        "furniture": [{"text": text} for text in sheet.furniture],
        "torn": sheet.torn,
        "neutral_texts": sheet.neutral,
        "sanctioned_drops": "".join(sheet.dropped),
    }
    if sheet.turned:
        gold["files"] = [_assemble(plan, sheet.first), _assemble(plan, sheet.chunks)]
        gold["pages"] = [plan.jumps[0][4], plan.jumps[0][3]]
        return "".join(gold["files"]), gold
    return _assemble(plan, sheet.chunks), gold


# ----------------------------------------------------------------------------- one article


def _article(sheet: Sheet, story: Story, ident: str) -> dict[str, Any]:
    plan = sheet.plan
    parts, title = printed(story.title)
    if sheet.chunks and plan.between == "indent":
        sheet.put("")
    _strays(sheet, story, -3)
    if story.key not in plan.kicker_below:
        _kicker(sheet, story)
    displaced = story.key in plan.displaced
    _strays(sheet, story, -2)
    print_heading(sheet, parts, _title_mark(plan, ident, displaced=displaced), displaced=displaced)
    if story.subtitle:
        sheet.put(plan.subtitle_mark + story.subtitle)
        sheet.neutral.append(story.subtitle)
    _strays(sheet, story, -1)
    if story.key in plan.kicker_below:
        _kicker(sheet, story)
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
    _abstract(sheet, story, ident, gold)
    late = story.byline is not None and story.byline.where == "end"
    if not late:
        _byline(sheet, story.byline, gold)
    if story.dateline and story.dateline.where == "head":
        sheet.put(story.dateline.raw)
    _body(sheet, story, ident, gold)
    if late:
        _byline(sheet, story.byline, gold)
    if story.dateline and story.dateline.where == "tail":
        sheet.put(story.dateline.raw)
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


def _title_mark(plan: Plan, ident: str, *, displaced: bool) -> str:
    if displaced and plan.displaced_plain:
        return ""
    return plan.later_mark if plan.later_mark and ident != "a1" else plan.title_mark


def _kicker(sheet: Sheet, story: Story) -> None:
    if story.kicker:
        mark = "## " if story.key in sheet.plan.kicker_heads else sheet.plan.kicker_mark
        sheet.put(mark + sheet.read_badly(story.kicker, sheet.plan.noise_heads))


def _strays(sheet: Sheet, story: Story, place: int) -> None:
    """Print the furniture that strayed into an article, before one of its paragraphs."""
    for key, number, text in sheet.plan.strays:
        if (key, number) == (story.key, place):
            print_furniture(sheet, text)


def _abstract(sheet: Sheet, story: Story, ident: str, gold: dict[str, Any]) -> None:
    if not story.abstract:
        return
    part = Part(
        "box", sheet.plan.abstract_title, "abstract", tuple(("", text) for text in story.abstract.split("\n"))
    )
    print_box(sheet, part, ident, gold)


def _byline(sheet: Sheet, line: Signature | None, gold: dict[str, Any]) -> None:
    """Print a byline on a line of its own; one inside a paragraph is only told to the gold."""
    if not line:
        return
    own = line.where in {"title", "end"}
    marked = line.raw[0] in "□■◎●"
    raw = sheet.plan.byline_mark + line.raw if own and not marked else line.raw
    if marked or (own and sheet.plan.byline_mark.strip()):
        sheet.dropped.append(raw[0])
    gold["byline"] = {
        "raw": raw,
        "authors": list(line.names),
        "agency": line.agency,
        "position": "own" if own else f"inline-{line.where}",
    }
    if own:
        sheet.put(raw)


def _body(sheet: Sheet, story: Story, ident: str, gold: dict[str, Any]) -> None:
    parts, tearing = _strewn(sheet, story) if sheet.plan.strewn else (story.parts, ())
    boxes = [part for part in (*tearing, *parts) if part.kind == "box"]
    captions = [part for part in (*tearing, *parts) if part.kind == "caption"]
    waiting = {"box": list(boxes), "caption": list(captions)}
    planned = {t[1]: t for t in sheet.plan.tears if t[0] == story.key}
    jumps = {j[1]: j for j in sheet.plan.jumps if j[0] == story.key}
    solid = {
        n for key, first, last in sheet.plan.solid if key == story.key for n in range(first + 1, last + 1)
    }
    final = sum(part.kind == "para" for part in story.parts) - 1
    count = 0
    for part in parts:
        if part.kind == "para":
            text = _signed(story, part.text, first=count == 0, last=count == final)
            gold["blocks"].append({"type": "para", "text": text, "alternatives": []})
            _strays(sheet, story, count)
            if count in jumps:
                _jump(sheet, text, jumps[count], gold)
                if jumps[count][2] == "cut":
                    return
            elif count in planned:
                _tear(sheet, text, planned[count], waiting, ident, gold)
            elif count in solid:
                sheet.run_on(text)
            else:
                _paragraph(sheet, text)
            sheet.places[story.key, count] = sheet.newest
            count += 1
        elif part.kind == "rows":
            print_rows(sheet, part, gold)
        elif part.kind == "head":
            lines, reading = printed(part.text)
            gold["blocks"].append({"type": "heading", "text": reading, "alternatives": []})
            print_heading(sheet, lines, sheet.plan.section_mark)
        elif part.kind == "note-of-author":
            sheet.put(part.text)
            sheet.neutral.append(part.text)
        elif part in waiting[part.kind] and not (part.kind == "box" and sheet.plan.boxes_last):
            waiting[part.kind].remove(part)
            _interruption(sheet, part, ident, gold)
    for part in waiting["box"] if sheet.plan.boxes_last else ():
        _interruption(sheet, part, ident, gold)


def _strewn(sheet: Sheet, story: Story) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Put boxes and captions between any paragraphs; those that its tears ask for come apart."""
    wished = "+".join(by for key, _, by, _ in sheet.plan.tears if key == story.key)
    ways = wished.replace("/", "+").split("+")
    movable = [part for part in story.parts if part.kind in {"box", "caption"}]
    parts = [part for part in story.parts if part not in movable]
    paragraphs = [part for part in parts if part.kind == "para"]
    together = {n for key, a, b in sheet.plan.solid if key == story.key for n in range(a + 1, b + 1)}
    places = [after for before, after in pairwise(parts) if before.kind == "para"]
    places = [part for part in places if part not in [paragraphs[n] for n in together]]
    sheet.draw.shuffle(movable)
    tearing: list[Part] = []
    for part in movable:
        if part.kind in ways:
            ways.remove(part.kind)
            tearing.append(part)
        elif not sheet.plan.bare:
            parts.insert(parts.index(sheet.draw.choice(places)), part)
    return tuple(parts), tuple(tearing)


def _signed(story: Story, text: str, *, first: bool, last: bool) -> str:
    """Put an inline byline and a leading dateline into the paragraph, as papers print them."""
    byline, line = story.byline, story.dateline
    bracketed = False
    if byline and byline.where == "lead" and first:
        text, bracketed = byline.raw + text, byline.raw[0] in "（("
    if byline and byline.where == "tail" and last:
        text += byline.raw
    if line and line.where == "lead" and first:
        text = line.raw + ("" if bracketed or line.raw[-1] in "】）" else " ") + text
    return text


def _interruption(sheet: Sheet, part: Part, ident: str, gold: dict[str, Any]) -> None:
    if part.kind == "box":
        print_box(sheet, part, ident, gold)
    else:
        line = sheet.plan.caption_mark + part.text
        if sheet.plan.pictures:
            path = f"images/{sheet.plan.id}-{len(sheet.captions)}.jpg"
            sheet.put(f"![]({path})  ", line)
            sheet.dropped.append(path)
        else:
            sheet.put(line)
        sheet.dropped.append(sheet.plan.caption_mark)
        sheet.captions.append(part.text)


# ----------------------------------------------------------------------------- paragraphs


def _paragraph(sheet: Sheet, text: str, *, starts: bool = True) -> None:
    plan = sheet.plan
    text = sheet.read_badly(text, plan.noise)
    width, end = sheet.measure
    if not width:
        lines = [text]
    elif sheet.lang[:2] in {"en", "ko"}:
        lines = hyphenated(text, width, sheet.draw, keep=plan.hyphens)
        extra = len("".join(lines)) - len(text.replace(" ", "")) - "".join(lines).count(" ")
        sheet.dropped.append("-" * extra)
    else:
        lines = wrapped(text, width, by_count=plan.by_count)
    ends = [line + end for line in lines[:-1]] + lines[-1:]
    if plan.between in {"indent", "both"} and starts:
        ends[0] = "　　" + ends[0]
    if plan.between == "web":
        ends = [webbed(line, sheet.draw) for line in ends]
        ends[0] = "\u00a0" * 4 * starts + ends[0]
    sheet.put(*ends)


def _places_to_cut(sheet: Sheet, text: str, how: str) -> list[int]:
    middle = sheet.plan.middle
    points = cut_points(text, how, middle=middle) or cut_points(text, "word") or cut_points(text, "clause")
    if not points or sheet.lang == "ko":  # between two words
        points = [i for i, c in enumerate(text) if c == " " and len(text) // 4 < i < len(text) * 3 // 4]
    return points


def _halves(sheet: Sheet, text: str, how: str) -> tuple[str, str]:
    at = sheet.draw.choice(_places_to_cut(sheet, text, how))
    return text[:at].rstrip(" "), text[at:].lstrip(" ")


def _thirds(sheet: Sheet, text: str, how: str) -> tuple[str, str, str]:
    """Cut a paragraph twice, at both sides of its middle."""
    points = _places_to_cut(sheet, text, how)
    first = sheet.draw.choice([at for at in points if at < len(text) * 0.45])
    second = sheet.draw.choice([at for at in points if at > len(text) * 0.55])
    return text[:first].rstrip(" "), text[first:second].strip(" "), text[second:].lstrip(" ")


def _note_torn(sheet: Sheet, text: str, pieces: tuple[str, ...], how: str, by: str) -> None:
    left, right = pieces[0], pieces[-1]
    sheet.torn.append(
        {"text": text, "left_tail": left[-_TAIL:], "right_head": right[:_TAIL], "kind": how, "by": by}
    )


def _tear(
    sheet: Sheet,
    text: str,
    tear: tuple[str, int, str, str],
    waiting: dict[str, list[Part]],
    ident: str,
    gold: dict[str, Any],
) -> None:
    _, _, by, how = tear
    ways = by.split("/")
    pieces: tuple[str, ...] = (_thirds if len(ways) > 1 else _halves)(sheet, text, how)
    _paragraph(sheet, pieces[0])
    for way, piece in zip(ways, pieces[1:], strict=True):
        for one in way.split("+"):
            _wedge(sheet, one, waiting, ident, gold)
        _paragraph(sheet, piece, starts=False)
    _note_torn(sheet, text, pieces, how, by)


def _wedge(sheet: Sheet, by: str, waiting: dict[str, list[Part]], ident: str, gold: dict[str, Any]) -> None:
    """Print what stands between the halves of a torn paragraph."""
    if waiting.get(by):
        _interruption(sheet, waiting[by].pop(0), ident, gold)
    elif by == "furniture":
        print_furniture(sheet, sheet.plan.foot[0] if sheet.plan.foot else sheet.plan.head[0])
    elif by != "seam":
        sheet.put("")  # the foot of a column: nothing but room
    if sheet.plan.frayed and by != "seam":
        sheet.newest.extend([""] * sheet.draw.choice([0, 0, 1]))


def _jump(sheet: Sheet, text: str, jump: tuple[str, int, str, str, str], gold: dict[str, Any]) -> None:
    """End the front page's part; the rest of the article follows after the continuation line."""
    _, _, how, to, origin = jump
    out, back = sheet.plan.jump_form.format(to), sheet.plan.continuation_form.format(origin)
    gold["jump"] = {"raw": out, "to": to}
    sheet.dropped.append(out)
    left, right = (text, "") if how in {"end", "cut"} else _halves(sheet, text, how)
    _paragraph(sheet, left)
    sheet.chunks[-1][-1] += _slips(sheet, out)
    if how == "cut":
        return
    gold["continued_from"] = {"raw": back, "from": origin}
    sheet.dropped.append(back)
    sheet.over = True
    sheet.put(sheet.plan.continuation_mark + _slips(sheet, back))
    if right:
        _paragraph(sheet, right, starts=False)
        _note_torn(sheet, text, (left, right), how, "jump")


def _slips(sheet: Sheet, line: str) -> str:
    rate = sheet.plan.noise_jumps
    return slipped(line, sheet.draw, rate) if rate else line


# ----------------------------------------------------------------------------- the page


def _assemble(plan: Plan, printed_chunks: list[list[str]]) -> str:
    chunks = [chunk for chunk in printed_chunks if chunk]
    if plan.radicals:
        chunks = [[radicals(line) for line in chunk] for chunk in chunks]
    if plan.flat:
        mark = " " if plan.flat == "space" else "　　"
        return mark.join("".join(chunk).rstrip() for chunk in chunks if chunk != [""]) + "\n"
    page = "".join(line + plan.line_end for line in _spaced(chunks, plan))
    return _frayed(page, random.Random(plan.id)) if plan.frayed else page


def _frayed(page: str, draw: random.Random) -> str:
    return draw.choice(["", "\n\n"]) + page.rstrip("\n") + draw.choice(["", "\n", "\n"])


def _spaced(chunks: list[list[str]], plan: Plan) -> Iterator[str]:
    for index, chunk in enumerate(chunks):
        marked = chunk[0].startswith(("#", "**"))
        if index and (plan.between in {"blank", "both", "web"} or marked):
            yield ""
        yield from chunk
