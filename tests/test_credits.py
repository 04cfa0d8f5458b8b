"""Credits in every wording: `tests/cases/credits.txt` holds one line a case, tagged as it shall be read.

The line without its tags is set on a small page, at the places where its kind stands in print, and the
outline of the edition must have it as it was tagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from npp_publish.compose import normalize
from npp_publish.source import from_text
from outline import outline

FILE = Path(__file__).parent / "cases" / "credits.txt"
TAG = re.compile(r"<(?:agency|role|author|place|date|page|byline|dateline|credit) ")
MARKERS = "□■◎●○◆★☆※▲▍口囗⊙ 　"
PAGES = {  # headline, first paragraph, last paragraph, the headline of another article
    "zh-Hans": (
        "城东新桥昨日通车",
        "新桥今天上午通车，全长一千二百米，双向六车道，老人孩子都来看热闹。",
        "市民说，过江只要三分钟了，比以前方便得多，以后上班不用绕路。",
    ),
    "zh-Hant": (
        "城東新橋昨日通車",
        "新橋今天上午通車，全長一千二百米，雙向六車道，老人孩子都來看熱鬧。",
        "市民說，過江只要三分鐘了，比以前方便得多，以後上班不用繞路。",
    ),
    "en": (
        "New Bridge Opens to Traffic",
        "The new bridge opened on Wednesday morning, and hundreds of people walked across it.",
        "It took three years to build, and the council paid half of the cost.",
    ),
    "ko": (
        "새 다리 오늘 개통",
        "새 다리가 오늘 오전 개통됐다. 시민들은 강을 건너는 데 3분이면 충분하다고 말했다.",
        "공사에는 3년이 걸렸으며 시가 비용의 절반을 부담했다.",
    ),
    "ja": (
        "新しい橋が開通",
        "新しい橋が今朝開通し、市民は川を渡るのに三分しかかからないと喜んでいる。",
        "工事には三年かかり、市が費用の半分を負担した。",
    ),
}


def untagged(line: str) -> str:
    """Return a line without its tags."""
    out: list[str] = []
    depth = at = 0
    while at < len(line):
        if found := TAG.match(line, at):
            depth += 1
            at = found.end()
            continue
        if depth and line[at] == ">":
            depth -= 1
        else:
            out.append(line[at])
        at += 1
    return "".join(out)


def language(text: str) -> str:
    for pattern, lang in (
        ("[가-힣]", "ko"),
        ("[ぁ-ヿ]|続|転|沢", "ja"),
        ("[報電訊記導頁轉張撰陳圖聯續緊]", "zh-Hant"),
    ):
        if re.search(pattern, text):
            return lang
    return "zh-Hans" if re.search("[\u4e00-\u9fff]", text) or not re.search("[A-Za-z]", text) else "en"


def editions(place: str, line: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield pages with the line, and the lines of the outline of which one must be there (none: dropped)."""
    raw = untagged(line)
    head, first, last = PAGES[language(raw)]
    bare = line.lstrip(MARKERS)
    apart = " " if language(raw) in ("en", "ko") else ""
    match place:
        case "byline":
            yield f"# {head}\n\n{raw}\n\n{first}\n\n{last}\n", (f"byline: {bare}",)
        case "tail":
            yield f"# {head}\n\n{first}\n\n{last}{raw}\n", (f"p {last}<byline {line}>",)
        case "dateline":
            yield f"# {head}\n\n{first}\n\n{last}\n\n{raw}\n", (f"dateline: {line}",)
            if raw[0] in "（(【":
                yield f"# {head}\n\n{first}\n\n{last}{raw}\n", (f"dateline: {line}",)
        case "lead":
            yield (
                f"# {head}\n\n{raw}{first}\n\n{last}\n",
                (f"p {line}{first}", f"p {line.replace(' >', '> ')}{first}"),
            )
        case "to":
            yield f"# {head}\n\n{first}\n\n{last}\n\n{raw}\n\n# 别的文章\n\n{first}\n", (f"to: {line}",)
            yield f"# {head}\n\n{first}\n\n{last}{apart}{raw}\n\n# 别的文章\n\n{first}\n", (f"to: {line}",)
        case "from":
            yield f"# {head}\n\n{first}\n\n{last}\n\n{raw}\n\n{last}\n", (f"from: {line}",)
            yield f"{raw}\n\n{last}\n\n{first}\n", (f"from: {line}",)
            yield f"{raw}\n{last}\n\n{first}\n", (f"from: {line}",)
        case "text":
            yield f"# {head}\n\n{first}\n\n{raw}\n\n{last}\n", (f"p {raw}",)
        case "furniture":
            yield f"# {head}\n\n{first}\n\n{last}\n\n{raw}\n", ()
            yield f"{raw}\n\n# {head}\n\n{first}\n\n{last}\n", ()
        case "picture":
            yield f"# {head}\n\n{first}\n\n{raw}\n\n{last}\n", (f"figure ? | {line}",)


def cases() -> Iterator[tuple[str, str]]:
    place = ""
    for line in FILE.read_text(encoding="utf-8").split("\n"):
        if line.startswith("=== "):
            place = line[4:]
        elif line and not line.startswith("//"):
            yield place, line


def batches() -> dict[str, list[tuple[str, str]]]:
    """Return the cases in batches of forty, so that a failure names its line and pytest stays quick."""
    found = list(cases())
    return {f"{found[n][0]}-{n}": found[n : n + 40] for n in range(0, len(found), 40)}


def wrong(place: str, line: str) -> Iterator[str]:
    """Yield what is read instead, for each page on which a line is not read as it was tagged."""
    for page, wanted in editions(place, line):
        made = outline(normalize(from_text(page)).edition)
        rows = made.split("\n")
        if not wanted and untagged(line) not in made and not any(row.startswith("byline") for row in rows):
            continue
        if not any(row in wanted for row in rows):
            yield f"{place}: {line}\n{made}"


@pytest.mark.parametrize("batch", batches().values(), ids=batches())
def test_credits(batch: list[tuple[str, str]]) -> None:
    assert [found for place, line in batch for found in wrong(place, line)] == []


def test_every_place_is_known() -> None:
    assert all(list(editions(place, line)) for place, line in cases())
