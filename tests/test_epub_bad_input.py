"""The EPUB backend on hostile input: a sound book with every character, or a clear refusal."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from epub_room import EDITION, book, entries, hostile, job, p, t
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.backends.epub.binding import bind
from npp_publish.backends.epub.pictures import picture_sheet
from npp_publish.backends.epub.sheets import Sheet
from npp_publish.errors import BackendFailed
from npp_publish.model import Article, Asset, Edition, Figure, Stated, Style, Styled, Text, plain
from npp_publish.typeset.nesting import DEEPEST, flatten
from strategies import editions

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9">{}</svg>'


def _png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4), "#c33").save(buffer, "PNG")
    return buffer.getvalue()


def _asset(folder: Path, name: str, content: bytes, media_type: str) -> Asset:
    path = folder / f"asset-{abs(hash(name))}"
    path.write_bytes(content)
    return Asset(name, path, media_type, "")


def test_everything_at_once(tmp_path: Path) -> None:
    good = _asset(tmp_path, "../照片 1.png", _png(), "image/png")
    bad = _asset(tmp_path, "bad.svg", SVG.format("<script>x</script>").encode(), "image/svg+xml")
    edition = hostile(("../照片 1.png", "bad.svg", "nowhere.png", ""))
    backend, task = EpubBackend(), job(edition, tmp_path / "w", (good, bad))
    artifact = backend.render(task, EpubOptions())
    assert backend.validate(artifact, task) == ()
    assert {d.code for d in artifact.diagnostics} == {"NPP740", "NPP741", "NPP743", "NPP744"}
    made = entries(artifact.path.read_bytes())
    assert all(name.isascii() and ".." not in name for name in made)
    text = "".join(etree.fromstring(made["EPUB/a1.xhtml"]).itertext())
    for kept in (
        "最里层的文字",
        "<script>alert(1)</script> & {{ 7*7 }} ]]>",
        "图说1",
        "生僻字：𫖯龘㛃",
        "坏链",
    ):
        assert kept in text
    assert b"javascript:" not in made["EPUB/a1.xhtml"]
    assert task.work.exists() and sorted(x.name for x in task.work.iterdir()) == ["page.epub"]


@pytest.mark.parametrize(
    ("inside", "harmless"),
    [
        ('<rect width="3"/>', True),
        ('<a xlink:href="#x"><rect/></a>', True),
        ("<script>alert(1)</script>", False),
        ('<rect onload="x()"/>', False),
        ('<image xlink:href="http://example.com/a.png"/>', False),
        ('<image href="file:///etc/passwd"/>', False),
        ('<rect style="fill:url(http://example.com/#a)"/>', False),
        ("<style>@import 'x.css';</style>", False),
        ("<foreignObject/>", False),
        ('<set attributeName="href" to="javascript:1"/>', False),
        ("<rect>", False),
        ("<?xml-stylesheet href='x'?>", False),
    ],
)
def test_svg(tmp_path: Path, inside: str, harmless: bool) -> None:
    asset = _asset(tmp_path, "x.svg", SVG.format(inside).encode(), "image/svg+xml")
    assert (picture_sheet(asset) is not None) == harmless


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;").encode(), "image/svg+xml"),
        (b"<html/>", "image/svg+xml"),
        (b"\x89PNG\r\n\x1a\nbroken", "image/png"),
        (_png()[:-20], "image/png"),
        (_png(), "image/jpeg"),
        (b"", "image/png"),
        (b"BM", "image/bmp"),
    ],
)
def test_pictures_that_are_refused(tmp_path: Path, content: bytes, media_type: str) -> None:
    assert picture_sheet(_asset(tmp_path, "x", content, media_type)) is None


def test_a_picture_that_went_away(tmp_path: Path) -> None:
    assert picture_sheet(Asset("x", tmp_path / "gone.png", "image/png", "")) is None


@pytest.mark.slow
def test_three_thousand_articles(tmp_path: Path) -> None:
    articles = tuple(Article(f"a{n}", t("同题"), body=(p("文。"),), pages=(str(n),)) for n in range(3000))
    made = book(Edition("大", "zh-Hans", articles), tmp_path, cover="none", embed="none")
    assert sum(name.endswith(".xhtml") for name in made) == 3002


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4), st.text(max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_a_sound_book(tmp_path: Path, lines: list[str], title: str) -> None:
    article = Article(title, t(title), kicker=t(title), body=tuple(p(line, id=title) for line in lines))
    edition = Edition(
        title, "zh-Hans", (article, article), (("author", Stated(title)), ("date", Stated(title)))
    )
    book(edition, tmp_path, cover="none")


@given(editions())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edition_makes_a_sound_book(tmp_path: Path, edition: Edition) -> None:
    if edition.articles:
        book(edition, tmp_path, cover="none")


@given(st.integers(0, 300))
@settings(max_examples=10, deadline=None)
def test_flattening_keeps_every_character(levels: int) -> None:
    from epub_room import nested

    article = Article("a1", body=(p("前"), nested(levels), p("后")))
    flat, changed = flatten(article)
    assert changed == (levels > DEEPEST - 1)
    assert "".join(plain(flat.body).split()) == "前最里层的文字后"


def test_styles_nested_past_all_reason_are_set_flat(tmp_path: Path) -> None:
    inline: Styled | Text = Text("字")
    for _ in range(2000):
        inline = Styled(Style.STRONG, (inline,))
    article = replace(EDITION.articles[0], title=(inline,))
    made = EpubBackend().render(job(replace(EDITION, articles=(article,)), tmp_path), EpubOptions())
    assert any("set flat" in found.message for found in made.diagnostics)


def test_binding_refuses_unsafe_names() -> None:
    for name in ("../x.xhtml", "/x.xhtml", "文.xhtml", "a\\b.xhtml"):
        with pytest.raises(BackendFailed):
            bind([Sheet("x", name, "application/xhtml+xml", b"<p/>")], (), epoch=0, lang="zh")


def test_binding_notices_what_the_library_drops() -> None:
    from npp_publish.backends.epub.colophon import Statement

    sheet = Sheet("x", "x.xhtml", "application/xhtml+xml", b"<p/>")
    with pytest.raises(BackendFailed, match="dropped the metadata"):
        bind([sheet], (Statement("dc:title", "控制\x01字符"),), epoch=0, lang="zh")


def test_a_picture_that_is_not_there_is_told_once(tmp_path: Path) -> None:
    """Whoever reads the pictures has told it: the book says nothing more."""
    edition = replace(
        EDITION, articles=(Article("a1", body=(Figure("nowhere.png", "", caption=(Text("图"),)),)),)
    )
    task = job(edition, tmp_path)
    found = EpubBackend().render(task, EpubOptions(embed="none", cover="none")).diagnostics
    assert "NPP740" not in {d.code for d in found}


def test_the_cover_image_of_the_edition(tmp_path: Path) -> None:
    asset = _asset(tmp_path, "c.png", _png(), "image/png")
    edition = replace(EDITION, metadata=(("cover-image", Stated("c.png")),))
    made = book(edition, tmp_path / "own", (asset,), embed="none")
    assert _png() in made.values()
    artifact = EpubBackend().render(job(edition, tmp_path / "none"), EpubOptions(embed="none"))
    assert [d.code for d in artifact.diagnostics] == ["NPP740"]
