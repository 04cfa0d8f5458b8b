"""Stage 5, write: an `Edition` as `edition.md`, the contract on disk, and back without loss.

`write` sets the edition through pandoc's own AST and writer, in one process, and has it read back
there; what is read must equal what was written. `read` takes any Markdown that a person wrote.
The dialect is documented in docs/edition-md.md.

    ink.py        characters: which escapes a text needs
    words.py      inlines to pandoc's        columns.py    blocks to pandoc's
    page.py       articles and their heads   masthead.py   the YAML front matter
    proof.py      pandoc's nodes back        makeready.py  the normal form
    marks.py      what was mistyped          handwork.py   what was edited by hand
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from .. import pandoc
from ..diagnostics import Diagnostic
from ..errors import InputUnreadable, InvariantBroken
from ..model import Article, Edition, plain
from . import masthead
from .foreign import canonical
from .makeready import settled
from .marks import look_over
from .page import articles, set_article
from .proof import Reader
from .words import node

__all__ = ["Written", "canonical", "read", "settled", "write"]

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
    with every character escaped. Raises InvariantBroken if that differs too.
    """
    made = settled(edition)
    head = masthead.dump(made)
    for strict in (False, True):
        ast = _document([set_article(article, strict) for article in made.articles])
        body, back = pandoc.write_and_read(ast)
        found = _edition(head, json.loads(back)["blocks"], Reader())
        if found == made:
            return Written(f"{head}\n{body}\n", _with_meta(back, made), made)
    raise InvariantBroken(
        f"edition.md does not read back as it was written: {_difference(made, found)}",
        hint="this is a fault of the program: please report the page",
    )


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
    back = pandoc.read(body)
    try:
        edition = _edition(front, json.loads(back)["blocks"], reader)
        return Written(clean, _with_meta(back, edition), edition, tuple(reader.flaws))
    except RecursionError as error:
        raise InputUnreadable("quotes, lists or brackets are nested too deeply", where=name) from error


def _edition(head: str | masthead.Masthead, blocks: list[Any], reader: Reader) -> Edition:
    front = masthead.load(head, reader) if isinstance(head, str) else head
    found = articles(blocks, reader)
    edition = Edition(front.title, front.lang, found, front.metadata, front.extra)
    return settled(edition if isinstance(head, str) else _completed(edition), reader)


def _completed(edition: Edition) -> Edition:
    """Fill in what a hand-written document may leave out: its title, language and only headline."""
    title = edition.title or next((plain(a.title) for a in edition.articles if a.title), "")
    return replace(edition, title=title.replace("\n", " "), lang=edition.lang or _LANG)


def _document(blocks: list[Any]) -> str:
    return json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}, ensure_ascii=False)


def _with_meta(ast: str, edition: Edition) -> str:
    """Return pandoc's AST with the metadata under pandoc's names, in one fixed form."""
    document = json.loads(ast)
    values: dict[str, list[str]] = {"title": [edition.title], "lang": [edition.lang]}
    for name, stated in edition.metadata:
        if name not in ("title", "lang"):
            values.setdefault(name.removeprefix("news."), []).append(stated.value)
    strings = {name: [node("MetaString", value) for value in each] for name, each in values.items()}
    document["meta"] = {k: v[0] if len(v) == 1 else node("MetaList", v) for k, v in strings.items()}
    return canonical(document)


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
