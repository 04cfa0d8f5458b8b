"""The audit: a page made glyph by glyph that passes every check, and one page for each check that fails
that check alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import pikepdf
import pytest

from npp_publish.typeset import characters as cc
from npp_publish.typeset.breaker import Measure
from npp_publish.typeset.composition import Composition
from npp_publish.typeset.paragraph import Paragraph
from npp_publish.validate.typography import Outcome, as_json, as_table, audit, failed

EM, LEADING, MEASURE, LEFT = 10.0, 16.0, 24, 60.0
LINES_A_PAGE = 40
TEXT = (
    "“新质生产力是推进新型工业化的强大动力，也是构建现代化产业体系、实现中国式现代化的内生动力。”他说，从近一年的发展"
    "实践来看，以科技创新为引领的33618现代制造业集群体系与目标要求方向一致——完全契合。未来，将牢牢抓住科技创新，加快"
    "构建集群体系，奋力建设国家重要先进制造业中心，为制造强国建设贡献更多力量。",
    "有关方面将立足实际、抢抓机遇，打造硬科技、打造优质产业、打造创新园区。具体来讲，做精“芯片”，围绕全市416科技创新"
    "战略布局，抢占制高点；另一方面，强化协同创新，瞄准空天技术、人工智能、新能源、脑科学等前沿技术。《甲报》、《乙报》"
    "作了报道，（以及其他媒体），“不能没有问题。”会上还谈到应用。大家说，“要用好AI工具。”“对。",
)


@dataclass(frozen=True)
class Mark:
    """One glyph to paint."""

    text: str
    x: float
    y: float
    page: int = 0
    size: float = EM
    face: str = "Song"


Row = list[Mark]


def width_of(text: str) -> float:
    return 0.5 if cc.kinds(text)[0] in (cc.LATIN, cc.SPACE) else 1.0


def set_paragraph(text: str) -> Iterator[Row]:
    """Set a paragraph by the project's own rules, with round widths."""
    count = len(text)
    advance = [width_of(character) * EM for character in text]
    par = Paragraph(text, advance, [EM] * count, [0.25] * count, [False] * count)
    comp = Composition(par, lambda text, language: [0] * (len(text) + 1))
    rest = MEASURE * EM
    start, measure = 0, Measure(rest - 2 * EM, rest, True)
    while start < count:
        length = rest if start else rest - 2 * EM
        end = comp.break_after(start, length, measure)
        line = comp.set_line(start, end, length, measure)
        x, row = LEFT + rest - length, []
        for k in range(start, line.seen):
            x += line.left[k - start]
            row.append(Mark(text[k], x, 0.0))
            x += advance[k] + line.right[k - start]
        yield row
        start = end


def good() -> list[Row]:
    """Return four pages with a heading on each and 38 lines of text below it."""
    body = [row for _ in range(22) for text in TEXT for row in set_paragraph(text)]
    rows: list[Row] = []
    for page in range(4):
        top = 700.0
        head = [Mark(c, LEFT + 14 * k, top + 20, page, 14.0, "Hei-Bold") for k, c in enumerate("要闻综述")]
        rows.append(head)
        for k, row in enumerate(body[page * LINES_A_PAGE : (page + 1) * LINES_A_PAGE]):
            rows.append([replace(mark, y=top - k * LEADING, page=page) for mark in row])
    return rows


def write(path: Path, rows: list[Row], *, bare: Row | None = None, type3: str = "") -> Path:
    """Paint rows; each piece of one face says its text, except the row `bare`."""
    pdf = pikepdf.new()
    marks = [mark for row in rows for mark in row]
    fonts = {f"/{face}": font(pdf, face, {m.text for m in marks if m.face == face}, face == type3)
             for face in sorted({mark.face for mark in marks})}  # fmt: skip
    for page in range(max(mark.page for mark in marks) + 1):
        parts = [piece(run, row is bare, type3) for row in rows if row[0].page == page
                 for _, run in groupby(row, key=lambda mark: mark.face)]  # fmt: skip
        sheet = pdf.add_blank_page(page_size=(400, 800))
        sheet.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
        sheet.Contents = pdf.make_stream("\n".join(parts).encode())
    pdf.save(path, deterministic_id=True)
    return path


def piece(run: Iterator[Mark], bare: bool, type3: str) -> str:
    marks = list(run)
    text = "".join(mark.text for mark in marks)
    size, face = marks[0].size, marks[0].face
    pen, array = marks[0].x, ""
    for mark in marks:
        step = (pen - mark.x) / size * 1000
        code = f"{ord(mark.text) & 0xFF:02x}" if face == type3 else f"{ord(mark.text):04x}"
        array += (f" {step:.3f} " if abs(step) > 1e-6 else "") + f"<{code}>"
        pen = mark.x + width_of(mark.text) * size
    shown = f"BT /{face} {size} Tf {marks[0].x:.4f} {marks[0].y:.4f} Td [{array}] TJ ET"
    label = ("\ufeff" + text).encode("utf-16-be").hex()
    return shown if bare else f"/Span <</ActualText <{label}>>> BDC {shown} EMC"


def font(pdf: pikepdf.Pdf, name: str, texts: set[str], type3: bool) -> pikepdf.Object:
    codes = {ord(t) & 0xFF if type3 else ord(t): t for t in sorted(texts)}
    digits = 2 if type3 else 4
    maps = "".join(f"1 beginbfchar <{c:0{digits}x}> <{ord(t):04x}> endbfchar\n" for c, t in codes.items())
    limits = f"1 begincodespacerange <{'0' * digits}> <{'f' * digits}> endcodespacerange\n"
    cmap = "/CIDInit /ProcSet findresource begin begincmap\n" + limits + maps + "endcmap end"
    unicode = pdf.make_stream(cmap.encode())
    if type3:
        (code, text), *_ = codes.items()
        glyph = pdf.make_stream(b"1000 0 0 0 1000 1000 d1 0 0 800 800 re f")
        return pdf.make_indirect(pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type3, Name=pikepdf.Name("/" + name),
            FontBBox=[0, 0, 1000, 1000], FontMatrix=[0.001, 0, 0, 0.001, 0, 0], FirstChar=code, LastChar=code,
            Widths=[1000 * width_of(text)], CharProcs=pikepdf.Dictionary(g=glyph), ToUnicode=unicode,
            Encoding=pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=[code, pikepdf.Name("/g")]),
        ))  # fmt: skip
    widths = [item for code, text in codes.items() for item in (code, [int(1000 * width_of(text))])]
    info = pikepdf.Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0)
    descriptor = pdf.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/" + name), Flags=4, ItalicAngle=0,
        FontBBox=[0, -120, 1000, 880], Ascent=880, Descent=-120, CapHeight=700, StemV=80,
    ))  # fmt: skip
    child = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.CIDFontType2, BaseFont=pikepdf.Name("/" + name),
        CIDSystemInfo=info, DW=1000, W=widths, FontDescriptor=descriptor,
    )  # fmt: skip
    return pdf.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type0, BaseFont=pikepdf.Name("/" + name),
        Encoding=pikepdf.Name("/Identity-H"), DescendantFonts=[pdf.make_indirect(child)], ToUnicode=unicode,
    ))  # fmt: skip


# ------------------------------------------------------------------------------ one fault each


def text_of(row: Row) -> str:
    return "".join(mark.text for mark in row)


def find(rows: list[Row], good_one: Callable[[Row], bool]) -> int:
    return next(k for k, row in enumerate(rows) if 8 < k < 30 and good_one(row))


def plain_inner(row: Row) -> bool:
    """A line in the middle of a paragraph, of Han and marks, that ends in Han at the right edge."""
    kinds = cc.kinds(text_of(row))
    full = abs(row[-1].x + EM - LEFT - MEASURE * EM) < 0.01
    dull = not {cc.LATIN, cc.DASH} & set(kinds)
    return full and dull and kinds[0] == kinds[-2] == kinds[-1] == cc.HAN and row[0].x == LEFT


def is_last(row: Row) -> bool:
    return row[-1].text == "。" and row[-1].x < LEFT + (MEASURE - 2) * EM


def swap(row: Row, place: int, text: str) -> None:
    row[place] = replace(row[place], text=text)


def squashed(row: Row, left: float, right: float) -> Row:
    """Spread a row between two x; its last glyph's origin lands on `right`."""
    first, last = row[0].x, row[-1].x
    return [replace(m, x=left + (m.x - first) * (right - left) / (last - first)) for m in row]


def bad_code_point(rows: list[Row]) -> None:
    swap(rows[find(rows, plain_inner)], 3, "\uf902")


def bad_line_start(rows: list[Row]) -> None:
    swap(rows[find(rows, plain_inner)], 0, "，")


def bad_line_end(rows: list[Row]) -> None:
    swap(rows[find(rows, plain_inner)], -1, "（")


def parted_dash(rows: list[Row]) -> None:
    k = next(k for k in range(8, 30) if plain_inner(rows[k]) and plain_inner(rows[k + 1]))
    swap(rows[k], -1, "—")
    swap(rows[k + 1], 0, "—")


def wide_dash(rows: list[Row]) -> None:
    row = rows[find(rows, lambda row: "——" in text_of(row))]
    k = text_of(row).index("——") + 1
    row[k] = replace(row[k], x=row[k].x + 0.1 * EM)


def shifted_from(rows: list[Row], pair: str, by: float) -> None:
    row = rows[find(rows, lambda row: is_last(row) and pair in text_of(row))]
    k = text_of(row).index(pair) + 1
    row[k:] = [replace(mark, x=mark.x + by * EM) for mark in row[k:]]


def loose_pair(rows: list[Row]) -> None:
    shifted_from(rows, "”“", 1.0)


def no_autospace(rows: list[Row]) -> None:
    shifted_from(rows, "I工", -0.25)


def full_end_mark(rows: list[Row]) -> None:
    edge = LEFT + MEASURE * EM
    ends = lambda row: row[-1].x > edge - EM and cc.kinds(row[-1].text)[0] in cc.BLANK_AFTER  # noqa: E731
    k = find(rows, lambda row: row[0].x == LEFT and ends(row) and "—" not in text_of(row))
    rows[k] = squashed(rows[k], LEFT, edge - EM)


def ragged_line(rows: list[Row]) -> None:
    k = find(rows, plain_inner)
    rows[k] = squashed(rows[k], LEFT, rows[k][-1].x - 0.3 * EM)


def opened(rows: list[Row], k: int, gap: float) -> None:
    count = round((MEASURE + gap) / (1 + gap))
    row = [replace(rows[k][0], text="国", x=LEFT + n * EM) for n in range(count)]
    rows[k] = squashed(row, LEFT, LEFT + (MEASURE - 1) * EM)


def torn_line(rows: list[Row]) -> None:
    opened(rows, find(rows, plain_inner), 0.3)


def many_loose_lines(rows: list[Row]) -> None:
    for k in [k for k, row in enumerate(rows) if plain_inner(row)][:6]:
        opened(rows, k, 0.15)


def runt(rows: list[Row]) -> None:
    k = find(rows, is_last)
    rows[k] = [rows[k][0], replace(rows[k][0], text="。", x=rows[k][0].x + EM)]


def wrong_indent(rows: list[Row]) -> None:
    k = find(rows, lambda row: row[0].x == LEFT + 2 * EM and row[0].text == "有" and "—" not in text_of(row))
    rows[k] = squashed(rows[k], LEFT + 2.3 * EM, rows[k][-1].x)


def foreign_quote(rows: list[Row]) -> None:
    row = rows[find(rows, lambda row: "做精“" in text_of(row))]
    k = text_of(row).index("“")
    row[k] = replace(row[k], face="Latin")


def off_the_grid(rows: list[Row]) -> None:
    k = find(rows, plain_inner)
    rows[k] = [replace(mark, y=mark.y + 1.0) for mark in rows[k]]


def heading_at_the_foot(rows: list[Row]) -> None:
    foot = min(mark.y for row in rows for mark in row if mark.page == 0) - 24
    rows.append([Mark(c, LEFT + 14 * k, foot, 0, 14.0, "Hei-Bold") for k, c in enumerate("下页继续")])


def other_region(rows: list[Row]) -> None:
    row = rows[find(rows, plain_inner)]
    row[5] = replace(row[5], face="NotoSerifJP-Regular")


FAULTS = {
    "code-points": bad_code_point,
    "region": other_region,
    "line-start": bad_line_start,
    "line-end": bad_line_end,
    "dash-whole": parted_dash,
    "dash-width": wide_dash,
    "squeeze": loose_pair,
    "autospace": no_autospace,
    "end-marks": full_end_mark,
    "flush": ragged_line,
    "worst-gap": torn_line,
    "loose-lines": many_loose_lines,
    "runts": runt,
    "indent": wrong_indent,
    "quotes": foreign_quote,
    "grid": off_the_grid,
    "heading-last": heading_at_the_foot,
}


def names(path: Path, source: str | None = None) -> list[str]:
    return [row.check for row in failed(audit(path, source=source))]


def test_a_good_page_passes_all_twenty(tmp_path: Path) -> None:
    rows = audit(write(tmp_path / "good.pdf", good()), source="\n".join(TEXT))
    assert [(row.check, row.measured) for row in rows if row.outcome is not Outcome.PASS] == []
    assert len(rows) == 20
    assert all(row.looked_at for row in rows)


@pytest.mark.parametrize("check", FAULTS)
def test_each_fault_fails_its_check_alone(check: str, tmp_path: Path) -> None:
    rows = good()
    FAULTS[check](rows)
    path = write(tmp_path / "bad.pdf", rows)
    assert names(path) == [check]
    (row,) = failed(audit(path))
    assert row.places
    assert row.failures >= 1


def test_a_loose_line_is_told_with_the_figure_that_was_kept_whole_after_it(tmp_path: Path) -> None:
    rows = good()
    k = find(rows, plain_inner)
    torn_line(rows)
    rows[k + 1][:4] = [replace(mark, text=digit) for mark, digit in zip(rows[k + 1], "2024", strict=False)]
    (row,) = (row for row in audit(write(tmp_path / "bad.pdf", rows)) if row.check == "worst-gap")
    assert row.places[0].text.endswith(" before 2024")


def test_missing_text(tmp_path: Path) -> None:
    path = write(tmp_path / "bad.pdf", good())
    assert names(path, source="\n".join([*TEXT, "这一段没有印出来。"])) == ["text"]


def test_invented_spaces(tmp_path: Path) -> None:
    rows = good()
    bare = rows[find(rows, lambda row: "I工" in text_of(row))]
    assert names(write(tmp_path / "bad.pdf", rows, bare=bare)) == ["spaces"]


def test_type_three_fonts(tmp_path: Path) -> None:
    rows = good()
    row = rows[find(rows, plain_inner)]
    row[5] = replace(row[5], face="Drawn")
    assert names(write(tmp_path / "bad.pdf", rows, type3="Drawn")) == ["type3"]


def test_every_check_has_a_fault() -> None:
    rows = audit_names()
    assert {*FAULTS, "text", "spaces", "type3"} == rows


def audit_names() -> set[str]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return {row.check for row in audit(write(Path(folder) / "a.pdf", good()))}


def test_the_table_and_the_json_say_the_same(tmp_path: Path) -> None:
    rows = good()
    off_the_grid(rows)
    found = audit(write(tmp_path / "a.pdf", rows))
    table = as_table(found)
    assert len(table.strip().split("\n")) == 22
    assert "grid" in table
    told = json.loads(as_json(found))
    assert [row["check"] for row in told if row["outcome"] == "fail"] == ["grid"]
    assert told[-2]["places"][0]["page"] == 1


def test_an_empty_page_has_nothing_to_measure(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(100, 100))
    pdf.save(tmp_path / "empty.pdf")
    assert {row.outcome for row in audit(tmp_path / "empty.pdf")} == {Outcome.ABSENT}
