"""What stands between two lines that are joined."""

from __future__ import annotations

import pytest

from npp_publish.repair.splice import glue


@pytest.mark.parametrize(
    ("before", "after", "lang", "between"),
    [
        ("产业集", "群", "zh-Hans", ""),
        ("two or three", "nights.", "en", " "),
        ("two or three", ".nights.", "en", " "),
        ("a rise of", ".5 percent", "en", " "),
        ("the end", ". Next", "en", ""),
        ("he said", "”", "en", ""),
        ("about 12,", "500 people", "en", ""),
        ("관계자는", "“좋다”고", "ko", " "),
    ],
)
def test_what_stands_between_joined_lines(before: str, after: str, lang: str, between: str) -> None:
    assert glue(before, after, lang) == between
