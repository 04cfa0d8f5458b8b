"""The sheets: style sheets and cut faces of one document, as the layout engine takes them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ...model import Theme
from ...typecase import styles_folder
from ...typeset.faces import STAND_IN, Face, absent, faces, font_face_css, stand_in, subset
from ...typeset.measure import BLANK
from ...typeset.theme import labels, look, part
from ...typeset.typearea import TypeArea, page_css
from .assortment import rounded
from .bounds import css_string
from .stores import FONTS

__all__ = ["Sheets", "gather", "lasting"]

# What style sheets and the engine add to a text: counters, leaders, bullets, hyphens, dashes.
_ALWAYS = "".join(
    (
        *map(chr, range(0x20, 0x7F)),
        "\u00a0\u00ad‐–—…·•◦▪○●■□◆〇一二三四五六七八九十百千零第（）、。",
    )
)


_OF_ONE_ELEMENT = re.compile(r"^#([\w-]+)[^{},\n]*\{[^{}\n]*\}\n", re.MULTILINE)
"""A rule for one element or what is in it, on a line of its own, as `bounds` writes them."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """`css` in the order of the cascade; `fonts` by the URL that the style sheet names; `single` the place
    in `css` of the sheet with rules for single elements."""

    css: tuple[str, ...]
    fonts: Mapping[str, bytes]
    single: int = -1

    def of(self, anchors: Collection[str]) -> str:
        """Return the sheet `single` without the rules for elements with other ids than these."""
        return _OF_ONE_ELEMENT.sub(lambda rule: rule[0] if rule[1] in anchors else "", self.css[self.single])


def gather(
    theme: Theme, area: TypeArea, html: str, lang: str, extra: str = "", *, ample: bool = False
) -> Sheets:
    """Collect what sets the document `html`: faces cut to its characters, page, look, the theme's
    `pdf.css`, `extra` rules of the options, and the overrides of the user, in this order. `ample` faces
    have more than these characters, and stay as they are while a few are added.

    Raises UsageError where the theme has no readable `pdf.css`.
    """
    words = labels(theme, lang)
    css = (*lasting(theme, area, words), extra, *theme.overrides)
    everything = "".join(css)
    characters = frozenset("".join((html, everything, _ALWAYS, *words.values())))
    wanted = [face for face in faces() if face.family in everything]
    # The composer needs one glyph without ink in each face (`typeset.textlayer`).
    cut = rounded(characters) if ample else characters
    fonts = {_url(face): subset(face, {*cut, BLANK}) for face in wanted}
    rules = font_face_css(wanted, _url)
    lacking = absent(characters)
    if lacking:
        geta = Face(STAND_IN, 400, "normal", wanted[0].path)
        fonts[_url(geta)] = stand_in(lacking)
        rules += "\n" + font_face_css([geta], _url)
    return Sheets((rules, *css), fonts, single=css.index(extra, 5) + 1)


def lasting(theme: Theme, area: TypeArea, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sheets that all documents of a theme share, if their labels are the same `words`."""
    look_css = ":root { " + "".join(f"--{key}: {value}; " for key, value in look(theme).items()) + "}\n"
    own = part(theme, "pdf.css").read_text(encoding="utf-8")
    shared = (styles_folder() / "paper.css").read_text(encoding="utf-8")
    return shared, page_css(area), look_css, own, _references(words.get("reference", ""))


def _url(face: Face) -> str:
    return f"{FONTS}{face.name.replace(' ', '-')}"


def _references(pattern: str) -> str:
    """Return the rule that prints page numbers after cross references, from `（见第{page}页）`."""
    before, mark, after = pattern.partition("{page}")
    if not mark:
        return ""
    return (
        f"a.xref::after {{ content: {css_string(before)} target-counter(attr(href url), page) "
        f"{css_string(after)}; }}\n"
    )
