"""The few words that the page itself says, in the language of the edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

__all__ = ["Words", "words_for"]


@dataclass(frozen=True, slots=True)
class Words:
    """`page`, `inferred` and `folio` hold a `{}`; `folio` is the page number at the foot of paper."""

    contents: str
    skip: str
    page: str
    inferred: str
    untitled: str
    folio: str = "— {} —"


_WORDS = {
    "zh": Words("目录", "跳到正文", "第{}版", "{}（推定）", "无题"),
    "zh-Hant": Words("目錄", "跳到正文", "第{}版", "{}（推定）", "無題"),
    "en": Words("Contents", "Skip to the text", "Page {}", "{} (inferred)", "Untitled"),
}


def words_for(lang: str, labels: Mapping[str, str]) -> Words:
    """Return the words for a BCP 47 tag, those that the theme's `labels` name overlaid; Chinese where
    the language is not known."""
    words = _WORDS[_key(lang.lower().split("-"))]
    own = {f.name: labels[f.name] for f in fields(words) if f.name in labels and _fits(words, f.name, labels)}
    return replace(words, **own)


def _key(subtags: list[str]) -> str:
    if subtags[0] == "zh" and any(part in subtags for part in ("hant", "tw", "hk", "mo")):
        return "zh-Hant"
    return "en" if subtags[0] == "en" else "zh"


def _fits(words: Words, name: str, labels: Mapping[str, str]) -> bool:
    """A word with a place for a number is taken from the theme only if it has that place too."""
    own: str = getattr(words, name)
    return own.count("{}") == labels[name].count("{}")
