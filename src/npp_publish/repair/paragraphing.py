"""Paragraphing: whether a full line that ends a sentence ends its paragraph too.

Rationale: a column without indents and blank lines shows the end of a paragraph only where the last
line is short. A full line with a full stop is one or the other: one in three ends a paragraph. What the
next line begins with (a quotation, a number, a date, somebody speaking) speaks for a new paragraph, a
connective against it, and so does the length of the paragraphs whose ends are sure (C).
Case file: tests/cases/paragraphing.md.
"""

from __future__ import annotations

import re

__all__ = ["begins"]

_PRIOR = -0.8  # one in three
_SPACED = -0.5  # lines of few words: more paragraphs happen to end on a full line
_SIGNS = (
    (re.compile(r"[“「『]"), 1.2),
    (re.compile(r"\""), 0.5),
    (
        re.compile(
            r"[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳])[、.．）)](?!\d)|第[一二三四五六七八九十]{1,3}[，、：条章节]|首先|其次|再次|最后"
        ),
        2.5,
    ),
    (
        re.compile(
            r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年|(?:今|去|前|当|近)年|(?:昨|今|当|次|翌|近|日前|前|同)[天日]|目前|近[来期]|连日来|随后|此前|据|记者|記者|为此|对此|说起|谈到|在[^，。]{2,14}[，,]"
        ),
        1.0,
    ),
    (re.compile(r"问[：:]|答[：:]|[\u4e00-\u9fff]{2,4}[：:]"), 2.5),
    (re.compile(r"[^，。“”]{2,16}(?:介绍|表示|告诉|说|坦言|认为|透露|指出)[，：:]?"), 0.7),
    (
        re.compile(
            r"但|而|因此|所以|同时|并|也|还|其中|其|这|那|于是|然而|不过|可|他|她|它|就|再|又|却|如果|即|如|甚至|尤其|更"
        ),
        -0.9,
    ),
    (re.compile(r"(?:But|And|So|He|She|It|They|That|This|These|Those|Its|His|Her|Their|Then)\b"), -0.7),
    (
        re.compile(
            r"(?:The|A|An|In|On|At|For|After|Before|When|While|According|Last|Meanwhile|Mr\.|Mrs\.|Miss|Dr\.|[A-Z][a-z]+ [A-Z][a-z]+)\b"  # noqa: E501
        ),
        0.4,
    ),
)
_LATIN = re.compile(r"[\"“‘]?[A-Za-z]")
_CLOSED = re.compile(r"[。！？!?….][”’」』\"'’]+$")


def begins(before: str, after: str, so_far: int, usual: float) -> bool:
    """Tell whether a paragraph begins with `after`, behind a full line that ends with `before`.

    `so_far` is the length of the text since the last sure end, `usual` that of paragraphs whose ends
    are sure, both in characters (0: none is).
    """
    score = (_SPACED if _LATIN.match(after) else _PRIOR) + sum(
        weight for sign, weight in _SIGNS if sign.match(after)
    )
    if _CLOSED.search(before):
        score += 0.4
    if usual:
        share = so_far / usual
        score += -1.2 if share < 0.4 else 0.7 if share > 1.6 else 0.55 if share > 0.8 else 0.0
    return score > 0
