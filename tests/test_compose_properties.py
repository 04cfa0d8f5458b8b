"""What holds for any text: no crash, nothing lost, replay, inversion, same result twice, idempotence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from npp_publish import ledger, source
from npp_publish.compose import normalize
from npp_publish.detect import PASSES as DETECT
from npp_publish.detect import load, open_desk
from npp_publish.detect.marks import blocks_of_lines
from npp_publish.model import Box, Element, Entries, Heading, Listing, Normalized, Op, Paragraph, plain
from npp_publish.repair import PASSES as REPAIR

SEEDS = sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
PAGES = sorted((Path(__file__).parent / "pages" / "dev").glob("*.raw.md"))

# bits that page rules look for, so that random texts meet them in every combination
BITS = [
    "# ", "## ", "**", "**2024年3月**  \n", "\n", "\n\n", "  \n", "　　", " ", "　", "□", "■本报记者 张三 李四\n", "（下转5版）",  # noqa: E501
    "（上接4版）", "◀上接01版", "核心提示\n", "## 核心提示\n\n", "名词解释\n", "：", "，", "。", "“", "”", "‘", "’", "（", "）", "《", "》",  # noqa: E501
    "新华社北京3月6日电 ", "（新华社北京3月6日电）", "本报讯（记者 王五）", "新质生产力是创新起主导作用", "两会时评", "重庆日报\n", "第5版 要闻\n",  # noqa: E501
    "2024年3月7日 星期四\n", "责任编辑：张三 版式：李四\n", "新闻热线：023-63907114\n", "![图](a.jpg)  \n", "李四 摄\n", "| a | b |\n", "|---|---|\n",  # noqa: E501
    "- ", "1. ", "一是", "第一章 总则\n", "问：", "答：", "全国人大代表蓝庆华： ", "网 红 主 播 带 货", "高高架架桥桥下下", "⼀⻓", "１２３", "123", '"', ",",  # noqa: E501
    "，，", "。。", "犬家", "re-\nsult ", "By John Smith\n", "THE DAILY NEWS\n", "기자 ", "\r\n", "\r", "\f", "\u2028", "\ufeff", "\u200b", "𠀀", "0", "a", "\\",  # noqa: E501
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=6)), max_size=40).map("".join)


def check(text: str) -> Normalized:
    made = normalize(source.from_text(text))
    ledger.verify(made)
    assert ledger.invert(made.ledger) == text
    shown = {slot: words for slot, words in ledger.replay(made.source, made.ledger).items() if words}
    assert shown == ledger.slots(made.edition)
    return made


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_any_text_is_published_without_loss(text: str) -> None:
    made = check(text)
    again = normalize(source.from_text(text))
    assert again == made and ledger.dump(again) == ledger.dump(made)
    assert ledger.load(ledger.dump(made)) == made.ledger


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts)
def test_every_pass_keeps_the_partition(text: str) -> None:
    desk = open_desk(source.from_text(text), load())
    blocks = blocks_of_lines(desk)
    for one in (*DETECT, *REPAIR):
        blocks = one(desk, blocks)
        reached = 0
        for piece in sorted((p for b in blocks for p in b.pieces), key=lambda p: (p.span.start, p.span.end)):
            assert piece.span.start == reached or piece.op is Op.INSERT, one.__module__
            reached = piece.span.end
        assert reached == len(text), one.__module__


def as_page(made: Normalized) -> str:
    """Print an edition as a clean page again: marked headings, one paragraph a line."""
    parts: list[str] = []

    def blocks(elements: tuple[Element, ...]) -> None:
        for block in elements:
            match block:
                case Heading(_, content):
                    parts.append("## " + plain(content))
                case Box(_, title, inside):
                    parts.append("## " + plain(title))
                    blocks(inside)
                case Entries(entries):
                    for entry in entries:
                        parts.append(
                            f"**{plain(entry.label)}**  \n" + "  \n".join(plain(entry.blocks).split("\n"))
                        )
                case Listing(items):
                    parts.append("  \n".join(plain(item) for item in items))
                case Paragraph(content):
                    parts.append(plain(content))

    for article in made.edition.articles:
        for words, mark in ((article.kicker, ""), (article.title, "# "), (article.subtitle, "")):
            if words:
                parts.append(mark + plain(words))
        parts.extend(plain(byline.content) for byline in article.bylines)
        blocks(article.body)
        if article.dateline:
            parts.append(plain(article.dateline.content))
    return "\n\n".join(parts) + "\n"


@pytest.mark.parametrize("path", [*SEEDS, *PAGES], ids=lambda path: path.name)
def test_a_repaired_page_is_left_as_it_is(path: Path) -> None:
    """Idempotence of the text: what was repaired once is not repaired again."""
    made = check(path.read_text(encoding="utf-8"))
    page = as_page(made)
    again = normalize(source.from_text(page))
    spent = [
        row
        for row in again.ledger
        if row.op in (Op.DROP, Op.REPLACE)
        and row.source.strip()
        and row.rule not in ("markup", "marker", "label-mark")
    ]
    assert not [(row.rule, row.source) for row in spent]
    before = [plain(b) for a in made.edition.articles for b in a.body if isinstance(b, Paragraph)]
    after = [plain(b) for a in again.edition.articles for b in a.body if isinstance(b, Paragraph)]
    assert [text for text in before if text not in after] == []
