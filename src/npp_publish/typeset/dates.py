"""Dates as newspapers print them, in the machine form that HTML `time` and EPUB ask for."""

from __future__ import annotations

import re

__all__ = ["machine_date", "printed_date"]

_DIGITS = str.maketrans("０１２３４５６７８９〇○零一二三四五六七八九", "0123456789000123456789")
_FULL = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})(?:\s*[月./-]\s*(?:(\d{1,2})\s*日?)?)?月?\s*\Z")
_YEAR = re.compile(r"(\d{4})\s*年?\Z")
_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*日\Z")


def machine_date(printed: str) -> str:
    """Return the HTML `datetime` of a printed date, or "" where it is none.

    `2024年3月6日` -> `2024-03-06`, `2023年9月` -> `2023-09`, `2023年` -> `2023`, `3月6日` -> `03-06`
    (a year-less date); full-width digits are read too. Impossible dates give "".
    """
    text = printed.strip().translate(_DIGITS)
    if found := _FULL.match(text):
        year, month, day = found.group(1), int(found.group(2)), int(found.group(3) or 0)
        if not _plausible(month, day or 1):
            return ""
        return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"
    if found := _YEAR.match(text):
        return found.group(1)
    if found := _DAY.match(text):
        month, day = int(found.group(1)), int(found.group(2))
        return f"{month:02}-{day:02}" if _plausible(month, day) else ""
    return ""


def printed_date(value: str, lang: str = "zh") -> str:
    """Return a whole date as newspapers of the language print it: `2024-03-06` -> `2024年3月6日` in Chinese
    and Japanese. Any other text, and any other language, stays as it is."""
    parts = (machine_date(value) or value).split("-")
    if not (lang or "zh").startswith(("zh", "ja")) or len(parts) != 3 or not all(map(str.isdigit, parts)):
        return value
    return f"{parts[0]}年{int(parts[1])}月{int(parts[2])}日"


def _plausible(month: int, day: int) -> bool:
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= longest[month - 1]
