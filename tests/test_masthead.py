"""The masthead of a newspaper: whatever stands in it keeps clear of the date and of the edge of the sheet."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from npp_publish.cli import main


@pytest.mark.parametrize("paper", ["a3", "a4"])
@pytest.mark.parametrize(
    "name",
    [
        "晚报",
        "中国城南经济技术开发区晚报",
        "以数字化改革赋能基层治理现代化的几点思考与建议",
        "很长的名字" * 10,
    ],
)
def test_a_long_name_keeps_clear_of_the_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, paper: str
) -> None:
    monkeypatch.chdir(tmp_path)
    text = f"---\nnews:\n  paper: {name}\n  edition-date: 2024-03-06\n---\n\n# 题目\n\n昨天旧桥重新开放。\n"
    Path("page.md").write_text(text, encoding="utf-8")
    words = ["--to", "pdf", "--theme", "newspaper", "--set", f"pdf.paper={paper}", "-q"]
    assert main(["build", "page.md", *words]) == 0
    page = pdfium.PdfDocument("dist/page.pdf")[0]
    lines = page.get_textpage()
    said = [lines.get_text_range(n, 1) for n in range(lines.count_chars())]
    date = "".join(said).index("2024")
    left, bottom, *_ = lines.get_charbox(date)
    own = [lines.get_charbox(n) for n in range(date) if said[n].strip()][-len(name) :]
    assert max(right for _, _, right, _ in own) < left
    assert (
        max(top for *_, top in own) < page.get_height() and min(bottom for _, bottom, *_ in own) > bottom - 6
    )
