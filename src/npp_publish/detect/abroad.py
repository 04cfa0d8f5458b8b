"""Signatures of English and Korean papers: By JOHN SMITH, Jane Doe, Staff Writer, 홍길동 기자.

Rationale: the word `By`, a post behind a name or the word for a reporter make a line of names a byline
by themselves (A). Case file: tests/cases/byline.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Role
from .names import is_western

__all__ = ["Tag", "alone", "signed"]

_ENGLISH = re.compile(
    r"(?:(?:Story|Words|Text|Report|Photos|Pictures|Story and photos|Reporting|Reported|Written) )?"
    r"(?:By|BY|by)\s+(?P<names>[^\d\n,，|/]{3,60}?)"
    r"(?:\s+in\s+(?P<place>[A-Z][A-Za-z .'’-]{2,30}))?(?:\s*[,|/]\s*(?P<post>[^\n]{2,40}))?\s*$"
)
_KOREAN = re.compile(
    r"(?:\(?[가-힣]{2,6}\)?[=\s]\s*)?(?P<name>[가-힣]{2,4})\s*(?P<role>(?:선임|수습|인턴)?기자|특파원|논설위원|객원기자)(?:\s+[\w.+-]+@[\w.-]+)?\s*$"
)
_POSTED = re.compile(
    r"(?P<names>[A-Z][^\d\n,，|/]{3,50}?)\s*[,|/]\s*"
    r"(?P<role>(?i:(?:senior |chief )?(?:staff|special|contributing|sports|city|news)"
    r" (?:writers?|reporters?|correspondents?|editors?)|correspondents?|columnists?|reporters?))"
)
# 글=홍길동 기자 사진=김철수 기자, 홍길동·김철수 기자, [홍길동 기자]
_KOREAN_ROLE = r"(?:선임|수습|인턴|사진|객원|전문)?기자|특파원|논설위원"
_KOREANS = re.compile(
    rf"(?:(?:글|사진|그림|[가-힣]{{2,6}})\s*=\s*)?(?P<names>[가-힣]{{2,4}}(?:\s*[·,ㆍ]\s*[가-힣]{{2,4}})*)\s*(?P<role>{_KOREAN_ROLE})"
)
_ONE = _KOREANS.pattern.replace("?P<names>", "?:").replace("?P<role>", "?:")
_KOREAN_LIST = re.compile(rf"[\[(/]?\s*{_ONE}(?:[\s,·/]+{_ONE})*\s*[\])]?\s*")


@dataclass(frozen=True, slots=True)
class Tag:
    """A range `[start, end)` of a line and what it means."""

    start: int
    end: int
    role: Role


def signed(text: str) -> tuple[Tag, ...] | None:
    """Return the tagged ranges of an English or Korean byline, or None if the line is none."""
    if found := _ENGLISH.fullmatch(text):
        return _english(found)
    if (found := _POSTED.fullmatch(text)) and is_western(found["names"]):
        return Tag(*found.span("names"), Role.AUTHOR), Tag(*found.span("role"), Role.ROLE)
    if found := _KOREAN.fullmatch(text):
        return Tag(*found.span("name"), Role.AUTHOR), Tag(*found.span("role"), Role.ROLE)
    if "기자" in text and _KOREAN_LIST.fullmatch(text):
        return _korean(text)
    return None


def alone(text: str) -> bool:
    """Tell whether a line is a byline wherever it stands in a run of lines."""
    return _ENGLISH.fullmatch(text) is not None or _KOREAN.fullmatch(text) is not None


def _korean(text: str) -> tuple[Tag, ...]:
    tags: list[Tag] = []
    for found in _KOREANS.finditer(text):
        at = found.start("names")
        names = re.finditer(r"[가-힣]+", found["names"])
        tags.extend(Tag(at + name.start(), at + name.end(), Role.AUTHOR) for name in names)
        tags.append(Tag(*found.span("role"), Role.ROLE))
    return tuple(tags)


def _english(found: re.Match[str]) -> tuple[Tag, ...] | None:
    names = found["names"]
    if not all(
        word[:1].isupper() or word in ("and", "de", "van", "von", "of", "the") for word in names.split()
    ):
        return None
    return (Tag(*found.span("names"), Role.AUTHOR),)
