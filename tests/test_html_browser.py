"""The page in Chromium: on a desk, on the narrowest phone, at night, and printed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from manuscript import t
from npp_publish.backends.html import HtmlBackend, HtmlOptions
from npp_publish.model import (
    Article,
    Box,
    BoxKind,
    Edition,
    Entries,
    Entry,
    Heading,
    Paragraph,
    RenderJob,
    Rowed,
    Stated,
    Style,
    Styled,
    Table,
    Text,
    Theme,
)
from npp_publish.typecase import styles_folder
from npp_publish.validate import tools
from npp_publish.validate.browser import AXE
from npp_publish.validate.glyphs import GLYPHS

LACKING = [need.command for need in AXE.needs() if not need.present]
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {'; '.join(LACKING)}"),
]

SENTENCE = "发展新质生产力是推动高质量发展的内在要求和重要着力点，对现代化新重庆建设至关重要。"
MM = 72 / 25.4
BRIEFING = Theme("briefing", styles_folder() / "briefing")


def edition(sections: int) -> Edition:
    """Sections of growing length, so that headings and boxes come to every height of a page."""
    body: list[Any] = [Paragraph((Text("首段"), Styled(Style.EMPHASIS, t("强调")), Text("。" + SENTENCE)))]
    for n in range(1, sections + 1):
        body.append(Heading(2, t(f"第{n}节的标题")))
        body += [Paragraph(t(SENTENCE * (1 + (n * 7 + k * 3) % 9))) for k in range(2)]
        if n % 2:
            entries = tuple(
                Entry(t(f"20{n:02}年{k}月"), (Paragraph(t(f"起{n}止{k}。" + SENTENCE)),)) for k in (1, 2, 3)
            )
            body.append(Box(BoxKind.TIMELINE, t(f"大事记{n}"), (Entries(entries),)))
    cells = tuple(
        (Paragraph(t(word)),) for word in ("很长的指标名称" * 4, "https://example.org/" + "x" * 60, "1")
    )
    body.append(Table((Rowed(cells, True), Rowed(cells))))
    metadata = (("news.paper", Stated("重庆日报")), ("news.edition-date", Stated("2024年3月7日")))
    return Edition(
        "培育新质生产力", "zh-Hans", (Article("a1", t("培育新质生产力"), body=tuple(body)),), metadata
    )


def looked_at(folder: Path, **options: Any) -> tuple[dict[str, Any], Path]:
    job = RenderJob(edition(9), "", BRIEFING, "page", folder, 0)
    page = HtmlBackend().render(job, HtmlOptions(**options)).path
    pdf = folder / "page.pdf"
    script = Path(__file__).with_name("look_at_page.mjs")
    modules = tools.folder() / "node" / "node_modules"
    command = ["node", str(script), str(modules), tools.chromium(), str(page), str(pdf)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return json.loads(done.stdout), pdf


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    return looked_at(tmp_path_factory.mktemp("page"))


def texts(pdf: Path) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_no_noise_and_nothing_wider_than_the_window(seen: tuple[dict[str, Any], Path]) -> None:
    for view in seen[0].values():
        assert view["noise"] == []
        assert view["excess"] <= 0
        assert view["broken"] == 0


def test_contents_stand_beside_the_text_and_fold_on_a_phone(seen: tuple[dict[str, Any], Path]) -> None:
    desk, phone = seen[0]["desk"], seen[0]["phone"]
    assert desk["contents"]["height"] > 100
    assert desk["contents"]["right"] < desk["main"]["left"]
    assert phone["folded"] < 60
    assert phone["unfolded"] > 100


def test_the_measure_is_some_thirty_five_characters(seen: tuple[dict[str, Any], Path]) -> None:
    assert 34 <= seen[0]["desk"]["main"]["width"] / 18 <= 40


def test_night_is_dark(seen: tuple[dict[str, Any], Path]) -> None:
    def brightness(colour: str) -> float:
        return sum(float(part) for part in colour.strip("rgba()").split(",")[:3]) / 3

    desk, night = seen[0]["desk"], seen[0]["night"]
    assert brightness(desk["paper"]) > 240 > 60 > brightness(desk["ink"])
    assert brightness(night["paper"]) < 40 < 180 < brightness(night["ink"])


def test_faces_of_the_house_are_used_and_emphasis_stands_upright(seen: tuple[dict[str, Any], Path]) -> None:
    faces = [face.replace('"', "") for face in seen[0]["desk"]["faces"]]
    assert {"NPP Song 400", "NPP Song 700", "NPP Hei 700", "NPP Kai 400"} <= set(faces)
    assert seen[0]["desk"]["emphasis"] == "normal"


def test_printed_pages_are_a4_with_heads_and_folios(seen: tuple[dict[str, Any], Path]) -> None:
    with pikepdf.open(seen[1]) as pdf:
        for page in pdf.pages:
            _, _, width, height = (float(edge) for edge in page.mediabox)
            assert (width, height) == pytest.approx((210 * MM, 297 * MM), abs=1.0)
    pages = texts(seen[1])
    assert len(pages) >= 4
    for number, text in enumerate(pages, 1):
        assert f"— {number} —" in text
        assert " ".join(text.split()).count("重庆日报 2024年3月7日") == 1  # the first page has the nameplate


def test_printed_boxes_are_whole_and_no_heading_stands_last(seen: tuple[dict[str, Any], Path]) -> None:
    pages = texts(seen[1])
    for n in range(1, 10, 2):
        holders = [k for k, text in enumerate(pages) if f"起{n}止" in text]
        assert len(set(holders)) == 1, f"box {n} is split"
        assert f"大事记{n}" in pages[holders[0]]
    for text in pages:
        lines = [line for line in text.replace("\r", "").split("\n") if line.strip() and "— " not in line]
        assert "的标题" not in lines[-1]
        assert "大事记" not in lines[-1]


def test_printed_page_has_all_glyphs_in_our_faces(seen: tuple[dict[str, Any], Path]) -> None:
    (verdict,) = GLYPHS.run([seen[1]])
    assert verdict.passed, verdict
    with pikepdf.open(seen[1]) as pdf:
        names = {str(f.get("/BaseFont", "")) for f in pdf.objects if isinstance(f, pikepdf.Dictionary)}
    fonts = {name.partition("+")[2] for name in names if "+" in name}
    assert fonts
    assert all(font.startswith("NPP") for font in fonts), fonts


def test_boxes_of_the_same_name_are_no_landmarks(tmp_path: Path) -> None:
    box = Box(BoxKind.ABSTRACT, t("核心提示"), (Paragraph(t(SENTENCE)),))
    articles = tuple(Article(f"a{n}", t(f"第{n}篇文章"), body=(box, box)) for n in (1, 2))
    job = RenderJob(Edition("题", "zh-Hans", articles), "", BRIEFING, "page", tmp_path, 0)
    (verdict,) = AXE.run([HtmlBackend().render(job, HtmlOptions()).path])
    assert verdict.passed, verdict


def test_marks_make_the_sheet_larger(tmp_path: Path) -> None:
    _, pdf = looked_at(tmp_path, bleed=3.0, marks=True, page_size="A5")
    with pikepdf.open(pdf) as document:
        _, _, width, height = (float(edge) for edge in document.pages[0].mediabox)
    assert (width, height) == pytest.approx((172 * MM, 234 * MM), abs=1.0)
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=4, grayscale=True).to_pil().convert("L")

    def darkest(left: int, top: int, right: int, bottom: int) -> int:
        return int(image.crop((left, top, right, bottom)).getextrema()[0])

    edge, reach = round(12 * MM * 4), round(6 * MM * 4)
    assert darkest(edge - 3, 0, edge + 4, reach) < 160
    assert darkest(0, edge - 3, reach, edge + 4) < 160
    assert darkest(0, 0, edge - 8, edge - 8) > 200
