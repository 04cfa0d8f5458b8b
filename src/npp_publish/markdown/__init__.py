"""Stage 5, write: an `Edition` as `edition.md`, the contract on disk, and back without loss.

`write` sets the edition through pandoc's own AST and writer, in one process, and has it read back
there; what is read must equal what was written. `read` takes any Markdown that a person wrote.
The dialect is documented in docs/edition-md.md.

    ink.py        characters: which escapes a text needs
    words.py      inlines to pandoc's        columns.py    blocks to pandoc's
    page.py       articles and their heads   masthead.py   the YAML front matter
    proof.py      pandoc's nodes back        makeready.py  the normal form
    marks.py      what was mistyped          handwork.py   what was edited by hand
    takes.py      long editions, divided among several pandocs
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..diagnostics import Diagnostic
from ..errors import InputUnreadable, InvariantBroken
from ..model import Article, Edition, Text, plain
from . import masthead, takes
from .foreign import canonical
from .levels import levelled
from .lineation import lined
from .makeready import settled
from .marks import look_over
from .page import articles, is_article, set_article
from .proof import DEEPEST, Reader
from .words import node

__all__ = ["Written", "canonical", "lined", "read", "settled", "write"]

_LANG = "zh-Hans"


@dataclass(frozen=True, slots=True)
class Written:
    """The text of `edition.md`, pandoc's AST of it with metadata, the edition in normal form."""

    text: str
    ast: str
    edition: Edition
    diagnostics: tuple[Diagnostic, ...] = ()


def write(edition: Edition) -> Written:
    """Write an edition as Markdown and assert that it reads back equal.

    One pandoc process; where the readable form of some odd text does not read back, a second one
    with every character escaped. Raises InvariantBroken if that differs too, InputUnreadable if
    the edition is nested too deeply.
    """
    try:
        return _written(settled(edition))
    except RecursionError as error:
        raise _too_deep() from error


def _written(made: Edition) -> Written:
    head = masthead.dump(made)
    for strict in (False, True):
        blocks = [set_article(article, strict) for article in made.articles]
        body, document = takes.write_and_read(blocks)
        found = _edition(masthead.load(head, Reader()), document["blocks"], Reader())
        if found == made:
            return Written(f"{head}\n{body}\n", _with_meta(document, made), made)
    raise InvariantBroken(
        f"edition.md does not read back as it was written: {_difference(made, found)}",
        hint="this is a fault of the program: please report the page",
    )


def _too_deep(name: str = "") -> InputUnreadable:
    return InputUnreadable(f"something is nested more than {DEEPEST} deep", where=name)


def read(text: str, name: str = "edition.md") -> Written:
    """Read `edition.md` or any pandoc Markdown; nothing that is written there is lost.

    In: the text (line ends of any system) and the file's name for diagnostics.
    Raises InputUnreadable where pandoc cannot finish or the nesting is too deep.
    """
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = Reader(name, clean)
    front = masthead.load(clean, reader)
    body = clean.split("\n", front.rest)[-1] if front.rest else clean
    look_over(body, front.rest, reader)
    level = levelled(body, front.rest, reader)
    try:
        document = takes.read(level)
        blocks = document["blocks"]
        edition = _completed(_edition(front, blocks, reader), blocks)
        return Written(clean, _with_meta(document, edition), edition, tuple(reader.flaws))
    except RecursionError as error:
        raise _too_deep(name) from error


def _edition(front: masthead.Masthead, blocks: list[Any], reader: Reader) -> Edition:
    found = articles(blocks, reader)
    return settled(Edition(front.title, front.lang, found, front.metadata, front.extra), reader)


def _completed(edition: Edition, blocks: list[Any]) -> Edition:
    """Fill in what a hand-written document may leave out: its title, its only headline, its language."""
    title = edition.title or next((plain(a.title) for a in edition.articles if a.title), "")
    found = edition.articles
    if title and len(found) == 1 and not found[0].title and not any(map(is_article, blocks)):
        found = (replace(found[0], title=(Text(title),)),)
    return replace(edition, title=title.replace("\n", " "), articles=found, lang=edition.lang or _LANG)


def _with_meta(document: dict[str, Any], edition: Edition) -> str:
    """Return pandoc's AST with the metadata under pandoc's names, in one fixed form."""
    values: dict[str, list[str]] = {"title": [edition.title], "lang": [edition.lang]}
    for name, stated in edition.metadata:
        if name not in ("title", "lang"):
            values.setdefault(name.removeprefix("news."), []).append(stated.value)
    strings = {name: [node("MetaString", value) for value in each] for name, each in values.items()}
    meta = {k: v[0] if len(v) == 1 else node("MetaList", v) for k, v in strings.items()}
    return canonical({**document, "meta": meta})


def _difference(made: Edition, found: Edition) -> str:
    """Name the first place where two editions differ."""
    if len(made.articles) != len(found.articles):
        return f"{len(made.articles)} articles became {len(found.articles)}"
    for before, after in zip(made.articles, found.articles, strict=True):
        if before != after:
            return f"article {before.id}: {_first(before, after)}"
    return "the front matter"


def _first(before: Article, after: Article) -> str:
    for name in Article.__dataclass_fields__:
        one, other = getattr(before, name), getattr(after, name)
        if one != other and name == "body":
            pairs = zip(one, other, strict=False)
            one, other = next(((a, b) for a, b in pairs if a != b), (len(one), len(other)))
        if one != other:
            return f"{name}: {str(one)[:150]} became {str(other)[:150]}"
    return "nothing"
