"""What does not fit on a page: pictures set smaller, boxes parted between entries, text that moves up."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from npp_publish.backends.pdf.tags import proper_tags
from npp_publish.typecase import fonts_folder
from npp_publish.typeset import engine

LINES, LINE = 20, 16.0
"""A page holds twenty lines of ten characters."""
PICTURE = io.BytesIO()
Image.new("RGB", (100, 100), (180, 40, 40)).save(PICTURE, "PNG")
SRC = "data:image/png;base64," + base64.b64encode(PICTURE.getvalue()).decode()
CSS = f"""
@font-face{{font-family:Song;src:url({fonts_folder().as_uri()}/npp-song-regular.ttf)}}
@page{{size:100pt {LINES * LINE + 20}pt;margin:10pt 0}}
body{{font:10pt/16pt Song;margin:0}}
p{{margin:0;orphans:2;widows:2}} figure{{margin:0;break-inside:avoid}} img{{display:block}}
h2{{font:10pt/16pt Song;margin:0;break-after:avoid}}
.figure,.box{{--zh-place:late}} .figure>*,.box>*{{--zh-place:none}}
.entry{{break-inside:avoid}} aside h3{{font:10pt/16pt Song;margin:0;break-after:avoid}} dl,dd{{margin:0}}
.note{{float:footnote}}"""


def lines(count: int, name: str = "文") -> str:
    """A paragraph of so many lines."""
    return f"<p>{name * (10 * count - 4)}</p>"


def figure(height: float, name: str = "图") -> str:
    """A picture so many lines high, with a caption of one line."""
    return (
        f"<figure class='figure'><img src='{SRC}' alt='图' style='height:{height * LINE}pt;width:50pt'>"
        f"<figcaption>{name}</figcaption></figure>"
    )


def scaled(height: float, name: str = "图") -> str:
    """A picture that keeps its shape."""
    return figure(height, name).replace(f"height:{height * LINE}pt;width:50pt", f"width:{height * LINE}pt")


def box(count: int, each: int = 2) -> str:
    entries = "".join(f"<div class='entry'>{lines(each, name)}</div>" for name in "一二三四五六"[:count])
    return f"<aside class='box'><h3>盒</h3><dl>{entries}</dl></aside>"


def write(path: Path, body: str) -> Path:
    weasyprint = engine.load()
    head = f'<!doctype html><html lang="zh-Hans"><title>t</title><style>{CSS}</style>'
    page = f"{head}<body><article>{body}</article>"
    document = weasyprint.HTML(string=page).render()
    with proper_tags(document):
        document.write_pdf(path, pdf_tags=True)
    return path


def painted(path: Path) -> list[str]:
    """Return what stands on each page in the order of painting, runs of one character as one."""
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return [re.sub(r"\s", "", re.sub(r"(.)\1+", r"\1", re.sub(r"\s", "", text))) for text in texts]


def read(path: Path) -> str:
    """Return the text in the order of the structure tree."""
    with pikepdf.open(path) as pdf:
        found: list[tuple[int, int]] = []
        numbers = {page.obj.objgen: n for n, page in enumerate(pdf.pages)}
        pending = [(pdf.Root.StructTreeRoot, 0)]
        while pending:
            node, page = pending.pop()
            if isinstance(node, int):
                found.append((page, node))
                continue
            page = numbers[node.Pg.objgen] if "/Pg" in node else page
            kids = node.get("/K", ())
            kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            pending += [(kid, page) for kid in reversed(kids) if isinstance(kid, int) or "/S" in kid]
    marked = marked_text(path)
    return re.sub(r"(.)\1+", r"\1", "".join(marked.get(key, "") for key in found))


def marked_text(path: Path) -> dict[tuple[int, int], str]:
    import pypdfium2.raw as pdfium

    document, found = pypdfium2.PdfDocument(path), dict[tuple[int, int], str]()
    for number, page in enumerate(document):
        text: Any = page.get_textpage()
        for index in range(pdfium.FPDFText_CountChars(text.raw)):
            thing = pdfium.FPDFText_GetTextObject(text.raw, index)
            if thing:
                key = number, pdfium.FPDFPageObj_GetMarkedContentID(thing)
                found[key] = found.get(key, "") + chr(pdfium.FPDFText_GetUnicode(text.raw, index))
    document.close()
    return found


@pytest.mark.parametrize(
    ("body", "pages", "order"),
    [
        pytest.param(
            lines(15, "甲") + figure(8) + lines(12, "乙"), ["甲乙", "乙图"], "甲图乙",
            id="the paragraph after a picture fills the page",
        ),
        pytest.param(
            lines(15, "甲") + figure(8) + lines(2, "乙") + lines(2, "丙") + lines(5, "丁"),
            ["甲乙丙", "图丁"], "甲图乙丙丁", id="several paragraphs do",
        ),
        pytest.param(
            lines(7, "甲") + lines(8, "乙") + figure(8) + "<h2>题</h2>" + lines(5, "丙"),
            ["甲图乙", "乙题丙"], "甲乙图题丙", id="a picture before a heading stands earlier",
        ),
        pytest.param(
            lines(7, "甲") + lines(6, "乙") + lines(2, "丙") + figure(8) + "<h2>题</h2>" + lines(5, "丁"),
            ["甲图乙", "乙丙题丁"], "甲乙丙图题丁", id="before several paragraphs",
        ),
        pytest.param(
            lines(17, "甲") + figure(8) + "<h2>题</h2>" + lines(5, "乙"), ["甲", "图题乙"], "甲图题乙",
            id="nothing moves over a heading",
        ),
        pytest.param(
            lines(13, "甲") + "<h2>题</h2>" + figure(8) + lines(9, "乙"), ["甲题乙", "乙图"], "甲题图乙",
            id="a heading keeps its text",
        ),
        pytest.param(
            lines(15, "甲") + figure(4) + lines(12, "乙"), ["甲图", "乙"], "甲图乙", id="what fits stays",
        ),
        pytest.param(
            lines(14, "甲") + scaled(6) + lines(12, "乙"), ["甲图", "乙"], "甲图乙",
            id="a picture that nearly fits is set smaller",
        ),
        pytest.param(
            lines(12, "甲") + box(6) + lines(9, "乙"), ["甲盒一二三", "四五六乙"], "甲盒一二三四五六乙",
            id="a box is parted between its entries",
        ),
        pytest.param(
            lines(15, "甲") + box(3) + lines(9, "乙"), ["甲乙", "乙盒一二三"], "甲盒一二三乙",
            id="one entry does not stand alone",
        ),
        pytest.param(
            lines(10, "甲") + box(5) + lines(9, "乙"), ["甲盒一二三", "四五乙"], "甲盒一二三四五乙",
            id="nor the last one",
        ),
        pytest.param(
            lines(16, "甲") + box(4) + "<h2>题</h2>" + lines(5, "乙"),
            ["甲", "盒一二三四题乙"], "甲盒一二三四题乙",
            id="a small hole is better than one entry alone",
        ),
        pytest.param(
            lines(15, "甲") + figure(8, "图") + lines(2, "乙") + figure(8, "影") + lines(15, "丙"),
            ["甲乙", "图影丙", "丙"], "甲图乙影丙", id="two pictures keep their order",
        ),
    ],
)  # fmt: skip
def test_no_hole_at_the_foot(tmp_path: Path, body: str, pages: list[str], order: str) -> None:
    pdf = write(tmp_path / "a.pdf", body)
    assert painted(pdf) == pages
    assert read(pdf) == order, "what moved up is read after what it passed"


@pytest.mark.parametrize("before", range(8, 17))
def test_what_was_tried_leaves_nothing_behind(tmp_path: Path, before: int) -> None:
    items = "".join(f"<li>{name * 8}</li>" for name in "一二三四五")
    listed = f"<aside class='box'><h3>盒</h3><ul>{items}</ul></aside><h2>题</h2>"
    called = lines(2, "丁").replace("</p>", "<span class='note'>注</span></p>")
    pages = painted(write(tmp_path / "a.pdf", lines(before, "甲") + listed + called + lines(9, "乙")))
    text = "".join(pages)
    assert [text.count(name) for name in "盒一二三四五题注丁"] == [1] * 9
    assert [page for page in pages if "丁" in page and "注" in page]


def test_a_picture_shrinks_to_the_room_that_is_left(tmp_path: Path) -> None:
    def height(body: str) -> float:
        document = pypdfium2.PdfDocument(write(tmp_path / "a.pdf", body))
        boxes = [thing.get_bounds() for page in document for thing in page.get_objects(filter=[3])]
        document.close()
        ((_, foot, _, head),) = boxes
        return (head - foot) / LINE

    assert height(lines(14) + scaled(6)) == pytest.approx(5, abs=0.05)
    assert height(lines(16) + scaled(6)) == pytest.approx(6, abs=0.01), "not by more than three tenths"


def test_a_picture_leaves_no_hole_in_a_column(tmp_path: Path) -> None:
    css = "<style>@page{size:210pt 340pt} .columns{columns:2;column-gap:10pt}</style>"
    body = lines(15, "甲") + figure(8) + lines(9, "乙") + lines(4, "丙")
    pdf = write(tmp_path / "a.pdf", f"{css}<div class='columns'>{body}</div>")
    assert painted(pdf) == ["甲乙图丙"] and read(pdf) == "甲图乙丙"
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    feet = [page.get_charbox(n)[1] for n in range(page.count_chars()) if page.get_charbox(n)[0] < 95]
    assert min(feet) < 60, "the first column goes on to its foot"


def test_columns_over_two_pages_keep_their_text(tmp_path: Path) -> None:
    css = "<style>@page{size:210pt 340pt} .columns{columns:2;column-gap:10pt}</style>"
    for before in range(10, 20, 3):
        body = lines(before, "甲") + "".join(
            figure(8, f) + lines(7, p) for f, p in ("图乙", "影丙", "画丁", "像戊")
        )
        pdf = write(tmp_path / "a.pdf", f"{css}<div class='columns'>{body}</div>")
        text = "".join(painted(pdf))
        assert [text.count(name) for name in "图影画像"] == [1] * 4
        assert read(pdf) == "甲图乙影丙画丁像戊"


NAMES = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
PARTS = st.lists(st.tuples(st.sampled_from("ppppfbhs"), st.integers(2, 14)), min_size=3, max_size=22)


@pytest.mark.parametrize("columns", [1, 2])
@settings(max_examples=12, deadline=None)
@given(parts=PARTS)
def test_nothing_is_lost_or_out_of_order(columns: int, parts: list[tuple[str, int]]) -> None:
    body = ""
    for (kind, size), name in zip(parts, NAMES, strict=False):
        body += {
            "p": lines(size, name), "f": figure(size, name), "s": scaled(size // 2 + 1, name),
            "b": f"<aside class='box'><h3>{name}</h3></aside>", "h": f"<h2>{name}</h2>",
        }[kind]  # fmt: skip
    css = "<style>@page{size:210pt 340pt} .columns{columns:2;column-gap:10pt}</style>" if columns > 1 else ""
    links = "".join(f"<p><a href='#x{n}'></a></p>" for n in range(3))
    ends = "<style>a::after{content:target-counter(attr(href url), page)}</style>" + links
    body = f"{css}{ends}<div class='columns'>{body}<p id='x0'></p></div>"
    with TemporaryDirectory() as folder:
        text = re.sub(r"[0-9]", "", read(write(Path(folder) / "a.pdf", body)))
    assert text == NAMES[: len(parts)]


def test_notes_stay_on_the_page_of_their_call(tmp_path: Path) -> None:
    called = lines(4, "甲").replace("</p>", "<span class='note'>注</span></p>")
    for before in range(10, 17):
        pdf = write(tmp_path / "a.pdf", called + lines(before, "乙") + lines(5, "丙"))
        assert "注" in painted(pdf)[0], before


def test_the_same_pages_twice(tmp_path: Path) -> None:
    """A page is laid out again when page numbers are known: what moved up is put back before."""
    numbers = "<p><a href='#x' style=\"\"></a></p>" * 3
    css = "<style>a::after{content:target-counter(attr(href url), page)}</style>"
    body = lines(15, "甲") + figure(8) + lines(12, "乙") + "<p id='x'>丙</p>"
    pages = painted(write(tmp_path / "a.pdf", css + numbers + body))
    assert "".join(pages).count("图") == 1 and "".join(pages).count("丙") == 1
    assert painted(write(tmp_path / "b.pdf", css + numbers + body)) == pages
