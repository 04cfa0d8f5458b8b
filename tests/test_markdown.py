"""Stage 5: what is written reads back equal, whatever the text; what a person writes is understood."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from manuscript import p, t
from npp_publish import markdown, pandoc
from npp_publish.errors import InvariantBroken
from npp_publish.model import (
    Article,
    Box,
    BoxKind,
    Break,
    Code,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Heading,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Role,
    Rowed,
    Ruby,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from strategies import TRAPS, editions


def of(*body: Element) -> Edition:
    return Edition("题", "zh-Hans", (Article("a1", body=body),))


CONTEXTS: dict[str, Callable[[str], Element]] = {
    "paragraph": p,
    "heading": lambda s: Heading(2, t(s)),
    "item": lambda s: Listing(((p(s),), (p("甲"), p(s)))),
    "entry": lambda s: Entries((Entry(t(s), (p(s),)),)),
    "cell": lambda s: Table((Rowed(((p("甲"),), (p(s),)), True), Rowed(((p(s),), (p(s),))))),
    "table caption": lambda s: Table((Rowed(((p("甲"),),), True), Rowed(((p("乙"),),))), "", t(s)),
    "tagged": lambda s: Paragraph((Tagged(Role.AUTHOR, t(s)), Text(s), Tagged(Role.PLACE, t(s)))),
    "styled": lambda s: Paragraph(
        (Text(s), Styled(Style.EMPHASIS, t(s)), Text(s), Styled(Style.SUBSCRIPT, t(s)), Text(s))
    ),
    "code": lambda s: Paragraph((Code(s), Text(s))),
    "link": lambda s: Paragraph((Link(t(s), "http://a/" + s), Text(s), Reference(t(s), "x"))),
    "ruby": lambda s: Paragraph((Ruby(s, s), Text(s))),
    "note": lambda s: Paragraph((Text(s), Note((p(s),)), Text(s), Note((p(s), p(s))), Text(s))),
    "figure": lambda s: Figure("a" + s, s, t(s)),
    "caption": lambda s: Figure("", s, t(s)),
    "verbatim": lambda s: Verbatim(s),
    "break": lambda s: Paragraph((Text("甲" + s), Break(), Text(s), Break(), Text(s))),
    "quote": lambda s: Quote((p(s),)),
    "box": lambda s: Box(BoxKind.LIST, t(s), (p(s),)),
}


def count_calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that every job asked of pandoc will be in."""
    asked: list[str] = []
    run = pandoc._run

    def counted(job: str, from_format: str, data: bytes) -> bytes:
        asked.append(job)
        return run(job, from_format, data)

    monkeypatch.setattr(pandoc, "_run", counted)
    return asked


@pytest.mark.parametrize("name", CONTEXTS)
def test_every_trap_is_exact_in_every_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All traps in one document, in the readable form: no second, cautious attempt is needed."""
    asked = count_calls(monkeypatch)
    body = (CONTEXTS[name](trap) for trap in TRAPS)
    articles = tuple(Article(f"a{n}", body=(element,)) for n, element in enumerate(body, 1))
    written = markdown.write(Edition("题", "zh-Hans", articles))
    assert len(written.edition.articles) == len(TRAPS)
    assert len(asked) == 1


# Every example is a process: no shrinking, a failure shows the example as it was made.
FEW = settings(
    max_examples=5,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@FEW
@given(editions())
def test_what_is_written_reads_back_equal(edition: Edition) -> None:
    written = markdown.write(edition)
    assert markdown.settled(written.edition) == written.edition
    again = markdown.read(written.text)
    assert again.edition.articles == written.edition.articles
    assert again.edition.extra == written.edition.extra
    assert not again.diagnostics


def test_the_cautious_attempt_catches_what_the_readable_form_misses(monkeypatch: pytest.MonkeyPatch) -> None:
    from npp_publish.markdown import words

    light = words.escape
    monkeypatch.setattr(words, "escape", lambda text, spot: light(text, spot) if spot.strict else text)
    asked = count_calls(monkeypatch)
    assert markdown.write(of(p("*甲* [乙](丙)"))).edition == of(p("*甲* [乙](丙)"))
    assert len(asked) == 2
    monkeypatch.setattr(words, "escape", lambda text, spot: text)
    with pytest.raises(InvariantBroken, match="article a1: body"):
        markdown.write(of(p("*甲*")))


def test_text_survives_settling() -> None:
    for trap in TRAPS:
        whole = trap.replace("\ud800", "\ufffd")
        assert plain(markdown.settled(of(p(trap))).articles[0].body) == whole


@pytest.mark.parametrize("unit", ["一二三四，", "A&x", "*[`", "词 ", " ", "e\u0301"])
def test_a_line_without_end_is_exact_and_quick(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """pandoc's time must not grow with the square of the length: these would take minutes."""
    monkeypatch.setattr(pandoc, "PATIENCE", 10.0)
    asked = count_calls(monkeypatch)
    text = unit * (90_000 // len(unit))
    assert markdown.write(of(p(text))).edition == of(p(text))
    assert len(asked) == 1
