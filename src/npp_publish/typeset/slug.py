"""Slugs: inline nodes cast as XHTML, the same for PDF, EPUB and HTML but for what a medium needs.

Characters are only ever escaped; nothing is added to them except inside elements that carry
`data-added` (note numbers), so that the text of every format can be proved equal to the edition.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from ..model import (
    Break,
    Code,
    Element,
    Figure,
    Inline,
    Inlines,
    Link,
    Note,
    Paragraph,
    Reference,
    Role,
    Ruby,
    Style,
    Styled,
    Tagged,
    Text,
    plain,
)
from .dates import machine_date
from .persons import divided

__all__ = ["Medium", "Setting", "attribute", "cast", "characters", "legible"]

# Characters that XML 1.0 (2.2) cannot carry; they are shown, never lost, as U+FFFD.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ALLOWED_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_ELEMENT = {
    Style.EMPHASIS: "em",
    Style.STRONG: "strong",
    Style.UNDERLINE: "u",
    Style.STRIKEOUT: "s",
    Style.SUPERSCRIPT: "sup",
    Style.SUBSCRIPT: "sub",
}


SetBlocks = Callable[[tuple[Element, ...]], str]


class Medium(StrEnum):
    """Where the type goes: pages, a reflowing e-reader, a screen."""

    PAGED = "paged"
    REFLOW = "reflow"
    SCREEN = "screen"


@dataclass(frozen=True)
class Setting:
    """How an article is set. `picture` gives the URL of a figure's picture, or None to leave it out;
    `href` turns an id into a link (across files in an EPUB); `top` is the heading level (1..6) of
    article titles; `note_prefix` keeps note ids apart between articles of one file; `whole` are the names
    that a line may not part, longer ones first."""

    medium: Medium
    picture: Callable[[Figure], str | None] = lambda figure: None
    href: Callable[[str], str] = lambda target: "#" + target
    top: int = 1
    note_prefix: str = "n"
    whole: tuple[str, ...] = ()
    notes: list[tuple[str, str]] = field(default_factory=list, compare=False)


def legible(text: str) -> str:
    """Show what XML 1.0 cannot hold (controls, halves of surrogate pairs) as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def characters(text: str) -> str:
    """Escape characters for XHTML content; what XML cannot hold becomes U+FFFD."""
    safe = legible(text)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """Escape characters for a double-quoted XHTML attribute value, white space folded."""
    return " ".join(characters(text).replace('"', "&quot;").split())


def cast(content: Inlines, setting: Setting, blocks: SetBlocks) -> str:
    """Return the XHTML of inline nodes; `blocks` sets the blocks inside notes."""
    return "".join(_cast(node, setting, blocks) for node in content)


def _cast(node: Inline, setting: Setting, blocks: SetBlocks) -> str:
    match node:
        case Text(text):
            return _words(text, setting.whole) if setting.whole else characters(text)
        case Styled(Style.DOTS, content):
            return _dotted(content, setting, blocks)
        case Styled(style, content):
            tag = _ELEMENT[style]
            return f"<{tag}>{cast(content, setting, blocks)}</{tag}>"
        case Tagged(role, content):
            return _tagged(role, content, cast(content, setting, blocks))
        case Ruby(base, reading):
            return _ruby(base, reading, setting)
        case Code(text):
            return f"<code>{characters(text)}</code>"
        case Link(content, href):
            inner = cast(content, setting, blocks)
            return f'<a href="{attribute(href)}">{inner}</a>' if _ALLOWED_LINK.match(href) else inner
        case Reference(content, target):
            inner = cast(content, setting, blocks)
            return f'<a class="xref" href="{attribute(setting.href(target))}">{inner}</a>'
        case Note(children):
            return _note(children, setting, blocks)
        case Break():
            return "<br/>"


def _words(text: str, names: tuple[str, ...]) -> str:
    return "".join(
        f'<span class="person">{characters(piece)}</span>' if is_name else characters(piece)
        for piece, is_name in divided(text, names)
    )


def _tagged(role: Role, content: Inlines, inner: str) -> str:
    date = machine_date(plain(content)) if role is Role.DATE else ""
    if date:
        return f'<time class="date" datetime="{date}">{inner}</time>'
    return f'<span class="{role.value}">{inner}</span>'


def _dotted(content: Inlines, setting: Setting, blocks: SetBlocks) -> str:
    """Emphasis dots: one span a character on paper, as no engine there draws `text-emphasis`
    without adding characters; punctuation carries no dot (clreq 3.4.3)."""
    if setting.medium is Medium.PAGED:
        text = plain(content)
        inner = "".join(
            f'<span class="zh-dot">{characters(c)}</span>' if c.isalnum() else characters(c) for c in text
        )
    else:
        inner = cast(content, setting, blocks)
    return f'<em class="dots">{inner}</em>'


_OVERHANG = 0.25
"""em by which a reading reaches over its neighbours on each side (clreq 3.4.2)."""


def _ruby(base: str, reading: str, setting: Setting) -> str:
    """A reading is set at half size; on paper it may reach a little over its neighbours, and only where it
    needs more its base widens (an average Latin letter is half an em wide, so a quarter em of the base's
    size). There the box of the reading, 40 em wide, is moved so that its middle is over that of the base."""
    if setting.medium is not Medium.PAGED:
        return f'<ruby class="zh">{characters(base)}<rt>{characters(reading)}</rt></ruby>'
    pad = max(0.0, (len(reading) * 0.27 + 0.12 - len(base)) / 2 - _OVERHANG)
    widened = f' style="padding:0 {pad:.2f}em"' if pad else ""
    over = f' style="margin-left:{len(base) - 20}em"'
    return f'<ruby class="zh"{widened}>{characters(base)}<rt{over}>{characters(reading)}</rt></ruby>'


def _note(children: tuple[Element, ...], setting: Setting, blocks: SetBlocks) -> str:
    if setting.medium is Medium.PAGED:
        parts = [
            cast(child.content, setting, blocks) if isinstance(child, Paragraph) else characters(plain(child))
            for child in children
        ]
        return f'<span class="footnote">{"<br/>".join(parts)}</span>'
    number = len(setting.notes) + 1
    name = f"{setting.note_prefix}{number}"
    setting.notes.append((name, ""))  # a note inside the note gets the next number
    setting.notes[number - 1] = (name, blocks(children))
    epub = ' epub:type="noteref"' if setting.medium is Medium.REFLOW else ""
    return (
        f'<a class="noteref" id="{name}-ref" href="#{name}" role="doc-noteref"{epub} data-added="">'
        f"{number}</a>"
    )
