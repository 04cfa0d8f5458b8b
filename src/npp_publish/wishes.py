"""What the settings and the front matter wish for, turned into what the stages take.

The profile of stage 2-4, the editor's flips, the theme, the date that all timestamps use; and for
who enters at stage 5: whether a file is an edited edition, and the edition in it.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .config import Settings
from .dist import as_generated
from .errors import InputUnreadable, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .compose.edits import Settled
    from .detect import Profile
    from .diagnostics import Diagnostic
    from .dist import Place
    from .markdown import Written
    from .model import Edition, Source, Theme

__all__ = ["by_hand", "edits_of", "epoch_of", "is_edition", "manuscript", "page_of", "profile_of", "theme_of"]

_EARLIEST = 315532800  # 1980-01-01 UTC: the earliest time that a ZIP archive, so an EPUB, can hold
_ARTICLE = re.compile(r"^:{3,} *\{[^}\n]*\.article\b", re.MULTILINE)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ENOUGH = 1 << 16


def page_of(inputs: Sequence[Path], *, edited: bool) -> str:
    """Return the name of the page whose lines an edition knows; none where it was edited by hand, or
    where several pages made it."""
    return inputs[0].name if len(inputs) == 1 and not edited else ""


def profile_of(settings: Settings) -> Profile:
    """Return the profile of a paper's habits; raises UsageError."""
    from .detect import load

    name = settings.build.profile
    return load(str(settings.path("profile")) if name.endswith(".toml") else name or "general")


def edits_of(settings: Settings, source: Source, profile: Profile) -> Settled:
    """Return the editor's flips that this page has decisions for, and what there is to say of others.

    Raises InputUnreadable or UsageError for a file that cannot be read or understood.
    """
    from .compose.edits import Settled, read, settle

    if not settings.build.edits:
        return Settled((), ())
    path = settings.path("edits")
    return settle(source, read(path), profile, name=str(path))


def theme_of(settings: Settings, edition: Edition) -> Theme:
    """Load the theme: that of the command line, else of the front matter, else of the project.

    Front matter may name a shipped theme only: a theme has templates, and a text that comes from
    anywhere must not bring its own. Raises UsageError.
    """
    from .typeset.theme import load, names

    front = json.loads(edition.extra).get("theme", "")
    if front and not settings.said("theme"):
        if front not in names():
            hint = f"shipped are: {', '.join(names())}; use --theme for one of your own"
            raise UsageError(f"the front matter names no shipped theme: {front!r}", hint=hint)
        return load(str(front), overrides=settings.styles())
    named, folder = settings.build.theme, settings.path("theme")
    slip = not folder.exists() and Path(named).name == named  # a name, not a path: is told as it was given
    return load(named if slip or named in names() else str(folder), overrides=settings.styles())


def epoch_of(edition: Edition) -> int:
    """Return the seconds that all timestamps use: SOURCE_DATE_EPOCH, else the edition's date.

    Without either, and before 1980, it is the start of 1980. Raises UsageError for a variable that
    is no number.
    """
    named = os.environ.get("SOURCE_DATE_EPOCH", "")
    if named:
        if not named.isascii() or not named.isdigit() or int(named) > 253402300799:
            raise UsageError(f"SOURCE_DATE_EPOCH is {named[:40]!r}", hint="give seconds since 1970")
        return max(int(named), _EARLIEST)
    date = edition.value("news.edition-date") or edition.value("date")
    if not _ISO_DATE.fullmatch(date):
        return _EARLIEST
    try:
        return max(int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()), _EARLIEST)
    except ValueError:
        return _EARLIEST


def is_edition(path: Path) -> bool:
    """Tell whether a file is an edition as stage 5 writes it: front matter, and articles in divs or
    news in the front matter. A page that only looks a little like that is a page."""
    if not path.is_file():  # a pipe would be waited for
        return False
    try:
        with path.open("rb") as stream:
            start = stream.read(_ENOUGH).decode("utf-8", "replace")
    except OSError:
        return False
    head = start.removeprefix("\ufeff").replace("\r\n", "\n")
    return head.startswith("---\n") and (_ARTICLE.search(head) is not None or "\nnews:" in head)


def by_hand(place: Place, made: Written, *, overwrite: bool) -> tuple[Written, tuple[Diagnostic, ...]]:
    """Return the edition that is to be published: the one just made, unless somebody edited the
    published Markdown since it was made the last time. Then theirs stands, with ours merged into it
    where the two do not touch. `overwrite` lets the new one replace everything.
    """
    from .markdown import read
    from .markdown.handwork import reconcile

    target = place.target(".md")
    if overwrite or target.suffix != ".md":
        return made, ()
    now, base = _text(target), _text(place.base)
    if base is None and as_generated(place):
        base = now
    outcome = reconcile(base, now, made.text, path=str(target))
    if not outcome.by_hand:
        return made, ()
    return read(outcome.text, name=str(target)), outcome.diagnostics


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return None


def manuscript(inputs: tuple[Path, ...]) -> Written:
    """Read an edited edition (stage 5, read back); raises InputUnreadable."""
    from .markdown import read

    if len(inputs) != 1:
        raise UsageError("an edited edition is one file", hint="name one .md file")
    (path,) = inputs
    if path.exists() and not path.is_file():
        raise InputUnreadable("this is no file", where=path, hint="name the edition.md itself")
    try:
        data = path.read_bytes()
        return read(data.decode("utf-8-sig"), name=str(path))
    except FileNotFoundError as error:
        raise InputUnreadable("there is no such file", where=path) from error
    except UnicodeDecodeError as error:
        raise InputUnreadable("an edition is UTF-8, and this file is not", where=path) from error
    except OSError as error:
        raise InputUnreadable(f"cannot be read: {error.strerror}", where=path) from error
