"""Page maps: the pages of a finished PDF found again in the text, and in the e-book keyed to it."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from epub_room import EDITION, FIRST, job, p
from npp_publish.backends import load, word
from npp_publish.backends.epub.pages import read_map
from npp_publish.colophon import Digests
from npp_publish.config import Settings
from npp_publish.dist import place_for
from npp_publish.model import Edition
from npp_publish.press import Inline, Press, Task
from npp_publish.press.journeymen import Children
from npp_publish.standing import Order, keys_of
from npp_publish.typeset.anchors import anchored
from npp_publish.typeset.galley import article_text
from npp_publish.typeset.theme import labels
from npp_publish.validate.pagemap import as_json, judge_pages, map_beside, page_starts

# WeasyPrint leaves a colour profile open, which is told when it is collected.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
LONG = replace(
    EDITION,
    articles=(replace(FIRST, body=(*FIRST.body, *(p(f"第{n}段，" + "说了很多话。" * 40) for n in range(14)))),
              EDITION.articles[1]),
)  # fmt: skip


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    backend = load("pdf")
    return backend.render(job(LONG, tmp_path_factory.mktemp("pdf")), backend.Options()).path


def _text(edition: Edition, name: str) -> str:
    return next("".join("".join(article_text(a)).split()) for a in edition.articles if a.id == name)


def test_every_page_begins_where_the_page_says(pdf: Path, tmp_path: Path) -> None:
    import pypdfium2

    edition = anchored(LONG)
    starts = page_starts(pdf, edition, labels(job(LONG, tmp_path).theme, "zh-Hans"))
    document = pypdfium2.PdfDocument(pdf)
    assert [start.label for start in starts] == [str(n + 1) for n in range(len(document))]
    assert len(starts) >= 4
    assert (starts[0].article, starts[0].offset) == ("a1", 0)
    for start in starts[1:]:
        page = document[int(start.label) - 1]
        words = _text(edition, start.article)[start.offset : start.offset + 8]
        assert words in "".join(page.get_textpage().get_text_range().split())
    assert [(s.article, s.offset) for s in starts] == sorted((s.article, s.offset) for s in starts)


def test_a_book_keyed_to_the_pdf(pdf: Path, tmp_path: Path) -> None:
    backend = load("epub")
    options = backend.Options(page_map=str(pdf), cover="none", embed="none")
    task = job(LONG, tmp_path / "pdf")
    artifact = backend.render(task, options)
    assert artifact.diagnostics == () == backend.validate(artifact, task)
    starts = page_starts(pdf, anchored(LONG), labels(task.theme, "zh-Hans"))
    again = job(LONG, tmp_path / "json")
    (again.work / "page.pages.json").write_text(as_json(starts), encoding="utf-8")
    same = backend.render(again, replace(options, page_map=""))
    assert same.path.read_bytes() == artifact.path.read_bytes()
    with zipfile.ZipFile(artifact.path) as archive:
        nav = archive.read("EPUB/nav.xhtml").decode()
        assert "；PDF</meta>" in archive.read("EPUB/content.opf").decode()
    assert nav.index("第4版") < nav.index("PDF 1") < nav.index(f"PDF {len(starts)}")


def test_a_pdf_of_something_else_gives_no_map(pdf: Path, tmp_path: Path) -> None:
    other = anchored(replace(LONG, articles=(replace(FIRST, body=(p("另一篇。"),)),)))
    assert page_starts(pdf, other, {}) == ()
    broken = tmp_path / "x.pdf"
    broken.write_bytes(b"no PDF")
    with pytest.raises(ValueError, match="cannot be read"):
        page_starts(broken, other, {})
    backend = load("epub")
    found = backend.render(job(EDITION, tmp_path / "w"), backend.Options(page_map=str(broken))).diagnostics
    assert [d.code for d in found] == ["NPP742"]


def test_the_file_says_what_was_found(pdf: Path) -> None:
    starts = page_starts(pdf, anchored(LONG), {})
    data = json.loads(as_json(starts))
    assert data["version"] == 1
    assert [row["label"] for row in data["pages"]] == [s.label for s in starts]


def test_the_pdf_of_the_same_run_is_what_the_book_is_keyed_to(pdf: Path, tmp_path: Path) -> None:
    backend = load("epub")
    task = replace(job(LONG, tmp_path / "beside"), beside=(pdf,))
    options = backend.Options(cover="none", embed="none")
    backend.prepare(replace(task, beside=()), options)
    keyed = backend.render(task, options).path.read_bytes()
    named = backend.render(job(LONG, tmp_path / "named"), replace(options, page_map=str(pdf)))
    assert keyed == named.path.read_bytes()


@pytest.mark.parametrize("press", [Children(seconds=60), Children(jobs=1), Inline()])
def test_the_press_hands_the_finished_pdf_to_the_book(press: Press, tmp_path: Path) -> None:
    tasks = [
        Task("epub", job(EDITION, tmp_path / "epub"), load("epub").Options(embed="none"), "pdf"),
        Task("pdf", job(EDITION, tmp_path / "pdf"), load("pdf").Options()),
    ]
    with press as room:
        book, paper = room.run(tasks)
    assert (book.name, paper.name, book.exit_code, paper.exit_code) == ("epub", "pdf", 0, 0)
    assert book.artifact and paper.artifact
    with zipfile.ZipFile(book.artifact.path) as archive:
        assert "PDF 1<" in archive.read("EPUB/nav.xhtml").decode()


@pytest.mark.parametrize("press", [Children(seconds=60), Inline()])
def test_a_pdf_that_fails_keeps_no_book_waiting(press: Press, tmp_path: Path) -> None:
    tasks = [
        Task("epub", job(EDITION, tmp_path / "epub"), load("epub").Options(embed="none"), "pdf"),
        Task("pdf", job(EDITION, tmp_path / "pdf"), None),
    ]
    with press as room:
        book, paper = room.run(tasks)
    assert (book.exit_code, paper.exit_code) == (0, 5)


def test_the_key_of_a_book_is_that_of_the_formats_it_follows(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("标题\n正文。\n", encoding="utf-8")
    orders = [Order((page,), place_for(page, tmp_path / "out"), formats, Settings())
              for formats in (("epub",), ("epub", "html"), ("pdf", "epub"))]  # fmt: skip
    alone, beside_html, keyed = (keys_of(order, Digests(None)).formats["epub"] for order in orders)
    assert alone == beside_html != keyed


def test_a_followed_pdf_leaves_the_map_that_a_reader_would_make(pdf: Path, tmp_path: Path) -> None:
    own = tmp_path / pdf.name
    own.write_bytes(pdf.read_bytes())
    alone = job(LONG, tmp_path)
    words = labels(alone.theme, "zh-Hans")
    assert judge_pages(own, alone) == ()
    assert not map_beside(own).exists()
    assert judge_pages(own, replace(alone, followed=True)) == ()
    known = read_map(map_beside(own), anchored(LONG), words)
    assert known == read_map(own, anchored(LONG), words)
    assert len(known) >= 4
    map_beside(own).unlink()
    other = replace(alone, edition=EDITION, followed=True)
    assert judge_pages(own, other) and not map_beside(own).exists(), "a wrong text has no pages"


def test_the_map_is_known_once_the_pages_are_laid_out(tmp_path: Path) -> None:
    backend, alone = load("pdf"), job(LONG, tmp_path)
    ahead: list[bytes] = []
    with word.listening(lambda artifact: ahead.append(map_beside(artifact.path).read_bytes())):
        artifact = backend.render(alone, backend.Options())
        assert len(ahead) == 1 and not backend.validate(artifact, replace(alone, followed=True))
        assert ahead == [map_beside(artifact.path).read_bytes()], "the finished file says the same"
        map_beside(artifact.path).write_text("{}", encoding="utf-8")
        backend.validate(artifact, replace(alone, followed=True))
    assert ahead == [ahead[0]] * 2, "it said something else: word is given again"
