"""The gold reading of a page, as the scorer asks for it: paragraphs and headings with accepted forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .folding import loose

__all__ = ["Expected", "entries_of", "headings", "neutral", "paragraphs", "strings_of"]


@dataclass(frozen=True)
class Expected:
    """A text that should be in the outcome: its accepted forms, the first being the gold itself."""

    forms: tuple[str, ...]
    article: str
    top: bool = False
    optional: bool = False


def paragraphs(gold: dict[str, Any]) -> list[Expected]:
    """Return the body paragraphs in order.

    A jump line, dateline or inline byline may have stayed with its paragraph or been taken out of it.
    """
    found = []
    for article in gold["articles"]:
        blocks = [b for b in article["blocks"] if b["type"] == "para"]
        for index, block in enumerate(blocks):
            forms = [block["text"], *block.get("alternatives", [])]
            first, last = index == 0, index == len(blocks) - 1
            forms += _with_or_without(article, block["text"], first, last)
            found.append(Expected(tuple(forms), article["id"]))
    return found


def _with_or_without(article: dict[str, Any], text: str, first: bool, last: bool) -> list[str]:
    forms = []
    jump, line, byline = article.get("jump"), article.get("dateline"), article.get("byline")
    if jump and last:
        forms.append(text + jump["raw"])
    if line and line.get("position") == "tail" and last:
        forms += [text + line["raw"], f"{text} {line['raw']}"]
    if line and line.get("position") == "lead" and first:
        core = text.removeprefix(line["raw"]).strip()
        forms += [core, line["raw"] + core, f"{line['raw']} {core}"]
    if byline and byline.get("position") == "inline-lead" and first:
        forms += [form.replace(byline["raw"], "", 1).strip() for form in [text, *forms]]
    if byline and byline.get("position") == "inline-tail" and last:
        forms += [text.replace(byline["raw"], "").strip(), text + byline["raw"]]
    return forms


def headings(gold: dict[str, Any]) -> list[Expected]:
    """Return titles, subtitles (optional) and section headings."""
    found = []
    for article in gold["articles"]:
        key = article["id"]
        if article.get("title"):
            forms = (article["title"], *article.get("title_alternatives", ()))
            found.append(Expected(forms, key, top=True))
        if article.get("subtitle"):
            found.append(Expected((article["subtitle"],), key, optional=True))
        for block in article["blocks"]:
            if block["type"] == "heading":
                found.append(Expected((block["text"], *block.get("alternatives", ())), key))
    return found


def strings_of(box: dict[str, Any]) -> list[str]:
    """Return all texts of a box."""
    found = [box.get("title") or ""]
    for entry in box["entries"]:
        found += [entry.get("label") or "", entry.get("text") or "", *(entry.get("items") or ())]
    return [text for text in found if text]


def entries_of(box: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (label, text) of each entry; items have no label of their own."""
    found = []
    for entry in box["entries"]:
        texts = [entry["text"]] if entry.get("text") else []
        found += [(entry.get("label") or "", text) for text in [*texts, *(entry.get("items") or ())]]
    return found


def neutral(gold: dict[str, Any]) -> set[str]:
    """Return (loosely folded) what may or may not stand among the paragraphs."""
    texts: list[str] = list(gold.get("neutral_texts", []))
    for article in gold["articles"]:
        if kicker := article.get("kicker"):
            texts += [kicker["text"], *kicker.get("parts", [])]
        texts += [
            article[k]["raw"] for k in ("byline", "dateline", "jump", "continued_from") if article.get(k)
        ]
        if byline := article.get("byline"):
            texts.append(byline["raw"].lstrip("□■◆●○口 "))
            if line := article.get("dateline"):
                texts += [byline["raw"] + line["raw"], line["raw"] + byline["raw"]]
    for caption in gold.get("captions", []):
        texts += [caption["text"], *caption.get("alternatives", [])]
    for box in gold["sidebars"]:
        texts += strings_of(box) if box.get("neutral") else []
    return {loose(text) for text in texts}
