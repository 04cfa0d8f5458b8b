"""The official page measured: the theme meets the numbers of GB/T 9704, other pages do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from npp_publish.backends.pdf import PdfBackend, PdfOptions
from npp_publish.model import Article, Edition, Heading, Paragraph, RenderJob, Stated, Text
from npp_publish.typeset.theme import load
from npp_publish.validate.official import measure

LONG = "推进中国式现代化必须坚持以经济建设为中心把高质量发展作为全面建设社会主义现代化国家的首要任务。"
EDITION = Edition(
    "关于推进高质量发展的报告",
    "zh-Hans",
    (
        Article(
            "a1",
            title=(Text("关于推进高质量发展的报告"),),
            body=(
                *(Paragraph((Text(LONG * 3),)) for _ in range(4)),
                Heading(2, (Text("一、总体要求"),)),
                *(Paragraph((Text(LONG * 3),)) for _ in range(6)),
            ),
        ),
    ),
    metadata=(("news.paper", Stated("测试日报")), ("date", Stated("2024-03-07"))),
)


def press(folder: Path, theme: str, options: PdfOptions | None = None) -> Path:
    job = RenderJob(EDITION, "", load(theme), "page", folder, 0)
    backend = PdfBackend()
    artifact = backend.render(job, options or PdfOptions())
    assert not [d for d in backend.validate(artifact, job) if d.code != "NPP870"]
    return artifact.path


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return press(tmp_path_factory.mktemp("official"), "gongwen")


def test_every_number_of_the_standard_is_met(official: Path) -> None:
    found = measure(official)
    assert [m for m in found if not m.met] == []
    names = {m.name.split(" (")[0] for m in found}
    assert names >= {
        "width of the paper",
        "top margin",
        "left margin",
        "width of the type area",
        "distance of lines",
        "characters in a line",
        "size of the text",
        "size of the page number",
        "width of the red rule",
    }


def test_to_the_tenth_of_a_millimetre(official: Path) -> None:
    found = {m.name: m.found for m in measure(official)}
    assert found["top margin (mm)"] == pytest.approx(37, abs=0.1)
    assert found["left margin (mm)"] == pytest.approx(28, abs=0.1)
    assert found["width of the type area (mm)"] == pytest.approx(156, abs=0.1)
    assert found["characters in a line"] == pytest.approx(28, abs=0.05)


@pytest.mark.parametrize(
    "theme, options", [("briefing", PdfOptions()), ("gongwen", PdfOptions(font_size=14))]
)
def test_other_pages_do_not_pass(tmp_path: Path, theme: str, options: PdfOptions) -> None:
    missed = {m.name for m in measure(press(tmp_path, theme, options)) if not m.met}
    assert "size of the text (pt)" in missed


def test_another_paper_is_told(tmp_path: Path) -> None:
    job = RenderJob(EDITION, "", load("gongwen"), "page", tmp_path, 0)
    artifact = PdfBackend().render(job, PdfOptions(paper="a5"))
    codes = {d.code for d in PdfBackend().validate(artifact, job)}
    assert codes == {"NPP870"}


def test_bleed_and_crop_marks_are_cut_off_before_measuring(tmp_path: Path) -> None:
    assert [m for m in measure(press(tmp_path, "gongwen", PdfOptions(bleed=3))) if not m.met] == []
