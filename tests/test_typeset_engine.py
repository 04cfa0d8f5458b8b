"""The composer inside WeasyPrint: what stands in the finished PDF."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from npp_publish.typecase import fonts_folder
from npp_publish.typeset import engine, hooks
from npp_publish.validate.typography import Outcome, audit, failed
from npp_publish.validate.typography.gaps import mean_gap
from npp_publish.validate.typography.ink import Glyph, read_sheets
from npp_publish.validate.typography.lines import read_proof

PARAGRAPHS = (
    "“新质生产力是推进新型工业化的强大动力，也是构建现代化产业体系、实现中国式现代化的内生动力。”全国人大代表、"
    "市经信委主任蓝庆华说，从近一年的发展实践来看，以科技创新为引领的“33618”现代制造业集群体系与发展新质生产力的"
    "目标要求方向一致、完全契合。未来，重庆将牢牢抓住科技创新，加快构建“33618”现代制造业集群体系。",
    "许洪斌说，南岸区、重庆经开区将立足实际、抢抓机遇，打造硬科技、打造优质产业、打造创新园区。具体来讲，打造硬科技，"
    "做精新质生产力的“芯片”。围绕全市“416”科技创新战略布局，抢占科技创新制高点——一方面，围绕打造成渝综合性科学中心，"
    "加快建成一批高能级创新平台；另一方面，强化川渝协同创新，瞄准空天技术、人工智能、新能源、脑科学等前沿技术。",
    "2024年3月6日，GDP增长6.1%，R&D投入超过1000亿元；CPI上涨0.3个百分点，《人民日报》、《光明日报》、《经济日报》"
    "（以及其他媒体）作了报道……“不能没有问题，也不能等待。”他说：“我们要用5G、AI和IoT，把‘制造’变成‘智造’。”会议结束。",
)


def page(body: str, css: str = "") -> str:
    folder = fonts_folder().as_uri()
    return f"""<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>t</title><style>
@font-face{{font-family:Song;src:url({folder}/npp-song-regular.ttf)}}
@font-face{{font-family:Kai;src:url({folder}/npp-kai-regular.ttf)}}
@page{{size:190mm 150mm;margin:10mm}}
body{{font:10pt/16pt Song;margin:0;text-align:justify}} i{{font-family:Kai;font-style:normal}}
p{{margin:0;text-indent:2em;orphans:2;widows:2}}{css}</style><body>{body}"""


def render(path: Path, body: str, css: str = "", **options: object) -> Path:
    weasyprint = engine.load()
    weasyprint.HTML(string=page(body, css)).write_pdf(path, **options)
    return path


def paragraphs(width: float = 0.0) -> str:
    style = f' style="width:{width}em"' if width else ""
    return "".join(f"<p{style}>{html.escape(text)}</p>" for text in PARAGRAPHS)


def lines(path: Path) -> list[str]:
    return [line.text.replace("\u200b", "") for line in read_proof(read_sheets(path)).lines]


def glyphs(path: Path) -> list[Glyph]:
    return [glyph for sheet in read_sheets(path) for glyph in sheet.glyphs if glyph.text != "\u200b"]


@pytest.mark.parametrize("width", [12, 17, 26, 40])
def test_all_checks_pass_at_any_measure(tmp_path: Path, width: float) -> None:
    pdf = render(tmp_path / "a.pdf", paragraphs(width) * 2)
    rows = {row.check: row for row in audit(pdf)}
    assert [row.check for row in failed(tuple(rows.values())) if row.check != "loose-lines"] == []
    assert rows["flush"].outcome is Outcome.PASS
    assert rows["flush"].value <= 0.02
    assert rows["worst-gap"].value <= 0.20
    assert rows["grid"].value <= 0.01
    assert rows["squeeze"].value <= 1.5 + 0.001


def test_gaps_between_han_stay_small(tmp_path: Path) -> None:
    means = []
    for width in (16, 20, 25, 30, 36):
        pdf = render(tmp_path / f"{width}.pdf", paragraphs(width))
        means.append(mean_gap(read_proof(read_sheets(pdf))))
    assert fmean(means) <= 0.0025


def test_stock_layout_is_the_negative_control(tmp_path: Path) -> None:
    pages = [f"<div style='break-after:page'>{paragraphs(width)}</div>" for width in (14, 17, 20, 23, 26)]
    body = "".join(pages).replace("。未来", "<sup>1</sup>。未来")
    pdf = render(tmp_path / "stock.pdf", body, "html{--zh-compose:off}")
    names = {row.check for row in failed(audit(pdf))}
    assert {"squeeze", "autospace", "end-marks", "flush", "grid"} <= names
    ours = render(tmp_path / "ours.pdf", body)
    assert [row.check for row in failed(audit(ours))] == []


_MIXED = (
    "<p>发展<b>新质生产力</b>，“是推动高质量发展的内在要求”，对<b>现代化新重庆</b>"
    "（<a href='#x'>建设链接</a>）至关重要。3月<i>6日</i>，参加全国两会的代表"
    "<span style='padding:0 2px'>围绕</span><b>“培育新质生产力”</b>“接受”<i>GDP</i>专访，"
    "并<b>踊跃</b>建言。<b>《甲》</b>、<i>《乙》</i>，增长<b>5%</b>以上，达到<i>33618</i>个。</p>"
)


def copied(path: Path) -> dict[str, str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    found = {"PDFium": "".join(page.get_textpage().get_text_range() for page in document)}
    document.close()
    program = shutil.which("pdftotext")
    for option in ("-layout", "-raw", "") if program else ():
        command = [str(program), *([option] if option else []), str(path), "-"]
        done = subprocess.run(command, capture_output=True, check=True)
        if option != "-layout":
            found[f"pdftotext {option}"] = done.stdout.decode()
    return {name: re.sub(r"[\r\n\f]", "", text) for name, text in found.items()}


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("width", [11, 17, 30])
def test_copied_text_is_the_source(tmp_path: Path, width: float, tagged: bool) -> None:
    body = _MIXED.replace("<p>", f"<p style='width:{width}em'>") + paragraphs(width)
    pdf = render(tmp_path / "a.pdf", body, pdf_tags=tagged)
    source = html.unescape(re.sub("<[^>]*>", "", body))
    for name, text in copied(pdf).items():
        assert text == source, name


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize(
    "text",
    ["行情|（6月13日 单位：元/公斤）", "乘警-“首席服务员”李宁，元旦在岗", "车到 “首席服务员”来了，她说"],
)
def test_an_opening_mark_after_a_narrow_sign_copies_after_it(tmp_path: Path, text: str, tagged: bool) -> None:
    widths = [7 + 0.1 * k for k in range(100)]
    folder = fonts_folder().as_uri()
    css = (
        f"@font-face{{font-family:Latin;src:url({folder}/npp-latin-regular.ttf)}} p{{font-family:Latin,Song}}"
    )
    body = "".join(f'<p style="text-indent:0;width:{width:.1f}em">{text}</p>' for width in widths)
    for reader, found in copied(render(tmp_path / "a.pdf", body, css, pdf_tags=tagged)).items():
        assert re.sub("[ \u200b]", "", found) == text.replace(" ", "") * len(widths), reader


def test_same_bytes_twice(tmp_path: Path) -> None:
    first = render(tmp_path / "a.pdf", paragraphs(20), pdf_identifier=b"x")
    second = render(tmp_path / "b.pdf", paragraphs(20), pdf_identifier=b"x")
    assert first.read_bytes() == second.read_bytes()


def test_dashes_are_two_em_in_every_context(tmp_path: Path) -> None:
    body = "<p>国——国</p><p>国<b>——</b>国</p><p>——国</p><p>国“——”国</p><p>a——b</p>"
    row = next(row for row in audit(render(tmp_path / "a.pdf", body)) if row.check == "dash-width")
    assert (row.outcome, row.looked_at) == (Outcome.PASS, 5)


def test_a_float_takes_its_room(tmp_path: Path) -> None:
    text = PARAGRAPHS[1]
    image = "<span style='float:right;width:8em;height:60pt;margin-left:1em'></span>"
    pdf = render(tmp_path / "a.pdf", f"<p style='width:30em'>{text[:20]}{image}{text[20:]}</p>")
    ends = [round(line.end / 10, 1) for line in read_proof(read_sheets(pdf)).lines]
    left = glyphs(pdf)[0].x / 10 - 2
    assert all(end <= left + 21.55 for end in ends[:3]), "beside the float"
    assert any(end > left + 28 for end in ends[4:]), "below it"
    assert "".join(lines(pdf)) == text


def test_first_line_style(tmp_path: Path) -> None:
    pdf = render(
        tmp_path / "a.pdf", f"<p style='width:20em'>{PARAGRAPHS[1]}</p>", "p::first-line{font-size:14pt}"
    )
    proof = read_proof(read_sheets(pdf))
    assert [round(line.size) for line in proof.lines[:3]] == [14, 10, 10]
    assert max(abs(line.glyphs[-1].x - proof.lines[1].glyphs[-1].x) for line in proof.lines[1:3]) < 10
    assert "".join(lines(pdf)) == PARAGRAPHS[1]


def test_leaders_fill_the_line(tmp_path: Path) -> None:
    css = "a::after{content:leader('.') '12'}"
    pdf = render(tmp_path / "a.pdf", "<p style='width:30em;text-indent:0'>新质生产力<a></a></p>", css)
    found = glyphs(pdf)
    text = "".join(glyph.text for glyph in sorted(found, key=lambda glyph: glyph.x))
    assert re.fullmatch(r"新质生产力 ?\.{30,} ?12", text)
    assert len({round(glyph.y, 2) for glyph in found}) == 1
    assert max(glyph.x + glyph.advance for glyph in found) - found[0].x == pytest.approx(300, abs=0.1)


def test_latin_words_are_hyphenated(tmp_path: Path) -> None:
    body = "<p style='width:14em;text-indent:0'>国家international现代化hyphenation测试extraordinary质量。</p>"
    pdf = render(tmp_path / "a.pdf", body, "p{hyphens:auto}")
    assert any(line.endswith("-") for line in lines(pdf))
    assert "NATO\n" not in "\n".join(lines(pdf))
    plain = render(tmp_path / "b.pdf", body)
    assert not any(line.endswith("-") for line in lines(plain))


def test_an_address_is_parted_without_a_hyphen_and_leaves_no_hole(tmp_path: Path) -> None:
    address = "https://www.example.com/international/hyphenation/2024-03/06/content_1234567.htm"
    words = f"详见国家统计局网站公布的数据（{address}），以及{'extraordinary' * 9}等。"
    body = f"<p style='width:14em'>{words}</p>"
    pdf = render(tmp_path / "a.pdf", body, "p{hyphens:auto;overflow-wrap:anywhere}")
    found = lines(pdf)
    assert address in "".join(found)
    checks = {row.check: row for row in audit(pdf)}
    assert checks["flush"].outcome == "pass" and checks["worst-gap"].value < 0.12


def test_soft_hyphens_show_only_at_line_ends(tmp_path: Path) -> None:
    body = (
        "<p style='width:9em;text-indent:0'>国家electro&shy;mechanical发展</p><p>electro&shy;mechanical</p>"
    )
    shown = lines(render(tmp_path / "a.pdf", body))
    assert shown[0].endswith("electro-")
    assert shown[-1] == "electromechanical"


def test_an_inline_box_that_ends_with_its_line_keeps_its_padding(tmp_path: Path) -> None:
    css = "span{padding:0 5pt;background:#eee} p{text-indent:0;width:105pt}"
    pdf = render(tmp_path / "a.pdf", "<p>一二三四五<span>六七八九</span>十一二三四五六七八九十一</p>", css)
    first = read_proof(read_sheets(pdf)).lines[0]
    assert first.text == "一二三四五六七八九"
    assert first.end - first.left == pytest.approx(105 - 5, abs=0.02)


def test_what_the_composer_cannot_read_is_set_by_the_engine(tmp_path: Path) -> None:
    body = "<pre>国\t国  国</pre><p style='white-space:pre-wrap'>国\t国</p><p dir=rtl>国家</p><p>שלום国家</p>"
    text = "".join(lines(render(tmp_path / "a.pdf", body)))
    assert text.count("国") == 7


def test_headlines_hold_names_and_phrases(tmp_path: Path) -> None:
    css = "h2{font:700 16pt/24pt Song;text-align:center;--zh-balance:on;--zh-phrases:on;width:14em}"
    title = "全国人大代表欧阳庆华锚定产业集群建设国家重要先进制造业中心"
    span = title.replace("欧阳庆华", "<span style='white-space:nowrap'>欧阳庆华</span>")
    shown = lines(render(tmp_path / "a.pdf", f"<h2>{span}</h2>", css))
    assert len(shown) == 3
    assert any("欧阳庆华" in line for line in shown)
    for width in range(6, 14):
        css = f"p{{width:{width}em;text-indent:0}}"
        assert any("欧阳庆华" in line for line in lines(render(tmp_path / "b.pdf", f"<p>{span}</p>", css)))


def test_text_that_does_not_wrap_is_broken_at_its_ends_only(tmp_path: Path) -> None:
    body = (
        '<p style="width:12em;overflow-wrap:anywhere">国国<s>甲甲甲<b>甲甲甲</b>甲甲</s>'
        "<s>乙乙乙乙乙</s>国国国国</p>"
        '<p style="width:6em"><s>丙丙丙丙丙丙丙丙丙丙</s></p>'
    )
    shown = lines(render(tmp_path / "a.pdf", body, "s{white-space:nowrap;text-decoration:none}"))
    assert [line.replace("甲" * 8, "①").replace("乙" * 5, "②") for line in shown] == [
        "国国①",
        "②国国国国",
        "丙" * 10,
    ]


@pytest.mark.parametrize("spacing", ["-.2pt", ".3pt"])
def test_letter_spacing_leaves_lines_flush_wherever_texts_end(tmp_path: Path, spacing: str) -> None:
    words = "<b>新质生产力</b>是<i>推进</i>新型<b>工业化</b>的<i>强大</i>动力" * 12
    css = f"p{{width:calc(20 * (10pt + {spacing}));letter-spacing:{spacing}}}"
    outcomes = {row.check: row for row in audit(render(tmp_path / "a.pdf", f"<p>{words}</p>", css))}
    assert outcomes["flush"].value is not None and outcomes["flush"].value <= 0.02


@pytest.mark.parametrize("columns", [1, 3])
def test_text_is_on_the_grid_after_what_is_no_text(tmp_path: Path, columns: int) -> None:
    odd = '<div style="height:27.3pt;margin:5pt 0;border:1pt solid"></div>'
    css = f"body{{columns:{columns}}} body > p{{--zh-grid:snap}} html{{font-size:10pt;line-height:16pt}}"
    body = "".join(paragraphs() + odd for _ in range(4)) + paragraphs()
    outcomes = {row.check: row for row in audit(render(tmp_path / "a.pdf", body, css))}
    assert outcomes["grid"].outcome is Outcome.PASS and (outcomes["grid"].value or 0) <= 0.01
    stock = audit(render(tmp_path / "b.pdf", body, css.replace("snap", "none")))
    assert next(row for row in stock if row.check == "grid").outcome is Outcome.FAIL


def boxes_of(body: str, css: str, name: str) -> list[Any]:
    """Lay `body` out and return the boxes of the elements called `name`, page by page."""
    document = engine.load().HTML(string=page(body, css)).render()
    roots = [sheet._page_box for sheet in document.pages]
    return [box for root in roots for box in root.descendants() if box.element_tag == name]


LINE = 16 / 0.75
"""px"""


@pytest.mark.parametrize("count", [2, 3, 5])
def test_columns_end_with_their_longest(count: int) -> None:
    body = f"<section>{paragraphs()}<h2>题</h2><p>国国</p></section><p>国</p>"
    css = f"section{{columns:{count};column-gap:2em}} h2{{font:10pt/16pt Song;margin:16pt 0 0}}"
    container = next(box for box in boxes_of(body, css, "section") if box.children[0].is_column)
    lines = [box for box in container.descendants() if type(box).__name__ == "LineBox"]
    foot = max(line.position_y + line.height for line in lines)
    assert container.position_y + container.height == pytest.approx(foot, abs=0.05)
    assert (container.height / LINE) % 1 == pytest.approx(0, abs=0.01)


def test_a_column_begins_without_the_margin_of_its_first_block() -> None:
    body = f"<section>{'<p>国</p>' * 5}<h2>题</h2><p>国</p></section>"
    css = "section{columns:2;height:80pt} h2{font:10pt/16pt Song;margin:48pt 0 0}"
    container = next(box for box in boxes_of(body, css, "section") if box.children[0].is_column)
    heading = next(box for box in container.descendants() if box.element_tag == "h2")
    assert heading.content_box_x() > container.content_box_x() + container.width / 2
    assert heading.content_box_y() == pytest.approx(container.content_box_y(), abs=0.05)


def test_a_box_that_is_broken_ends_with_what_is_in_it() -> None:
    rows = "".join(f"<dt>第{n}天</dt><dd>{PARAGRAPHS[0]}</dd>" for n in range(9))
    body = f"<aside><dl>{rows}</dl></aside>"
    css = "aside{box-decoration-break:clone;padding:8pt} dt,dd{margin:0} dd{break-inside:avoid}"
    first = boxes_of(body, css, "aside")[0]
    foot = max(b.position_y + b.height for b in first.descendants() if type(b).__name__ == "LineBox")
    assert first.content_box_y() + first.height == pytest.approx(foot, abs=0.05)


def test_lines_keep_their_leading_whatever_stands_in_them(tmp_path: Path) -> None:
    inside = ("国家<sup>1</sup>国", "国<i>楷体</i>国", "国<small>小</small><code>code</code>", "末行")
    body = "".join(f"<p>{text}</p>" for text in inside)
    proof = read_proof(read_sheets(render(tmp_path / "a.pdf", body)))
    ys = sorted({round(line.y, 3) for line in proof.lines})
    steps = [b - a for a, b in pairwise(ys) if b - a > 5]
    assert steps == pytest.approx([16.0] * 3, abs=0.01)


def test_hooks_fit_and_are_installed_once() -> None:
    assert hooks.install() == ()
    from weasyprint.layout import inline

    before = inline.split_inline_box
    assert hooks.install() == ()
    assert inline.split_inline_box is before


def test_a_misfit_is_reported_and_nothing_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    from weasyprint.layout import inline

    before = inline.split_inline_box
    monkeypatch.setattr(hooks, "_installed", [])
    monkeypatch.setitem(hooks.EXPECTED, "layout.inline.text_align", "context line")
    monkeypatch.setitem(hooks.EXPECTED, "layout.inline.no_such_function", "context")
    found = hooks.install()
    assert {diagnostic.code for diagnostic in found} == {"NPP760"}
    assert len(found) == 2
    assert inline.split_inline_box is before


def test_a_fault_of_the_composer_leaves_the_paragraph_to_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from npp_publish.typeset import composition

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(composition, "choose", fail)
    with caplog.at_level("WARNING", logger="weasyprint"):
        pdf = render(tmp_path / "a.pdf", paragraphs(20))
    assert "".join(lines(pdf)) == "".join(PARAGRAPHS)


def test_text_without_ink_is_no_trouble(tmp_path: Path) -> None:
    body = "<p>\u200b</p><p>国<b>\u200b</b>家<i>\ufeff</i></p><p> </p><p><br></p><p>国<br></p>"
    assert "".join(lines(render(tmp_path / "a.pdf", body))) == "国家国"


@pytest.mark.parametrize("width", [0, 1, 8])
def test_no_room_at_all(tmp_path: Path, width: int) -> None:
    body = f"<p style='width:{width}pt'>国家（AI），“国”</p><p style='width:{width}pt'>" + "a" * 200 + "</p>"
    text = "".join(lines(render(tmp_path / "a.pdf", body, "p{overflow-wrap:anywhere}")))
    assert text.startswith("国家（AI），“国”")
    assert text.count("a") == 200


def test_a_headline_of_three_thousand_characters(tmp_path: Path) -> None:
    css = "h2{text-align:center;--zh-balance:on;--zh-phrases:on;width:20em;font-size:10pt}"
    title = "新质生产力推动高质量发展" * 250
    assert "".join(lines(render(tmp_path / "a.pdf", f"<h2>{title}</h2>", css))) == title


@pytest.mark.parametrize(
    "atom",
    [
        "<span style='display:inline-block;width:20%;height:8pt'></span>",
        "<span style='display:inline-block;padding:0 3pt'>标签</span>",
        "<span style='display:inline-block;width:30pt'></span>",
        "<img style='width:15%;height:9pt' src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"/>'>",
    ],
)
def test_lines_with_pictures_and_inline_blocks_are_flush(tmp_path: Path, atom: str) -> None:
    text = PARAGRAPHS[1]
    body = f"<p style='width:25em'>{text[:8]}{atom}{text[8:40]}{atom}{text[40:]}</p>"
    rows = {row.check: row for row in audit(render(tmp_path / "a.pdf", body, "span,img{text-indent:0}"))}
    assert rows["flush"].outcome is Outcome.PASS


def test_traditional_text_in_a_mainland_face_is_squeezed_too(tmp_path: Path) -> None:
    weasyprint = engine.load()
    markup = page("<p>他說：「好。」（笑）、『行。』</p>").replace("zh-Hans", "zh-Hant")
    weasyprint.HTML(string=markup).write_pdf(tmp_path / "a.pdf")
    row = next(row for row in audit(tmp_path / "a.pdf") if row.check == "squeeze")
    assert row.outcome is Outcome.PASS
    assert row.looked_at >= 4
