"""Stage 5 read back: what people write by hand, in any pandoc Markdown, with any slip of the pen."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from npp_publish import markdown
from npp_publish.model import (
    Box,
    BoxKind,
    Break,
    Byline,
    Entries,
    Figure,
    Foreign,
    Heading,
    Listing,
    Paragraph,
    Quote,
    Role,
    Rule,
    Stated,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)


def kinds(text: str) -> list[str]:
    return [
        type(block).__name__ for article in markdown.read(text).edition.articles for block in article.body
    ]


def body(text: str) -> list[str]:
    return [plain(block) for article in markdown.read(text).edition.articles for block in article.body]


def titles(text: str) -> list[str]:
    return [plain(article.title) for article in markdown.read(text).edition.articles]


# --------------------------------------------------------------------------- plain Markdown


def test_one_article_per_headline() -> None:
    text = "前言。\n\n# 一\n\n甲。\n\n## 节\n\n乙。\n\n# 二\n\n丙。\n"
    edition = markdown.read(text).edition
    assert [(a.id, plain(a.title), len(a.body)) for a in edition.articles] == [
        ("a1", "", 1),
        ("a2", "一", 3),
        ("a3", "二", 1),
    ]
    assert (edition.title, edition.lang) == ("一", "zh-Hans")


def test_the_title_of_a_single_text_is_its_headline() -> None:
    assert titles("---\ntitle: 报道\n---\n\n正文。\n") == ["报道"]
    assert titles("---\ntitle: 报纸\n---\n\n# 一\n\n正文。\n") == ["一"]
    assert titles("---\ntitle: 报纸\n---\n\n::: {.article}\n正文。\n:::\n") == [""]


def test_a_turned_line_is_a_space_only_between_letters() -> None:
    assert body("甲乙\n丙丁\n\nabc\ndef\n\n한글\n말\n\n甲\nb\n") == ["甲乙丙丁", "abc def", "한글 말", "甲 b"]


def test_every_kind_of_markdown_finds_its_node() -> None:
    text = (
        "甲\\\n乙\n\n## 题\n\n- 一\n- 二\n\n3. 三\n\n词\n:   义\n\n> 引\n\n"
        "* * *\n\n```\n码\n```\n\n![图](a.png)\n\n"
        "| a |\n|---|\n| b |\n\n面积 $x^2$\n\n| 床前\n| 明月\n"
    )
    assert kinds(text) == [
        *("Paragraph", "Heading", "Listing", "Listing", "Entries", "Quote", "Rule", "Verbatim", "Figure"),
        *("Table", "Foreign", "Paragraph"),
    ]
    blocks = markdown.read(text).edition.articles[0].body
    assert isinstance(blocks[0], Paragraph) and Break() in blocks[0].content
    assert isinstance(blocks[1], Heading) and blocks[1].level == 2
    assert isinstance(blocks[3], Listing) and blocks[3].start == 3
    assert isinstance(blocks[4], Entries) and plain(blocks[4].entries[0].label) == "词"
    assert isinstance(blocks[5], Quote) and isinstance(blocks[6], Rule) and isinstance(blocks[7], Verbatim)
    assert isinstance(blocks[8], Figure) and (blocks[8].src, blocks[8].alt) == ("a.png", "图")
    assert isinstance(blocks[9], Table) and blocks[9].rows[0].header
    assert isinstance(blocks[10], Foreign) and blocks[10].text == "面积 x^2"
    assert plain(blocks[11]) == "床前\n明月"


def test_heads_and_boxes_stand_where_a_person_puts_them() -> None:
    text = (
        "::: kicker\n眉题\n:::\n\n# 标题\n\n::: byline\n本报记者 [王小明]{.author}\n:::\n\n正文。\n\n"
        "::: {.box .timeline}\n#### 大事记\n\n1905年\n:   建成。\n:::\n\n"
        "::: continued-to\n（下转[5]{.page}版）\n:::\n"
    )
    (article,) = markdown.read(text).edition.articles
    assert (plain(article.kicker), plain(article.title)) == ("眉题", "标题")
    assert article.bylines == (Byline((Text("本报记者 "), Tagged(Role.AUTHOR, (Text("王小明"),)))),)
    assert article.continued_to is not None and plain(article.continued_to.content) == "（下转5版）"
    box = article.body[1]
    assert isinstance(box, Box) and (box.kind, plain(box.title)) == (BoxKind.TIMELINE, "大事记")


def test_line_ends_of_any_system() -> None:
    text = "---\ntitle: 报\n---\n\n# 一\n\n甲\n"
    for other in (text.replace("\n", "\r\n"), text.replace("\n", "\r"), "\ufeff" + text):
        assert markdown.read(other) == markdown.read(text)


# --------------------------------------------------------------------------- front matter

FRONT = """---
title: 报
author: [甲, 乙]
date: 2024-03-06
rights: no
news:
  paper: 城南日报
  page: 007
  odd: {a: 1}
  evidence:
    date: {inferred: 正文“3月6日”, lines: "3-4,9"}
    news.page: {printed: 版头, lines: 1}
format:
  pdf: {paper: a5, n: 12, wide: true, none: null, at: 12:30}
---
正文
"""


def test_front_matter_is_taken_as_it_is_typed() -> None:
    edition = markdown.read(FRONT).edition
    assert edition.metadata == (
        ("author", Stated("甲")),
        ("author", Stated("乙")),
        ("date", Stated("2024-03-06", False, "正文“3月6日”", (3, 4, 9))),
        ("rights", Stated("no")),
        ("news.paper", Stated("城南日报")),
        ("news.page", Stated("007", True, "版头", (1,))),
    )
    assert json.loads(edition.extra) == {
        "format": {"pdf": {"paper": "a5", "n": 12, "wide": True, "none": None, "at": "12:30"}},
        "news": {"odd": {"a": 1}},
    }


def test_front_matter_is_written_as_it_reads_best() -> None:
    edition = markdown.read(FRONT).edition
    written = markdown.write(edition)
    assert written.text.startswith(
        "---\ntitle: 报\nauthor:\n  - 甲\n  - 乙\ndate: 2024-03-06\nrights: no\n"
        "lang: zh-Hans\nnews:\n  paper: 城南日报\n"
        "  page: 007\n  evidence:\n    date: {inferred: 正文“3月6日”, lines: '3-4,9'}\n"
        "    news.page: {printed: 版头, lines: 1}\n  odd:\n    a: 1\nformat:\n"
    )
    assert written.edition == edition


# --------------------------------------------------------------------------- slips of the pen

SLIPS = {
    "---\ntitle: a: b\n---\n\n文\n": ("NPP501", 2),
    "---\ntitle: 报\n\n文\n": ("NPP501", 1),
    "---\ntitle: &a 报\nsubtitle: *a\n---\n文\n": ("NPP501", 2),
    "---\n" + "a: [" * 2000 + "\n---\n文\n": ("NPP501", 1),
    "# 题\n\n::: {.box .note}\n文\n": ("NPP502", 3),
    "# 题\n\n```\n文\n": ("NPP502", 3),
    "# 题 {#x}\n\n## 文 {#x}\n": ("NPP503", 1),
    "# 题\n\n::: {.bx}\n文\n:::\n": ("NPP504", 3),
    "# 题\n\n::: {.box .tmeline}\n文\n:::\n": ("NPP504", 3),
    "# 题\n\n\n[文]{.autor}\n": ("NPP504", 4),
    "# 题\n\n文<b onclick='x()'>粗\n": ("NPP505", 3),
    "# 题\n\n<script>\n文\n</script>\n": ("NPP505", 3),
    "# 题\n\n`文`{=latex}\n": ("NPP505", 3),
    "::: {.article}\n# 题\n:::\n\n文\n": ("NPP506", 5),
    "---\nauthor: {a: b}\n---\n文\n": ("NPP507", 2),
    "---\ntitle: 报\ntitle: 又\n---\n文\n": ("NPP507", 3),
    "---\n- a\n---\n文\n": ("NPP507", 2),
    "# 题$x$\n\n文\n": ("NPP508", 0),
    "# 题\n\n文\n\n:::\n": ("NPP509", 5),
}


@pytest.mark.parametrize("text", SLIPS)
def test_a_slip_is_told_with_its_line_and_loses_nothing(text: str) -> None:
    written = markdown.read(text, "mine.md")
    code, line = SLIPS[text]
    assert written.diagnostics[0].code == code
    assert written.diagnostics[0].path == "mine.md"
    if line:
        assert written.diagnostics[0].line == line
    words = "".join(plain(a.title) + plain(a.body) for a in written.edition.articles)
    assert "文" in words


def test_comments_are_for_editors_and_code_shows_fences() -> None:
    text = "# 题\n\n<!-- 待查 -->\n\n甲<!-- x -->乙\n\n```\n::: {.box}\n```\n\n- ```\n  :::\n  ```\n"
    written = markdown.read(text)
    assert not written.diagnostics
    assert body(text) == ["甲乙", "::: {.box}", ":::"]


def test_a_picture_or_formula_in_a_title_is_its_words() -> None:
    written = markdown.read("# 面积 $x$ ![图](a.png)\n\n文\n")
    assert plain(written.edition.articles[0].title) == "面积 x 图"
    assert [item.code for item in written.diagnostics] == ["NPP508"]


def test_nesting_is_bounded() -> None:
    assert body("> " * 80 + "文\n") == ["文"]
    for deep in ("> " * 200 + "文", "- " * 150 + "文", ">" * 400 + "文"):
        read = markdown.read(deep)
        assert body(deep) == ["文"]
        assert [item.code for item in read.diagnostics] == ["NPP513"]


@settings(
    max_examples=10,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.sampled_from("甲 a\n\n*_`#>-|:[](){}!<&$^~\\.1\"'=+%@\t---:::"), max_size=60).map("".join))
def test_anything_reads_and_what_was_read_is_written_back(text: str) -> None:
    written = markdown.read(text)
    again = markdown.write(written.edition)
    assert again.edition == written.edition
