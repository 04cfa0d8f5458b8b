"""The quick judge of PDFs: each finding has a file that shows it."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from npp_publish.model import Edition, RenderJob, Theme
from npp_publish.validate.paper import judge_pdf


def job(folder: Path) -> RenderJob:
    return RenderJob(Edition("标题", "zh-Hans", ()), "", Theme("t", folder), "x", folder, 0)


def sheet(
    folder: Path, *, tagged: bool = True, lang: bool = True, title: bool = True, font: str = ""
) -> Path:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    if tagged:
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot))
    if lang:
        pdf.Root.Lang = "zh-Hans"
    if title:
        pdf.docinfo["/Title"] = "标题"
    if font:
        face = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name(font), BaseFont=pikepdf.Name("/F")
        )
        pdf.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(face)))
    pdf.save(folder / "x.pdf")
    return folder / "x.pdf"


def codes(path: Path) -> list[str]:
    return [finding.code for finding in judge_pdf(path, job(path.parent))]


def test_a_good_sheet_passes(tmp_path: Path) -> None:
    assert codes(sheet(tmp_path)) == []


@pytest.mark.parametrize(
    ("flaw", "code"),
    [
        ({"tagged": False}, "NPP811"),
        ({"lang": False}, "NPP812"),
        ({"title": False}, "NPP812"),
        ({"font": "/Type3"}, "NPP813"),
        ({"font": "/TrueType"}, "NPP813"),
    ],
)
def test_each_flaw_is_found(tmp_path: Path, flaw: dict[str, object], code: str) -> None:
    assert codes(sheet(tmp_path, **flaw)) == [code]  # type: ignore[arg-type]


def test_a_broken_file_is_a_finding_not_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing")
    assert codes(path) == ["NPP810"]
