"""The composer's rules, with made-up widths: no engine, no fonts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_publish.typeset import characters as cc
from npp_publish.typeset import figures, phrases
from npp_publish.typeset.breaker import Measure
from npp_publish.typeset.composition import Composition
from npp_publish.typeset.justify import HAIR
from npp_publish.typeset.kinsoku import find_breaks
from npp_publish.typeset.paragraph import Options, Paragraph

EM = 10.0


def no_unicode_breaks(text: str, language: str) -> list[int]:
    return [0] * (len(text) + 1)


def paragraph(text: str, *, soft: dict[int, float] | None = None, **options: object) -> Paragraph:
    widths = {cc.LATIN: 0.5, cc.SPACE: 0.25, cc.MIDDOT: 0.5, cc.TRAILER: 0.8, cc.NEWLINE: 0.0}
    advance = [widths.get(kind, 1.0) * EM for kind in cc.kinds(text)]
    chosen = Options(**options)  # type: ignore[arg-type]
    count = len(text)
    return Paragraph(
        text, advance, [EM] * count, [chosen.autospace] * count, [False] * count, chosen, soft=soft or {}
    )


def composition(text: str, **options: object) -> Composition:
    return Composition(paragraph(text, **options), no_unicode_breaks)


def lines_of(comp: Composition, ems: float, *, justify: bool = True, balance: bool = False) -> list[str]:
    measure = Measure(ems * EM, ems * EM, justify, balance)
    start, lines = 0, []
    while start < len(comp.par):
        end = comp.break_after(start, ems * EM, measure)
        lines.append(comp.par.text[start:end])
        start = end
    return lines


# ------------------------------------------------------------------------------ characters


@pytest.mark.parametrize(
    ("character", "kind"),
    [
        ("国", cc.HAN), ("々", cc.HAN), ("〇", cc.HAN), ("𠮷", cc.HAN), ("か", cc.HAN),
        ("（", cc.OPEN), ("“", cc.OPEN), ("《", cc.OPEN), ("」", cc.CLOSE), ("’", cc.CLOSE),
        ("、", cc.COMMA), ("：", cc.COMMA), ("。", cc.STOP), ("？", cc.STOP), ("·", cc.MIDDOT),
        ("—", cc.DASH), ("⸺", cc.DASH), ("…", cc.ELLIPSIS), ("～", cc.CONNECTOR), ("／", cc.SOLIDUS),
        ("A", cc.LATIN), ("é", cc.LATIN), ("7", cc.LATIN), ("%", cc.TRAILER), (" ", cc.SPACE),
        ("(", cc.OTHER), ("\n", cc.NEWLINE),
    ],
)  # fmt: skip
def test_class_of_a_character(character: str, kind: int) -> None:
    assert cc.kinds(character) == [kind]


def test_a_dash_alone_is_a_connector() -> None:
    assert paragraph("京—沪").kind[1] == cc.CONNECTOR
    assert paragraph("京——沪").kind[1:3] == [cc.DASH, cc.DASH]


# ------------------------------------------------------------------------------ kinsoku


@pytest.mark.parametrize(
    ("level", "text", "places"),
    [
        ("gb", "中国人", [1, 2]),
        ("gb", "中，国", [2]),
        ("gb", "“中”国", [3]),
        ("gb", "中（国）", [1]),
        ("gb", "中国／人", [1]),
        ("basic", "中国／人", [1, 3]),
        ("gb", "中——国", [1, 3]),
        ("strict", "中——国", [3]),
        ("gb", "中……国", [3]),
        ("strict", "中……国", [3]),
        ("gb", "张·李", []),
        ("gb", "京—沪", [2]),
        ("gb", "中5%国", [1, 3]),
        ("gb", "中GDP国", [1, 4]),
        ("gb", "a b", [2]),
    ],
)
def test_where_a_line_may_break(level: str, text: str, places: list[int]) -> None:
    par = paragraph(text, kinsoku=level)
    flags = [int(k == 2 and text == "京—沪") for k in range(len(text) + 1)]
    breaks = find_breaks(par, lambda text, language: flags)
    assert breaks.places[:-1] == places
    assert breaks.places[-1] == len(text)


def test_unbreakable_runs_and_names_hold() -> None:
    par = paragraph("代表蓝庆华发言")
    par.nowrap = [0, 0, 1, 1, 1, 0, 0]
    assert find_breaks(par, no_unicode_breaks).places == [1, 2, 5, 6, 7]
    held = paragraph("代表蓝庆华发言")
    held.held = frozenset({3, 4})
    assert find_breaks(held, no_unicode_breaks).places == [1, 2, 5, 6, 7]


def test_between_two_unbreakable_runs_a_line_may_end() -> None:
    par = paragraph("代表蓝庆华发言")
    par.nowrap = [1, 1, 2, 2, 2, 2, 2]
    par.anywhere = True
    assert find_breaks(par, no_unicode_breaks).places == [2, 7]
    assert lines_of(Composition(par, no_unicode_breaks), 3) == ["代表", "蓝庆华发言"]


def test_the_rules_look_through_what_has_no_width() -> None:
    par = paragraph("国。\u200b”国\u200b人\u2060民")
    par.advance[2] = par.advance[5] = par.advance[7] = 0.0
    assert find_breaks(par, lambda text, language: [1] * (len(text) + 1)).places == [4, 6, 9]
    assert Composition(par, no_unicode_breaks).spacing.trail[1] == -5.0


def test_thousands_stay_together_where_the_line_can_bear_it() -> None:
    assert lines_of(composition("国国国国1 280国国国国国"), 6, justify=False)[0] == "国国国国"
    assert list(find_breaks(paragraph("计1 280 300吨2 28"), no_unicode_breaks).penalty) == [3, 7]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("拨打400-000-0000，", [6, 10]),
        ("编号QP2025-07。", [9]),
        ("2024-25", []),
        ("abc-12345678", []),
        ("COVID-19", []),
        ("储能业务出货9.8GWh，", [9]),
        ("5G网络、F35A战机、3D", []),
        ("共1,234,567元", [3, 7]),
        ("共34,567元", []),
        ("建设“4+5+M+N”", [5, 7, 9]),
        ("1+1", []),
        ("涨5%~8%", [4]),
        ("9.8GWh-2", []),
        ("证号YG20230417，", [6, 7, 8]),
        ("电话13800000000。", [6, 7, 8, 9]),
        ("代码600000", [5]),
        ("计28417元", []),
        ("ABCDEFGHIJKL", []),
    ],
)
def test_figures_are_parted_at_these_places_only(text: str, places: list[int]) -> None:
    assert sorted(figures.places(text)) == places


def test_a_figure_is_parted_only_where_its_line_would_fall_apart() -> None:
    def lines(ems: float) -> list[str]:
        text = "国国国国国国国国国19.8GWh国国国国国国国国"
        par = paragraph(text)
        par.figures = figures.places(text)
        return lines_of(Composition(par, no_unicode_breaks), ems)

    assert lines(13.5)[0] == "国国国国国国国国国19.8GWh"
    assert lines(12)[0] == "国国国国国国国国国19.8"
    assert lines(9.5)[0] == "国国国国国国国国国"


def test_a_newline_ends_a_line() -> None:
    assert find_breaks(paragraph("中国\n人民"), no_unicode_breaks).forced == [3, 5]


# ------------------------------------------------------------------------------ spacing


@pytest.mark.parametrize(
    ("run", "ems"),
    [
        ("。”", 1.5), ("，“", 1.5), ("、「", 1.5), ("）。", 1.5), ("）（", 1.5), ("”“", 1.5), ("’”", 1.5),
        ("：“", 1.5), ("“‘", 1.5), ("；）", 1.5), ("？！", 1.5),
        ("》、《", 1.5), ("、」「", 1.5), ("”、“", 1.5), ("）。”", 2.0), ("。”（", 1.5),
        ("——", 2.0), ("……", 2.0), ("（）", 2.0),
    ],
)  # fmt: skip
def test_marks_that_follow_each_other_are_squeezed(run: str, ems: float) -> None:
    comp = composition(f"国{run}国")
    assert comp.width(0, len(run) + 2) / EM - 2 == pytest.approx(ems)


def test_han_and_latin_stand_a_quarter_em_apart() -> None:
    assert composition("国A国").width(0, 3) / EM == pytest.approx(3.0)
    assert composition("国5%国").width(0, 4) / EM == pytest.approx(3.8)
    assert composition("国 A国").width(0, 4) / EM == pytest.approx(3.0), "a space is space enough"
    assert composition("（A）").width(0, 3) / EM == pytest.approx(1.5), "marks bring their own blank"
    assert composition("国A国", autospace=0.0).width(0, 3) / EM == pytest.approx(2.5)


def test_an_interpunct_takes_half_an_em() -> None:
    par = paragraph("张·李")
    par.advance[1] = EM
    assert Composition(par, no_unicode_breaks).width(0, 3) / EM == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("text", "room", "given"),
    [
        # Words first, then brackets, then pauses, then Han and Latin, then stops (clreq 3.5.3).
        ("国（国，国A国。国", -5.0, {1: "left"}),
        ("国（国，国A国。国", -8.0, {1: "left", 3: "right"}),
        ("国，国A国。国", -6.0, {1: "right", 2: "right", 3: "right"}),
        ("国，国A国。国", -9.0, {1: "right", 2: "right", 3: "right", 5: "right"}),
    ],
)
def test_lines_are_pushed_in_step_by_step(text: str, room: float, given: dict[int, str]) -> None:
    comp = composition(text)
    natural = comp.width(0, len(text))
    line = comp.set_line(0, len(text), natural + room, Measure(natural + room, 0, True, False, True))
    base = comp.spacing
    changed = {}
    for k in range(len(text) - 1):
        if line.left[k] < base.lead[k] - comp.edges.head[k] * (k == 0) - base.lead[k] * (k == 0) - 1e-9:
            changed[k] = "left"
        if line.right[k] < base.trail[k] + base.autogap[k] - 1e-9:
            changed[k] = "right"
    assert changed == given


def test_lines_are_opened_spaces_first_then_evenly() -> None:
    comp = composition("国A国 b国国")
    line = comp.set_line(0, 7, comp.width(0, 7) + 2.0, Measure(0, 0, True, False, True))
    assert line.right[3] == pytest.approx(2.0), "the word space takes what it can"
    comp = composition("国国——国国")
    line = comp.set_line(0, 6, comp.width(0, 6) + 4.0, Measure(0, 0, True, False, True))
    assert line.right == pytest.approx([1.0, 1.0, 0.0, 1.0, 1.0, 0.0]), "a dash is not opened"


def test_the_gaps_between_han_and_latin_grow_to_a_half_before_those_between_han() -> None:
    comp = composition("国国A国国国国国国")
    natural = comp.width(0, 9)

    def gaps(room: float) -> tuple[float, float]:
        line = comp.set_line(0, 9, natural + room, Measure(0, 0, True, False, True))
        return line.right[1] / EM, line.right[0] / EM

    assert gaps(1.0) == pytest.approx((0.30, 0.0), abs=0.01)
    assert gaps(6.2) == pytest.approx((0.49, 0.02), abs=0.01)
    assert gaps(8.0)[0] == pytest.approx(0.49)
    assert gaps(25.0)[0] == pytest.approx(0.49), "but not beyond"
    wide, han = gaps(80.0)
    assert wide > 1 and han > 0.5, "a line that falls apart opens everywhere"


def test_a_line_too_long_by_a_hair_is_closed_up() -> None:
    text = "国" * 11 + "19年" + "国" * 9
    assert lines_of(composition(text), 12.05)[0] == "国" * 11 + "19", "pushed in, it is still .07 em too long"
    assert lines_of(composition(text), 11.9)[0] == "国" * 11, "better than .02 em is to open it by .08 em"
    line = composition("国" * 11 + "19").set_line(0, 13, 120.7, Measure(0, 0, True))
    assert min(line.right[:10]) == pytest.approx(-0.0055 * EM, abs=1e-4)


# ------------------------------------------------------------------------------ edges


def test_marks_at_both_ends_take_half_an_em() -> None:
    comp = composition("“国国，国")
    assert comp.width(0, 4) / EM == pytest.approx(3.0)
    assert composition("“国国，国", start="full").width(0, 4) / EM == pytest.approx(3.5)
    assert composition("“国国，国", start="first-full").width(0, 4) / EM == pytest.approx(3.5)
    assert composition("“国国，国", hang="comma").width(0, 4) / EM == pytest.approx(2.5)
    assert composition("国国 国").width(0, 3) / EM == pytest.approx(2.0), "a space at the end vanishes"
    assert composition("国国　国").width(0, 3) / EM == pytest.approx(2.0), "a full-width one too"


@pytest.mark.parametrize("before", ["|", "-", " ", "国", "|\u200b", "a", "·"])
def test_an_opening_mark_never_begins_before_what_stands_before_it(before: str) -> None:
    text = "国国国" + before + "（国国国"
    par = paragraph(text)
    for k, character in enumerate(text):
        par.advance[k] *= {"|": 0.26, "-": 0.33, "\u200b": 0.0}.get(character, 1.0)
    comp, count = Composition(par, no_unicode_breaks), len(text)
    for room in range(0, -10, -1):
        line = comp.set_line(0, count, comp.width(0, count) + room, Measure(0, 0, True))
        x, origins = 0.0, {}
        for k in range(count):
            origins[k] = x + line.left[k]
            x += line.left[k] + par.advance[k] + line.right[k]
        assert origins[text.index("（")] > origins[3] + 0.02 * EM, room


def test_blanks_of_marks_relieve_the_gaps_between_han() -> None:
    def gaps(text: str, room: float, *, first: float = 0.0) -> tuple[float, float, float]:
        comp, count = composition(text), len(text)
        line = comp.set_line(0, count, comp.width(0, count) + room, Measure(first, 0, True, False, True))
        return line.left[0] / EM, line.right[2] / EM, line.right[0] / EM

    assert gaps("国国，国国", 4.0) == pytest.approx((0, 0.10, 0.10)), "up to .12 em all open alike"
    assert gaps("国国，国国", 6.0) == pytest.approx((0, 0.24, 0.12))
    assert gaps("国国，国国", 10.0) == pytest.approx((0, 0.4375, 0.1875))
    assert gaps("“国国国国国", 6.0, first=-1.0) == pytest.approx((0.0, 0.02, 0.02))
    assert gaps("“国国国国国", 4.0, first=-1.0) == pytest.approx((-0.5, 0.08, 0.08))


def test_a_mark_hangs_out_where_nothing_else_helps() -> None:
    assert lines_of(composition("会议还研究了其他事项。"), 10) == ["会议还研究了其他事项。"], "closed up"
    assert lines_of(composition("国国国国国国国ABCDEF，国国国国国国国国"), 10)[0] == "国国国国国国国ABCDEF，"
    comp = composition("国国国国国，")
    line = comp.set_line(0, 6, 50.0, Measure(0, 0, True))
    assert sum(comp.par.advance[:6]) + sum(line.left) + sum(line.right) == pytest.approx(50.0)
    assert line.right[5] == pytest.approx(-EM), "all of the mark stands outside"


def test_a_full_width_space_gives_a_quarter() -> None:
    text = "第六条　本办法自2025年起施行，国国国国国国国国"
    assert lines_of(composition(text), 10)[0] == "第六条　本办法自2025"


def test_marks_in_the_middle_of_their_em_are_left_alone() -> None:
    par = paragraph("國，國。")
    par.centred = True
    assert Composition(par, no_unicode_breaks).width(0, 4) / EM == pytest.approx(4.0)


# ------------------------------------------------------------------------------ the breaker


def test_push_in_before_push_out() -> None:
    assert lines_of(composition("中国，中国人民万岁，万岁。"), 9) == ["中国，中国人民万岁，", "万岁。"]


def test_no_last_line_of_one_character() -> None:
    text = "一二三四五六七八九十一二三四五六七八九十"
    assert [len(line) for line in lines_of(composition(text + "。"), 19)] == [18, 3]
    assert [len(line) for line in lines_of(composition(text, runt=1), 19)] == [19, 1]


def test_a_word_longer_than_the_line_is_broken_only_if_it_may_be() -> None:
    text = "国" + "a" * 40 + "国"
    assert lines_of(composition(text), 10) == ["国", "a" * 40, "国"]
    par = paragraph(text)
    par.anywhere = True
    broken = lines_of(Composition(par, no_unicode_breaks), 10)
    assert "".join(broken) == text
    assert max(map(len, broken)) <= 20


def test_a_hyphen_needs_its_room() -> None:
    text = "国国abcdefgh国国国"
    comp = Composition(paragraph(text, soft={5: 3.0}), no_unicode_breaks)
    assert comp.width(0, 6) == pytest.approx(20 + 2.5 + 20 + 3.0)
    line = comp.set_line(0, 6, 45.5, Measure(45.5, 45.5, True))
    assert line.hyphen


def test_lines_of_a_headline_are_even() -> None:
    lines = lines_of(composition("一二三四五六七八九十一二", balance="on"), 10, justify=False, balance=True)
    assert [len(line) for line in lines] == [6, 6]


_ALPHABET = "国人民中大发展质量，。、；：？！“”‘’（）《》「」—…·～／aA9% \n"
_TEXT = st.text(st.sampled_from(_ALPHABET), min_size=1, max_size=120).map(lambda t: t.replace("—", "——"))


@settings(max_examples=120, deadline=None)
@given(text=_TEXT, ems=st.integers(5, 40), level=st.sampled_from(["basic", "gb", "strict"]))
def test_any_paragraph_keeps_its_characters_and_its_rules(text: str, ems: int, level: str) -> None:
    comp = composition(text, kinsoku=level)
    lines = lines_of(comp, ems)
    assert "".join(lines) == text
    allowed = set(comp.breaks.places)
    place = 0
    for line in lines:
        place += len(line)
        assert place in allowed


@settings(max_examples=120, deadline=None)
@given(text=_TEXT, ems=st.integers(8, 40))
def test_any_justified_line_fills_its_measure(text: str, ems: int) -> None:
    comp = composition(text)
    measure = Measure(ems * EM, ems * EM, True)
    start = 0
    while start < len(text):
        end = comp.break_after(start, ems * EM, measure)
        line = comp.set_line(start, end, ems * EM, measure)
        natural, give, seen = comp.sums.line(start, end)
        width = sum(comp.par.advance[start:seen]) + sum(line.left) + sum(line.right)
        can_fill = any(comp.spacing.opens_up[start : max(start, seen - 1)])
        if end not in comp.breaks.forced and can_fill and natural - give <= ems * EM:
            assert width == pytest.approx(ems * EM, abs=1e-6)
        assert all(gap > -(0.5 + HAIR) * EM - 1e-6 for gap in line.right[:-1])
        start = end


# ------------------------------------------------------------------------------ phrases


def test_marks_part_phrases() -> None:
    places = phrases.beginnings("深度：重庆经济（新）观察", "zh-Hans")
    assert {0, 3, 7} <= places


def test_headlines_break_between_phrases() -> None:
    title = "培育新质生产力推动重庆经济高质量发展"
    par = paragraph(title, balance="on", phrases="on")
    par.phrase = phrases.beginnings(title, "zh-Hans")
    lines = lines_of(Composition(par, no_unicode_breaks), 11, justify=False, balance=True)
    assert "".join(lines) == title
    starts = {len("".join(lines[:k])) for k in range(1, len(lines))}
    assert starts <= set(par.phrase)
