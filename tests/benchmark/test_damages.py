"""What happens to a page, one damage at a time: what is printed, and what the gold says of it."""

import random
from typing import Any

import pytest

from . import stories
from .damage import cut_points, misread, slipped, wrapped
from .folding import bare
from .plans import Plan
from .scramble import scramble
from .stories import Part, Story

LONG = "河堤上的路灯坏了两个月，居民报修三次，每一次都说“正在安排抢修人员到场处理”，到了夜里还是一片漆黑。"
OTHER = "渡口的船老大说，今年的水位比去年低了一尺，八点以后的末班船只能停靠在下游的石埠头，走路要多花十分钟。"
BOXES = (
    Part("box", "什么是~“夜航”", "definition", (("夜航", "日落以后，土埠口8点开船"),)),
    Part("box", "三个不等", "definition", (("不等", "不等天亮 // 不等人齐"),)),
)


def told(*more: Part) -> dict[str, Story]:
    body = (Part("para", LONG), *more, Part("para", OTHER))
    return {
        "lamp": Story("lamp", "zh-Hans", "8盏路灯|何日修好", body, kicker="人民来信"),
        "boat": Story("boat", "zh-Hans", "末班船改停", (Part("para", OTHER[::-1]), Part("para", LONG[::-1]))),
    }


def made(*more: Part, **wishes: Any) -> tuple[str, dict[str, Any]]:
    plan = Plan("damage", wishes.pop("stories", ("lamp", "boat")), "T", **wishes)
    return scramble(plan, told(*more))


@pytest.mark.parametrize(
    ("key", "clean"),
    [
        ("noise_heads", "8盏路灯 何日修好"),
        ("noise_heads", "人民来信"),
        ("noise_boxes", "日落以后，土埠口8点开船"),
    ],
)
def test_slips_stand_in_titles_kickers_and_boxes_while_the_gold_is_clean(key: str, clean: str) -> None:
    pages = [made(*BOXES, **{key: 0.2}, seed=seed) for seed in range(4)]
    assert any(clean not in raw for raw, _ in pages)
    for raw, gold in pages:
        assert LONG in raw
        assert gold["articles"][0]["title"] == "8盏路灯 何日修好"
        assert gold["sidebars"][0]["entries"][0]["text"] == "日落以后，土埠口8点开船"


def test_slips_in_jump_lines() -> None:
    found = {slipped("（下转第12版）", random.Random(seed), 0.2) for seed in range(9)}
    assert len(found) > 2
    assert {bare(line) for line in found} == {bare("（下转第12版）")}
    raw, gold = made(jumps=(("lamp", 0, "word", "12", "3"),), noise_jumps=0.25)
    assert "（下转12版）" not in raw
    assert gold["articles"][0]["jump"] == {"raw": "（下转12版）", "to": "12"}


def test_columns_of_one_article() -> None:
    raw, _ = made(wrap=20, columns=(("boat", 12, "  "),))
    first, second = raw.split("# 末班船改停")
    assert "  \n" not in first
    assert max(map(len, first.split("\n"))) > 18
    assert {len(line) for line in second.split("\n") if line.endswith("  ")} <= {12, 13, 14, 15}


def test_each_box_in_its_own_setting() -> None:
    raw, gold = made(*BOXES, box_sets=(("**", 5, ""), ("## ", 0, "  ")), box_gap=" ")
    assert "**什么是 “夜航”**\n\n**夜航**  \n日落以后，\n土埠口8点\n开船\n" in raw
    assert "## 三个不等\n\n**不等**  \n不等天亮  \n不等人齐\n" in raw
    assert gold["sidebars"][1]["entries"] == [{"label": "不等", "items": ["不等天亮", "不等人齐"]}]


def test_a_box_title_has_one_gap_where_two_meet() -> None:
    raw, gold = made(*BOXES, box_gap=" ")
    assert "什么是 “夜航”" in raw
    assert "  “" not in raw
    assert gold["sidebars"][0]["title"] == "什么是“夜航”"


def test_a_misplaced_paragraph_keeps_its_place_in_the_gold() -> None:
    raw, gold = made(misplaced=(("lamp", 1, "boat", 0),))
    assert raw.split("\n\n")[-2:] == [OTHER, LONG[::-1] + "\n"]
    assert [block["text"] for block in gold["articles"][0]["blocks"]] == [LONG, OTHER]
    assert [block["text"] for block in gold["articles"][1]["blocks"]] == [OTHER[::-1], LONG[::-1]]


def test_one_sentence_torn_by_two_boxes() -> None:
    raw, gold = made(*BOXES, tears=(("lamp", 0, "box+box", "word"),))
    chunks = raw.split("\n\n")
    at = chunks.index("## 什么是 “夜航”")
    assert chunks[at - 1] + chunks[at + 4] == LONG
    assert [torn["text"] for torn in gold["torn"]] == [LONG]


def test_a_paragraph_torn_into_three() -> None:
    raw, gold = made(*BOXES, tears=(("lamp", 0, "box/box", "word"),))
    chunks = raw.split("\n\n")
    first, second = chunks.index("## 什么是 “夜航”"), chunks.index("## 三个不等")
    assert chunks[first - 1] + chunks[first + 2] + chunks[second + 2] == LONG
    assert len(gold["torn"]) == 1


def test_tears_in_quotations_held_to_the_middle() -> None:
    text = "“四面八方的来客都住下了。”" + LONG
    middle = range(len(text) // 4, len(text) * 3 // 4 + 1)
    assert min(cut_points(text, "quote")) < middle[0]
    assert set(cut_points(text, "quote", middle=True)) <= set(middle)
    assert cut_points(text, "quote", middle=True)


def test_furniture_that_strayed_and_a_kicker_below_the_title() -> None:
    raw, gold = made(
        strays=(("lamp", -1, "责任编辑：何畏"), ("lamp", 1, "热线：0000-1")),
        kicker_below=("lamp",),
        kicker_heads=("lamp",),
    )
    assert raw.startswith("# 8盏路灯 何日修好\n\n责任编辑：何畏\n\n## 人民来信\n\n河堤上")
    assert f"热线：0000-1\n\n{OTHER}" in raw
    assert [line["text"] for line in gold["furniture"]] == ["责任编辑：何畏", "热线：0000-1"]


def test_a_displaced_title_may_have_lost_its_mark() -> None:
    raw, gold = made(displaced=("boat",), displaced_plain=True)
    assert raw.endswith("\n\n末班船改停\n")
    assert made(displaced=("boat",))[0].endswith("\n\n# 末班船改停\n")
    assert gold["articles"][1]["title"] == "末班船改停"


def test_an_abstract_of_several_paragraphs(tmp_path: Any) -> None:
    (tmp_path / "a.txt").write_text(
        "=== a\ntitle 甲\nabstract 一。\nabstract 二。\n--\n三。\n", encoding="utf-8"
    )
    _, gold = scramble(Plan("a", ("a",), "T"), stories.load(tmp_path / "a.txt"))
    assert [entry["text"] for entry in gold["sidebars"][0]["entries"]] == ["一。", "二。"]


def test_numbers_slip_as_a_whole_and_mild_slips_leave_quotes_and_shapes_alone() -> None:
    text = "大桥1200米，老人说“已经看到了”，工期38天。" * 9
    strong = [misread(text, random.Random(seed), 0.02, mild=False) for seed in range(9)]
    mild = [misread(text, random.Random(seed), 0.02, mild=True) for seed in range(9)]
    assert any("１２００" in slip for slip, _ in strong)
    assert not any("１200" in slip for slip, _ in [*strong, *mild])
    assert any('"' in slip for slip, _ in strong)
    assert not any(set(slip) & set('"犬入己') for slip, _ in mild)
    for slip, extra in mild:
        assert len(bare(slip)) == len(bare(text)) + len(extra)


def test_columns_by_count_and_the_first_line_of_an_entry() -> None:
    assert wrapped("工期38天，老人说好", 6) == ["工期38天，老", "人说好"]
    assert wrapped("工期38天，老人说好", 6, by_count=True) == ["工期38天，", "老人说好"]
    raw, _ = made(*BOXES, box_wrap=6, box_indent=2)
    assert "**夜航**  \n日落以后，  \n土埠口8点开  \n船" in raw


def test_boxes_strewn_between_paragraphs_and_in_tears() -> None:
    boxes = (*BOXES, Part("caption", "路灯下。 何清 摄"))
    for seed in range(6):
        raw, gold = made(
            *boxes, strewn=True, seed=seed, tears=(("lamp", 0, "box", "word"),), later_mark="## "
        )
        titles = sorted(box["title"] for box in gold["sidebars"])
        assert titles == ["三个不等", "什么是“夜航”"]
        torn = gold["torn"][0]
        left, right = raw.index(torn["left_tail"]), raw.index(torn["right_head"])
        assert sum(left < raw.index(mark) < right for mark in ("不等人齐", "日落以后")) == 1
        assert "## 末班船改停" in raw
        assert raw.index("路灯下") > right
    bare_page, gold = made(*boxes, strewn=True, bare=True)
    assert "夜航" not in bare_page
    assert gold["captions"] == []


def test_furniture_before_a_kicker_and_a_title_and_frayed_pages() -> None:
    strays = (("lamp", -3, "本报热线"), ("lamp", -2, "第3版"))
    raw, _ = made(strays=strays)
    assert raw.startswith("本报热线\n\n人民来信\n\n第3版\n\n# 8盏路灯")
    pages = {made(frayed=True, tears=(("lamp", 0, "column", "word"),), seed=seed)[0] for seed in range(8)}
    assert len({page.count("\n") for page in pages}) > 1
