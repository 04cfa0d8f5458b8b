"""The cover: drawn from data, any words, the same bytes; headlines break where a reader would pause."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from npp_publish.backends.epub import cover
from npp_publish.backends.epub.plate import Plate
from npp_publish.errors import UsageError
from npp_publish.typecase import styles_folder
from npp_publish.typeset.crate import unmarked
from npp_publish.typeset.faces import faces, stack, subset
from npp_publish.typeset.headline import break_lines, pauses

DESIGN = styles_folder() / "briefing" / "cover.toml"
LOOK = {"accent": "#9b1c1c"}
WORDS = {
    "paper": "重庆日报",
    "date": "2024年3月6日",
    "page": "第4版",
    "kicker": "重报深一度",
    "title": "培育新质生产力",
}


def drawn(titles: list[str], **words: str) -> Image.Image:
    content = cover.draw(cover.load(DESIGN, LOOK), cover.slots_of({**WORDS, **words}, titles), stack)
    return Image.open(io.BytesIO(content))


def test_size_and_bytes() -> None:
    design, slots = cover.load(DESIGN, LOOK), cover.slots_of(WORDS, ["一", "二"])
    first = cover.draw(design, slots, stack)
    assert first == cover.draw(design, slots, stack)
    assert len(first) < 200_000
    assert Image.open(io.BytesIO(first)).size == (1600, 2400)


@pytest.mark.parametrize(
    "words",
    [
        {"title": "长" * 1500},
        {"title": "word " * 300},
        {"title": ""},
        {"title": "𫖯龘㛃 한국 🎉"},
        {"paper": "", "label": "要闻简报"},
        {"paper": "很长很长的报纸名称" * 20},
        dict.fromkeys(WORDS, ""),
    ],
)
def test_any_words(words: dict[str, str]) -> None:
    assert drawn(["标题" * 200] * 60, **words).size == (1600, 2400)


def test_ink_stays_inside_the_margins() -> None:
    picture = drawn(["标题" * 60] * 40, title="长" * 400).convert("RGB")
    ground = picture.getpixel((20, 1200))
    for x in (*range(0, 100, 7), *range(1500, 1600, 7)):
        assert {picture.getpixel((x, y)) for y in range(430, 2400, 5)} == {ground}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[canvas]\nwidth = 9",
        "[canvas]\nwidth = 99999\nheight = 9\n[colours]\n",
        '[canvas]\nwidth=300\nheight=300\n[colours]\na="#nope"\n[[draw]]\nkind="fill"\nbox=[0,0,1,1]\ncolour="a"',
        '[canvas]\nwidth=300\nheight=300\n[colours]\na="#fff"\n[[draw]]\nkind="run"\nbox=[0,0,1,1]\ncolour="a"',
        '[canvas]\nwidth=300\nheight=300\n[colours]\na="@gone"\n',
    ],
)
def test_designs_that_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cover.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError):
        cover.load(path, LOOK)


def lines(text: str, cells: float) -> list[str]:
    return break_lines(text, cells, lambda c: 0.5 if c.isascii() else 1.0)


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("培育新质生产力 推动重庆经济高质量发展", 12, ["培育新质生产力", "推动重庆经济高质量发展"]),
        ("深刻把握发展新质生产力的实践要求", 10, ["深刻把握发展", "新质生产力的实践要求"]),
        ("短题", 9, ["短题"]),
        ("", 9, []),
        ("他说：“好的。”大家笑了", 6, None),
        ("A very long headline in English words", 8, None),
    ],
)
def test_headline_lines(text: str, cells: float, expected: list[str] | None) -> None:
    found = lines(text, cells)
    if expected is not None:
        assert found == expected
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sum(0.5 if c.isascii() else 1 for c in line) <= cells + 1 for line in found)
    assert not any(line[0] in "，。、；：？！）》」』”’" for line in found[1:])
    assert not any(line[-1] in "（《「『“‘" for line in found)


def test_the_title_begins_a_line_where_the_paper_began_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a line of the paper is too long for a line of the cover."""
    seen: list[str] = []
    line = cover._Canvas.line
    monkeypatch.setattr(
        cover._Canvas,
        "line",
        lambda self, face, text, *more: (seen.append(text), line(self, face, text, *more)),
    )
    drawn([], title="引江济湖二期工程全线通水 沿线六县区三百二十万居民喝上长江水")
    title = seen[seen.index("重报深一度") + 1 :]
    assert " " not in "".join(title) and any(text.startswith("沿线") for text in title)


def test_a_headline_of_any_length_is_divided_without_loss() -> None:
    for text in ("长" * 1200, "。" * 300, "（" * 50, "a" * 500):
        assert "".join(lines(text, 10)) == text


def test_pauses_never_split_words_or_numbers() -> None:
    text = "锚定“33618”建设国家中心"
    cuts = [text[at:] for at in pauses(text)]
    assert "建设国家中心" in cuts
    assert not any(cut.startswith(("3618", "”", "618")) for cut in cuts)


def test_letters_are_inked_on_whatever_is_below() -> None:
    """On a flat colour, over the end of a field, over each other; the palette has room for all of it."""
    face = stack("NPP Song 700")[0]
    plate = Plate(200, 100, ["#ff0000", "#00ff00", "#000000"], "新一", 48)
    plate.fill((0, 0, 100, 100), "#ff0000")
    for x in (10, 60, 70):
        plate.write("新", face, 60, x, 70, "#000000")
    picture = Image.open(io.BytesIO(plate.png()))
    shown = picture.convert("RGB")
    assert picture.mode == "P" and len(picture.getcolors() or ()) <= 48
    assert (shown.getpixel((1, 1)), shown.getpixel((199, 1))) == ((255, 0, 0), (255, 255, 255))
    assert min(sum(shown.getpixel((x, y))) for x in range(10, 70) for y in range(10, 80)) == 0  # type: ignore[arg-type]


def test_marks_of_overlap_are_taken_away_and_nothing_else() -> None:
    face = next(face for face in faces() if face.name == "NPP Song 700")
    cut = subset(face, "新质生产力Aé")
    plain = unmarked(cut)
    changed = [(a, b) for a, b in zip(cut, plain, strict=True) if a != b]
    assert len(changed) >= 5 and all(a ^ b == 0x40 and a & 0x40 for a, b in changed)
    assert unmarked(plain) == plain
