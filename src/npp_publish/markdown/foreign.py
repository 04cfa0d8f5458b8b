"""Stage 5, foreign blocks: what pandoc can say and the model has no node for.

They pass through as pandoc's AST. Their words are always at hand, so that no output loses them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from .ink import Spot, escape
from .words import Node, raw

__all__ = ["BLOCKS", "canonical", "is_comment", "is_speakable", "numbers", "reset", "tidy", "words_of"]

BLOCKS = frozenset(
    (
        *("Para", "Plain", "Header", "BulletList", "OrderedList", "DefinitionList", "BlockQuote"),
        *("HorizontalRule", "CodeBlock", "Table", "Figure", "Div", "RawBlock", "LineBlock"),
    )
)
_MOST_LINES = 1_000_000
_COMMENT = re.compile(r"\s*<!--.*-->\s*", re.DOTALL)


def is_comment(html: str) -> bool:
    """Tell whether raw HTML is a comment: a note between editors that nobody publishes."""
    return _COMMENT.fullmatch(html) is not None


def canonical(value: Any) -> str:
    """Return JSON in one fixed form."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def numbers(text: str) -> tuple[int, ...]:
    """Return the line numbers that `3-9,12` names; what is no number is left out."""
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        if first.isdecimal() and (not last or last.isdecimal()):
            start, end = int(first), int(last or first)
            found += range(start, min(end, start + _MOST_LINES - len(found)) + 1)
    return tuple(found)


def words_of(value: Any) -> str:
    """Return the plain words inside any part of pandoc's AST, blocks on lines of their own."""
    if isinstance(value, list):
        blocks = bool(value) and all(isinstance(v, dict) and v.get("t") in BLOCKS for v in value)
        return ("\n" if blocks else "").join(filter(None, map(words_of, value)))
    if not isinstance(value, dict):
        return ""
    content = value.get("c")
    match value.get("t"):
        case "Str":
            return str(content)
        case "Space":
            return " "
        case "SoftBreak" | "LineBreak":
            return "\n"
        case "Code" | "CodeBlock" | "Math" | "RawInline" | "RawBlock" if isinstance(content, list):
            return str(content[-1])
        case "Note" | None:
            return ""
        case "DefinitionList" | "BulletList" | "LineBlock" if isinstance(content, list):
            return "\n".join(filter(None, map(_lines_of, content)))
        case "OrderedList" if isinstance(content, list):
            return "\n".join(filter(None, map(words_of, content[1])))
        case "Table" if isinstance(content, list):
            return "\n".join(filter(None, (words_of(content[1][1]), *map(words_of, _cells(content[3:])))))
        case "Figure" if isinstance(content, list):
            return "\n".join(filter(None, (words_of(content[1][1]), words_of(content[2]))))
        case _:
            return words_of(content)


def _lines_of(item: Any) -> str:
    """Words of an item of a definition list (label, definitions), of another list or of a line block."""
    if len(item) == 2 and isinstance(item[1], list) and item[1] and isinstance(item[1][0], list):
        return "\n".join(filter(None, (words_of(item[0]), *map(words_of, item[1]))))
    return words_of(item)


def _cells(value: Any) -> Iterable[list[Node]]:
    """Yield the content of every cell below a table's head, bodies and foot, in reading order."""
    if not isinstance(value, list):
        return
    if len(value) == 5 and isinstance(value[1], dict) and str(value[1].get("t")).startswith("Align"):
        yield value[4]
        return
    for item in value:
        yield from _cells(item)


def tidy(value: Any) -> Any:
    """Return pandoc's AST as reading gives it: words split at spaces, raw parts as text."""
    if isinstance(value, dict):
        return {key: tidy(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    out: list[Any] = []
    for item in value:
        for part in _parts(item) if isinstance(item, dict) else [tidy(item)]:
            both = isinstance(part, dict) and bool(out) and isinstance(out[-1], dict)
            if both and part.get("t") == "Str" and out[-1].get("t") == "Str":
                out[-1] = {"t": "Str", "c": out[-1]["c"] + part["c"]}
            else:
                out.append(part)
    return out


def _parts(value: Node) -> list[Any]:
    """Return what stands for one node: nothing for a comment, several for words with spaces."""
    if value.get("t") in ("RawInline", "RawBlock"):
        text = value["c"][1]
        if value["c"][0] == "html" and is_comment(text):
            return []
        code = {"t": "CodeBlock", "c": [["", [], []], text]}
        return [code] if value["t"] == "RawBlock" else _parts({"t": "Str", "c": text})
    if value.get("t") == "SoftBreak":
        return [{"t": "Space"}]
    if value.get("t") == "Str":
        words = str(value["c"]).split(" ")
        spaced = [part for word in words for part in ({"t": "Space"}, {"t": "Str", "c": word})][1:]
        return [part for part in spaced if part.get("c") != ""]
    return [tidy(value)]


_SPOKEN = frozenset(
    (
        *("Para", "Plain", "Str", "Space", "LineBreak", "Emph", "Strong", "Code", "Link", "Image", "Math"),
        *("Span", "Note", "InlineMath", "DisplayMath", "BulletList", "BlockQuote", "CodeBlock"),
    )
)


def is_speakable(value: Any) -> bool:
    """Tell whether the dialect has Markdown of its own for a foreign block."""
    if isinstance(value, list):
        return all(map(is_speakable, value)) and not any(map(_runs_on, value, value[1:]))
    if not isinstance(value, dict):
        return True
    kind, content = value.get("t"), value.get("c")
    if kind == "CodeBlock" and isinstance(content, list):
        text = str(content[1])
        return bool(text) and text == text.strip("\n") and "\r" not in text
    return kind in _SPOKEN and is_speakable(content)


def _runs_on(item: Any, following: Any) -> bool:
    """Tell whether a formula stands right before a digit, which the `$` of a price would."""
    both = isinstance(item, dict) and isinstance(following, dict)
    return both and item.get("t") == "Math" and str(following.get("c"))[:1].isdigit()


def reset(value: Any) -> Any:
    """Ink the plain words inside foreign nodes like all others."""
    if isinstance(value, list):
        return [reset(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("t") == "Str":
        return raw(escape(value["c"], Spot(first=True, last=True, strict=True)))
    return {key: reset(item) for key, item in value.items()}
