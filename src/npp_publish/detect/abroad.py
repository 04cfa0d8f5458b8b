"""Signatures of English and Korean papers: By JOHN SMITH in London, Jane Doe, Staff Writer, 홍길동 기자.

Rationale: the word `By`, a post behind a name or the word for a reporter make a line of names a byline
by themselves (A). Case files: tests/cases/byline.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..model import Role
from .names import is_western

__all__ = ["Tag", "alone", "signed"]

_TASK = (
    r"(?:(?:Story|Words|Text|Report|Photos|Pictures|Photographs?|Story and photos|Text and photos|Words and pictures"  # noqa: E501
    r"|Additional reporting|Reporting|Reported|Written|Translated|Compiled|Edited|Adapted|Interview|As told) )?"  # noqa: E501
)
_POST_WORDS = (
    r"(?:(?:senior|chief|deputy|managing|associate|assistant|political|foreign|business|education|health|science|sports?"
    r"|city|news|national|local|metro|features?|arts|culture|crime|court|environment|economics?|technology|travel"
    r"|diplomatic|defen[cs]e|property|staff|special|contributing|our|own|guest|opinion)[\s-]+){0,3}"
    r"(?:writers?|reporters?|correspondents?|editors?|columnists?|contributors?|photographers?|staff|intern)"
)
_POST = re.compile(
    rf"{_POST_WORDS}|(?:Special |Exclusive )?(?:to|for) (?:the|The) [A-Z][A-Za-z' ]{{2,30}}", re.I
)
_HOUSE = re.compile(
    r"(?:[Tt]he )?(?:Associated Press|Reuters|Bloomberg(?: News)?|Agence France-Presse|AFP|AP|UPI|Xinhua|Kyodo(?: News)?|Yonhap"  # noqa: E501
    r"|(?:[A-Z][A-Za-z.'-]+ ){1,3}(?:Press|News|News Service|Daily|Times|Post|Herald|Tribune|Journal|Star|Gazette|Chronicle))"  # noqa: E501
)
_ENGLISH = re.compile(
    rf"\(?{_TASK}(?:By|BY|by)\s+(?P<names>[^\d\n|()]{{3,90}}?)(?:\s*[|/]\s*(?P<post>[^\n()]{{2,40}}))?\)?\s*$"
)
_LABELLED = re.compile(
    r"(?:Words|Text|Story|Report|Reporter|Author|Writer|Editor)\s*[:|]\s*(?P<names>[A-Z][^\d\n|:()]{3,50})"
)
_OURS = re.compile(
    rf"(?:By|BY|From|FROM)\s+(?:an?|our|A|Our|OUR)\s+(?P<role>(?:own\s+)?{_POST_WORDS})|Special to The (?P<agency>[A-Z][A-Za-z' ]{{2,30}})",  # noqa: E501
    re.I,
)
_IN = re.compile(r"(?P<name>.+?)\s+in\s+(?P<place>[A-Z][A-Za-z.'’ -]{2,30})")
_KOREAN_ROLE = r"(?:(?:선임|수습|인턴|사진|객원|전문|대)?기자|특파원|논설위원|편집위원|칼럼니스트|통신원|(?:[가-힣]{1,4})?(?:부장|국장))"  # noqa: E501
_GUEST = r"(?:[가-힣]{2,8} )?(?:(?:명예|석좌|초빙)?교수|시인|소설가|작가|변호사|평론가|연구위원|대표|원장)"
_KOREAN = re.compile(
    rf"(?:\(?(?P<place>[가-힣]{{2,6}})\)?\s?[=/]\s?)?(?P<name>[가-힣]{{2,4}}(?:[\s·,ㆍ]{{1,2}}[가-힣]{{2,4}}(?=[\s·,ㆍ]))*)"
    rf"\s?(?P<role>{_KOREAN_ROLE})(?:\s+[\w.+-]+@[\w.-]+)?\s*"
)
_KOREAN_GUEST = re.compile(rf"(?P<name>[가-힣]{{2,4}})\s+(?P<role>{_GUEST})")
_POSTED = re.compile(r"(?P<names>[A-Z][^\d\n,，|/()]{3,50}?)\s*[,|/]\s*(?P<role>[A-Za-z' -]{3,40})")
# 글=홍길동 기자 사진=김철수 기자, 홍길동·김철수 기자, [홍길동 기자]
_WORK = r"(?:글|사진|그림|정리|취재|촬영|번역|영상)"
_KOREANS = re.compile(
    rf"(?:(?P<work>{_WORK}(?:[·ㆍ]{_WORK})*)\s*[=\s]\s*|(?P<place>[가-힣]{{2,6}})\s*=\s*)?(?P<names>[가-힣]{{2,4}}(?:\s*[·,ㆍ]\s*[가-힣]{{2,4}})*)"
    rf"\s?(?P<role>{_KOREAN_ROLE})"
)
_ONE = re.sub(r"\?P<\w+>", "?:", _KOREANS.pattern)
_KOREAN_LIST = re.compile(rf"[\[(/]?\s*{_ONE}(?:[\s,·/ㆍ]+{_ONE})*\s*[\])]?\s*")


_CAPITAL, _SYLLABLE = re.compile(r"[(\s]?[A-Z]"), re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A range `[start, end)` of a line and what it means."""

    start: int
    end: int
    role: Role


def signed(text: str, under_headline: bool = False) -> tuple[Tag, ...] | None:
    """Return the tagged ranges of an English or Korean byline, or None if the line is none."""
    if "\u4e00" <= text[0] <= "\u9fff" and "\u4e00" <= text[-1] <= "\u9fff":
        return None
    if text.isascii() or _CAPITAL.match(text):
        return _in_english(text, under_headline)
    if not _SYLLABLE.search(text):
        return None
    if found := _KOREAN_LIST.fullmatch(text):
        return _korean(text)
    if found := _KOREAN.fullmatch(text):
        names = re.finditer(r"[가-힣]+", found["name"])
        at = found.start("name")
        made = [Tag(at + name.start(), at + name.end(), Role.AUTHOR) for name in names]
        place = [Tag(*found.span("place"), Role.PLACE)] if found["place"] else []
        return (*place, *made, Tag(*found.span("role"), Role.ROLE))
    if under_headline and (found := _KOREAN_GUEST.fullmatch(text)):
        return Tag(*found.span("name"), Role.AUTHOR), Tag(*found.span("role"), Role.ROLE)
    return None


def alone(text: str) -> bool:
    """Tell whether a line is a byline wherever it stands in a run of lines."""
    if (found := _ENGLISH.fullmatch(text)) is not None:
        return _named(found["names"], 0) is not None
    return _OURS.fullmatch(text) is not None or _KOREAN.fullmatch(text) is not None


def _korean(text: str) -> tuple[Tag, ...]:
    tags: list[Tag] = []
    for found in _KOREANS.finditer(text):
        if found["work"]:
            works = re.finditer(r"[가-힣]+", found["work"])
            tags.extend(
                Tag(found.start("work") + w.start(), found.start("work") + w.end(), Role.ROLE) for w in works
            )
        if found["place"]:
            tags.append(Tag(*found.span("place"), Role.PLACE))
        at = found.start("names")
        names = re.finditer(r"[가-힣]+", found["names"])
        tags.extend(Tag(at + name.start(), at + name.end(), Role.AUTHOR) for name in names)
        tags.append(Tag(*found.span("role"), Role.ROLE))
    return tuple(tags)


def _in_english(text: str, under: bool) -> tuple[Tag, ...] | None:
    if found := _OURS.fullmatch(text):
        role = Role.ROLE if found["role"] else Role.AGENCY
        return (Tag(*found.span("role" if found["role"] else "agency"), role),)
    if found := _ENGLISH.fullmatch(text):
        tags = _named(found["names"], found.start("names"))
        if tags is None:
            return None
        return (*tags, *_behind(found["post"], found.start("post"))) if found["post"] else tuple(tags)
    if found := _LABELLED.fullmatch(text):
        labelled = _named(found["names"], found.start("names"))
        return tuple(labelled) if labelled and is_western(found["names"].strip()) else None
    if (found := _POSTED.fullmatch(text)) and is_western(found["names"]) and _POST.fullmatch(found["role"]):
        return Tag(*found.span("names"), Role.AUTHOR), Tag(*found.span("role"), Role.ROLE)
    if under:
        return _unsigned(text)
    return None


def _unsigned(text: str) -> tuple[Tag, ...] | None:
    """Read under a headline what has no `By`: ZHANG SAN in Beijing, Tom Hollis Political Editor."""
    if (found := _IN.fullmatch(text)) and found["name"].isupper() and is_western(found["name"]):
        return Tag(*found.span("name"), Role.AUTHOR), Tag(*found.span("place"), Role.PLACE)
    words = [m.start() for m in re.finditer(r"\S+", text)]
    for at in words[2:4]:
        if is_western(text[:at].strip()) and _POST.fullmatch(text[at:]):
            return Tag(0, len(text[:at].rstrip()), Role.AUTHOR), Tag(at, len(text), Role.ROLE)
    return None


_APART = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|AND)\s+")
_PARTICLES = frozenset("and de van von of the der den ter al bin ibn la le di da dos del du el y".split())  # noqa: SIM905
_SPECIAL = re.compile(r"\s+(?P<post>(?:Special|Exclusive) (?:to|for) (?:the|The) [A-Z][A-Za-z' ]{2,30})$")
_CROWD = re.compile(rf"(?P<agency>[A-Z][A-Za-z]+) (?P<role>{_POST_WORDS})\s+(?P<rest>[A-Z].*)")


def _named(text: str, at: int) -> list[Tag] | None:
    """Read names parted by commas and `and`, each perhaps with a place; a house or a post may close them."""
    tags: list[Tag] = []
    if crowd := _CROWD.fullmatch(text):
        tags += [
            Tag(at + crowd.start(g), at + crowd.end(g), r)
            for g, r in (("agency", Role.AGENCY), ("role", Role.ROLE))
        ]
        at, text = at + crowd.start("rest"), crowd["rest"]
    special = _SPECIAL.search(text)
    end = special.start() if special else len(text)
    start = 0
    for gap in [*_APART.finditer(text, 0, end), None]:
        stop = gap.start() if gap else end
        part = text[start:stop]
        made = _one(part, at + start, bool(tags))
        if made is None:
            return None
        tags.extend(made)
        start = gap.end() if gap else stop
    if special:
        tags.extend(_behind(special["post"], at + special.start("post")))
    return tags


def _one(part: str, at: int, later: bool) -> list[Tag] | None:
    """Read one name, house or post."""
    if _HOUSE.fullmatch(part):
        inside = re.sub(r"^[Tt]he ", "", part)
        return [Tag(at + len(part) - len(inside), at + len(part), Role.AGENCY)]
    if later and _POST.fullmatch(part):
        return [Tag(at, at + len(part), Role.ROLE)]
    placed = _IN.fullmatch(part)
    name = placed["name"] if placed else part
    words = name.split()
    if not words or len(words) > 6 or not all(w[:1].isupper() or w in _PARTICLES for w in words):
        return None
    tags = [Tag(at, at + len(name.rstrip()), Role.AUTHOR)]
    return [*tags, Tag(at + placed.start("place"), at + placed.end("place"), Role.PLACE)] if placed else tags


def _behind(post: str, at: int) -> list[Tag]:
    """Read what stands behind names: a post, a house."""
    if special := re.fullmatch(r"(?:Special |Exclusive )?(?:to|for) (?:the|The) (?P<agency>.+)", post):
        return [Tag(at + special.start("agency"), at + special.end("agency"), Role.AGENCY)]
    house = _HOUSE.fullmatch(post.strip())
    return [Tag(at, at + len(post.rstrip()), Role.AGENCY if house else Role.ROLE)]
