"""The lexicon: jieba's dictionary file, of which only the pages that are asked for are read.

The file (349,000 lines `word frequency part-of-speech`) is in the order of the words' first
characters, but for some seventy irregular lines at its start. So the words of one first character
stand together and are found by bisection in the bytes: a page needs a few hundred characters, and
parsing everything would take longer than all the rest of stages 1-5. A dictionary file of another
size than the one whose order is known is read whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import log
from pathlib import Path

__all__ = ["Lexicon", "shipped"]

_SIZE = 5_071_852  # bytes of jieba 0.42.1's dict.txt
_TOTAL = 60_101_964  # the sum of the frequencies of its words, each counted once
_IRREGULAR = 100  # lines at the start that may be in any order
_BLOCK = 4096  # bytes of a group that are looked at on each step

Entry = tuple[int, str]


class Lexicon:
    """Words with frequency and part of speech; `verbs` are added, with a frequency of 60 at least."""

    def __init__(self, data: bytes, verbs: Iterable[str] = ()) -> None:
        self._data = data
        self._known: dict[str, dict[str, Entry]] = {}
        self._ordered = len(data) == _SIZE
        self._start = 0
        whole = 0
        if self._ordered:
            for _ in range(_IRREGULAR):
                self._start = data.index(b"\n", self._start) + 1
            self._head = _entries(data[: self._start])
            whole = _TOTAL
        else:
            self._head = _entries(data)
            whole = sum(count for count, _ in self._head.values())
        for verb in verbs:
            count = self.get(verb)
            whole += max(count, 60) - count
            self._group(verb[0])[verb] = (max(count, 60), "v")
        self.total = log(whole) if whole else 0.0

    def get(self, word: str) -> int:
        """Return the frequency of a word, 0 where it is not known."""
        return self._group(word[0]).get(word, (0, ""))[0] if word else 0

    def part(self, word: str) -> str:
        """Return the part of speech of a word, `n` where it is not known."""
        return self._group(word[0]).get(word, (0, "n"))[1] if word else "n"

    def __contains__(self, word: str) -> bool:
        return bool(word) and word in self._group(word[0])

    def _group(self, first: str) -> dict[str, Entry]:
        group = self._known.get(first)
        if group is None:
            group = self._known[first] = {w: e for w, e in self._head.items() if w[0] == first}
            if self._ordered:
                group |= _entries(self._slice(first.encode("utf-8", "surrogatepass")))
        return group

    def _slice(self, first: bytes) -> bytes:
        """Return the lines whose words start with one character."""
        start = self._find(first)
        end = start
        while self._data.startswith(first, end):
            # jump ahead by blocks as long as the line found there still belongs to the group
            ahead = self._data.find(b"\n", end + _BLOCK) + 1
            near = self._data.find(b"\n", end) + 1 or len(self._data)
            end = ahead if ahead and self._data.startswith(first, ahead) else near
        return self._data[start:end]

    def _find(self, first: bytes) -> int:
        """Return the offset of the first line that is not before `first`."""
        low, high = self._start, len(self._data)
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
    return Lexicon((Path(spec.origin).parent / "dict.txt").read_bytes(), sorted(verbs))
