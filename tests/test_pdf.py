"""The PDF backend: standards, text, bounds, what it may fetch, the same bytes twice."""

from __future__ import annotations

import re
import socket
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from manuscript import LONG, p, t
from npp_publish.backends.pdf import STANDARDS, PdfBackend, PdfOptions, impression
from npp_publish.backends.pdf.bounds import DEEPEST, bound, clipped, css_string
from npp_publish.backends.pdf.sheets import Sheets, gather
from npp_publish.backends.pdf.stores import PICTURES, THEME, stores
from npp_publish.errors import BackendFailed, UsageError
from npp_publish.model import (
    Article,
    Artifact,
    Asset,
    Box,
    BoxKind,
    Byline,
    Code,
    Dateline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Heading,
    Inline,
    Jump,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    RenderJob,
    Role,
    Rowed,
    Ruby,
    Rule,
    Stated,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
)
from npp_publish.typeset.faces import coverage
from npp_publish.typeset.theme import load, names
from npp_publish.typeset.typearea import type_area
from npp_publish.validate.typography import audit, failed


def row(*cells: str, header: bool = False) -> Rowed:
    return Rowed(tuple((p(cell),) for cell in cells), header)


BODY: tuple[Element, ...] = (
    Box(BoxKind.ABSTRACT, t("核心提示"), (p(LONG),)),
    Paragraph(
        (
            Text("脚注"),
            Note((p("数据来源：统计公报。"),)),
            Text("，"),
            Styled(Style.DOTS, t("着重，号")),
            Ruby("重庆", "Chóngqìng"),
            Styled(Style.STRONG, t("粗")),
            Styled(Style.EMPHASIS, t("楷")),
            Code("code()"),
            Link(t("链接"), "https://example.org/"),
            Text("，见"),
            Reference((Text("表一"), Styled(Style.STRONG, t("续"))), "t1"),
            Text("，H"),
            Styled(Style.SUBSCRIPT, t("2")),
            Text("O，𠮷田😀。" + LONG),
        ),
        lines=(12,),
    ),
    Heading(2, (Tagged(Role.POST, t("代表")), Tagged(Role.SPEAKER, t("蓝庆华")), Text("：锚定目标"))),
    Box(
        BoxKind.TIMELINE,
        t("大事记"),
        (Entries(tuple(Entry(t(f"2023年{n}月"), (p(LONG),)) for n in (1, 9, 12))),),
    ),
    Box(BoxKind.DEFINITION, t("什么是"), (Entries((Entry(t("定义"), (p("一"), p("二"))),)),)),
    Table(
        (
            row("指标", "2022年", "2023年", header=True),
            *(row(f"名称{n}", str(n), f"{n}.5%") for n in range(60)),
        ),
        aligns="lrr",
        caption=t("表一"),
        id="t1",
    ),
    Figure("pic.png", "红日", (Text("红日。"), Tagged(Role.CREDIT, t("张三摄")))),
    Figure("lost.png", "", t("缺图")),
    Heading(3, t("三级")),
    Listing(((p("一"),), (p("二"), Listing(((p("嵌套"),),)))), 1),
    Quote((p("引文。"),)),
    Rule(),
    Verbatim("a\n  b"),
)
SINK = Edition(
    "综合测试",
    "zh-Hans",
    (
        Article(
            "a1",
            title=t("培育新质生产力 推动经济高质量发展，这是一个相当长的标题，长到要在书眉里截短才行"),
            kicker=t("深一度"),
            subtitle=t("副题"),
            bylines=(
                Byline((Tagged(Role.AGENCY, t("新华社")), Text("记者"), Tagged(Role.AUTHOR, t("张璐")))),
            ),
            dateline=Dateline((Text("（"), Tagged(Role.DATE, t("3月6日")), Text("电）"))),
            continued_to=Jump((Text("（下转"), Tagged(Role.PAGE, t("5")), Text("版）"))),
            body=BODY,
        ),
        Article("a2", title=t("第二篇"), body=(p(LONG * 3),)),
    ),
    metadata=(
        ("news.paper", Stated("测试日报")),
        ("date", Stated("2024-03-07", False)),
        ("news.page", Stated("4")),
    ),
)


def job(folder: Path, edition: Edition, theme: str = "briefing", **more: object) -> RenderJob:
    return RenderJob(edition, "", load(theme), "page", folder, 1709769600, source_name="page.txt", **more)  # type: ignore[arg-type]


def with_picture(folder: Path) -> tuple[Asset, ...]:
    path = folder / "pic.png"
    Image.new("RGB", (300, 200), (180, 40, 40)).save(path)
    return (Asset("pic.png", path, "image/png", "0" * 64, 300, 200),)


def render(job_: RenderJob, options: PdfOptions | None = None) -> Artifact:
    return PdfBackend().render(job_, options or PdfOptions())


def plain_edition(*body: Element, title: str = "题") -> Edition:
    return Edition(title, "zh-Hans", (Article("a1", title=t(title), body=body, lines=(3,)),))


def types(pdf: pikepdf.Pdf) -> dict[str, int]:
    found: dict[str, int] = {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/StructElem":
            found[str(thing.S)] = found.get(str(thing.S), 0) + 1
    return found


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> tuple[RenderJob, Artifact]:
    folder = tmp_path_factory.mktemp("sink")
    made = job(folder, SINK, assets=with_picture(folder))
    return made, render(made)


def test_a_finished_pdf_passes_its_own_judges(sink: tuple[RenderJob, Artifact]) -> None:
    made, artifact = sink
    assert PdfBackend().validate(artifact, made) == ()
    assert [(d.code, d.line) for d in artifact.diagnostics] == [("NPP701", 12)]


def test_both_standards_are_claimed_in_one_packet_and_the_title_is_shown(
    sink: tuple[RenderJob, Artifact],
) -> None:
    with pikepdf.open(sink[1].path) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode("utf-8")
        assert packet.count("<rdf:RDF") == 1
        assert 'pdfaid:part="2"' in packet and "<pdfuaid:part>1</pdfuaid:part>" in packet
        assert "pdfaExtension:schemas" in packet
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) and pdf.Root.Lang == "zh-Hans"
        assert pdf.docinfo["/Title"] == "综合测试" and pdf.docinfo["/Author"] == "张璐"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20240307")


def test_the_structure_tree_says_what_things_are(sink: tuple[RenderJob, Artifact]) -> None:
    with pikepdf.open(sink[1].path) as pdf:
        found = types(pdf)
        wanted = "/H1 /H2 /H3 /TOC /TOCI /Note /Link /Figure /Caption /BlockQuote"
        assert set(wanted.split()) <= set(found)
        tables = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/S") == "/Table" and "/K" in thing
        ]
        rows = [sum(str(kid.S) == "/THead" for kid in table.K) for table in tables]
        assert max(rows) == 1 and len(pdf.pages) > 3
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == ["综合测试"]


def test_only_faces_of_the_house_and_no_empty_boxes(sink: tuple[RenderJob, Artifact]) -> None:
    with pikepdf.open(sink[1].path) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/Font"]
        assert {str(font.Subtype) for font in fonts} == {"/Type0", "/CIDFontType2"}
        assert all(re.match(r"/[A-Z]{6}\+NPP-", str(font.BaseFont)) for font in fonts)


def test_the_same_job_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    bytes_ = []
    for folder in (first, second):
        folder.mkdir()
        bytes_.append(render(job(folder, SINK, assets=with_picture(folder))).path.read_bytes())
        assert sorted(path.name for path in folder.iterdir()) == ["page.pdf", "pic.png"]
    assert bytes_[0] == bytes_[1]


@pytest.mark.parametrize("theme", [name for name in names() if name != "briefing"])
def test_every_theme_sets_every_character(tmp_path: Path, theme: str) -> None:
    made = job(tmp_path, SINK, theme, assets=with_picture(tmp_path))
    artifact = render(made)
    assert PdfBackend().validate(artifact, made) == ()


def test_archival_with_attachments(tmp_path: Path) -> None:
    source = tmp_path / "edition.md"
    source.write_text("# 题\n", encoding="utf-8")
    ledger = tmp_path / "a-ledger.json"
    ledger.write_text("{}", encoding="utf-8")
    made = job(tmp_path, plain_edition(p(LONG)), attachments=(source, ledger))
    artifact = render(made, PdfOptions(standard="ua-1,a-3u"))
    assert PdfBackend().validate(artifact, made) == ()  # the names are in order
    with pikepdf.open(artifact.path) as pdf:
        assert list(pdf.attachments) == ["a-ledger.json", "edition.md"]
        assert pdf.attachments["edition.md"].get_file().read_bytes() == source.read_bytes()
        assert str(pdf.Root.AF[0].AFRelationship) == "/Source"
        assert 'pdfaid:part="3"' in pdf.Root.Metadata.read_bytes().decode()
    with pikepdf.open(render(made, PdfOptions(standard="ua-1")).path) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert "pdfuaid" in packet and "pdfaid" not in packet and not pdf.attachments


def test_paper_size_and_bleed(tmp_path: Path) -> None:
    made = job(tmp_path, plain_edition(p(LONG * 4)))
    with pikepdf.open(render(made, PdfOptions(paper="a5", font_size=18, bleed=3)).path) as pdf:
        trim = [float(side) for side in pdf.pages[0].TrimBox]
        media = [float(side) for side in pdf.pages[0].MediaBox]
    assert trim[2] - trim[0] == pytest.approx(148 * 72 / 25.4, abs=0.01)
    assert trim[0] - media[0] > 3 * 72 / 25.4 - 0.01


@pytest.mark.slow
def test_for_the_press_all_colours_are_inks(tmp_path: Path) -> None:
    made = job(tmp_path, SINK, assets=with_picture(tmp_path))
    options = PdfOptions(standard="x-4,ua-1", bleed=3)
    first = render(made, options).path.read_bytes()
    artifact = render(made, options)
    assert artifact.path.read_bytes() == first
    with pikepdf.open(artifact.path) as pdf:
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFX"
        packet = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfxid:GTS_PDFXVersion>PDF/X-4<" in packet and "pdfuaid" in packet
        streams = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        pictures = [o for o in streams if o.get("/Subtype") == "/Image"]
        assert [str(o.ColorSpace) for o in pictures] == ["/DeviceCMYK"]
        drawn = [page.Contents.read_bytes() for page in pdf.pages]
        drawn += [o.read_bytes() for o in streams if o.get("/Subtype") == "/Form" or "/PatternType" in o]
        assert not [content for content in drawn if re.search(rb"(?<=[\d.] )(rg|RG)\b", content)]
        assert re.search(rb"0 0 0 [\d.]+ k\b", drawn[0])
        trim, bleed = ([float(side) for side in box] for box in (pdf.pages[0].TrimBox, pdf.pages[0].BleedBox))
        assert trim[0] - bleed[0] == pytest.approx(3 * 72 / 25.4, abs=0.01)
    assert PdfBackend().validate(artifact, made) == ()


# ----------------------------------------------------------------------------------- options


@pytest.mark.parametrize(
    "options",
    [
        PdfOptions(paper="a9"),
        PdfOptions(font_size=99),
        PdfOptions(bleed=-1),
        PdfOptions(dpi=1),
        PdfOptions(standard="a-9z"),
        PdfOptions(standard="a-2u,a-3u"),
    ],
)
def test_impossible_options_are_refused(options: PdfOptions) -> None:
    with pytest.raises(UsageError):
        PdfBackend().check(options)


def test_possible_options() -> None:
    for name in STANDARDS:
        assert not [d for d in PdfBackend().check(PdfOptions(standard=name)) if d.code != "NPP717"]


# ------------------------------------------------------------------------------------ stores


def test_nothing_else_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "in.svg").write_text("<svg/>")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "theme" / "link").symlink_to(tmp_path / "secret")
    given = stores({"npp-font:x": b"font"}, {PICTURES + "0": tmp_path / "secret"}, [tmp_path / "theme"])
    assert given.fetch("npp-font:x").read() == b"font"
    assert given.fetch("data:text/plain,hi").read() == b"hi"
    assert given.fetch(THEME + "in.svg").read() == b"<svg/>"
    assert given.fetch(PICTURES + "0").read() == b"x"
    refused = [
        "http://example.org/x",
        "https://127.0.0.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://host/etc/passwd",
        (tmp_path / "secret").as_uri(),
        THEME + "link",
        THEME + "../secret",
        THEME + "%2e%2e/secret",
        THEME + "/etc/passwd",
        THEME + "%00",
        THEME,
        PICTURES + "1",
        "jar:file:///x",
        "npp-font:y",
    ]
    for url in refused:
        with pytest.raises(ValueError, match="not among the stores"):
            given.fetch(url)
    assert given.refused == refused


def test_text_is_never_a_template_or_markup(tmp_path: Path) -> None:
    evil = plain_edition(
        p("{{ 7*7 }} {% raw %} <script>alert(1)</script> <img src=file:///etc/passwd> &amp; \x00\x07 \ud800"),
        Figure("http://example.org/x.png", "远处"),
        Figure("../../../etc/passwd", "近处"),
        Paragraph((Link(t("坏"), "javascript:alert(1)"), Link(t("坏"), "file:///etc/passwd"))),
        title='../../x "}</style><b>{{',
    )
    made = job(tmp_path, evil)
    artifact = render(made)
    assert artifact.path == tmp_path / "page.pdf"
    assert PdfBackend().validate(artifact, made) == ()
    with pikepdf.open(artifact.path) as pdf:
        assert not [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/URI" in o]


# ------------------------------------------------------------------------------------ bounds


def deep(levels: int) -> tuple[Element, ...]:
    inner: tuple[Element, ...] = (p("最深处"),)
    for _ in range(levels):
        inner = (Listing((inner,)),)
    return inner


def styled(levels: int) -> Paragraph:
    inner: tuple[Inline, ...] = t("最深处")
    for _ in range(levels):
        inner = (Styled(Style.STRONG, inner),)
    return Paragraph(inner)


@pytest.mark.parametrize(
    "edition, code, line",
    [
        (plain_edition(styled(300)), "NPP711", 3),
        (plain_edition(*deep(300)), "NPP711", 3),
        (plain_edition(p(LONG), title="很长的标题没有完" * 375), "NPP712", 3),
        (plain_edition(Table((row(*"甲" * 40),) * 3, lines=(7,))), "NPP713", 7),
    ],
    ids=["styles", "nesting", "headline", "columns"],
)
def test_what_a_page_cannot_carry_is_brought_to_a_measure(
    tmp_path: Path, edition: Edition, code: str, line: int
) -> None:
    made = job(tmp_path, edition)
    artifact = render(made)
    assert [(d.code, d.path, d.line) for d in artifact.diagnostics] == [(code, "page.txt", line)]
    assert PdfBackend().validate(artifact, made) == ()


def test_nothing_stands_outside_the_page(tmp_path: Path) -> None:
    import pypdfium2

    body = (*deep(30), p("中文" + "abcdefghij" * 20 + "中文"), Table((row(*["数值"] * 14),) * 3))
    artifact = render(job(tmp_path, plain_edition(*body)))
    with pypdfium2.PdfDocument(artifact.path) as pdf:
        page = pdf[0]
        text = page.get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) < page.get_width() - 30


def test_a_picture_of_too_many_pixels_is_left_out(tmp_path: Path) -> None:
    (asset,) = with_picture(tmp_path)
    huge = replace(asset, width=20000, height=10000)
    made = job(tmp_path, plain_edition(Figure("pic.png", "大")), assets=(huge,))
    artifact = render(made)
    assert [d.code for d in artifact.diagnostics] == ["NPP714"]


def test_a_broken_picture_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pic.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    broken = Asset("pic.png", path, "image/png", "")
    made = job(tmp_path, plain_edition(Figure("pic.png", "坏图")), assets=(broken,))
    artifact = render(made)
    assert [d.code for d in artifact.diagnostics] == ["NPP702"]


@pytest.mark.parametrize(
    "edition", [Edition("", "", ()), Edition("", "", (Article("a1"),)), Edition("题", "en", ())]
)
def test_the_smallest_editions(tmp_path: Path, edition: Edition) -> None:
    made = job(tmp_path, edition)
    artifact = render(made)
    assert PdfBackend().validate(artifact, made) == ()


def test_bounds_touch_nothing_that_fits(tmp_path: Path) -> None:
    made = job(tmp_path, plain_edition(*deep(DEEPEST - 1), p(LONG)))
    bounded = bound(made, type_area(made.theme))
    assert bounded.css == "" and bounded.diagnostics == ()
    assert clipped("短") == "短" and len(clipped("长" * 500)) == 80
    assert css_string('a"\\\nb') == '"a\\"\\\\ b"'


def test_a_jump_line_leads_to_the_page_of_this_document(tmp_path: Path) -> None:
    def jump(before: str, page: str) -> Jump:
        return Jump((*t(before), Tagged(Role.PAGE, t(page)), *t("版）")))

    first = Article("a1", t("头条"), body=(p(LONG),), pages=("1",), continued_to=jump("（下转第", "5"))
    middle = Article("a2", t("别的"), body=(p(LONG),), pages=("5",), continued_to=jump("（下转第", "9"))
    last = Article("a3", t("续"), body=(p(LONG),), pages=("5",), continued_from=jump("（上接第", "1"))
    made = job(tmp_path, Edition("报", "zh-Hans", (first, middle, last)), theme="newspaper")
    artifact = render(made)
    assert PdfBackend().validate(artifact, made) == ()
    with pikepdf.open(artifact.path) as pdf:
        links = [a for page in pdf.pages for a in page.get("/Annots", []) if a.get("/Subtype") == "/Link"]
    import pypdfium2

    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(artifact.path)]
    text = "".join(pages).replace(" ", "")
    assert "（下转第5版）（见第1页）" in text and "（上接第1版）（见第1页）" in text
    assert "（下转第9版）" in text and "（下转第9版）（见" not in text
    assert {str(link.Dest) for link in links} == {"a1", "a3"}


@pytest.mark.parametrize("theme", ["briefing", "book"])
def test_the_audit_reads_tables_readings_quotations_and_items_as_they_are(tmp_path: Path, theme: str) -> None:
    head = row("年份", "产量（万吨）", "备注", header=True)
    rows = (head, *(row(f"{n}年", f"{n}.5", "正常") for n in range(9)))
    table = Table(rows, aligns="crl")
    reading = Paragraph((*t("注音"), Ruby("重庆", "Chóngqìng"), *t("的天气。" + LONG)))
    items = Listing(((p(LONG),), (p("第二条没有句号"),), (p(LONG),)))
    made = job(tmp_path, plain_edition(p(LONG), reading, Quote((p(LONG),)), items, table, p(LONG)), theme)
    assert [(r.check, r.measured, r.places) for r in failed(audit(render(made).path))] == []


def test_short_columns_of_a_table_are_not_broken_and_its_title_stays_with_it(tmp_path: Path) -> None:
    import pypdfium2

    rows = (row("序号", "省份", "备注", header=True), *(row(str(n), f"湖南{n}", LONG) for n in range(10, 60)))
    table = Table(rows, caption=t("各地产量"))
    for before in (12, 14, 16):  # the title once near the foot of a page, wherever that is
        made = job(tmp_path, plain_edition(*[p("短段。")] * before, table), theme="gongwen")
        document = pypdfium2.PdfDocument(render(made).path)
        pages = [page.get_textpage().get_text_range() for page in document]
        assert all("各地产量" not in page or "湖南10" in page.replace(" ", "") for page in pages)
        assert all(f"湖南{n}" in "".join(pages).replace(" ", "") for n in range(10, 60))


# ------------------------------------------------------------------------------------ faults


def test_the_hyphens_of_words_copy_as_what_they_are(tmp_path: Path) -> None:
    """Latin faces draw U+002D and U+2010 with one glyph; one broken word must not change all others."""
    words = "An extraordinarily internationalized understanding of responsibilities, notwithstanding. " * 6
    edition = plain_edition(p(words), p("The tool-lending program of a well-known co-operative."))
    job_ = job(tmp_path, replace(edition, lang="en"))
    artifact = render(job_)
    with pikepdf.open(artifact.path) as pdf:
        assert types(pdf)
    assert not [found for found in PdfBackend().validate(artifact, job_) if found.code.startswith("NPP86")]


def test_where_composition_fails_the_engine_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out, tried = impression._Press.in_one_piece, []

    def stumble(press: impression._Press, html: str, sheets: Sheets) -> None:
        tried.append(sheets.css[-1])
        if len(tried) == 1:
            raise KeyError("stumbled")
        lay_out(press, html, sheets)

    monkeypatch.setattr(impression._Press, "in_one_piece", stumble)
    artifact = render(job(tmp_path, plain_edition(p(LONG))))
    assert "--zh-compose: off" in tried[1]
    assert [d.code for d in artifact.diagnostics] == ["NPP716"]


def test_where_the_engine_fails_too_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no")

    monkeypatch.setattr(impression._Press, "in_one_piece", fail)
    with pytest.raises(BackendFailed, match="layout engine failed"):
        render(job(tmp_path, plain_edition(p(LONG))))
    assert list(tmp_path.iterdir()) == []


def test_a_theme_without_its_sheet_is_a_usage_error_and_a_broken_template_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "theme"
    folder.mkdir()
    (folder / "theme.toml").write_text("", encoding="utf-8")
    (folder / "pdf.html").write_text("{% if %}", encoding="utf-8")
    made = replace(job(tmp_path, plain_edition(p("一"))), theme=load(folder))
    with pytest.raises(BackendFailed, match="template"):
        render(made)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["theme"]


def test_faces_are_cut_to_the_document() -> None:
    theme = load("briefing")
    sheets = gather(theme, type_area(theme), "<p>中\U0001f600</p>", "zh-Hans")
    assert any("NPP-Geta" in url for url in sheets.fonts)
    assert sum(map(len, sheets.fonts.values())) < 800_000
    assert coverage(plain_edition(p("中"))) == ()


@pytest.mark.java
@pytest.mark.parametrize("theme", names())
def test_verapdf_finds_both_standards_met(tmp_path: Path, theme: str) -> None:
    from npp_publish.validate.java import VERAPDF, hear

    if any(not need.present for need in VERAPDF.needs()):
        pytest.skip("veraPDF is not installed")
    artifact = render(job(tmp_path, SINK, theme, assets=with_picture(tmp_path)))
    (verdict,) = hear({VERAPDF: [artifact.path]})
    assert not verdict.failure and not verdict.findings


def test_a_heading_right_above_a_table_stands_across_the_columns_with_it() -> None:
    from npp_publish.backends.pdf.forme import _flow

    body = "<p>一</p><h2>题</h2><p>二</p><h2>附</h2><h3>表</h3><table/><h2>末</h2>"
    found = [(kind, html.replace("\n", "")) for kind, html in _flow(body)]
    assert found == [
        ("text", "<p>一</p><h2>题</h2><p>二</p>"),
        ("heading", "<h2>附</h2><h3>表</h3>"),
        ("table", "<table></table>"),
        ("text", "<h2>末</h2>"),
    ]
