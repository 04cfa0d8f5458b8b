"""The text layer of a PDF: columns in order, blocks apart, headings marked, bad files refused."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from npp_publish import source
from npp_publish.errors import InputUnreadable
from npp_publish.source.columns import order
from npp_publish.source.frames import Frame, useful
from npp_publish.source.glyphs import Glyph, Row, rows, without_overprints
from npp_publish.source.setting import passages
from npp_publish.source.transcript import transcribe
from npp_publish.typecase import fonts_folder

STYLE = """
@font-face { font-family: S; src: url(file://FONT) }
@page { size: 200mm 150mm; margin: 10mm; @top-left { content: "临江日报 第4版"; font: 8pt S } }
body { font: 9pt/1.5 S; margin: 0 } article { margin-bottom: 6mm }
h1 { font-size: 22pt; line-height: 1.2; margin: 2mm 0 } h2 { font-size: 12pt; margin: 2mm 0 }
p { margin: 0; text-indent: 2em; text-align: justify } p.by { text-indent: 0 }
.cols { columns: 3; column-gap: 6mm }
"""
FIRST = "甲乙丙丁戊己庚辛壬癸" * 13
SECOND = "子丑寅卯辰巳午未申酉戌亥" * 11
THIRD = "天地玄黄宇宙洪荒日月盈昃" * 9
PAGE = f"""<article><h1>老厂“新”生记<br>看轴承如何转出新天地</h1><div class=cols><p class=by>本报记者 白露</p>
<p>{FIRST}。</p><h2>机床开口说话</h2><p>{SECOND}。</p></div></article>
<article><h1>另一篇的题目</h1><div class=cols><p>{THIRD}。</p></div></article>"""


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from npp_publish.typeset import engine

    weasyprint = engine.load()
    path = tmp_path_factory.mktemp("pdf") / "04版.pdf"
    font = fonts_folder() / "npp-song-regular.ttf"
    style = STYLE.replace("FONT", str(font))
    weasyprint.HTML(string=f"<html lang=zh-Hans><style>{style}</style><body>{PAGE}").write_pdf(path)
    return path


def test_columns_blocks_and_headings(newspaper: Path) -> None:
    found, noticed = source.read([newspaper])
    assert noticed == ()
    (file,) = found.files
    assert (file.page, file.encoding, file.media_type, file.confidence) == (
        "4",
        "pdf",
        "application/pdf",
        1.0,
    )
    blocks = found.text.strip().split("\n\n")
    joined = [block.replace("\n", "") for block in blocks]
    assert joined[:3] == ["临江日报 第4版", "# 老厂“新”生记 看轴承如何转出新天地", "本报记者 白露"]
    assert "## 机床开口说话" in joined
    assert "# 另一篇的题目" in joined
    flow = "".join(joined)
    places = [flow.index(text) for text in (FIRST, "机床开口", SECOND, "# 另一篇", THIRD)]
    assert places == sorted(places)


def changed(path: Path, folder: Path, **how: Any) -> Path:
    out = folder / "changed.pdf"
    with pikepdf.open(path) as pdf:
        pdf.save(out, **how)
    return out


def test_locked_damaged_and_empty(newspaper: Path, tmp_path: Path) -> None:
    locked = changed(newspaper, tmp_path, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(InputUnreadable, match="protected by a password"):
        source.read([locked])
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(newspaper.read_bytes()[:300])
    with pytest.raises(InputUnreadable, match="damaged or cut off"):
        source.read([cut])
    picture = tmp_path / "picture.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(picture)
    with pytest.raises(InputUnreadable, match="no text layer"):
        source.read([picture])


def test_pages_of_one_file(newspaper: Path, tmp_path: Path) -> None:
    path = tmp_path / "edition.pdf"
    with pikepdf.open(newspaper) as pdf, pikepdf.new() as both:
        both.pages.append(pdf.pages[0])
        both.add_blank_page()
        both.pages.append(pdf.pages[0])
        both.save(path)
    found, (noticed,) = source.read([path])
    assert [file.page for file in found.files] == ["1", "3"]
    assert [file.name for file in found.files] == [f"{path}#page=1", f"{path}#page=3"]
    assert (noticed.code, noticed.path) == ("NPP105", f"{path}#page=2")
    with pikepdf.new() as many:
        for _ in range(101):
            many.add_blank_page()
        many.save(path)
    with pytest.raises(InputUnreadable, match="101 pages"):
        source.read([path])


def unmapped() -> bytes:
    """A page whose font names no characters, and one line printed twice."""
    between = " ".join(f"1 0 0 1 72 {560 - 20 * n} Tm (Line {n}) Tj" for n in range(12))
    text = f"BT /F1 12 Tf 1 0 0 1 72 700 Tm (Printed twice) Tj {between} "
    text += "1 0 0 1 73 699 Tm (Printed twice) Tj ET BT /F2 12 Tf 72 600 Td <0102> Tj ET"
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    odd = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Strange,
        FirstChar=1,
        LastChar=2,
        Widths=[500, 500],
        Encoding=pikepdf.Dictionary(
            Type=pikepdf.Name.Encoding, Differences=[1, pikepdf.Name.g1, pikepdf.Name.g2]
        ),
    )
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font, F2=odd))
        page.Contents = pdf.make_stream(text.encode())
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def test_overprints_and_characters_without_a_name(tmp_path: Path) -> None:
    path = tmp_path / "odd.pdf"
    path.write_bytes(unmapped())
    found, noticed = source.read([path])
    assert found.text.count("Printed twice") == 1
    assert [d.code for d in noticed] == ["NPP106", "NPP107"]
    assert "\0" not in found.text
    assert found.files[0].confidence < 1


def line(text: str, left: float, bottom: float, size: float = 10.0) -> list[Glyph]:
    return [
        Glyph(c, left + i * size, bottom, left + (i + 1) * size, bottom + size, size)
        for i, c in enumerate(text)
    ]


def upright(text: str, left: float, top: float, size: float = 10.0) -> list[Glyph]:
    return [
        Glyph(c, left, top - (i + 1) * size, left + size, top - i * size, size) for i, c in enumerate(text)
    ]


def test_vertical_setting_reads_from_the_right() -> None:
    glyphs = upright("第二行文字", 100, 700) + upright("第一行文字", 115, 700) + upright("第三行", 85, 700)
    found = rows(glyphs)
    assert [row.vertical for row in found] == [True, True, True]
    assert transcribe(found, []).split() == ["第一行文字", "第二行文字", "第三行"]


def test_rows_break_at_gutters_and_sizes() -> None:
    glyphs = line("左栏", 0, 100) + line("右栏", 80, 100) + line("大字", 130, 100, 30)
    assert [row.text for row in rows(glyphs)] == ["左栏", "右栏", "大字"]
    spaced = [*line("甲", 0, 0), Glyph(" ", 10, 0, 12, 10, 10), *line("乙", 14, 0)]
    assert [row.text for row in rows(spaced)] == ["甲 乙"]


def test_overprinted_rows() -> None:
    row = Row("大字标题", 10, 10, 50, 20, 10)
    moved = Row("大字标题", 10.3, 9.8, 50.3, 19.8, 10)
    again = Row("大字标题", 10, 300, 50, 310, 10)
    assert without_overprints([row, moved, again]) == ([row, again], 1)


def shown(found: list[Row], frames: list[Frame] | None = None) -> list[str]:
    return [row.text for column in order(found, frames or []) for row in column.rows]


def stack(text: str, left: float, top: float, width: float, rows_: int, size: float = 10.0) -> list[Row]:
    """Rows of a column, the last one half as wide."""
    return [
        Row(
            f"{text}{i}，",
            left,
            top - 16 * i - size,
            left + (width if i + 1 < rows_ else width / 2),
            top - 16 * i,
            size,
        )
        for i in range(rows_)
    ]


def test_a_head_stands_over_all_its_columns() -> None:
    columns = [stack(name, left, 200, 90, 4) for name, left in (("甲", 0), ("乙", 105), ("丙", 210))]
    kicker, title = Row("眉题", 130, 270, 170, 280, 10), Row("通栏标题", 70, 235, 230, 255, 20)
    byline = Row("记者", 140, 215, 160, 225, 10)
    body = [row for column in columns for row in column]
    assert shown([*body, title, kicker, byline]) == ["眉题", "通栏标题", "记者", *(r.text for r in body)]


def test_what_stands_close_over_columns_is_no_part_of_them() -> None:
    left = [stack(name, x, 200, 90, 4) for name, x in (("甲", 0), ("乙", 105), ("丙", 210))]
    byline = Row("本报记者 某某", 120, 202, 180, 212, 10)  # as close as the next line, within one column
    box = Row("通栏的说明文字", 0, 126, 300, 136, 10)
    right = stack("丁", 330, 200, 90, 12)
    body = [row.text for column in left for row in column]
    made = shown([*right, *(row for column in left for row in column), byline, box])
    assert made == ["本报记者 某某", *body, "通栏的说明文字", *(row.text for row in right)]


def test_labels_are_read_with_the_text_beside_them() -> None:
    terms = [Row("声纹", 0, 190, 20, 200, 10), Row("磨损", 0, 142, 20, 152, 10)]
    texts = [*stack("声", 40, 200, 200, 3), *stack("磨", 40, 152, 200, 2)]
    assert shown([*terms, *texts]) == ["声纹", "声0，", "声1，", "声2，", "磨损", "磨0，", "磨1，"]


def test_the_running_foot_does_not_enter_the_first_column() -> None:
    columns = [stack("甲", 0, 200, 90, 4), stack("乙", 105, 200, 90, 4)]
    body = [row for column in columns for row in column]
    assert shown([Row("报名", 0, 20, 20, 29, 9), *body]) == [*(r.text for r in body), "报名"]


def test_frames_keep_what_is_within_them_together() -> None:
    left, right = stack("甲", 0, 300, 90, 8), stack("乙", 105, 300, 90, 3)
    boxed = [Row("小标题", 110, 225, 140, 235, 10), *stack("框", 110, 220, 80, 3)]
    frame = Frame(103, 170, 197, 240)
    assert useful([frame, Frame(0, 0, 90, 5)], [*left, *right, *boxed], 10) == [frame]
    assert shown([*left, *right, *boxed], [frame]) == [r.text for r in [*left, *right, *boxed]]
    assert useful([Frame(50, 170, 150, 240)], [*left, *right], 10) == []  # it cuts through rows


def test_a_paragraph_runs_over_into_the_next_column() -> None:
    first = [Row("　起头", 20, 190, 90, 200, 10), Row("一行，满", 0, 174, 90, 184, 10)]
    second = [
        Row("接着，来", 105, 190, 195, 200, 10),
        Row("完。", 105, 174, 125, 184, 10),
        Row("另段", 125, 158, 195, 168, 10),
    ]
    made = passages(order([*first, *second]), 10)
    assert [("".join(r.text for r in p.rows), p.flows) for p in made] == [
        ("　起头一行，满接着，来完。", True),
        ("另段", False),
    ]


def test_print_is_marked_in_the_page_text() -> None:
    body = [replace(row, text=f"{row.text}文") for row in stack("正", 0, 300, 200, 6)]
    term = [replace(row, text=f"{row.text}释") for row in stack("解", 0, 176, 200, 3)]
    printed = [
        Row("报名", 80, 380, 110, 396, 16),
        Row("标题", 60, 340, 140, 360, 20),
        replace(Row("术语", 0, 180, 20, 190, 10), heavy=True),
        *term,
        Row("• 一条", 0, 80, 40, 90, 10),
        Row("• 两条", 0, 66, 40, 76, 10),
        Row("报名", 0, 10, 30, 19, 9),
    ]
    assert transcribe([*printed, *body], []) == (
        "报名\n\n# 标题\n\n正0，文正1，文正2，文正3，文正4，文正5，文\n\n"
        "**术语**\n\n解0，释解1，释解2，释\n\n• 一条\n• 两条\n\n报名\n"
    )


def test_thousands_of_scattered_characters_are_read_in_time() -> None:
    scattered = [
        Row("字", 7 * (n % 83) + n % 5, 11 * (n // 83), 7 * (n % 83) + n % 5 + 5, 11 * (n // 83) + 5, 5)
        for n in range(6_000)
    ]
    assert transcribe(scattered, []).count("字") == 6_000


def test_columns_before_bands_unless_a_headline_opens() -> None:
    left = [Row(f"左{i}", 0, 100 - 12 * i, 90, 110 - 12 * i, 10) for i in range(5)]
    right = [Row(f"右{i}", 110, 100 - 12 * i, 200, 110 - 12 * i, 10) for i in range(5)]
    title = Row("题", 0, 200, 200, 230, 30)
    below = Row("下篇", 0, -40, 120, -10, 30)
    texts = shown([*right, below, title, *left])
    assert texts == ["题", *(r.text for r in left), *(r.text for r in right), "下篇"]
