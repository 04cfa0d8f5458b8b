"""Hypothesis strategies for editions: every kind of node, and text full of traps.

Each is built once: they contain one another, and would be built thousands of times over.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from npp_publish.model import (
    Article,
    Box,
    BoxKind,
    Break,
    Byline,
    Code,
    Dateline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Inline,
    Inlines,
    Jump,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    Role,
    Rowed,
    Ruby,
    Rule,
    Stated,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
)

__all__ = ["FOREIGN", "TRAPS", "articles", "editions", "elements", "inlines", "texts"]


def _character(escape: re.Match[str]) -> str:
    digits = next(filter(None, escape.groups()), "")
    return chr(int(digits, 16)) if digits else "\\"


TRAPS = tuple(
    re.sub(r"\\\\|\\x(..)|\\u(....)|\\U(.{8})", _character, line)
    for line in Path(__file__).with_name("data").joinpath("traps.txt").read_text("utf-8").split("\n")
    if line
)

_ids = st.one_of(st.just(""), st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True))


@cache
def texts(*, smallest: int = 0) -> SearchStrategy[str]:
    """Text of traps, Han characters, punctuation and anything else."""
    piece = st.one_of(
        st.sampled_from(TRAPS),
        st.text(st.sampled_from("中文字A1 a.,*_[](){}<>!#-+=|\\`~^$&;:@%\"'“”，。\u3000"), max_size=8),
        st.text(max_size=4),
    )
    return st.lists(piece, min_size=smallest, max_size=3).map("".join)


def _inline(
    content: SearchStrategy[Inlines], notes: SearchStrategy[tuple[Element, ...]]
) -> SearchStrategy[Inline]:
    return st.one_of(
        texts().map(Text),
        st.builds(Styled, st.sampled_from(Style), content),
        st.builds(Tagged, st.sampled_from(Role), content),
        st.builds(Ruby, texts(smallest=1), texts()),
        st.builds(Code, texts()),
        st.builds(Link, content, texts()),
        st.builds(Reference, content, texts()),
        st.builds(Note, notes),
        st.builds(Break),
    )


@cache
def _inlines(depth: int) -> SearchStrategy[Inlines]:
    words = st.lists(texts().map(Text), max_size=2).map(tuple)
    if not depth:
        return words
    notes = st.lists(st.builds(Paragraph, words), max_size=2).map(tuple)
    return st.lists(_inline(_inlines(depth - 1), notes), max_size=4).map(tuple)


@cache
def inlines() -> SearchStrategy[Inlines]:
    """Inline content, nested up to three deep."""
    return st.one_of(_inlines(0), _inlines(1), _inlines(2))


FOREIGN = (
    '{"t":"Para","c":[{"t":"Str","c":"面积"},{"t":"Math","c":[{"t":"InlineMath"},"x^2_3"]},'
    '{"t":"Str","c":"1. *"}]}',
    '{"t":"OrderedList","c":[[3,{"t":"LowerAlpha"},{"t":"OneParen"}],[[{"t":"Plain","c":[{"t":"Str","c":"甲"}]}]]]}',
    '{"t":"CodeBlock","c":[["",["python"],[]],"print(1)\\n"]}',
    '{"t":"Para","c":[{"t":"Str","c":"图"},{"t":"Image","c":[["",[],[]],[{"t":"Str","c":"乙"}],["a.png",""]]},'
    '{"t":"Cite","c":[[],[{"t":"Str","c":"丙"}]]}]}',
    '{"t":"Para","c":[{"t":"Quoted","c":[{"t":"DoubleQuote"},[{"t":"Str","c":"丁 戊"}]]}]}',
    '{"t":"LineBlock","c":[[{"t":"Str","c":"床前明月光"}],[{"t":"Str","c":"疑是地上霜"}]]}',
    '{"t":"Div","c":[["",["unknown"],[]],[{"t":"Para","c":[{"t":"Str","c":"己"}]}]]}',
    '{"t":"Para","c":[{"t":"RawInline","c":["html","<b>"]},{"t":"Str","c":"庚"}]}',
    '{"t":"RawBlock","c":["html","<hr>"]}',
)


@cache
def _blocks(depth: int) -> SearchStrategy[tuple[Element, ...]]:
    return st.lists(_element(depth), max_size=3).map(tuple)


@cache
def _entries(depth: int) -> SearchStrategy[Entries]:
    return st.builds(Entries, st.lists(st.builds(Entry, inlines(), _blocks(depth)), max_size=3).map(tuple))


@cache
def _tables(depth: int) -> SearchStrategy[Table]:
    paragraph = st.builds(lambda words: (Paragraph(words),), inlines())
    row = st.builds(
        Rowed, st.lists(st.one_of(paragraph, _blocks(depth)), max_size=3).map(tuple), st.booleans()
    )
    regular = st.builds(
        lambda head, body: (Rowed(head, True), Rowed(body), Rowed(body)),
        st.tuples(paragraph, paragraph),
        st.tuples(paragraph, paragraph),
    )
    rows = st.one_of(regular, st.lists(row, max_size=3).map(tuple))
    return st.builds(Table, rows, st.text("lcr-", max_size=3), st.one_of(st.just(()), inlines()), _ids)


@cache
def _element(depth: int) -> SearchStrategy[Element]:
    leaves = (
        st.builds(Paragraph, inlines(), _ids),
        st.builds(Heading, st.integers(1, 7), inlines(), _ids),
        st.builds(Figure, st.one_of(st.just(""), st.just("a/b.png"), texts()), texts(), inlines(), _ids),
        st.builds(Rule),
        st.builds(Verbatim, st.lists(texts(), max_size=3).map("\n".join)),
        st.sampled_from(FOREIGN).map(lambda ast: Foreign(ast, "")),
    )
    if not depth:
        return st.one_of(*leaves)
    inside = _blocks(depth - 1)
    return st.one_of(
        *leaves,
        st.builds(Listing, st.lists(inside, max_size=3).map(tuple), st.integers(-1, 3)),
        _entries(depth - 1),
        st.builds(Quote, inside),
        st.builds(Box, st.sampled_from(BoxKind), inlines(), inside, _ids),
        _tables(depth - 1),
    )


@cache
def elements() -> SearchStrategy[Element]:
    """Block content, nested up to two deep."""
    return _element(2)


@cache
def articles() -> SearchStrategy[Article]:
    """Articles of which any part may be absent."""
    return st.builds(
        Article,
        id=_ids,
        title=inlines(),
        kicker=inlines(),
        subtitle=inlines(),
        bylines=st.lists(st.builds(Byline, inlines()), max_size=2).map(tuple),
        dateline=st.none() | st.builds(Dateline, inlines()),
        continued_from=st.none() | st.builds(Jump, inlines()),
        continued_to=st.none() | st.builds(Jump, inlines()),
        body=st.lists(elements(), max_size=5).map(tuple),
        pages=st.lists(texts(), max_size=2).map(tuple),
        lang=st.sampled_from(["", "en", "zh-Hant"]),
        keywords=st.lists(texts(), max_size=2).map(tuple),
        lines=st.lists(st.integers(1, 99), max_size=4).map(tuple),
    )


_names = st.sampled_from(
    [
        "title",
        "lang",
        "author",
        "date",
        "publisher",
        "rights",
        "cover-image",
        "news.paper",
        "news.page",
        "news.a:b",
        "wild",
    ]
)
_stated = st.builds(
    Stated, texts(), st.booleans(), texts(), st.lists(st.integers(1, 99), max_size=3).map(tuple)
)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 99)
    | st.floats(-9, 9).map(lambda v: v + 0.5)
    | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=4), inside, max_size=3),
    max_leaves=6,
)


@cache
def editions() -> SearchStrategy[Edition]:
    """Whole publications with metadata and options of backends."""
    from json import dumps

    return st.builds(
        Edition,
        title=texts(),
        lang=st.sampled_from(["zh-Hans", "zh-Hant", "en", "no"]),
        articles=st.lists(articles(), max_size=3).map(tuple),
        metadata=st.lists(st.tuples(_names, _stated), max_size=4).map(tuple),
        extra=st.dictionaries(st.sampled_from(["format", "toc", "x y"]), _json, max_size=2).map(dumps),
    )
