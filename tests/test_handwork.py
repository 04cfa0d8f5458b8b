"""What a person edited survives; what was edited is known to the ledger."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from npp_publish.ledger import slots
from npp_publish.markdown.handwork import BY_HAND, Verdict, hand_rows, reconcile
from npp_publish.model import Article, Edition, LedgerEntry, Op, Paragraph, Span, Text

BASE = (
    '---\ntitle: 题\nlang: zh-Hans\n---\n\n:::: {#a1 .article lines="1-9"}\n'
    "# 题\n\n一段。\n\n二段。\n\n三段。\n::::\n"
)


def test_without_an_edit_the_new_text_stands() -> None:
    assert reconcile(None, None, BASE).verdict is Verdict.GENERATED
    made = BASE.replace("一段", "甲段")
    assert (reconcile(BASE, BASE, made).text, reconcile(BASE, BASE, made).verdict) == (
        made,
        Verdict.GENERATED,
    )
    assert reconcile(BASE, made, made).verdict is Verdict.GENERATED
    assert reconcile(BASE, BASE.replace("\n", "\r\n"), made).text == made


def test_an_edit_stands_where_the_page_gives_the_same() -> None:
    mine = BASE.replace("一段", "首段")
    outcome = reconcile(BASE, mine, BASE)
    assert (outcome.verdict, outcome.text, outcome.by_hand) == (Verdict.KEPT, mine, True)
    assert [item.code for item in outcome.diagnostics] == ["NPP510"]


def test_changes_of_different_paragraphs_are_merged() -> None:
    mine = BASE.replace("一段。", "首段。\n\n插入。").replace("title: 题", "title: 新题")
    made = BASE.replace("三段", "末段").replace("1-9", "1-10")
    outcome = reconcile(BASE, mine, made)
    assert outcome.verdict is Verdict.MERGED
    assert outcome.text == mine.replace("三段", "末段").replace("1-9", "1-10")
    assert [item.code for item in outcome.diagnostics] == ["NPP511"]


def test_neighbouring_paragraphs_do_not_clash() -> None:
    outcome = reconcile(BASE, BASE.replace("一段", "首段"), BASE.replace("二段", "次段"))
    assert outcome.text == BASE.replace("一段", "首段").replace("二段", "次段")


def test_the_same_change_on_both_sides_is_one() -> None:
    mine = BASE.replace("一段", "首段").replace("二段", "次段")
    outcome = reconcile(BASE, mine, BASE.replace("一段", "首段").replace("三段", "末段"))
    assert outcome.text == mine.replace("三段", "末段")


def test_the_same_paragraph_is_refused_and_the_edit_stands() -> None:
    mine = BASE.replace("二段", "我的段")
    outcome = reconcile(BASE, mine, BASE.replace("二段", "新的段"), path="page.md")
    assert (outcome.verdict, outcome.text) == (Verdict.REFUSED, mine)
    (found,) = outcome.diagnostics
    assert (found.code, found.path, found.line) == ("NPP512", "page.md", 11)
    dropped = BASE.replace("二段。\n\n", "")
    assert reconcile(BASE, dropped, BASE.replace("二段", "新的段")).verdict is Verdict.REFUSED
    both = reconcile(BASE, BASE.replace("二段。", "二段。\n\n甲"), BASE.replace("二段。", "二段。\n\n乙"))
    assert both.verdict is Verdict.REFUSED


def test_without_a_base_nothing_is_overwritten() -> None:
    outcome = reconcile(None, "我的", BASE)
    assert (outcome.verdict, outcome.text) == (Verdict.REFUSED, "我的")
    assert [item.code for item in outcome.diagnostics] == ["NPP512"]


_lines = st.lists(st.sampled_from(["甲", "乙", "丙", "", "丁 "]), max_size=8).map("\n".join)


def test_what_is_added_after_an_edited_last_line_stands_apart() -> None:
    made = BASE + "\n:::: {#a2 .article}\n# 又题\n\n又一段。\n::::\n"
    for end in ("", "\n", "\n\n \n"):
        mine = BASE.replace("三段。", "末段。").removesuffix("\n") + end
        outcome = reconcile(BASE, mine, made)
        assert outcome.verdict is Verdict.MERGED
        assert outcome.text == made.replace("三段。", "末段。").removesuffix("\n") + end
    assert reconcile("一段。", "首段。", "一段。\n\n二段。").text == "首段。\n\n二段。"


@given(_lines, _lines, _lines)
@example("\n", "甲", "\n甲")
@settings(max_examples=200)
def test_merging_is_sound(base: str, mine: str, made: str) -> None:
    outcome = reconcile(base, mine, made)
    if outcome.verdict is Verdict.REFUSED:
        assert outcome.text == mine
    elif outcome.verdict is Verdict.KEPT:
        assert made == base
    elif outcome.verdict is Verdict.MERGED:
        merged, before = set(outcome.text.split("\n")), {*base.split("\n"), ""}
        assert set(mine.split("\n")) - before <= merged
        assert set(made.split("\n")) - before <= merged
        assert merged <= {*mine.split("\n"), *made.split("\n"), *before}
    assert reconcile(base, mine, base).text == mine
    assert reconcile(base, base, made).text == made


def of(*texts: str) -> Edition:
    return Edition(
        "题", "zh", (Article("a1", (Text("题"),), body=tuple(Paragraph((Text(t),)) for t in texts)),)
    )


def test_the_ledger_of_handwork() -> None:
    ledger = (LedgerEntry(1, Span(10, 14), Op.KEEP, "a1.p1", 0, "一二三四"),)
    rows = hand_rows(of("一二三四", "删去", "同"), of("一两三四", "同", "新增"), ledger)
    assert [(r.id, r.op, r.dst, r.at, r.source, r.text, r.rule) for r in rows] == [
        (1, Op.REPLACE, "a1.p1", 1, "二", "两", BY_HAND),
        (2, Op.DROP, "a1.p2", 0, "删去", "", BY_HAND),
        (3, Op.INSERT, "a1.p3", 0, "", "新增", BY_HAND),
    ]
    assert rows[0].span == Span(11, 12)
    assert hand_rows(of("同"), of("同")) == ()


@given(
    st.lists(st.text("一二三", min_size=1, max_size=6), max_size=4),
    st.lists(st.text("一二三", min_size=1, max_size=6), max_size=4),
)
def test_rows_account_for_every_edited_character(before: list[str], after: list[str]) -> None:
    """Characters of the edited text that no row wrote are those of the generated one that no row took."""
    generated, edited = of(*before), of(*after)
    rows = hand_rows(generated, edited)
    count = {
        name: sum(map(len, slots(edition).values()))
        for name, edition in (("old", generated), ("new", edited))
    }
    assert count["new"] - sum(len(r.text) for r in rows) == count["old"] - sum(len(r.source) for r in rows)
    for row in rows:
        where = slots(generated if row.op is Op.DROP and row.dst not in slots(edited) else edited)
        if row.text:
            assert where[row.dst][row.at : row.at + len(row.text)] == row.text
