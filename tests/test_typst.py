"""The Typst backend: standards options, control characters, no code from a document."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest

from manuscript import t
from npp_publish.backends.contract import job_for
from npp_publish.backends.pdf_typst import PdfTypstBackend, PdfTypstOptions, pressman
from npp_publish.errors import BackendFailed, UsageError
from npp_publish.model import (
    Article,
    Box,
    BoxKind,
    Edition,
    Element,
    Heading,
    Inlines,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Rowed,
    Ruby,
    Style,
    Styled,
    Table,
    Text,
    Verbatim,
)

pytest.importorskip("typst")
BACKEND = PdfTypstBackend()


def test_typst_that_is_not_there_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BACKEND.check(PdfTypstOptions()) == ()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [found.code for found in BACKEND.check(PdfTypstOptions())] == ["NPP730"]


def printed(text: str, work: Path, **options: object) -> str:
    import pypdfium2

    edition = Edition("标题", "zh-Hans", (Article("a1", (Text("标题"),), body=(Paragraph((Text(text),)),)),))
    job = job_for(edition, work)
    artifact = BACKEND.render(job, PdfTypstOptions(**options))  # type: ignore[arg-type]
    assert not [d for d in BACKEND.validate(artifact, job) if d.severity == "error"]
    with pypdfium2.PdfDocument(artifact.path) as pdf:
        return "".join(page.get_textpage().get_text_range() for page in pdf)


def test_document_text_is_never_code(tmp_path: Path) -> None:
    hostile = '#read("/etc/passwd") $x^2$ *a* _b_ #import "@preview/x:1" \\ `c` <l> @l = 标题'
    assert "#read(" in printed(hostile, tmp_path)


def test_control_characters_are_shown_not_refused(tmp_path: Path) -> None:
    assert "甲" in printed("甲\x00乙\x0b丙\ufffe丁", tmp_path)


@pytest.mark.parametrize("options", [{"paper": "b9"}, {"font_size": 100.0}, {"standard": "x-9"}])
def test_impossible_options_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        BACKEND.check(PdfTypstOptions(**options))  # type: ignore[arg-type]


def test_an_engine_that_overruns_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(BackendFailed, match="did not end"):
        printed("甲", tmp_path, timeout=0.001)


def whole(*body: Element, title: Inlines = t("题"), name: str = "书名") -> Edition:
    return Edition(name, "zh-Hans", (Article("a1", title, body=body),))


LINKED = (Link(t("链"), "https://example.org/"), Text("题"), Note((Paragraph(t("注")),)))
LONG = tuple(Paragraph(t("很长的一段。" * 90)) for _ in range(6))
HARD: dict[str, Edition] = {
    "nothing has a title": whole(Paragraph(t("文")), title=(), name=""),
    "titles of spaces": whole(Heading(2, t("\u200b ")), Paragraph(t("文")), title=t("  ")),
    "empty heading": whole(Heading(2, ()), Heading(3, t("三级")), Paragraph(t("文"))),
    "first heading is none of the first level": whole(Heading(3, t("三级")), title=()),
    "box without a title": whole(Box(BoxKind.NOTE, (Note((Paragraph(t("注")),)),), (Paragraph(t("框")),))),
    "links in a title that is repeated in heads": whole(*LONG, title=LINKED),
    "links in a header row": whole(
        Table((Rowed(((Paragraph(LINKED),),), True), *(Rowed(((LONG[0],),)) for _ in range(6))))
    ),
    "private use": whole(Paragraph(t("私\ue000用\U000f0000字"))),
    "emoji sequences": whole(Paragraph((Text("甲👨‍👩‍👧乙👍🏽丙🇨🇳丁"), Ruby("👨‍👩‍👧", "jiā"))), title=t("👍")),
    "list that begins below one": whole(Listing(((Paragraph(t("项")),),), -1)),
    "blocks in a note": whole(
        Paragraph((Text("文"), Note((Quote((Paragraph(t("引")),)), Verbatim("一\n 二"), *LONG[:1]))))
    ),
    "raised and lowered signs without a glyph": whole(
        Paragraph((Styled(Style.SUPERSCRIPT, t("a👍Ï")), Styled(Style.SUBSCRIPT, t("a👍Ï"))))
    ),
    "nothing but readings and dots in a heading": whole(
        Heading(2, (Ruby("重庆", "chóngqìng"),)), title=(Styled(Style.DOTS, t("着重")),)
    ),
    "a line within a line": whole(
        Paragraph((Styled(Style.UNDERLINE, (Text("外"), Styled(Style.STRIKEOUT, t("内")), Text("外"))),))
    ),
    "notes and links under dots": whole(Paragraph((Styled(Style.DOTS, (Text("着重"), *LINKED)),))),
}


@pytest.mark.parametrize("case", HARD)
def test_hard_editions_are_set_whole(tmp_path: Path, case: str) -> None:
    """Valid PDF/UA-1 and PDF/A-2u, all text there: Typst refuses a file that is not."""
    job = job_for(HARD[case], tmp_path)
    artifact = BACKEND.render(job, PdfTypstOptions())
    assert [d.message for d in BACKEND.validate(artifact, job)] == []


def test_a_standard_that_forbids_private_use_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BackendFailed, match="codepoint"):
        BACKEND.render(job_for(HARD["private use"], tmp_path), PdfTypstOptions(standard="a-2a"))


def test_a_press_that_stands_by_prints_the_next_order(tmp_path: Path) -> None:
    plain = printed("甲乙", tmp_path)
    pressman.stand_by()
    pressman.stand_by()
    (press,) = pressman._waiting
    assert printed("甲乙", tmp_path) == plain
    assert not pressman._waiting and press.returncode == 0, "it was this one that printed"


def test_a_press_without_an_order_goes_home() -> None:
    pressman.stand_by()
    press = pressman._waiting.pop()
    told, said = press.communicate("", timeout=20)
    assert (press.returncode, told, said) == (0, "", "")


def test_a_forked_worker_does_not_use_the_press_of_its_server(tmp_path: Path) -> None:
    """Both would wait for the other to end what it has to say."""
    pressman.stand_by()
    child = get_context("fork").Process(target=printed, args=("甲乙", tmp_path))
    child.start()
    child.join(30)
    press = pressman._waiting.pop()
    try:
        assert child.exitcode == 0
    finally:
        child.kill()
        press.communicate("", timeout=20)
