"""Gaps in headlines: the signals, and how well they read; the network is in test_cadence.py."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark import headlines
from npp_publish.compose import normalize
from npp_publish.model import plain
from npp_publish.repair import headgap, seam
from npp_publish.repair.cadence import read
from npp_publish.repair.seam import Weight, signals, weigh
from npp_publish.source import from_text

CLOSING = ("a quotation is open", "the dash is the pause", "the comma is the pause")


@pytest.mark.parametrize(
    ("left", "right", "why"),
    [
        ("第三章", "监督检查", "a number and its title"),
        ("记者手记", "那盏灯还亮着", "the left side names a column"),
        ("让老城留住乡愁", "江城历史街区保护调查", "the right side names the kind of article"),
        ("涨价的理由在哪？", "商家这样说", "the left clause has a final mark"),
        ("大蒜丰收遇“价跳”", "蒜农：卖还是存？", "the right side begins with who speaks"),
        ("北原农产品批发市场行情", "（6月13日", "a remark in brackets"),
        ("方言节目的传播困境", "——以三档栏目为例", "the dash is the pause"),
        ("城市供水管理办法", "第十二号", "a title and the number of its issue"),
        ("梭子蟹丰收了，", "船老大却犯了愁", "the comma is the pause"),
        ("他把“绿水青山", "就是金山银山”写在村口", "a quotation is open"),
    ],
)
def test_form_speaks_louder_than_the_cadence(left: str, right: str, why: str) -> None:
    scale = weigh(left, right)
    assert (scale.total > 0) == (why in CLOSING)
    assert why in [weight.why for weight in scale.weights]


def test_signals_are_named_and_of_some_weight() -> None:
    found = signals("一江碧水", "两岸新城", -1.0)
    assert all(weight.value and weight.why for weight in found)
    assert weigh("一江碧水", "两岸新城", [Weight(99.0, "told so")]).why == "told so"
    assert seam.Scale(()).why == "no signal"


def title(text: str) -> str:
    page = f"# {text}\n\n本报记者 何清\n\n"
    page += "记者近日在采访中了解到，有关工作正在按计\n划推进，各方面反应积极，大家都说这件事办\n得好。\n"
    return plain(normalize(from_text(page)).edition.articles[0].title)


def test_what_is_surely_closed_belongs_to_the_phrase_beside_it() -> None:
    read_as = title("省委书记在调研时强调 以一流的 人才生态 集聚一流人才")
    assert read_as.startswith("省委书记在调研时强调 以一流的人才生态")


def test_three_lines_do_not_make_one_long_phrase() -> None:
    weights = [Weight(value, "told so") for value in (3.0, 0.5, 2.0)]
    text = "平澜陆港开港三年 货运量又翻了两番 全省外贸企业 都来看一看"
    gaps = [
        headgap._Gap(found, seam.Scale((weight,)))
        for found, weight in zip(headgap._SPACES.finditer(text), weights, strict=True)
    ]
    rested = headgap._rested(text, gaps)
    assert [headgap._total(gap) > headgap._CLOSE for gap in rested] == [True, False, True]
    short = [replace(gap, scale=seam.Scale((Weight(1.0, "told so"),))) for gap in gaps]
    assert headgap._rested("一 二 三 四", short) == short


def share(split: str, step: int) -> float:
    marked = headlines.load(split)[::step]
    right = total = 0
    for line in marked:
        parts, marks = re.split("[|~]", line), re.findall("[|~]", line)
        for n, heard in enumerate(read(*parts)):
            left, other = re.split("[：:]", parts[n])[-1], re.split("[：:]", parts[n + 1])[0]
            if left and other:
                total += 1
                right += (weigh(left, other, (), heard).total > headgap._CLOSE) == (marks[n] == "~")
    return right / total


def test_headlines_apart_from_the_training_are_read_well() -> None:
    assert share("held", 6) >= 0.84


@pytest.mark.slow
def test_all_headlines() -> None:
    assert share("held", 1) >= 0.875
    assert share("dev", 1) >= 0.90


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_two_phrases_are_weighed(left: str, right: str) -> None:
    assert weigh(left, right).total == weigh(left, right).total
