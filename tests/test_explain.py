"""The ledger in words: one paragraph for any line."""

from pathlib import Path

import pytest

from npp_publish import source
from npp_publish.compose import normalize
from npp_publish.compose.explain import explain
from npp_publish.errors import UsageError

PAGE = """临江日报

# 老厂“新”生记： 看轴承如何转身

□本报记者 白露

走进三号车间，听不到想象中的轰鸣，看不到满地的铁屑，一排排机床安静地运转。

“以前靠耳朵听、靠手摸，现在靠数据

## 名词解释

**声纹**
机器运转时声音的频谱特征。

说话。”班长石守义干了三十七年，他的绝活如今被录成了四千多条声纹。（下转5版）
"""


@pytest.fixture(scope="module")
def told() -> dict[int, str]:
    found = source.from_text(PAGE, "page.txt")
    made = normalize(found)
    return {line.number: explain(made, f"page.txt:{line.number}") for line in found.lines}


def test_every_line_has_one_paragraph(told: dict[int, str]) -> None:
    for number, text in told.items():
        assert text.startswith(f"Line {number} ")
        assert text.endswith(".") and "\n" not in text


EXPECTED = [
    (1, ["临江日报", "was left out by the rule furniture"]),
    (2, ["is blank"]),
    (3, ["the title of the article", "The space was left out", "because the colon is the pause"]),
    (5, ["the byline of the article", "“□” was left out (marker)"]),
    (7, ["became paragraph 1 of the article"]),
    (9, ["stands in paragraph 2", "together with line 16", "was joined to what stands before it", "“split”"]),
    (11, ["the title of box 1"]),
    (13, ["the label of entry 1 of box 1"]),
    (
        16,
        [
            "together with line 9",
            "decision ",
            "put the number of its decision into edits.toml",
            "the jump line",
        ],
    ),
]


@pytest.mark.parametrize(("line", "parts"), EXPECTED)
def test_what_is_told(told: dict[int, str], line: int, parts: list[str]) -> None:
    for part in parts:
        assert part in told[line], told[line]


def test_places() -> None:
    one = normalize(source.from_text(PAGE, "folder/page.txt"))
    assert explain(one, "7") == explain(one, "page.txt:7") == explain(one, "folder/page.txt:7")
    for place, message in [
        ("page.txt", "no place"),
        ("page.txt:x", "no place"),
        ("other.txt:3", "no file 'other.txt'"),
        ("page.txt:99", "there is no line 99"),
        ("page.txt:0", "there is no line 0"),
    ]:
        with pytest.raises(UsageError, match=message):
            explain(one, place)


def test_two_files(tmp_path: Path) -> None:
    (tmp_path / "04版.txt").write_text(
        "# 题\n\n本报记者 何清\n\n正文第一段，完整的一句话。\n", encoding="utf-8"
    )
    (tmp_path / "05版.txt").write_text(
        "# 另一题\n\n本报记者 马德\n\n正文第二段，完整的一句话。\n", encoding="utf-8"
    )
    found, _ = source.read([tmp_path / "04版.txt", tmp_path / "05版.txt"])
    made = normalize(found)
    assert "05版.txt" in explain(made, "05版.txt:5")
    with pytest.raises(UsageError, match="any of 2 files"):
        explain(made, "5")


def test_control_characters_are_not_printed() -> None:
    made = normalize(source.from_text("# 题目\n\n正文里有一个\x1b[31m转义字符，句子到此为止。\n"))
    assert "\x1b" not in explain(made, "3")
