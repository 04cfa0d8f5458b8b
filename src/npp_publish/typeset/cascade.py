"""Which face sets which characters: the style sheets read as a reading system would.

Only `font-family`, `font-weight` and `font-style` are followed, because only they choose a face.
With this each face can be cut down to exactly the characters that it will be asked for.
Source: CSS Cascade 4 (specificity, order, inheritance), CSS Fonts 4 section 5.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .faces import Face, needs_glyph
from .flongs import moulded
from .likeness import Lens, Rulebook, rulebook

__all__ = ["Demand", "Voice", "assign", "common", "demand"]

Demand = dict["Voice", set[str]]
_MARKS = frozenset("、，。．；：？！“”‘’（）《》〈〉「」『』【】〔〕〖〗［］｛｝")
_BOLD = {"bold": 700, "bolder": 700, "normal": 400, "lighter": 400}
_GENERIC = frozenset(("serif", "sans-serif", "monospace", "cursive", "system-ui", "initial", "unset"))
_FROM_ABOVE = ("inherit", "unset")
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_PAPER = re.compile(
    rf"^@page (?:[^{{}}\"\n]*)\{{(?:[^{{}}\"\n]|{_STRING}|\{{(?:[^{{}}\"\n]|{_STRING})*\}})*\}}$",
    re.MULTILINE,
)
_BY_NATURE = """
strong, b, h1, h2, h3, h4, h5, h6, th, dt { font-weight: bold }
em, i, address, cite, var, dfn { font-style: italic }
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """What an element asks for: family names in order, weight 1..1000, upright or italic."""

    families: tuple[str, ...] = ()
    weight: int = 400
    italic: bool = False


def _families(tokens: Iterable[Any]) -> tuple[str, ...]:
    names: list[str] = [""]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            names.append("")
        elif token.type in ("ident", "string"):
            names[-1] = f"{names[-1]} {token.value}".strip()
    return tuple(name for name in names if name and name.lower() not in _GENERIC)


def _weight(tokens: Iterable[Any]) -> int:
    for token in tokens:
        if token.type == "number":
            return int(token.value)
        if token.type == "ident":
            return _BOLD.get(token.lower_value, 400)
    return 400


def _changes(declarations: Iterable[Any]) -> dict[str, Any]:
    """Return what a rule changes in a Voice."""
    found: dict[str, Any] = {}
    for declaration in declarations:
        if declaration.type != "declaration":
            continue
        tokens = [token for token in declaration.value if token.type not in ("whitespace", "comment")]
        if declaration.lower_name == "font-family":
            inherited = any(token.type == "ident" and token.lower_value in _FROM_ABOVE for token in tokens)
            found["families"] = None if inherited else _families(tokens)
        elif declaration.lower_name == "font-weight":
            found["weight"] = _weight(tokens)
        elif declaration.lower_name == "font-style":
            found["italic"] = any(token.type == "ident" and token.lower_value != "normal" for token in tokens)
    return found


def _rules(css: str) -> Iterable[Any]:
    import tinycss2

    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports") and rule.content:
            yield from (
                r for r in tinycss2.parse_rule_list(rule.content, True, True) if r.type == "qualified-rule"
            )


@lru_cache(maxsize=8)
def _lens(sheets: tuple[str, ...], namespace: str) -> Lens[Voice]:
    """Return what tells the voices; documents of one theme have the same sheets."""
    return Lens(_rulebook(sheets, namespace), _voice, Voice())


@moulded
def _rulebook(sheets: tuple[str, ...], namespace: str) -> Rulebook:
    """Parse the sheets."""
    spaces = {"epub": "http://www.idpf.org/2007/ops"} | ({None: namespace} if namespace else {})
    return rulebook(_choices(sheets), spaces)


def _choices(sheets: Iterable[str]) -> Iterator[tuple[Any, dict[str, Any]]]:
    import tinycss2

    for css in (_BY_NATURE, *sheets):
        for rule in _rules(css):
            contents = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            if changes := _changes(contents):
                yield rule.prelude, changes


def common(css: str) -> str:
    """Return a style sheet without its `@page` rules that stand on a line of their own: they set no text
    of the document, and what they print at the head of a page makes the sheet of each document another."""
    return _PAPER.sub("", css)


def demand(
    sheets: Iterable[str], documents: Iterable[Any], *, namespace: str = "http://www.w3.org/1999/xhtml"
) -> Demand:
    """Return for each voice the characters set in it. `sheets` are style sheets in order of the
    cascade, `documents` parsed trees (lxml): XHTML, or HTML with an empty `namespace`."""
    lens = _lens(tuple(map(common, sheets)), namespace)
    found: Demand = defaultdict(set)
    for root in documents:
        for element, voice, above in lens.states(root):
            if text := element.text:
                found[voice].update(text)
            if (tail := element.tail) and element is not root:
                found[above].update(tail)
    return dict(found)


def _voice(payloads: Sequence[Mapping[str, Any]], _: Any, above: Voice) -> Voice:
    changes: dict[str, Any] = {}
    for payload in payloads:
        changes.update(payload)
    if "families" in changes and changes["families"] is None:
        changes["families"] = above.families
    return replace(above, **changes) if changes else above


def assign(wanted: Demand, faces: Iterable[Face]) -> tuple[dict[Face, set[str]], set[str]]:
    """Divide the characters of each voice among `faces`; return each face's share and what none has.

    The first family of a voice that has a character takes it, in the face nearest to the voice; but
    marks are taken by the first whose marks can be halved, so that `。”` shows no hole. A voice none
    of whose families is among the faces is set in the reader's own. What needs no glyph (controls,
    spaces, variation selectors) is not missed.
    """
    families: dict[str, list[Face]] = defaultdict(list)
    for one in faces:
        families[one.family].append(one)
    shares: dict[Face, set[str]] = defaultdict(set)
    lacking: set[str] = set()
    for voice, characters in wanted.items():
        stack = [_nearest(families[name], voice) for name in voice.families if name in families]
        for character in characters if stack else ():
            setter = next((face for face in stack if face.has(character)), None)
            if setter is not None:
                shares[_halving(character, stack, setter)].add(character)
            elif needs_glyph(character):
                lacking.add(character)
    return shares, lacking


def _halving(character: str, stack: Sequence[Face], first: Face) -> Face:
    if character not in _MARKS:
        return first
    return next((face for face in stack if face.halves and face.has(character)), first)


def _nearest(faces: Iterable[Face], voice: Voice) -> Face:
    """CSS Fonts 4 section 5.2, as far as two weights and two styles need it."""
    return min(faces, key=lambda f: ((f.style != "normal") != voice.italic, abs(f.weight - voice.weight)))
