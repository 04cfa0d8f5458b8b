"""The frozen types: quick ones are what `dataclasses` would have made, and trees can be walked."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from inspect import signature

import pytest
from hypothesis import given, settings

from npp_publish.model import (
    Article,
    Block,
    Edition,
    Entry,
    Heading,
    Kind,
    LedgerEntry,
    Line,
    Paragraph,
    Piece,
    Span,
    Tagged,
    Text,
)
from npp_publish.model.branches import branches, children, nodes
from npp_publish.model.swift import swift
from strategies import editions

QUICK = (Block, Entry, Heading, LedgerEntry, Line, Paragraph, Piece, Span, Tagged, Text)


@pytest.mark.parametrize("kind", QUICK)
def test_a_swift_class_takes_what_its_fields_say(kind: type) -> None:
    taken = list(signature(kind).parameters)
    assert taken == [item.name for item in fields(kind) if item.init]


def test_a_swift_class_is_frozen_and_can_be_kept() -> None:
    piece = Piece(Span(1, 3), "甲乙", why="为何")
    assert piece == Piece(span=Span(start=1, end=3), text="甲乙", why="为何") != replace(piece, text="")
    assert hash(piece) == hash(pickle.loads(pickle.dumps(piece))) == hash(copy.deepcopy(piece))
    with pytest.raises(FrozenInstanceError):
        piece.text = "丙"  # type: ignore[misc]
    with pytest.raises(TypeError):
        Span(1)  # type: ignore[call-arg]
    block = Block(Kind.PARAGRAPH, (piece,))
    assert block.text == "甲乙" and replace(block, level=2).text == "甲乙"


def test_fields_that_are_not_given_have_their_defaults() -> None:
    @swift
    @dataclass(frozen=True, slots=True)
    class Sort:
        body: int
        face: str = "song"
        nick: int = field(default=7, init=False)

    assert (Sort(1).face, Sort(1, "hei").face, Sort(1).nick) == ("song", "hei", 7)


@settings(max_examples=30, deadline=None)
@given(editions())
def test_every_node_of_an_edition_is_walked_once_in_order(edition: Edition) -> None:
    def below(node: object) -> list[object]:
        return [node, *(found for child in children(node) for found in below(child))]

    assert [*map(id, nodes(edition.articles))] == [id(n) for a in edition.articles for n in below(a)]


def test_what_holds_no_nodes_is_not_looked_into() -> None:
    assert branches(Article)[0] == "title" and "lines" not in branches(Article)
    assert branches(Text) == branches(str) == ()
