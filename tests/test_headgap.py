"""Gaps in headlines: the network in whole numbers, the signals, and how well they read."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from math import exp, tanh

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmark import headlines
from npp_publish.compose import normalize
from npp_publish.model import plain
from npp_publish.repair import cadence, seam
from npp_publish.repair.cadence import TAGS, _pack, _unpack, _weighted, features, read
from npp_publish.repair.seam import Weight, signals, weigh
from npp_publish.source import from_text

WEIGHTS = st.integers(-32768, 32767)


@settings(max_examples=40)
@given(st.data())
def test_a_packed_product_is_the_product_of_each_lane(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(1, 12))
    units = data.draw(st.integers(1, 9))
    rows = [data.draw(st.lists(WEIGHTS, min_size=units, max_size=units)) for _ in range(inputs)]
    values = data.draw(st.lists(st.integers(-4096, 4096), min_size=inputs, max_size=inputs))
    packed = _weighted(values, [_pack(array("i", row)) for row in rows])
    plain = [sum(v * row[n] for v, row in zip(values, rows, strict=True)) for n in range(units)]
    assert _unpack(packed, units) == plain


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_read_at_each_of_its_places(text: str) -> None:
    plain, classes = features(text)
    assert len(plain) == len(classes)
    assert all(1 <= one <= 4 * len(TAGS) for one in classes)
    for place in range(1, len(plain)):
        assert read(text, place) == read(text, place)


def test_no_sum_leaves_the_curves() -> None:
    network = cadence._network()
    assert network is not None

    def most(rows: Sequence[int], lanes: int, one: int) -> float:
        unpacked = [_unpack(row, lanes) for row in rows]
        return max(sum(abs(row[n]) for row in unpacked) for n in range(lanes)) * one / 256

    lanes = 3 * network.units
    for enter, recur in zip(network.enter, network.recur, strict=True):
        assert most(enter, lanes, 4) + most(recur, lanes, 1) + 2 < 128  # inputs up to 4, states up to 1
    assert most(network.judge, len(network.out), 1) + 2 < 128


def test_the_curves_are_those_of_the_books() -> None:
    sigmoid, squash = cadence._curves()
    assert len(sigmoid) == len(squash) == 2 * cadence._EDGE
    for n in (-30000, -2049, -2048, -700, -1, 0, 1, 700, 2047, 2048, 30000):
        assert abs(sigmoid[n] / 4096 - 1 / (1 + exp(-n / 256))) < 0.001
        assert abs(squash[n] / 4096 - tanh(n / 256)) < 0.001


def test_marks_are_where_a_reader_pauses() -> None:
    text = "抓好生产促增收记者走进田间"
    heard = {place: read(text, place) for place in range(1, len(text))}
    assert min(heard, key=heard.__getitem__) == len("抓好生产促增收")


def test_traditional_characters_are_read_as_the_simplified() -> None:
    assert read("開幕典禮昨舉行", 4) == read("开幕典礼昨举行", 4)


def test_without_the_file_the_other_signals_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cadence, "_network", lambda: None)
    signals.cache_clear()
    assert read("让城市留住记忆", 3) == 0
    assert weigh("两岸青年的", "文化之旅").total > 0
    assert weigh("第一章", "总则").total < 0
    signals.cache_clear()


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
        ("他把“绿水青山", "就是金山银山”写在村口", "a quotation is open"),
    ],
)
def test_form_speaks_louder_than_the_cadence(left: str, right: str, why: str) -> None:
    scale = weigh(left, right)
    assert (scale.total > 0) == (why in ("a quotation is open", "the dash is the pause"))
    assert why in [weight.why for weight in scale.weights]


def test_signals_are_named_and_of_some_weight() -> None:
    found = signals("一江碧水", "两岸新城")
    assert all(weight.value and weight.why for weight in found)
    assert weigh("一江碧水", "两岸新城", [Weight(99.0, "told so")]).why == "told so"
    assert seam.Scale(()).why == "no signal"


def title(text: str) -> str:
    page = f"# {text}\n\n本报记者 何清\n\n记者近日在采访中了解到，有关工作正在按计划推进。\n"
    return plain(normalize(from_text(page)).edition.articles[0].title)


def test_what_is_surely_closed_belongs_to_the_phrase_beside_it() -> None:
    read_as = title("省委书记在调研时强调 以一流的 人才生态 集聚一流人才")
    assert read_as.startswith("省委书记在调研时强调 以一流的人才生态")


def share(split: str, step: int) -> float:
    marked = headlines.load(split)[::step]
    right = total = 0
    for line in marked:
        parts = re.split(r"([|~])", line)
        for n in range(1, len(parts), 2):
            left, other = re.split("[：:]", parts[n - 1])[-1], re.split("[：:]", parts[n + 1])[0]
            if left and other:
                total += 1
                right += (weigh(left, other).total > 0.25) == (parts[n] == "~")
    return right / total


def test_headlines_apart_from_the_training_are_read_well() -> None:
    assert share("held", 6) >= 0.80


@pytest.mark.slow
def test_all_headlines() -> None:
    assert share("held", 1) >= 0.82
    assert share("dev", 1) >= 0.88


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_any_two_phrases_are_weighed(left: str, right: str) -> None:
    assert weigh(left, right).total == weigh(left, right).total
