"""Takes: a long edition divided among several pandocs is what one pandoc makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from npp_publish import markdown, pandoc
from npp_publish.markdown import takes
from npp_publish.markdown.levels import levelled
from npp_publish.markdown.proof import Reader
from npp_publish.model import Article, Edition, Note, Paragraph, Text
from strategies import editions


@pytest.fixture(autouse=True)
def short_takes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Divide whatever has two articles, on any machine."""
    monkeypatch.setattr(takes, "_SHORTEST", 1)
    monkeypatch.setattr(takes, "hands", lambda: 3)
    yield


def whole(edition: Edition) -> markdown.Written:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(takes, "hands", lambda: 1)
        return markdown.write(edition)


def news(*texts: str) -> Edition:
    articles = (
        Article(f"a{n}", (Text(f"题{n}"),), body=(Paragraph((Text(text),)),))
        for n, text in enumerate(texts, 1)
    )
    return Edition("报", "zh-Hans", tuple(articles))


@settings(max_examples=25, deadline=None)
@given(editions())
def test_editions_are_written_and_read_alike_however_they_are_divided(edition: Edition) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(takes, "_SHORTEST", 1)
        patch.setattr(takes, "hands", lambda: 3)
        divided = markdown.write(edition)
        read = markdown.read(divided.text)
    made = whole(edition)
    assert divided == made
    assert read.edition.articles == made.edition.articles


@pytest.mark.parametrize(
    "text",
    [
        "平常的",
        "a < b",
        "```",
        "~~~",
        "<!-- 注",
        "[甲]: 乙",
        "[^1]",
        "::: 盒",
        ":::",
        "\\",
        "`` ` ``",
        "$$",
        "|",
    ],
)
def test_no_text_reaches_into_the_next_take(text: str) -> None:
    edition = news(text, "中间的", text, "后来的")
    divided = markdown.write(edition)
    assert divided == whole(edition)
    assert len(takes.parted(divided.text.split("---\n")[-1])) > 1


def test_notes_are_numbered_through() -> None:
    edition = news("一", "二", "三")
    note = Paragraph((Text("有注"), Note((Paragraph((Text("注"),)), Paragraph((Text("又"),))))))
    noted = Edition("报", "zh-Hans", tuple(Article(a.id, a.title, body=(note,)) for a in edition.articles))
    made = markdown.write(noted)
    assert made == whole(noted) and "[^3]" in made.text


HAND = "".join(
    f"::: {{#a{n} .article}}\n# 题{n}\n\n{text}\n:::\n\n" for n, text in enumerate(("文", "%s", "文"), 1)
)


@pytest.mark.parametrize(
    ("inside", "several"),
    [
        ("文", True),
        ("::: {.box .note}\n文\n:::", True),
        ("[网](https://example.org) <https://example.org/a> \\<b\\>", True),
        ("脚注[^1]\n\n[^1]: 在这里", False),
        ("```\n:::\n```", False),
        ("<div>", False),
        ("[x]: http://example.org", False),
        ("::: {.box}\n没有关上", False),
        ("> ::: 引\n> 文\n> :::", False),
        ("字\n::: {.box}\n字\n:::", False),
        ("字\n:::\n\n外面的字", False),
    ],
)
def test_a_text_is_parted_between_articles_only_where_nothing_reaches_over(
    inside: str, several: bool
) -> None:
    body = HAND % inside
    parts = takes.parted(body)
    assert "".join(parts) == body and (len(parts) > 1) == several
    level = levelled(body, 0, Reader())
    assert takes.read(level) == json.loads(pandoc.read(level))


def test_what_fails_in_a_take_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from npp_publish.errors import InputUnreadable

    monkeypatch.setattr(pandoc, "PATIENCE", 1e-6)
    with pytest.raises(InputUnreadable, match="did not finish"):
        markdown.write(news("一", "二"))
