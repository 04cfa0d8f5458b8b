"""The lexicon: the words of the whole file, found without reading it."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from npp_publish.repair.lexicon import Lexicon, shipped


def data() -> bytes:
    spec = find_spec("jieba")
    assert spec and spec.origin
    return (Path(spec.origin).parent / "dict.txt").read_bytes()


@pytest.mark.slow
def test_every_thirtieth_word_is_found_as_in_the_file() -> None:
    raw = data()
    lexicon = Lexicon(raw)
    words = raw.decode("utf-8").split()
    table = dict(zip(words[0::3], zip(map(int, words[1::3]), words[2::3], strict=True), strict=True))
    for word in list(table)[::30]:
        assert (lexicon.get(word), lexicon.part(word)) == table[word]
        assert word in lexicon


def test_the_order_and_the_total_are_those_of_the_file() -> None:
    raw = data()
    words = raw.decode("utf-8").split()[0::3]
    first = [word[0] for word in words[100:]]
    assert all(one <= other for one, other in pairwise(first))
    assert abs(Lexicon(raw).total - Lexicon(raw + b"\n").total) < 1e-12


def test_another_file_is_read_whole() -> None:
    lexicon = Lexicon("乙 3 n\n甲 5 v\n甲乙 2 n\n".encode(), ["甲丙", "甲乙"])
    assert [lexicon.get(word) for word in ("甲", "乙", "甲乙", "甲丙", "丙", "")] == [5, 3, 60, 60, 0, 0]
    assert [lexicon.part(word) for word in ("甲", "甲丙", "丙")] == ["v", "v", "n"]
    assert "丙" not in lexicon and "" not in lexicon


def test_unknown_characters_are_no_words() -> None:
    lexicon = shipped()
    for word in ("\ud800", "𠀀", "\uffff", "a", " "):
        assert lexicon.get(word) >= 0
