"""The lexicon: jieba's dictionary file, of which only the words that are asked for are read.

The file (349,000 lines `word frequency part-of-speech`) is in the order of the words' first
characters, but for some seventy irregular lines at its start. So the words of one first character
stand together: their place is found by bisection in the bytes, and a word by a search in that place.
Parsing everything would take longer than all the rest of stages 1-5; parsing the words of the two or
three hundred first characters of a page took half of it. A dictionary file of another size than the
one whose order is known is read whole.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache
from math import log
from mmap import ACCESS_READ, mmap
from pathlib import Path

from ..makeready.stet import marks
from ..makeready.store import Drawer, drawer

__all__ = ["Lexicon", "shipped"]

_SIZE = 5_071_852  # bytes of jieba 0.42.1's dict.txt
_TOTAL = 60_101_964  # the sum of the frequencies of its words, each counted once
_IRREGULAR = 100  # lines at the start that may be in any order
_MOST = 20_000  # first characters whose place is remembered; the file has 13,000

Entry = tuple[int, str]


class Lexicon:
    """Words with frequency and part of speech; `verbs` are added, with a frequency of 60 at least.

    `data` is the whole file, as bytes or as a map of it into memory. `spans` are the places of first
    characters in exactly this file, as far as they are known.
    """

    def __init__(self, data: bytes | mmap, verbs: Iterable[str] = (), spans: Drawer | None = None) -> None:
        self._data = data
        self._ordered = len(data) == _SIZE
        self._start = 0
        self._known: dict[str, Entry | None] = {}
        self._beginnings: dict[str, bool] = {}
        self._spans = spans or Drawer("", "", _MOST)
        if self._ordered:
            for _ in range(_IRREGULAR):
                self._start = data.find(b"\n", self._start) + 1
            self._head = _entries(data[: self._start])
            whole = _TOTAL
        else:
            self._head = _entries(data[:])
            whole = sum(count for count, _ in self._head.values())
        for verb in verbs:
            count = self.get(verb)
            whole += max(count, 60) - count
            self._known[verb] = (max(count, 60), "v")
        self.total = log(whole) if whole else 0.0

    def get(self, word: str) -> int:
        """Return the frequency of a word, 0 where it is not known."""
        entry = self._entry(word)
        return entry[0] if entry else 0

    def part(self, word: str) -> str:
        """Return the part of speech of a word, `n` where it is not known."""
        entry = self._entry(word)
        return entry[1] if entry else "n"

    def __contains__(self, word: str) -> bool:
        return self._entry(word) is not None

    def _entry(self, word: str) -> Entry | None:
        try:
            return self._known[word]
        except KeyError:
            entry = self._known[word] = self._found(word)
            return entry

    def _found(self, word: str) -> Entry | None:
        """Look a word up; of several lines the last counts, and the ordered ones before the others."""
        if self._ordered and self._begun(word[:2]) and self._begun(word[:3]):
            start, end = self._span(word[0])
            key = b"\n" + word.encode("utf-8", "surrogatepass") + b" "
            at = self._data.rfind(key, start - 1, end) if start < end else -1
            if at >= 0:
                line = self._data[at + 1 : self._data.find(b"\n", at + 1)].decode("utf-8")
                _, count, part = line.split()
                return int(count), part
        return self._head.get(word)

    def _begun(self, letters: str) -> bool:
        """Tell whether any ordered word begins so: of the eight words that may end at a character, few do,
        and what begins like none need not be looked for."""
        begun = self._beginnings.get(letters)
        if begun is None:
            start, end = self._span(letters[0]) if letters else (0, 0)
            key = b"\n" + letters.encode("utf-8", "surrogatepass")
            begun = start < end and (len(letters) == 1 or self._data.find(key, start - 1, end) >= 0)
            self._beginnings[letters] = begun
        return begun

    def _span(self, first: str) -> tuple[int, int]:
        """Return where the words with this first character start and end in the file."""
        span: tuple[int, int] | None = self._spans.things.get(first)
        if span is None:
            start = self._find(first.encode("utf-8", "surrogatepass"))
            after = chr(min(ord(first) + 1, sys.maxunicode))
            end = self._find(after.encode("utf-8", "surrogatepass"), start)
            span = start, end
            self._spans.put(first, span)
        return span

    def _find(self, first: bytes, low: int = 0) -> int:
        """Return the offset of the first line from `low` on that is not before `first`."""
        low, high = max(low, self._start), len(self._data)
        while low < high:
            middle = self._data.rfind(b"\n", self._start, (low + high) // 2) + 1
            middle = max(middle, self._start)
            if self._data[middle : middle + len(first)] < first:
                low = self._data.find(b"\n", (low + high) // 2) + 1 or len(self._data)
            else:
                high = middle
        return low


def _entries(data: bytes) -> dict[str, Entry]:
    words = data.decode("utf-8").split()
    return {
        word: (int(count), part)
        for word, count, part in zip(words[0::3], words[1::3], words[2::3], strict=True)
    }


@cache
def shipped(verbs: frozenset[str] = frozenset()) -> Lexicon:
    """Return the lexicon of the installed jieba; an empty one where it is not installed."""
    from importlib.util import find_spec

    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        return Lexicon(b"", ())
    path = Path(spec.origin).parent / "dict.txt"
    try:
        with path.open("rb") as stream:
            data = mmap(stream.fileno(), 0, access=ACCESS_READ)
            return Lexicon(data, sorted(verbs), drawer("lexicon", f"1 {marks(str(path))}", _MOST))
    except (OSError, ValueError):  # a file system that cannot be mapped
        return Lexicon(path.read_bytes(), sorted(verbs))
