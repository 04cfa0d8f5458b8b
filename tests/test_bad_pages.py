"""What no page can carry, in an edition written by hand: told with its line, and set all the same."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

import pytest

from npp_publish import markdown
from npp_publish.backends.pdf import PdfBackend, PdfOptions
from npp_publish.diagnostics import Diagnostic
from npp_publish.parse import parse
from npp_publish.typeset.theme import load
from npp_publish.validate.typography import Outcome, audit

PROSE = "记者从市政府获悉，经过三年整治，全市河流水质全部达标。“过去绕着走，现在抢着来。”王慧兰说。" * 2
HEAD = "---\ntitle: 试验\nlang: zh-Hans\n---\n\n:::: {{#a1 .article}}\n# {}\n\n" + PROSE + "\n\n"
TAIL = "\n\n" + PROSE + "\n::::\n"
HERE = 11
"""The line after the first paragraph."""
THEMES = [
    "briefing",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("newspaper", "gongwen", "book")),
]


def grey(width: int, height: int) -> bytes:
    """Return a PNG of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(b"\0" + b"\x88" * width) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def table(columns: int) -> str:
    rows = ["|" + "|".join(f"{text}{n}" for n in range(columns)) + "|" for text in ("列", "数据", "值")]
    return "\n".join([rows[0], "|" + "---|" * columns, *rows[1:]])


SPANS = "[" * 300 + "深处" + "]{.dots}" * 300
CASES = {
    "a character without a glyph": ("生僻字\U00010450与\ue123。", "NPP701", HERE),
    "a word of 200 letters": ("很长的" + "Pneumono" * 25 + "。", "NPP715", HERE),
    "a table of 40 columns": (table(40), "NPP713", HERE),
    "a picture of 100 megapixels": ("![大图](big.png)", "NPP714", HERE),
    "a broken picture": ("![坏图](broken.jpg)", "NPP604", HERE),
    "300 lists": ("".join("  " * n + f"- 第{n}层\n" for n in range(300)), "NPP513", HERE + 49),
    "300 numbered lists": ("".join("   " * n + f"1. 第{n}层\n" for n in range(300)), "NPP513", HERE + 33),
    "300 lists on a line": ("- " * 300 + "深处", "NPP513", HERE),
    "300 quotations": ("> " * 300 + "深处", "NPP513", HERE),
    "300 styles": (SPANS, "NPP513", HERE),
    "300 blocks": ("\n".join(["::: {.box .note}"] * 300 + ["深处"] + [":::"] * 300), "NPP513", HERE + 23),
}


Found = tuple[Diagnostic, ...]


def pulled(folder: Path, text: str, theme: str) -> tuple[Path, Found, Found]:
    (folder / "work").mkdir()
    written = markdown.read(text, "edition.md")
    job, noticed = parse(
        text, name="edition.md", folder=folder, theme=load(theme), work=folder / "work", stem="page",
        epoch=0, written=written,
    )  # fmt: skip
    backend = PdfBackend()
    artifact = backend.render(job, PdfOptions())
    found = (*written.diagnostics, *noticed, *artifact.diagnostics)
    return artifact.path, found, backend.validate(artifact, job)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", CASES)
def test_told_with_its_line_and_set(tmp_path: Path, name: str, theme: str) -> None:
    body, code, line = CASES[name]
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0" + b"rubbish" * 50)
    if "megapixels" in name:
        (tmp_path / "big.png").write_bytes(grey(10_000, 10_000))
    path, found, judged = pulled(tmp_path, HEAD.format("标题") + body + TAIL, theme)
    assert [(d.path, d.line) for d in found if d.code == code][:1] == [("edition.md", line)], found
    assert not [d for d in judged if d.severity == "error" or d.code == "NPP870"], judged
    wrong = {row.check for row in audit(path) if row.outcome is Outcome.FAIL}
    assert not wrong & {"line-start", "line-end", "flush", "spaces"}


@pytest.mark.parametrize("theme", THEMES)
def test_a_headline_of_three_thousand_characters(tmp_path: Path, theme: str) -> None:
    path, found, judged = pulled(tmp_path, HEAD.format("三千字标题" * 600) + TAIL, theme)
    assert [(d.code, d.line) for d in found if d.code == "NPP712"] == [("NPP712", 7)]
    assert not [d for d in judged if d.severity == "error" or d.code == "NPP870"], judged
    assert path.stat().st_size > 1000


def test_words_stay_whatever_is_set_flat() -> None:
    bare = HEAD.format("标题") + "[" * 40 + "深" + "]" * 40 + "[`[`](https://example.org/)" + TAIL
    nested = [body for body, code, _ in CASES.values() if code == "NPP513"]
    for text in (*(HEAD.format("标题") + body + TAIL for body in nested), bare):
        read = markdown.read(text, "edition.md")
        shown = re.sub(r"\W", "", read.ast)
        assert "深" in shown or "第299层" in shown
        assert read.text == text
        assert [d.code for d in read.diagnostics] == ["NPP513"]


def test_nothing_is_touched_that_is_not_deep() -> None:
    body = "- 一\n  - 二\n\n      代码\n\n> > 三\n\n`[[[[`[四]{.dots}[[五]{.strong}](https://example.org/)^[注[内]{.dots}]"
    assert not markdown.read(HEAD.format("标题") + body + TAIL, "edition.md").diagnostics
