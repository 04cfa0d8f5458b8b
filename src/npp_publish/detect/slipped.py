"""Slipped credits: `本报记 者`, `通汛员`, `3月6 日屯` read as they were printed.

Rationale: a reading machine puts spaces into the words that credits are made of and takes some of their
characters for others. The words are few, so they are known again; what is printed is not changed, only
read (B). Case file: tests/cases/slipped.md.
"""

from __future__ import annotations

import re

__all__ = ["back", "credit", "wire"]

_TAKEN_FOR = {
    "者": "考煮着",
    "讯": "汛迅",
    "訊": "汛",
    "员": "贝",
    "记": "纪己",
    "報": "",
    "报": "抿",
    "社": "杜",
    "本": "木",
}
_WORDS = "本报 本報 本刊 记者 記者 通讯员 通訊員 实习生 實習生 评论员 評論員 编辑 首席 见习 特约 全媒体 摄影 攝影 新华社 新華社 中新社 报道 報導"  # noqa: E501


def _loose(word: str) -> str:
    """Return a pattern of a word with spaces between its characters and with what they are taken for."""
    return r"[ \u3000]{0,2}".join(f"[{c}{_TAKEN_FOR.get(c, '')}]" if _TAKEN_FOR.get(c) else c for c in word)


_KNOWN = re.compile("|".join(f"(?P<w{n}>{_loose(word)})" for n, word in enumerate(_WORDS.split())))
_LIST = tuple(_WORDS.split())
_HINT = re.compile(
    r"[本记記通实實评評编首见特全摄攝新中报報考煮着汛迅贝纪己抿杜木][ \u3000]{0,2}[报報刊记記者考煮着讯訊汛员貝贝生辑席习约影媒华華新道導]"  # noqa: E501
)
_SPACES = re.compile(r"(?<=[\u4e00-\u9fff\d（(【]) (?=[\u4e00-\u9fff\d）)】])")
_WIRE = {ord("屯"): "电", ord("申"): "电", ord("汛"): "讯", ord("杜"): "社", ord("抿"): "报"}

Read = tuple[str, tuple[int, ...]]  # the text as read, and the place of each of its characters in print


def credit(text: str) -> Read | None:
    """Return a text with its credit words closed up and set right; None where there is nothing to do."""
    if not _HINT.search(text):
        return None
    out: list[str] = []
    places: list[int] = []
    at = 0
    changed = False
    for found in _KNOWN.finditer(text):
        word = _LIST[int((found.lastgroup or "w0")[1:])]
        out += [text[at : found.start()], word]
        places += [*range(at, found.start()), *_spread(found[0], found.start())]
        changed = changed or found[0] != word
        at = found.end()
    if not changed:
        return None
    return "".join(out) + text[at:], (*places, *range(at, len(text)))


def _spread(printed: str, start: int) -> list[int]:
    return [start + n for n, c in enumerate(printed) if not c.isspace()]


def wire(text: str) -> Read | None:
    """Return the beginning of a text without the spaces between its characters, and with the words of a
    wire set right; None where there is nothing to do."""
    gaps = [m.start() for m in _SPACES.finditer(text)]
    read = "".join(c for n, c in enumerate(text) if n not in gaps).translate(_WIRE)
    if read == text:
        return None
    return read, tuple(n for n in range(len(text)) if n not in gaps)


def back(places: tuple[int, ...], start: int, end: int) -> tuple[int, int]:
    """Return the range in print of a range of what was read."""
    return (places[start], places[end - 1] + 1) if end > start else (places[start], places[start])
