"""Invisible ink: text of a page or book that is there and that nobody sees.

The style sheets of the finished file are asked, as a browser would ask them, for what hides text:
`display: none`, `visibility: hidden`, `opacity: 0`, letters of no size or without colour. What is only
for print does not count; what hides in any other medium does.
Source: CSS Cascade 4 (importance, specificity, order), CSS Display 3, CSS Color 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ..typeset.cascade import common
from ..typeset.flongs import moulded
from ..typeset.likeness import Lens, Rulebook, rulebook

__all__ = ["unseen"]

_SUBTREE = frozenset(("display", "opacity"))
"""What hides an element hides all in it; the others are inherited, and a part may show itself again."""
_WATCHED = _SUBTREE | {"visibility", "font-size", "color"}

_FACES = re.compile(
    r'@font-face \{ [\w: ;"-]*src: url\("data:font/\w+;base64,[A-Za-z0-9+/=]*"\) format\("\w+"\); [\w: ;-]*\}'
)
"""A face in the page itself: it hides nothing, takes long to parse, and is another in every page."""

Choice = tuple[str, bool, bool]
"""A property, whether its value hides, whether it is important."""


def unseen(root: Any, sheets: Sequence[str], *, namespace: str = "") -> frozenset[Any]:
    """Return the elements whose own text is invisible. `root` is a parsed tree (lxml), `sheets` are its
    style sheets; `namespace` is that of XHTML for a document of a book, empty for a HTML page."""
    lens, watched = _lens(tuple(common(_FACES.sub("", css)) for css in sheets), namespace)
    styled = any(node.get("style") for node in root.iter() if isinstance(node.tag, str))
    if not watched and not styled:
        return frozenset()
    return frozenset(element for element, state, _ in lens.states(root) if state)


def _state(payloads: Iterable[Sequence[Choice]], element: Any, above: frozenset[str]) -> frozenset[str]:
    """Return the properties that hide an element: those from above, and what its own rules change."""
    found: dict[str, tuple[bool, bool]] = {}
    for choices in (*payloads, _choices(element.get("style") or "")):
        for name, hides, important in choices:
            if important or not found.get(name, (False, False))[1]:
                found[name] = hides, important
    state = set(above)
    for name, (hides, _) in found.items():
        if hides:
            state.add(name)
        elif name not in _SUBTREE:
            state.discard(name)
    return frozenset(state)


@lru_cache(maxsize=8)
def _lens(sheets: tuple[str, ...], namespace: str) -> tuple[Lens[frozenset[str]], frozenset[str]]:
    """Return what tells how elements are hidden, and the properties by which any rule hides."""
    rules, watched = _rulebook(sheets, namespace)
    return Lens(rules, _state, frozenset(), ("style",)), watched


@moulded
def _rulebook(sheets: tuple[str, ...], namespace: str) -> tuple[Rulebook, frozenset[str]]:
    """Parse the sheets; rules that set other properties than those by which any rule hides are left out."""
    import tinycss2

    rules = [(r, _choices(tinycss2.serialize(r.content))) for css in sheets for r in _rules(css)]
    watched = frozenset(name for _, choices in rules for name, hides, _ in choices if hides)
    spaces = {"epub": "http://www.idpf.org/2007/ops"} | ({None: namespace} if namespace else {})
    kept = ((r.prelude, tuple(c for c in choices if c[0] in watched)) for r, choices in rules)
    return rulebook(((prelude, choices) for prelude, choices in kept if choices), spaces), watched


def _rules(css: str) -> Iterator[Any]:
    """Yield the rules of a style sheet but those for print."""
    import tinycss2

    waiting = [tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)]
    while waiting:
        for rule in waiting.pop(0):
            if rule.type == "qualified-rule":
                yield rule
            elif rule.type == "at-rule" and rule.content and not _for_print(rule):
                waiting.append(tinycss2.parse_rule_list(rule.content, True, True))


def _for_print(rule: Any) -> bool:
    """Tell whether an at-rule holds nothing for screens: media for print, faces, pages."""
    if rule.lower_at_keyword not in ("media", "supports"):
        return True
    words = {token.lower_value for token in rule.prelude if token.type == "ident"}
    return "print" in words and not words & {"screen", "all", "not"}


def _choices(text: str) -> tuple[Choice, ...]:
    import tinycss2

    if not text:
        return ()
    declarations = tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
    return tuple(
        (d.lower_name, _hides(d.lower_name, d.value), bool(d.important))
        for d in declarations
        if d.type == "declaration" and d.lower_name in _WATCHED
    )


_WORDS: Mapping[str, frozenset[str]] = {
    "display": frozenset({"none"}),
    "visibility": frozenset({"hidden", "collapse"}),
    "color": frozenset({"transparent"}),
}


def _hides(name: str, value: Iterable[Any]) -> bool:
    tokens = [token for token in value if token.type not in ("whitespace", "comment")]
    if len(tokens) != 1:
        return False
    (token,) = tokens
    if token.type == "ident":
        return token.lower_value in _WORDS.get(name, ())
    if token.type in ("number", "dimension", "percentage"):
        return name in ("opacity", "font-size") and token.value == 0
    if token.type == "function" and name == "color":
        numbers = [t for t in token.arguments if t.type in ("number", "percentage")]
        return len(numbers) == 4 and numbers[3].value == 0
    return False
