"""The make-up of pages by the themes: contents, running titles, lists on the grid, terms and pictures."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from manuscript import LONG, p, t
from npp_publish.backends.pdf import PdfBackend, PdfOptions
from npp_publish.model import (
    Article,
    Asset,
    Box,
    BoxKind,
    Byline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Heading,
    Listing,
    RenderJob,
    Role,
    Tagged,
    Text,
)
from npp_publish.typeset.theme import load, names
from npp_publish.validate.typography import audit, failed


def article(number: int, *body: Element, paragraphs: int = 12, lang: str = "") -> Article:
    text = (*body, *(p(LONG * 6) for _ in range(paragraphs)))
    return Article(f"a{number}", title=t(f"标题{number}"), body=text, lang=lang)


QUICKLY = pytest.mark.parametrize(
    "theme",
    [pytest.param(n, marks=() if n in ("briefing", "newspaper") else pytest.mark.slow) for n in names()],
)
"""Two looks, one of them in columns, in the default run; the others with the slow tests."""


def make(folder: Path, theme: str, edition: Edition) -> Path:
    """Set an edition, let the backend judge it, and return the PDF."""
    picture = folder / "pic.png"
    Image.new("RGB", (300, 200), (180, 40, 40)).save(picture)
    asset = Asset("pic.png", picture, "image/png", "0" * 64, 300, 200)
    job = RenderJob(
        edition, "", load(theme), "page", folder, 1709769600, source_name="page.txt", assets=(asset,)
    )
    artifact = PdfBackend().render(job, PdfOptions())
    assert PdfBackend().validate(artifact, job) == ()
    return artifact.path


def pages(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
@pytest.mark.parametrize("theme", ["briefing", "book"])
def test_contents_copy_where_they_stand(tmp_path: Path, theme: str) -> None:
    edition = Edition("标题1", "zh-Hans", (article(1), article(2), article(3)))
    pdf = make(tmp_path, theme, edition)
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, check=True)
    text = done.stdout.decode()
    place = [text.index(words) for words in ("目录", "标题2", "标题3", "推进中国式")]
    assert place == sorted(place)
    listed = re.findall(r"^标题([123]) (\d+)$", text, re.MULTILINE)
    assert [name for name, _ in listed[:3]] == ["1", "2", "3"]
    numbers = [int(number) for _, number in listed[:3]]
    assert numbers == sorted(numbers) and numbers[0] >= 1, "with the numbers of their pages"


def test_the_running_title_is_that_of_the_article_that_goes_on(tmp_path: Path) -> None:
    edition = Edition("标题1", "zh-Hans", (article(1), article(2), article(3)))
    found = pages(make(tmp_path, "briefing", edition))
    starts = [next(n for n, text in enumerate(found) if f"标题{k}\r\n" in text and n) for k in (2, 3)]
    for number, text in enumerate(found[1:], 1):
        going_on = 1 + sum(start < number for start in starts)
        assert f"标题{going_on}" in text, number


@QUICKLY
def test_lists_pictures_and_terms_in_every_theme(tmp_path: Path, theme: str) -> None:
    terms = Entries(
        (Entry(t("新质生产力"), (p("以科技创新为主导的生产力。" * 3),)), Entry(t("数"), (p(LONG),)))
    )
    body: tuple[Element, ...] = (
        p(LONG * 3),
        Listing(tuple((p(f"第{n}届5G大会"),) for n in range(4))),
        p(LONG * 5),
        Box(BoxKind.DEFINITION, t("名词解释"), (terms,)),
        Heading(2, t("建设5G网络，发展AI产业")),
        p("新质生产力以科技创新为主导。" + LONG * 4),
        Figure("pic.png", "红日", t("红日。")),
    )
    edition = Edition("标题1", "zh-Hans", (article(1, *body), article(2, p(LONG), *body[::-1])))
    assert failed(audit(make(tmp_path, theme, edition))) == ()


@QUICKLY
@pytest.mark.parametrize(
    ("lang", "title", "words"),
    [
        (
            "en",
            "Night crews win parity",
            "The vote was 214 to 61. Deckhands and engineers will receive raises. ",
        ),
        (
            "ko",
            "남항 새 터미널 개장",
            "남항만공사는 8일 새 국제여객터미널을 다음 달 15일 개장한다고 밝혔다. ",
        ),
        (
            "ja",
            "連絡船「第三のぞみ」引退",
            "船長の沖田繁さん（62）は十九歳で乗船した。「無事に着いた」と振り返る。月に二千袋が出る人気の品になった。",
        ),
    ],
)
def test_other_languages_pass_in_every_theme(
    tmp_path: Path, theme: str, lang: str, title: str, words: str
) -> None:
    byline = Byline((Tagged(Role.AUTHOR, t("김하늘")), Text(" "), Tagged(Role.ROLE, t("기자"))))
    bylines = (byline,) if lang == "ko" else ()
    body = tuple(p((words * (3 + n)).strip()) for n in range(6))
    edition = Edition(title, lang, (Article("a1", title=t(title), bylines=bylines, body=body),))
    assert failed(audit(make(tmp_path, theme, edition))) == ()
