"""Profiles: what each reading system needs that the others do not, and why.

The generic book is plain EPUB 3.3 and opens everywhere. A profile only takes away or adds what
one reading system is known to stumble over or to profit from; `changes` says so in words, and the
words travel into the diagnostics of the build, so that nobody has to read this file to know.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PROFILES", "Profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """Switches of one reading system.

    `cover_page`: a page that shows the cover picture stands first in the reading order.
    `body_face`: the text face is set for body text (else it is left to the reader's choice).
    `specified_fonts`: declare to Apple Books that the book brings fonts that are to be used.
    `sentence_spans`: wrap sentences in `koboSpan` elements.
    `hidden_notes`: notes are hidden where they stand, because the reader pops them up.
    `css`: style rules appended to the theme's own.
    """

    name: str
    changes: tuple[str, ...]
    cover_page: bool = True
    body_face: bool = True
    specified_fonts: bool = False
    sentence_spans: bool = False
    css: str = ""


_KINDLE_CSS = """
/* Kindle: no floats, no shadows, no background that its own page colours would fight. */
aside.box { background: transparent; }
.timeline .entries { border-left-width: 1px; }
"""

_APPLE_CSS = """
/* Apple Books hides footnote asides itself and shows them as pop-ups. */
html { -webkit-text-size-adjust: none; }
section.notes { border-top: 0; }
"""

_KOREADER_CSS = """
/* KOReader (crengine): notes at the foot of the page on request, page markers without a box. */
aside.note { -cr-hint: footnote-inpage; }
.pagebreak { -cr-hint: none; }
"""

PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile("generic", ("plain EPUB 3.3, for every reader that keeps to the standard",)),
        Profile(
            "kindle",
            (
                "no cover page in the reading order: Kindle shows the cover picture itself",
                "body text in the reader's own face: Amazon's guidelines ask for it, headings keep theirs",
                "boxes without a background: Kindle's own page colours stay readable",
            ),
            cover_page=False,
            body_face=False,
            css=_KINDLE_CSS,
        ),
        Profile(
            "kobo",
            (
                "every sentence in a koboSpan: renamed to .kepub.epub it opens in Kobo's better engine, "
                "and reading positions and annotations hold",
            ),
            sentence_spans=True,
        ),
        Profile(
            "apple",
            (
                "ibooks:specified-fonts: without it Apple Books ignores the fonts of the book",
                "no text size adjustment and no rule above notes: Apple Books pops them up",
            ),
            specified_fonts=True,
            css=_APPLE_CSS,
        ),
        Profile(
            "koreader",
            ("crengine hints: notes can be shown at the foot of the page they belong to",),
            css=_KOREADER_CSS,
        ),
    )
}
