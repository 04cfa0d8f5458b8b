"""The book in real reading systems: foliate-js and epub.js in Chromium, MuPDF, and calibre's converters
to AZW3 and KEPUB. All text is there, the contents are right, nothing is asked for outside, nothing is
drawn with a face that the book did not bring.

`NPP_TEST_SHOTS` names a folder for the screenshots; `NPP_TEST_CALIBRE` an `ebook-convert` (KEPUB needs
calibre 8).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from epub_room import EDITION, job
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.model import RenderJob, Stated
from npp_publish.validate import tools
from npp_publish.validate.manuscript import letters, passages
from npp_publish.validate.readback import Part, units_of
from npp_publish.validate.text import judge_text

TASK = replace(EDITION, metadata=(*EDITION.metadata, ("rights", Stated("版权所有"))))
LABELS = (
    "培育新质生产力 推动高质量发展",
    "核心提示",
    "全国人大代表蓝庆华： 锚定“33618” 建设中心",
    "大事记",
    "深刻把握实践要求",
)
READERS = ("foliate-js", "epubjs", "jszip", "playwright-core")
LACKING = [name for name in READERS if not (tools.node_module(name) / "package.json").is_file()]
CALIBRE = os.environ.get("NPP_TEST_CALIBRE") or shutil.which("ebook-convert") or ""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[RenderJob, Path]:
    task = job(TASK, tmp_path_factory.mktemp("book"))
    return task, EpubBackend().render(task, EpubOptions()).path


def wanted() -> list[str]:
    return [words for p in passages(TASK) if not p.note and (words := letters(p.words, paper=True))]


def in_order(text: str) -> None:
    """Assert that all the edition says is in a text, in its order; numbers of notes may stand in it."""
    at, said = 0, letters(text, paper=True)
    for words in wanted():
        found = re.compile(r"[\[\]\d]*?".join(map(re.escape, words))).search(said, at)
        assert found, words
        at = found.end()


def folded(labels: list[str]) -> list[str]:
    return ["".join(label.split()) for label in labels]


# ------------------------------------------------------------------ in Chromium


@pytest.fixture(scope="module")
def seen(made: tuple[RenderJob, Path]) -> list[dict[str, Any]]:
    script = Path(__file__).with_name("read_book.mjs")
    modules = tools.folder() / "node" / "node_modules"
    shots = os.environ.get("NPP_TEST_SHOTS", "")
    words = ["node", str(script), str(modules), tools.chromium(), str(made[1]), *([shots] if shots else [])]
    done = subprocess.run(words, capture_output=True, timeout=300, check=True)
    return list(json.loads(done.stdout))


@pytest.mark.chromium
@pytest.mark.skipif(bool(LACKING) or not tools.chromium(), reason=f"not installed: {tools.INSTALL}")
def test_reading_systems_show_the_whole_book(seen: list[dict[str, Any]]) -> None:
    views = {(v["engine"], v["size"], v["night"]) for v in seen}
    assert len(views) == 12
    for view in seen:
        in_order("".join(view["texts"]))
        assert folded(view["toc"])[: len(LABELS)] == folded(list(LABELS))
        assert view["outside"] == []
        assert view["errors"] == []
        assert view["faces"]
        assert all(own and name.startswith("NPP ") for name, own in view["faces"]), view["faces"]
    pages = next(view["pages"] for view in seen if view["engine"] == "foliate")
    assert "第4版" in pages


# ------------------------------------------------------------------ MuPDF


@pytest.mark.parametrize("size", [(280, 500), (420, 595), (595, 842)], ids=["phone", "e-ink", "tablet"])
def test_mupdf_lays_out_the_whole_book(made: tuple[RenderJob, Path], size: tuple[int, int]) -> None:
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open(made[1]) as book:
        book.layout(width=size[0], height=size[1], fontsize=11)
        in_order("".join(page.get_text() for page in book))
        labels = folded([label for _, label, _ in book.get_toc()])
        assert labels[: len(LABELS)] == folded(list(LABELS))
        widest = max(block[2] for page in book for block in page.get_text("blocks"))
        assert widest <= size[0] + 1


# ------------------------------------------------------------------ calibre


@cache
def calibre_version() -> int:
    if not CALIBRE:
        return 0
    done = subprocess.run([CALIBRE, "--version"], capture_output=True, timeout=60, check=False)
    found = re.search(rb"calibre (\d+)", done.stdout)
    return int(found[1]) if found else 0


def converted(book: Path, target: Path) -> Path:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [CALIBRE, str(book), str(target)], capture_output=True, timeout=300, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-400:]
    return target


@pytest.mark.slow
@pytest.mark.skipif(not CALIBRE, reason="not installed: sudo apt-get install -y calibre")
def test_calibre_makes_a_whole_azw3(made: tuple[RenderJob, Path], tmp_path: Path) -> None:
    """Kindle's format, and from there back to an EPUB that can be read: text, contents, cover."""
    kindle = converted(made[1], tmp_path / "x.azw3")
    assert kindle.read_bytes()[60:68] == b"BOOKMOBI"
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open(converted(kindle, tmp_path / "back.epub")) as book:
        in_order("".join(page.get_text() for page in book))
        labels = folded([label for _, label, _ in book.get_toc()])
        assert labels[: len(LABELS)] == folded(list(LABELS))


@pytest.mark.slow
@pytest.mark.skipif(not CALIBRE, reason="not installed: sudo apt-get install -y calibre")
def test_calibre_makes_a_whole_kepub(made: tuple[RenderJob, Path], tmp_path: Path) -> None:
    """Kobo's format is an EPUB with sentences in spans: the text gate reads it like ours."""
    if calibre_version() < 8:
        pytest.skip("calibre makes KEPUB since version 8")
    task, book = made
    kobo = converted(book, tmp_path / "x.kepub").rename(tmp_path / "x.kepub.epub")
    assert judge_text(kobo, task) == ()
    assert any(unit.part is Part.NOTE for unit in units_of(kobo))
