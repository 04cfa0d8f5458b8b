"""The EPUB backend: one document an article, ways in, metadata, faces, profiles, the same bytes."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from epub_room import EDITION, EPOCH, FIRST, book, job, p, t
from npp_publish.backends import load
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.backends.epub.profiles import PROFILES
from npp_publish.errors import UsageError
from npp_publish.model import Article, Edition, Stated

NS = {
    "h": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "e": "http://www.idpf.org/2007/ops",
}

EPUB_TYPE = f"{{{NS['e']}}}type"


def ask(content: bytes, path: str) -> list[Any]:
    found = etree.fromstring(content).xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return found


@pytest.fixture(scope="module")
def plain_book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return book(EDITION, tmp_path_factory.mktemp("plain"))


def opf(entries: dict[str, bytes], path: str) -> list[Any]:
    return ask(entries["EPUB/content.opf"], path)


def test_registered_and_described() -> None:
    backend = load("epub")
    assert isinstance(backend, EpubBackend)
    assert backend.info.suffix == ".epub"


def test_one_document_an_article_in_reading_order(plain_book: dict[str, bytes]) -> None:
    spine = [ref.get("idref") for ref in opf(plain_book, "//o:itemref")]
    assert spine == ["cover", "nav", "a1", "a2", "colophon"]
    titles = ["".join(ask(plain_book[f"EPUB/a{n}.xhtml"], "//h:h1")[0].itertext()) for n in (1, 2)]
    assert titles == ["培育新质生产力 推动高质量发展", "深刻把握实践要求"]


def test_container_starts_with_the_stored_type(tmp_path: Path) -> None:
    artifact = EpubBackend().render(job(EDITION, tmp_path), EpubOptions())
    with zipfile.ZipFile(artifact.path) as archive:
        first, *rest = archive.infolist()
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert {entry.date_time for entry in rest} == {(2024, 3, 9, 16, 0, 0)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.epub"]


def test_same_bytes_twice_and_time_from_the_job(tmp_path: Path) -> None:
    backend = EpubBackend()

    def made(name: str, epoch: int) -> bytes:
        return backend.render(job(EDITION, tmp_path / name, epoch=epoch), EpubOptions()).path.read_bytes()

    assert made("a", EPOCH) == made("b", EPOCH)
    assert made("a", EPOCH) != made("c", EPOCH + 86400)
    assert made("d", 0)  # before 1980, which an archive cannot say


def test_contents_name_articles_sections_and_boxes(plain_book: dict[str, bytes]) -> None:
    nav = plain_book["EPUB/nav.xhtml"]
    labels = ["".join(a.itertext()) for a in ask(nav, "//h:nav[@e:type='toc']//h:a")]
    assert labels == [
        "培育新质生产力 推动高质量发展",
        "核心提示",
        "全国人大代表蓝庆华： 锚定“33618” 建设中心",
        "大事记",
        "深刻把握实践要求",
        "出版信息",
    ]
    marks = [a.get(EPUB_TYPE) for a in ask(nav, "//h:nav[@e:type='landmarks']//h:a")]
    assert marks == ["cover", "toc", "bodymatter", "colophon"]
    points = ["".join(x.itertext()) for x in ask(plain_book["EPUB/toc.ncx"], "//n:navPoint/n:navLabel")]
    assert points == labels[:-1]


def test_pages_of_the_newspaper(plain_book: dict[str, bytes]) -> None:
    """Page 5 is not marked: no article begins on it, and the text does not say where it does."""
    nav = ask(plain_book["EPUB/nav.xhtml"], "//h:nav[@e:type='page-list']//h:a")
    assert [(a.text, a.get("href")) for a in nav] == [("第4版", "a1.xhtml#page-1")]
    mark = ask(plain_book["EPUB/a1.xhtml"], "//h:span[@id='page-1']")[0]
    assert (mark.get("role"), mark.get("aria-label")) == ("doc-pagebreak", "第4版")


def test_pages_of_the_pdf_from_a_page_map(tmp_path: Path) -> None:
    rows = [
        {"label": "1", "article": "a1", "offset": 0},
        {"label": "2", "article": "a1", "offset": 40},
        {"label": "3", "article": "a2", "offset": 13},
        {"label": "4", "article": "a2", "offset": 999},
        {"label": "5", "article": "elsewhere", "offset": 1},
    ]
    (tmp_path / "page.pages.json").write_text(json.dumps({"version": 1, "pages": rows}), encoding="utf-8")
    entries = book(EDITION, tmp_path)
    nav = ask(entries["EPUB/nav.xhtml"], "//h:nav[@e:type='page-list']//h:a")
    assert [a.text for a in nav] == ["第4版", "PDF 1", "PDF 2", "PDF 3", "PDF 4"]
    article = ask(entries["EPUB/a1.xhtml"], "//h:article")[0]
    text = "".join("".join(article.itertext()).split())
    assert text.startswith("重报深一度培育新质生产力推动高质量发展副题在此")
    assert _inside(article, "pdf-page-2") == text[:40]


def _inside(article: Any, name: str) -> str:
    """The visible characters of an article before the element with an id."""
    before: list[str] = []
    for event, node in etree.iterwalk(article, events=("start", "end")):
        if event == "start":
            if node.get("id") == name:
                break
            before.append(node.text or "")
        elif node is not article:
            before.append(node.tail or "")
    return "".join("".join(before).split())


@pytest.mark.parametrize(
    "content", ["", "[]", '{"version": 2, "pages": []}', '{"version":1,"pages":[{"label":"1"}]}', "\x00"]
)
def test_a_page_map_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "page.pages.json").write_text(content, encoding="utf-8")
    artifact = EpubBackend().render(job(EDITION, tmp_path), EpubOptions(pages="pdf"))
    assert [d.code for d in artifact.diagnostics] == ["NPP742"]


def test_notes_pop_up(plain_book: dict[str, bytes]) -> None:
    chapter = plain_book["EPUB/a1.xhtml"]
    reference = ask(chapter, "//h:a[@e:type='noteref']")[0]
    note = ask(chapter, f"//h:aside[@id='{reference.get('href')[1:]}']")[0]
    assert note.get(EPUB_TYPE) == "footnote"
    assert note.get("role") == "doc-footnote"
    assert "".join(note.itertext()).endswith("注文。")


def test_boxes_and_links_across_articles(plain_book: dict[str, bytes]) -> None:
    chapter = plain_book["EPUB/a1.xhtml"]
    assert [a.get("class") for a in ask(chapter, "//h:aside[contains(@class,'box')]")] == [
        "box abstract",
        "box timeline",
    ]
    assert ask(chapter, "//h:a[@class='xref']")[0].get("href") == "a2.xhtml#a2"
    assert [x.get("datetime") for x in ask(chapter, "//h:dt/h:time")] == ["2023-09", "2024-03-05"]


def test_metadata_with_roles_source_and_evidence(plain_book: dict[str, bytes]) -> None:
    def values(path: str) -> list[str]:
        return [node.text for node in opf(plain_book, path)]

    assert values("//dc:title") == [EDITION.title]
    assert values("//dc:language") == ["zh-Hans"]
    assert values("//dc:creator") == ["张璐", "罗静雯", "新华社"]
    assert values("//dc:contributor") == ["重庆日报"]
    roles = [(m.get("refines"), m.text) for m in opf(plain_book, "//o:meta[@property='role']")]
    assert roles == [("#maker-1", "aut"), ("#maker-2", "aut"), ("#maker-3", "ctb"), ("#maker-4", "aut")]
    assert values("//dc:date") == ["2024-03-06"]
    assert values("//o:meta[@property='news:evidence' and @refines='#date']") == ["文内“3月6日”"]
    assert values("//dc:publisher") == ["重庆日报"]
    assert values("//dc:source") == ["重庆日报，2024-03-06，第4版"]
    assert values("//dc:subject") == ["要闻", "新质生产力"]
    assert values("//dc:description") == ["两会特别报道"]
    assert values("//o:meta[@property='prism:publicationName']") == ["重庆日报"]
    assert values("//o:meta[@property='dcterms:modified']") == ["2024-03-09T16:00:00Z"]
    assert values("//dc:identifier")[0].startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("stated", "written"),
    [("2024年3月6日", ["2024-03-06"]), ("2024-03", ["2024-03"]), ("3月6日", []), ("春节前后", []), ("", [])],
)
def test_dates_that_a_package_may_state(stated: str, written: list[str]) -> None:
    from npp_publish.backends.epub.colophon import Facts, statements

    edition = replace(
        EDITION,
        metadata=(
            (
                "date",
                Stated(stated, printed=False, evidence="据"),
            ),
        ),
    )
    found = statements(edition, "题", Facts())
    assert [s.value for s in found if s.name == "dc:date"] == written
    assert any("news:evidence" in dict(s.attributes).values() for s in found) == bool(written)


def test_contents_that_are_not_shown_are_no_landmark(tmp_path: Path) -> None:
    entries = book(EDITION, tmp_path, contents=False)
    assert not opf(entries, "//o:itemref[@idref='nav']")
    assert not opf(entries, "//o:reference[@type='toc']")
    assert not ask(entries["EPUB/nav.xhtml"], "//h:nav[@e:type='landmarks']//h:a[@e:type='toc']")


def test_identifier_follows_the_content() -> None:
    from npp_publish.backends.epub.colophon import identifier

    changed = replace(EDITION, articles=(FIRST,))
    named = replace(EDITION, metadata=(("identifier", Stated("urn:isbn:9787000000000")),))
    assert identifier(EDITION) == identifier(replace(EDITION)) != identifier(changed)
    assert identifier(named) == "urn:isbn:9787000000000"


def test_accessibility_says_only_what_is_there(plain_book: dict[str, bytes], tmp_path: Path) -> None:
    def said(entries: dict[str, bytes], term: str) -> list[str]:
        return [m.text for m in opf(entries, f"//o:meta[@property='schema:{term}']")]

    assert said(plain_book, "accessMode") == ["textual"]
    assert "pageBreakMarkers" in said(plain_book, "accessibilityFeature")
    assert "rubyAnnotations" not in said(plain_book, "accessibilityFeature")
    bare = book(Edition("素", "en", (Article("a1", t("素"), body=(p("文"),)),)), tmp_path, cover="none")
    assert "pageBreakMarkers" not in said(bare, "accessibilityFeature")
    assert "alternativeText" not in said(bare, "accessibilityFeature")
    assert said(bare, "accessibilitySummary")[0].startswith("Reflowable text")
    assert said(plain_book, "accessibilitySummary")[0].startswith("本书")


def test_faces_hold_what_the_book_shows(plain_book: dict[str, bytes], tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    import io

    for name, content in plain_book.items():
        if name.startswith("EPUB/fonts/"):
            covered |= set(TTFont(io.BytesIO(content)).getBestCmap())
    shown = {c for c in "".join(ask(plain_book["EPUB/a1.xhtml"], "//h:body//text()")) if not c.isspace()}
    assert {ord(c) for c in shown} <= covered
    assert sum(map(len, plain_book.values())) < 600_000
    none = book(EDITION, tmp_path / "none", embed="none")
    assert not [name for name in none if name.startswith("EPUB/fonts/")]
    assert b"@font-face" not in none["EPUB/book.css"]


def test_whole_faces_on_request() -> None:
    from npp_publish.backends.epub.fount import cut
    from npp_publish.typeset.cascade import Voice
    from npp_publish.typeset.faces import faces

    wanted = {Voice(("NPP Latin", "NPP Song")): set("A，文"), Voice(("NPP Latin",), 700, True): set("b")}
    full = {c.name: len(c.content) for c in cut(wanted, faces(), mode="full").cuts}
    small = {c.name: len(c.content) for c in cut(wanted, faces(), mode="subset").cuts}
    assert list(full) == list(small) == [
        "fonts/npp-song-regular.ttf", "fonts/npp-latin-regular.ttf", "fonts/npp-latin-bold-italic.ttf"
    ]  # fmt: skip
    assert full["fonts/npp-song-regular.ttf"] > 5_000_000 > 20_000 > small["fonts/npp-song-regular.ttf"]
    assert cut(wanted, faces(), mode="none").cuts == ()


def test_characters_without_a_face_get_a_stand_in(tmp_path: Path) -> None:
    edition = replace(EDITION, articles=(replace(FIRST, body=(p("部首补充⺿与🎉、𫖯"),)),))
    artifact = EpubBackend().render(job(edition, tmp_path), EpubOptions())
    codes = {d.code: d.message for d in artifact.diagnostics}
    assert "🎉 (U+1F389)" in codes["NPP743"]
    assert "𫖯 U+2B5AF in NPP Song" in codes["NPP744"]
    with zipfile.ZipFile(artifact.path) as archive:
        assert "EPUB/fonts/npp-geta.ttf" in archive.namelist()


def test_every_profile_says_what_it_changes() -> None:
    for name, profile in PROFILES.items():
        found = EpubBackend().check(EpubOptions(profile=name))  # type: ignore[arg-type]
        assert profile.changes
        assert [d.code for d in found] == ([] if name == "generic" else ["NPP745"])
    with pytest.raises(UsageError):
        EpubBackend().check(EpubOptions(profile="papyrus"))  # type: ignore[arg-type]


def test_profiles_keep_their_word(tmp_path: Path) -> None:
    kindle = book(EDITION, tmp_path / "kindle", profile="kindle")
    assert "EPUB/cover.xhtml" not in kindle
    assert opf(kindle, "//o:item[@properties='cover-image']")
    assert b"body { font-family: inherit; }" in kindle["EPUB/book.css"]
    kobo = book(EDITION, tmp_path / "kobo", profile="kobo")
    spans = ask(kobo["EPUB/a1.xhtml"], "//h:span[@class='koboSpan']/@id")
    assert len(spans) == len(set(spans)) > 10
    apple = book(EDITION, tmp_path / "apple", profile="apple")
    assert "META-INF/com.apple.ibooks.display-options.xml" in apple
    assert opf(apple, "//o:meta[@property='ibooks:specified-fonts']")
    koreader = book(EDITION, tmp_path / "koreader", profile="koreader")
    assert b"-cr-hint: footnote-inpage" in koreader["EPUB/book.css"]


def test_profiles_and_lines_add_no_character(plain_book: dict[str, bytes], tmp_path: Path) -> None:
    def text(entries: dict[str, bytes]) -> str:
        return "".join("".join(ask(entries["EPUB/a1.xhtml"], "//h:article//text()")).split())

    kobo = book(EDITION, tmp_path / "kobo", profile="kobo", writing="vertical")
    assert text(kobo) == text(plain_book)
    chapter = kobo["EPUB/a1.xhtml"]
    assert [x.text or x[0].text for x in ask(chapter, "//h:span[@class='upright']")] == ["12"]
    assert opf(kobo, "//o:spine/@page-progression-direction") == ["rtl"]
    assert b"vertical-rl" in kobo["EPUB/book.css"]
    assert ask(plain_book["EPUB/a1.xhtml"], "//h:p/h:wbr")  # before and after “4+5+M+N”


def test_style_sheet_is_ready_for_old_readers(plain_book: dict[str, bytes]) -> None:
    css = plain_book["EPUB/book.css"].decode()
    assert "var(" not in css and "#9b1c1c" in css
    assert "font-size" not in css.partition("body {")[2].partition("}")[0]  # the reader's own size


def test_an_edition_without_articles_is_refused(tmp_path: Path) -> None:
    from npp_publish.errors import BackendFailed

    with pytest.raises(BackendFailed):
        EpubBackend().render(job(Edition("空", "zh-Hans", ()), tmp_path), EpubOptions())
