"""What counts as the same text: three strengths of folding.

`fold` compares as a reader of print would: white space runs are one space, the space between Chinese
and Latin is a matter of style, but a space between two Chinese characters is an error. `bare` leaves
white space, quotation style, width and look-alikes of recognition out, to count characters. `loose`
also closes up doubled marks, to find a text again that was printed with slips.
"""

from __future__ import annotations

import html
import re
import unicodedata

__all__ = ["bare", "fold", "loose", "unmarked"]

_SQUARE = "⺀-⻿⼀-⿟々-〇〡-〩぀-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿가-힯\U00020000-\U0003ffff　-〄〈-〠〰-〿︐-︟︰-﹏！-･"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_BEFORE_LATIN = re.compile(rf"(?<=[{_SQUARE}]) (?=[A-Za-z0-9%+\-$(\[])")
_AFTER_LATIN = re.compile(rf"(?<=[A-Za-z0-9%+)\]]) (?=[{_SQUARE}])")
_REPEATED = re.compile(r"([^\w\s])\1+")

# Pairs that recognition confuses, each led by the one that stands for all.
_LOOKALIKES = (
    "日曰",
    "未末",
    "已己",
    "土士",
    "人入",
    "大犬",
    "干千",
    "治冶",
    "戊戌",
    "侯候",
    "l1I",
    "O0o",
    "囗口□",
)
_STYLE = {
    '"': '“”„‟″〝〞＂「」『』﹁﹂﹃﹄«»"',
    "'": "‘’‚‛′＇`'",
    "-": "—–―‒‐‑－−─━",
    ".": "…⋯·・•",
    "(": "〔［[",
    ")": "〕］]",
}
_ONE = {c: kin[0] for kin in _LOOKALIKES for c in kin}
_ONE |= {c: mark for mark, kin in _STYLE.items() for c in kin}
_ONE |= dict.fromkeys(")〕］]", "(")  # the shape of a bracket is style, its side is known from the text

_MARKS = re.compile(r"^\s{0,3}(#{1,6}\s+|>\s?|:{3,}.*$|[-*_]{3,}\s*$)", re.MULTILINE)
_NUMBERED = re.compile("&#(?:[0-9]+|x[0-9A-Fa-f]+);")
_STEPS = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)(\{[^}]*\})?"), r"\1"),  # a caption may have spans
    (re.compile(r"^(#{1,6}\s+.*?)\s*\{[^}\n]*\}\s*$", re.MULTILINE), r"\1"),
    (re.compile(r"(?<=\])\{[^}\n]*\}"), ""),
    (_MARKS, ""),
    (re.compile(r"</?[A-Za-z][^>\n]*>"), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|$\"'@^])"), r"\1"),
    (re.compile(r"[*`|#\\]"), ""),
)


def fold(text: str) -> str:
    """Return the text as print shows it: one space for white space, none between Chinese and Latin."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = _SPACE.sub(" ", text).strip()
    return _AFTER_LATIN.sub("", _BEFORE_LATIN.sub("", text))


def bare(text: str) -> str:
    """Return the characters that count: no space, one width, one style of marks."""
    text = unicodedata.normalize("NFKC", _SPACE.sub("", _INVISIBLE.sub("", text)))
    return "".join(_ONE.get(c, c) for c in text)


def loose(text: str) -> str:
    """Return `bare` with doubled marks closed up."""
    return _REPEATED.sub(r"\1", bare(text))


def unmarked(text: str) -> str:
    """Return Markdown text without its marks."""
    text = _NUMBERED.sub(lambda found: html.unescape(found[0]), text)
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    return text
