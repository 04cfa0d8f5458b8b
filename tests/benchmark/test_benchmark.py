"""The benchmark itself: pages are what the plans make, the gold scores 1, damage scores less."""

import json
from typing import Any

import pytest

from . import headlines, readme, sample, stories
from .baselines import BASELINES
from .damage import doubled, hyphenated, letter_spaced, printed, radicals, wrapped
from .folding import bare, fold, loose, unmarked
from .outcome import Outcome, Printed
from .outcome import read as read_outcome
from .printer import PAGES, SPLITS, pages
from .score import COLUMNS, score
from .scramble import scramble


def perfect(gold: dict[str, Any]) -> Outcome:
    """The outcome of a reader without fault, built from the gold itself."""
    out = Outcome(markdown="\n".join(_texts(gold)))
    for box in gold["sidebars"]:
        name = box["id"]
        out.blocks.append(Printed("heading", box["title"], 3, box=name))
        for entry in box["entries"]:
            for text in [entry.get("label"), entry.get("text"), *(entry.get("items") or ())]:
                out.blocks += [Printed("para", text, box=name)] if text else []
    from .outcome import Found

    for article in gold["articles"]:
        key = article["id"]
        out.blocks.append(Printed("heading", article["title"], 1, article=key))
        for name in ("byline", "dateline", "jump", "continued_from"):
            if line := article[name]:
                values = [line["raw"], line.get("to", ""), line.get("from", "")]
                out.meta.append(Found(f"articles.{name}", " ".join(values), key + name))
        for block in article["blocks"]:
            kind = "heading" if block["type"] == "heading" else "para"
            out.blocks.append(Printed(kind, block["text"], 2, article=key))
    return out


def _texts(gold: dict[str, Any]) -> list[str]:
    found: list[str] = list(gold["neutral_texts"]) + [c["text"] for c in gold["captions"]]
    for article in gold["articles"]:
        found += [article["title"], (article["kicker"] or {}).get("text", "")]
        found += [b["text"] for b in article["blocks"]]
        lines = [line for k in ("byline", "dateline") if (line := article[k])]
        found += [line["raw"] for line in lines if line["position"] in {"own", "head", "tail"}]
    for box in gold["sidebars"]:
        found.append(box["title"])
        for entry in box["entries"]:
            found += [entry.get("label") or "", entry.get("text") or "", *(entry.get("items") or ())]
    return found


ALL = [(split, name, raw, gold) for split in SPLITS for name, raw, gold in pages(split)]
ids = [case[1] for case in ALL]


@pytest.mark.parametrize(("split", "name", "raw", "gold"), ALL, ids=ids)
def test_pages_on_disk_are_what_the_plans_make(split: str, name: str, raw: str, gold: dict[str, Any]) -> None:
    assert (PAGES / split / f"{name}.raw.md").read_bytes().decode("utf-8") == raw
    assert json.loads((PAGES / split / f"{name}.gold.json").read_text(encoding="utf-8")) == gold


@pytest.mark.parametrize(("split", "name", "raw", "gold"), ALL, ids=ids)
def test_a_reader_without_fault_scores_one(split: str, name: str, raw: str, gold: dict[str, Any]) -> None:
    scores = score(gold, raw, perfect(gold))
    allowed = {"loss": 100.0, "gain": 100.0} if "radicals" in name else {"loss": 0.0, "gain": 0.0}
    for column in COLUMNS:
        value = scores[column]
        if column in allowed:
            assert value is not None and value <= allowed[column]
        elif column != "overall":
            assert value in {None, 1.0}, column


def test_there_are_enough_pages_and_no_story_is_in_both_splits() -> None:
    per_split = {s: [gold for split, _, _, gold in ALL if split == s] for s in SPLITS}
    assert all(len(golds) >= 30 for golds in per_split.values())
    titles = [{a["title"] for gold in golds for a in gold["articles"]} for golds in per_split.values()]
    assert len(set().union(*titles)) == sum(map(len, titles))


GOLD: dict[str, Any] = {
    "articles": [
        {
            "id": "a1",
            "title": "两岸通勤缩短四十分钟",
            "byline": {"raw": "本报记者 祁连", "authors": ["祁连"], "agency": "本报"},
            "blocks": [
                {"type": "para", "text": "大桥今天合龙，误差只有一点五毫米。"},
                {"type": "para", "text": "年底通车以后，沿线的村庄将告别轮渡。"},
            ],
        }
    ],
    "sidebars": [
        {
            "id": "s1",
            "type": "definition",
            "title": "名词解释",
            "entries": [{"label": "合龙", "text": "从两端向中间施工的工程最后接合。"}],
        }
    ],
    "furniture": [{"text": "责任编辑：何畏"}],
    "torn": [{"text": "大桥今天合龙，误差只有一点五毫米。"}],
}
RAW = """# 两岸通勤缩短四十分钟

本报记者 祁连

大桥今天合龙，误差只

名词解释

合龙：从两端向中间施工的工程最后接合。

有一点五毫米。

年底通车以后，沿线的村庄将告别轮渡。

责任编辑：何畏
"""
MENDED = """---
articles:
  - byline: 本报记者 祁连
    author: 祁连
ledger:
  - {op: drop, text: 责任编辑：何畏, reason: furniture}
---

# 两岸通勤缩短四十分钟

大桥今天合龙，误差只有一点五毫米。

::: box
名词解释

合龙
:   从两端向中间施工的工程最后接合。
:::

年底通车以后，沿线的村庄将告别轮渡。
"""

CHANGES: list[tuple[str, str, str, str]] = [
    ("a character lost", "告别轮渡", "告轮渡", "loss"),
    ("a character invented", "告别轮渡", "永远告别轮渡", "gain"),
    ("a paragraph split", "告别轮渡", "告别\n\n轮渡", "paragraphs"),
    ("a space inside a heading", "通勤缩短", "通勤 缩短", "gaps"),
    ("a heading lost", "# 两岸", "两岸", "headings"),
    ("furniture in the text", "告别轮渡。\n", "告别轮渡。\n\n责任编辑：何畏\n", "furniture"),
    ("a tear not mended", "误差只有", "误差只\n\n有", "torn"),
    ("an entry changed", "从两端向中间", "从两端 向中间", "entries"),
    ("the box not set apart", "::: box", "::: section", "boxes"),
    ("the author not named", "author: 祁连", "editor: 祁连", "byline"),
]


def test_mended_page_scores_one() -> None:
    scores = score(GOLD, RAW, read_outcome(MENDED))
    assert {c: scores[c] for c in COLUMNS if scores[c] not in {None, 1.0}} == {"loss": 0.0, "gain": 0.0}


@pytest.mark.parametrize(("old", "new", "column"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_every_fault_costs_its_column(old: str, new: str, column: str) -> None:
    assert MENDED.count(old) >= 1
    changed = MENDED.replace("  - byline: 本报记者 祁连\n", "") if column == "byline" else MENDED
    scores = score(GOLD, RAW, read_outcome(changed.replace(old, new)))
    value = scores[column]
    assert value is not None
    assert value > 0 if column in {"loss", "gain"} else value < 1


def test_declared_drops_are_no_loss() -> None:
    cut = MENDED.replace("告别轮渡", "告轮渡")
    assert score(GOLD, RAW, read_outcome(cut))["loss"]
    assert score(GOLD, RAW, read_outcome(cut, [{"op": "drop", "text": "别"}]))["loss"] == 0.0
    changed = MENDED.replace("告别轮渡", "告別輪渡")
    assert score(GOLD, RAW, read_outcome(changed))["gain"]
    told = [{"op": "replace", "text": "别轮", "to": "別輪"}]
    assert score(GOLD, RAW, read_outcome(changed, told))["gain"] == 0.0


def test_order_and_attachment() -> None:
    lines = MENDED.split("\n\n")
    swapped = "\n\n".join([lines[0], lines[1], lines[-1], lines[2]])
    assert score(GOLD, RAW, read_outcome(swapped))["order"] == 0.0
    under_another = MENDED.replace("# 两岸通勤缩短四十分钟", "") + "\n# 两岸通勤缩短四十分钟\n"
    assert score(GOLD, RAW, read_outcome(under_another))["attached"] == 0.0


@pytest.mark.parametrize("split", SPLITS)
def test_drawn_pages_are_the_same_for_the_same_seed_and_have_a_sound_gold(split: str) -> None:
    told = stories.of_split(split)
    plans = list(sample.draw(split, told, 40, 3))
    assert plans == list(sample.draw(split, told, 40, 3)) != list(sample.draw(split, told, 40, 4))
    for plan in plans:
        raw, gold = scramble(plan, told)
        assert (raw, gold) == scramble(plan, told)
        scores = score(gold, raw, perfect(gold))
        for column in set(COLUMNS) - {"loss", "gain", "overall"}:
            assert scores[column] in {None, 1.0}, (plan.id, column)
        if not plan.radicals:
            assert (scores["loss"], scores["gain"]) == (0.0, 0.0), plan.id


@pytest.mark.parametrize("name", readme.READMES)
def test_the_table_of_the_readme_has_all_rows_and_columns(name: str) -> None:
    text = (readme.ROOT / name).read_text(encoding="utf-8")
    heads, names = readme.READMES[name]
    table = text.split("<!-- repair:")[1].split("<!-- /repair -->")[0]
    assert "| " + " | ".join(heads) + " |" in table
    for system in (*BASELINES, "npp-publish"):
        assert f"\n| {names.get(system, system)} |" in table


def test_headline_gaps() -> None:
    for split in headlines.SPLITS:
        kept = list(headlines.gaps(split, headlines.keep_all))
        closed = list(headlines.gaps(split, lambda marked: headlines.keep_all(marked).replace(" ", "")))
        perfect_ = list(headlines.gaps(split, lambda marked: printed(marked)[1]))
        assert all(gap.right for gap in perfect_)
        assert all(a.right != b.right for a, b in zip(kept, closed, strict=True))
        assert 0.25 < sum(gap.right for gap in kept) / len(kept) < 0.75
    assert not set(headlines.load("dev")) & set(headlines.load("held"))


def test_folding() -> None:
    assert fold("用 AI 写 稿\n3 篇") == "用AI写 稿 3篇".replace(" 3", "3")
    assert bare("“Ａ”　—１") == '"A"-l'
    assert loose("好，，吗？？") == "好,吗?"
    assert bare(unmarked("## 首&#x200B;页\n")) == "首页"


def test_damage() -> None:
    assert letter_spaced("老厂 新生") == "老 厂  新 生"
    assert doubled("新 生") == "新新 生生"
    assert radicals("长见") == "⻓⻅"
    assert printed("甲：|乙~丙|丁") == (("甲：", "乙", "丙", "丁"), "甲：乙丙 丁")
    lines = wrapped("他说：“今天下午三点二十分在12345热线办公室见面。”", 6)
    assert "".join(lines) == "他说：“今天下午三点二十分在12345热线办公室见面。”"
    assert not any(line[0] in "，。”" or line[-1] in "“" for line in lines)
    import random

    kept = hyphenated("a reconstruction of embankments " * 9, 12, random.Random(1), keep=True)
    assert any(line.endswith("-") for line in kept)


@pytest.mark.slow
def test_pages_printed_in_columns_are_read_from_their_text_layer() -> None:
    from benchmark.__main__ import PAGES, ours
    from benchmark.printed import read_back

    found = [scores for _, _, scores in read_back(PAGES / "dev", "newspaper", ours, 12)]
    assert len(found) >= 8  # Korean lines parted in words cost most, and which pages are drawn changes
    for column, floor in (("paragraphs", 0.85), ("boxes", 0.9), ("bounds", 0.9), ("loss", 0.0)):
        values = [value for scores in found if (value := scores[column]) is not None]
        mean = sum(values) / len(values)
        assert mean == 0 if column == "loss" else mean >= floor, column
