"""Long editions: set in signatures, they are what they would be in one piece."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from manuscript import LONG, p, t
from npp_publish.backends.pdf import PdfBackend, PdfOptions, bindery, impression, signatures
from npp_publish.backends.pdf.folios import Inexact
from npp_publish.model import (
    Article,
    Asset,
    Box,
    BoxKind,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Heading,
    Jump,
    Note,
    Paragraph,
    Reference,
    RenderJob,
    Role,
    Rowed,
    Stated,
    Table,
    Tagged,
    Text,
)
from npp_publish.typeset.theme import load, names


def table(name: str) -> Table:
    def cells(*texts: str) -> tuple[tuple[Paragraph], ...]:
        return tuple((p(text),) for text in texts)

    rows = (Rowed(cells("指标", "数"), True), *(Rowed(cells(f"名称{n}", str(n)), False) for n in range(45)))
    return Table(rows, aligns="lr", caption=t("表"), id=name)


def article(number: int) -> Article:
    body: list[Element] = [p(LONG * (4 + number % 3), Note((p(f"第{number}篇的注。"),)), LONG)]
    if number % 2:
        body += [Heading(2, t(f"小标题{number}")), table(f"t{number}")]
    else:
        entries = Entries((Entry(t("2023年"), (p(LONG),)), Entry(t("2024年"), (p(LONG),))))
        body += [Box(BoxKind.TIMELINE, t("大事记"), (entries,)), Figure("pic.png", "红日", t("红日。"))]
    other = {0: "t5", 4: "t1", 7: "t7"}.get(number)
    if other:
        body.append(p("参看", Reference(t("表"), other), "，" + LONG))
    body += [p(f"第{number}篇。" + LONG * 6)] * 3
    to = Jump((Text("（下转第"), Tagged(Role.PAGE, t("6")), Text("版）"))) if number == 2 else None
    back = Jump((Text("（上接第"), Tagged(Role.PAGE, t("2")), Text("版）"))) if number == 6 else None
    pages = {2: ("2",), 6: ("6",)}.get(number, ())
    return Article(
        f"a{number}", title=t(f"第{number}篇的标题"), body=tuple(body), pages=pages,
        continued_to=to, continued_from=back,
    )  # fmt: skip


EDITION = Edition(
    "长编综合测试",
    "zh-Hans",
    tuple(article(number) for number in range(9)),
    metadata=(("news.paper", Stated("测试日报")), ("date", Stated("2024-03-07", False))),
)


def job(folder: Path, theme: str) -> RenderJob:
    folder.mkdir(exist_ok=True)
    picture = folder / "pic.png"
    Image.new("RGB", (300, 200), (180, 40, 40)).save(picture)
    asset = Asset("pic.png", picture, "image/png", "0" * 64, 300, 200)
    return RenderJob(
        EDITION, "", load(theme), "page", folder, 1709769600, source_name="page.txt", assets=(asset,)
    )


@pytest.fixture
def short_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPP_HANDS", "1")
    monkeypatch.setattr(impression, "cut", partial(signatures.cut, long=0, size=1500))
    monkeypatch.setattr(impression, "whole", partial(signatures.whole, long=0, size=1500))


def shown(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Yield what each page draws; patterns and pictures are numbered apart in each signature."""
    for page in pdf.pages:
        yield re.sub(rb"/([pxis])\d+ ", rb"/\1 ", page.Contents.read_bytes())


def told(pdf: pikepdf.Pdf) -> list[Any]:
    """Return the structure tree as nested lists: types, pages, marked content, links, texts."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def tell(element: Any) -> list[Any]:
        found: list[Any] = [str(element.S), pages[element.Pg.objgen] if "/Pg" in element else None]
        found += [str(element[name]) for name in ("/Alt", "/E") if name in element]
        kids = element.get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                found.append(kid)
            elif "/S" in kid:
                assert kid.P.objgen == element.objgen
                found.append(tell(kid))
            else:
                found.append(str(kid.Obj.get("/Dest", "")))
        return found

    return tell(pdf.Root.StructTreeRoot.K[0])


def listed(pdf: pikepdf.Pdf) -> list[Any]:
    """Return bookmarks and destinations, with their pages and places."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}

    def place(target: Any) -> tuple[float, ...]:
        return (pages[target[0].objgen], *(round(float(part), 3) for part in list(target)[2:]))

    found: list[Any] = []
    with pdf.open_outline() as outline:
        pending = [(item, 0) for item in reversed(outline.root)]
        while pending:
            item, depth = pending.pop()
            found.append((depth, item.title, place(item.destination)))
            pending += [(child, depth + 1) for child in reversed(item.children)]
    rows = pdf.Root.Names.Dests.Names
    return found + [(str(rows[n]), place(rows[n + 1])) for n in range(0, len(rows), 2)]


@pytest.mark.parametrize(
    "theme", [pytest.param(name, marks=() if name == "book" else pytest.mark.slow) for name in names()]
)
@pytest.mark.usefixtures("short_signatures")
def test_signatures_are_what_one_piece_would_be(
    tmp_path: Path, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound, calls = impression.bind, []
    monkeypatch.setattr(impression, "bind", lambda *args: calls.append(len(args[0])) or bound(*args))
    made = job(tmp_path / "signatures", theme)
    in_signatures = PdfBackend().render(made, PdfOptions())
    assert calls and calls[0] >= 4
    monkeypatch.setattr(impression, "separable", lambda css: False)
    in_one = PdfBackend().render(job(tmp_path / "one", theme), PdfOptions())
    assert in_signatures.diagnostics == in_one.diagnostics
    with pikepdf.open(in_signatures.path) as ours, pikepdf.open(in_one.path) as theirs:
        assert list(shown(ours)) == list(shown(theirs)) and len(ours.pages) > 8
        assert told(ours) == told(theirs)
        assert listed(ours) == listed(theirs)
        assert not list(ours.check_pdf_syntax())
        check_parents(ours)
        assert fonts(ours) == fonts(theirs)
    assert PdfBackend().validate(in_signatures, made) == ()


def check_parents(pdf: pikepdf.Pdf) -> None:
    """Every page and annotation has its own entry in the parent tree, and it leads back."""
    nums = pdf.Root.StructTreeRoot.ParentTree.Nums
    keys = [int(nums[n]) for n in range(0, len(nums), 2)]
    assert keys == list(range(len(keys)))
    rows = {int(nums[n]): nums[n + 1] for n in range(0, len(nums), 2)}
    used = []
    for number, page in enumerate(pdf.pages):
        assert int(page.StructParents) == number
        used.append(number)
        assert all(row is None or row.Pg.objgen == page.obj.objgen for row in rows[number])
        for annotation in page.get("/Annots", ()):
            used.append(int(annotation.StructParent))
            kids = rows[used[-1]].K
            assert any(
                "/Obj" in kid and kid.Obj.objgen == annotation.objgen
                for kid in kids
                if not isinstance(kid, int)
            )
    assert sorted(used) == keys
    ids = [str(o.ID) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ID" in o and "/S" in o]
    assert len(ids) == len(set(ids)) > 9


def fonts(pdf: pikepdf.Pdf) -> dict[str, tuple[bytes, Any]]:
    """Return the faces: file, flags and box, widths, texts; each may be there once."""
    found = {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Subtype") == "/Type0":
            child = thing.DescendantFonts[0]
            texts = re.findall(rb"<(\w{4})> <(\w+)>", thing.ToUnicode.read_bytes())
            box = [float(side) for side in child.FontDescriptor.FontBBox]
            widths = [list(row) if isinstance(row, pikepdf.Array) else int(row) for row in child.W]
            assert str(thing.BaseFont) not in found
            file = child.FontDescriptor.FontFile2.read_bytes()
            found[str(thing.BaseFont)] = (file, (int(child.FontDescriptor.Flags), box, widths, sorted(texts)))
    return found


_CHILD = """
import pickle, sys
from functools import partial
from npp_publish.backends.pdf import PdfBackend, PdfOptions, impression, signatures
impression.cut = partial(signatures.cut, long=0, size=1500)
impression.whole = None  # not wanted
job = pickle.load(open(sys.argv[1], "rb"))
PdfBackend().render(job, PdfOptions())
"""


def test_the_same_bytes_whatever_the_number_of_processes(tmp_path: Path) -> None:
    files = []
    edition = replace(EDITION, articles=EDITION.articles[:4])  # three signatures
    for count in ("1", "3"):
        folder = tmp_path / count
        order = tmp_path / f"{count}.pickle"
        order.write_bytes(pickle.dumps(replace(job(folder, "book"), edition=edition)))
        environment = os.environ | {"NPP_HANDS": count}
        subprocess.run([sys.executable, "-c", _CHILD, str(order)], check=True, env=environment)
        assert sorted(path.name for path in folder.iterdir()) == ["page.pdf", "pic.png"]
        files.append((folder / "page.pdf").read_bytes())
    assert files[0] == files[1]


@pytest.mark.parametrize(
    "rule",
    [
        "@page { @bottom-center { content: counter(page) '/' counter(pages) } }",
        "p.kicker::before { content: counter(page) }",
        ".article { counter-increment: article }",
        ".article { break-before: right }",
        ".masthead { position: fixed }",
        ".article::before { content: target-text('#a3') }",
        "@page :left { margin-left: 55mm }",
    ],
)
@pytest.mark.usefixtures("short_signatures")
def test_what_depends_on_all_pages_is_set_in_one_piece(
    tmp_path: Path, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impression, "bind", lambda *_: pytest.fail("bound"))
    seen: list[str] = []
    monkeypatch.setattr(impression._Press, "in_one_piece", lambda press, html, _: seen.append(html))
    made = job(tmp_path, "book")
    edition = replace(EDITION, articles=tuple(replace(a, kicker=t("眉")) for a in EDITION.articles[:4]))
    made = replace(made, edition=edition, theme=replace(made.theme, overrides=(rule,)))
    PdfBackend().render(made, PdfOptions())
    assert seen and "break-before: page" in seen[0]


def test_a_short_edition_is_not_cut() -> None:
    html = "<body><h1>题</h1><article>一</article><article>二</article></body>"
    assert signatures.cut(html) == () and signatures.whole(html) == html


def test_what_is_not_a_run_of_articles_is_not_cut() -> None:
    articles = "<article>一</article>" * 9
    for html in (
        f"<body>{articles}<hr>{articles}</body>",
        f"<body><article>{articles}</article></body>",
        "<body></article><p>无</p></body>",
        "<body><article>一</body>",
        f'<body><article style="color: red">一</article>{articles}</body>',
    ):
        assert signatures.cut(html, long=0, size=1) == ()


def test_neighbours_stay_as_empty_elements() -> None:
    html = '<html><head></head><body class="x"><div id="m"><p>报</p></div><main>' + "".join(
        f'<article class="article" id="a{n}"><p id="b{n}">字<span class="footnote">注</span></p></article>'
        for n in range(4)
    )
    made = signatures.cut(html + "</main></body></html>", long=0, size=2)
    assert [sorted(part.anchors) for part in made] == [
        ["a0", "b0", "m"],
        ["a1", "b1"],
        ["a2", "b2"],
        ["a3", "b3"],
    ]
    second = made[1].html
    assert second.count("<article") == 4 and second.count("display: none") == 4
    assert (
        '<body class="x" style="counter-reset: footnote 1"><div style="display: none"></div><main>' in second
    )
    assert "报" not in second and second.endswith("</main></body></html>")
    assert 'id="a1" style="break-before: page; margin-top: 0"' in second


def test_glyphs_with_two_texts_are_not_joined() -> None:
    one = bindery.Cast("d", {1: 500}, {1: "a"})
    with pytest.raises(Inexact):
        bindery._together(one, bindery.Cast("d", {1: 500}, {1: "b"}))
    assert bindery._together(one, bindery.Cast("d", {2: 300}, {2: "b"})).texts == {1: "a", 2: "b"}


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("p { margin: 0 } .article + .article { margin: 0 }", 4),
        (".article + .article + .article p { margin: 0 }", 6),
        (".box .entry:nth-child(odd) { margin: 0 } .front ~ .article { margin: 0 }", 4),
        ("[class~=lead] { margin: 0 } /* ~ */", 4),
        (".article ~ .article { margin: 0 }", 19),
        ("main > :nth-child(3) { margin: 0 }", 19),
        ("article.article:nth-of-type(2n) p { margin: 0 }", 19),
        (".front:nth-last-child(7) { margin: 0 }", 19),
    ],
)
def test_neighbours_that_no_style_sheet_can_see_are_left_out(css: str, kept: int) -> None:
    articles = "".join(f'<article class="article" id="a{n}">字</article>' for n in range(20))
    html = f'<html><head></head><body><p class="front">报</p>{articles}</body></html>'
    middle = signatures.cut(html, long=0, size=1, css=[css])[10].html
    assert middle.count("<article") == 1 + kept
    assert middle.count('class="front"') == 1
