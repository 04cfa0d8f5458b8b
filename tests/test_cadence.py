"""The cadence: large numbers as tables, the build of two phrases, the network over both."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, tanh
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_publish.repair import cadence
from npp_publish.repair.balance import COUNT, ONE, measure
from npp_publish.repair.cadence import TAGS, beside, kind, places, plain, read, spoken
from npp_publish.repair.forme import TOP, Forme, pack, tops, weighted
from npp_publish.repair.seam import weigh

WEIGHTS = st.integers(-32768, 32767)
PHRASES = st.text(min_size=1, max_size=20)


# --------------------------------------------------------------------------- the forme


@settings(max_examples=40)
@given(st.data())
def test_a_packed_product_is_the_product_of_each_lane(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(1, 12))
    units = data.draw(st.integers(1, 9))
    rows = [
        data.draw(st.lists(st.integers(-2048, 2048), min_size=units, max_size=units)) for _ in range(inputs)
    ]
    values = data.draw(st.lists(st.integers(-256, 256), min_size=inputs, max_size=inputs))
    found = tops(weighted(values, map(pack, rows)), units)
    exact = [sum(v * row[n] for v, row in zip(values, rows, strict=True)) for n in range(units)]
    assert found == [TOP + ((value + (1 << 7)) >> 8) for value in exact]


@settings(max_examples=40)
@given(st.lists(st.lists(WEIGHTS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_a_table_in_a_file_is_the_table(rows: list[list[int]]) -> None:
    data = b"".join((value + TOP).to_bytes(2, "little") for row in rows for value in row)
    assert Forme(data).packed(len(rows), 3) == [pack(row) for row in rows]


def test_lines_bytes_and_numbers_follow_each_other() -> None:
    forme = Forme(b"3 7\n\x01\xff\x02\x80\xfe\xff\xff\xff")
    assert forme.line() == b"3 7"
    rows = forme.rows(2, 2)
    assert (rows[0], rows[1]) == ([1, -1], [2, -128])
    assert forme.numbers(1) == [-2]
    with pytest.raises(ValueError, match="ends within a table"):
        forme.numbers(1)


# --------------------------------------------------------------------------- the balance


def test_halves_of_the_same_build_are_told_from_a_phrase() -> None:
    def found(left: str, right: str) -> list[int]:
        one, two = spoken((left, right))
        return measure((one, [kind(w) for w in one]), (two, [kind(w) for w in two]))

    even, odd = found("守初心", "担使命"), found("全省农村工作会议", "在省城召开")
    assert even[4] == ONE  # as long as each other
    assert odd[4] == 0
    assert odd[3] > 0  # the left side is longer
    assert found("谁执法", "谁普法")[19] > 0  # the same characters at the same places


@settings(max_examples=60, deadline=None)
@given(PHRASES, PHRASES)
def test_the_balance_of_any_two_phrases_has_its_numbers_within_bounds(left: str, right: str) -> None:
    one, two = spoken((left, right))
    found = measure((one, [kind(w) for w in one]), (two, [kind(w) for w in two]))
    assert len(found) == COUNT
    assert all(-ONE <= number <= ONE for number in found)


# --------------------------------------------------------------------------- the network


@settings(max_examples=60, deadline=None)
@given(PHRASES, PHRASES)
def test_any_two_phrases_are_read_alike_each_time(left: str, right: str) -> None:
    one, two = spoken((left, right))
    assert (sum(map(len, one)), sum(map(len, two))) == (len(left), len(right))
    assert all(one) and all(two)
    heard = read(left, right)
    cadence._entry.cache_clear()
    read.cache_clear()
    assert read(left, right) == heard
    assert len(heard) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(PHRASES, min_size=1, max_size=5))
def test_a_heading_has_a_verdict_for_each_gap(parts: list[str]) -> None:
    words = spoken(parts)
    assert [sum(map(len, each)) for each in words] == list(map(len, parts))
    assert len(read(*parts)) == len(parts) - 1


def test_what_stands_beside_a_gap_ends_at_a_colon() -> None:
    words = spoken(("市民：路灯", "亮了", "店家：多亏有你"))
    assert ["".join(side) for side in beside(words, 0)] == ["路灯", "亮了"]
    assert beside(words, 1)[1] == ("店家",)
    assert read("市人大代表沈青：", "路灯亮了") == (0.0,)


def test_the_rest_of_a_heading_is_heard_too() -> None:
    assert read("钱要花在刀刃上", "更要", "管到刀把上")[1] != read("更要", "管到刀把上")[0]


def test_a_word_across_the_gap_is_divided() -> None:
    assert spoken(("让城市留住记", "忆")) == [("让", "城市", "留住", "记"), ("忆",)]
    assert spoken(("一江碧水", "两岸新城"))[1][0] == "两岸"


def test_numbers_and_latin_letters_are_alike() -> None:
    assert plain("5G") == "0a"
    assert places("2024年", "年0", 64) == places("2031年", "年0", 64)
    assert all(1 <= places(word, "", 64)[3] <= 4 * len(TAGS) for word in ("发展", "5G", "“", "的", "\ufffd"))


def test_no_sum_leaves_its_lane_or_the_curves() -> None:
    network = cadence._network()
    assert network is not None

    def lanes(row: int, count: int) -> list[int]:
        raised = row + pack([TOP] * count)
        return [(raised >> (24 * n)) % (1 << 24) - TOP for n in range(count)]

    def most(rows: Sequence[int], count: int, ones: Sequence[float]) -> float:
        """The largest sum with inputs up to `ones`."""
        totals = [0.0] * count
        for row, one in zip(rows, ones, strict=True):
            totals = [
                total + abs(value) * one for total, value in zip(totals, lanes(row, count), strict=True)
            ]
        return max(totals) / (1 << 8)

    units = network.units
    inputs: list[float] = []
    counts = (network.buckets, len(network.characters) + 2, len(network.characters) + 2, 4 * len(TAGS) + 1)
    for table, count in zip(network.tables, counts, strict=True):
        columns = zip(*(table[row] for row in range(count)), strict=True)
        inputs += [max(map(abs, column)) / 32 for column in columns]
    states = [1.0] * units
    for way in network.directions:  # a lane holds sums below 128; what is new is a sum of two
        assert most(way.gates, 2 * units, inputs) + most(way.recur, 3 * units, states) + 2 < 128
        assert most(way.fresh, units, inputs) + 2 < 64
        assert most(way.recur, 3 * units, states) + 2 < 64
    assert most(network.judge, len(network.out), [1.0] * len(network.judge)) + 2 < 128


def test_the_curves_are_those_of_the_books() -> None:
    sigmoid, squash = cadence._curves()
    assert len(sigmoid) == len(squash) == 2 * TOP
    for n in (-32768, -4000, -2049, -2048, -700, -1, 0, 1, 700, 2047, 2048, 32767):
        assert abs(sigmoid[TOP + n] / 4096 - 1 / (1 + exp(-n / 256))) < 0.001
        assert abs(squash[TOP + n] / 4096 - tanh(n / 256)) < 0.001


def test_marks_are_where_a_reader_pauses() -> None:
    text = "抓好生产促增收记者走进田间"
    heard = {place: read(text[:place], text[place:])[0] for place in range(2, len(text) - 1)}
    assert min(heard, key=heard.__getitem__) == len("抓好生产促增收")


def test_traditional_characters_are_read_as_the_simplified() -> None:
    assert weigh("開幕典禮", "昨舉行") == weigh("开幕典礼", "昨举行")


@pytest.mark.parametrize("damage", [b"", b"cadence 2\n", b"cadence 3\n1 2 3\n"])
def test_without_a_fitting_file_the_other_signals_decide(
    damage: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cadence.bin").write_bytes(damage)
    monkeypatch.setattr(cadence, "__file__", str(tmp_path / "cadence.py"))
    for memory in (cadence._network, read):
        memory.cache_clear()
    try:
        assert read("让城市", "留住记忆") == (0.0,)
        assert weigh("两岸青年的", "文化之旅").total > 0
        assert weigh("第一章", "总则").total < 0
    finally:
        for memory in (cadence._network, read):
            memory.cache_clear()
