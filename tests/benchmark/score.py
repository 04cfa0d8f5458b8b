"""Compare an outcome with the gold: sixteen columns, each 0..1 except the losses (percent).

`overall` is the mean of the columns that a page has a phenomenon for. Doing nothing already earns
half of it, because it loses nothing: read every figure against that baseline.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .folding import bare, fold, loose, unmarked
from .gold import Expected, entries_of, headings, neutral, paragraphs, strings_of
from .outcome import Found, Outcome, Printed

__all__ = ["COLUMNS", "OVERALL", "Scores", "score"]

Scores = dict[str, float | None]
COLUMNS = (
    *("overall", "loss", "gain", "paragraphs", "headings", "gaps", "attached", "bounds", "byline"),
    *("dateline", "jump", "credits", "boxes", "entries", "torn", "furniture", "order"),
)
OVERALL = (
    *("kept", "paragraphs", "headings", "gaps", "attached", "bounds", "credits", "boxes", "entries"),
    *("torn", "furniture", "order"),
)
_TEXT = {"para", "item", "def", "cell", "term"}
_DECLARED = re.compile("drop|delet|remov|replac|dedup|strip")
_GRAM = 8


def score(gold: dict[str, Any], raw: str, out: Outcome) -> Scores:
    """Return all columns of one page; None where the page has no such phenomenon."""
    expected, heads = paragraphs(gold), headings(gold)
    where = _locate(expected, out.blocks)
    result: Scores = {}
    result |= _conservation(gold, raw, out)
    result |= _paragraphs(gold, expected, out)
    result |= _headings(heads, out)
    result |= {"attached": _attached(gold, expected, heads, where, out)}
    result |= {"bounds": _bounds(gold, expected, where, out)}
    result |= _credits(gold, out)
    result |= _boxes(gold, out)
    result |= {"torn": _torn(gold, expected, out), "furniture": _furniture(gold, out)}
    result |= {"order": _order(where)}
    loss = result["loss"] or 0.0
    result["kept"] = max(0.0, 1 - loss / 5)
    present = [value for column in OVERALL if (value := result[column]) is not None]
    result["overall"] = sum(present) / len(present)
    return result


def _f1(hits: int, found: int, wanted: int) -> float:
    return 2 * hits / (found + wanted) if hits else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _matched(found: Sequence[str], wanted: Iterable[Sequence[str]]) -> list[int | None]:
    """Return for each wanted text the found one that equals a form of it; each is used once."""
    index: dict[str, deque[int]] = defaultdict(deque)
    for position, text in enumerate(found):
        index[text].append(position)
    return [next((index[form].popleft() for form in forms if index[form]), None) for forms in wanted]


# ------------------------------------------------------------------ characters


def _conservation(gold: dict[str, Any], raw: str, out: Outcome) -> Scores:
    """Characters lost and invented, percent of the source, not counting what the ledger declares."""
    declared: Counter[str] = Counter()
    put_in: Counter[str] = Counter()
    for row in out.ledger:
        op = str(row.get("op") or "drop").lower()
        if _DECLARED.match(op):
            declared.update(bare(str(row.get("text") or "")))
            put_in.update(bare(str(row.get("to") or "")))
        elif op.startswith("insert"):
            put_in.update(bare(str(row.get("text") or "")))
    source = Counter(bare(unmarked(raw)))
    values = " ".join(found.text for found in [*out.found, *out.meta])
    printed = Counter(bare(unmarked(out.markdown)))
    lost = source - (printed + Counter(bare(values))) - declared
    sanctioned = gold.get("sanctioned_drops", "") + "".join(f["text"] for f in gold["furniture"])
    lost -= Counter(bare(sanctioned))
    gained = sum(n for c, n in (printed - source - put_in).items() if c.isalnum())
    total = max(1, source.total())
    return {"loss": 100 * lost.total() / total, "gain": 100 * gained / total}


# ------------------------------------------------------------------ paragraphs and headings


def _body(gold: dict[str, Any], out: Outcome) -> list[str]:
    ignored = neutral(gold)
    texts = [b.text for b in out.blocks if b.kind in _TEXT and not b.box and not b.meaning]
    return [text for text in texts if text.strip() and loose(text) not in ignored]


def _paragraphs(gold: dict[str, Any], expected: list[Expected], out: Outcome) -> Scores:
    found = [fold(text) for text in _body(gold, out)]
    hits = _matched(found, [[fold(form) for form in e.forms] for e in expected])
    return {"paragraphs": _f1(sum(h is not None for h in hits), len(found), len(expected))}


def _headings(heads: list[Expected], out: Outcome) -> Scores:
    found = [b.text for b in out.blocks if b.kind == "heading" and not b.box and not b.meaning]
    wanted = [h for h in heads if not h.optional]
    if not wanted:
        return {"headings": None, "gaps": None}
    optional = {loose(h.forms[0]) for h in heads if h.optional}
    counted = sum(loose(text) not in optional for text in found)
    hits = _matched([loose(text) for text in found], [[loose(f) for f in h.forms] for h in wanted])
    exact = [
        fold(found[hit]) in {fold(form) for form in head.forms}
        for hit, head in zip(hits, wanted, strict=True)
        if hit is not None
    ]
    return {"headings": _f1(len(exact), counted, len(wanted)), "gaps": sum(exact) / len(wanted)}


# ------------------------------------------------------------------ places


def _locate(expected: list[Expected], blocks: list[Printed]) -> list[int | None]:
    """Return the index of the block that holds each paragraph: equal to it, else most alike."""
    texts = {i: loose(b.text) for i, b in enumerate(blocks) if b.kind in _TEXT and b.text.strip()}
    equal: dict[str, list[int]] = defaultdict(list)
    grams: dict[str, set[int]] = defaultdict(set)
    for index, text in texts.items():
        equal[text].append(index)
        for gram in _grams(text):
            grams[gram].add(index)
    used: set[int] = set()
    where: list[int | None] = []
    for paragraph in expected:
        free = (i for form in paragraph.forms for i in equal[loose(form)] if i not in used)
        hit = next(free, None)
        if hit is None:
            hit = _most_alike(loose(paragraph.forms[0]), grams)
        else:
            used.add(hit)
        where.append(hit)
    return where


def _grams(text: str) -> list[str]:
    return [text[k : k + _GRAM] for k in range(max(1, len(text) - _GRAM + 1))]


def _most_alike(text: str, grams: dict[str, set[int]]) -> int | None:
    shared: Counter[int] = Counter()
    own = _grams(text)
    for gram in own:
        shared.update(grams.get(gram, ()))
    if not shared:
        return None
    index, count = shared.most_common(1)[0]
    return index if count >= 0.3 * len(own) else None


def _order(where: list[int | None]) -> float | None:
    """Kendall's tau of the paragraphs' places, scaled to 0..1."""
    places = [place for place in where if place is not None]
    right = wrong = 0
    for index, place in enumerate(places):
        right += sum(other > place for other in places[index + 1 :])
        wrong += sum(other < place for other in places[index + 1 :])
    return ((right - wrong) / (right + wrong) + 1) / 2 if right + wrong else None


# ------------------------------------------------------------------ articles


def _attached(
    gold: dict[str, Any],
    expected: list[Expected],
    heads: list[Expected],
    where: list[int | None],
    out: Outcome,
) -> float | None:
    """The share of titled articles whose paragraphs mostly stand under their own title."""
    titles = {loose(form): head.article for head in heads if head.top for form in head.forms}
    under: list[str] = []
    current = ""
    for block in out.blocks:
        if block.kind == "heading" and not block.box:
            current = titles.get(loose(block.text), current)
        under.append(current)
    right = []
    for article in gold["articles"]:
        if not article.get("title"):
            continue
        key = article["id"]
        places = [w for w, e in zip(where, expected, strict=True) if e.article == key and w is not None]
        share = sum(under[place] == key for place in places)
        right.append(float(bool(places) and share >= 0.8 * len(places)))
    return _mean(right)


def _bounds(
    gold: dict[str, Any], expected: list[Expected], where: list[int | None], out: Outcome
) -> float | None:
    """F1 of the article boundaries between paragraphs, by the division of the outcome that fits best."""
    if len(gold["articles"]) < 2:
        return None
    wanted = [a.article != b.article for a, b in itertools.pairwise(expected)]
    best = 0.0
    for label in _divisions(out.blocks):
        labels: list[Any] = []
        for place in where:
            labels.append(label[place] if place is not None else (labels[-1] if labels else None))
        found = [a != b for a, b in itertools.pairwise(labels)]
        hits = sum(a and b for a, b in zip(wanted, found, strict=True))
        best = max(best, _f1(hits, sum(found), sum(wanted)))
    return best


def _divisions(blocks: list[Printed]) -> Iterable[list[Any]]:
    def counted(starts: Callable[[Printed], bool]) -> list[int]:
        total = 0
        return [total := total + starts(block) for block in blocks]

    for level in range(1, 7):
        yield counted(lambda b, top=level: b.kind == "heading" and not b.box and b.level <= top)
    if any(block.article for block in blocks):
        yield [block.article for block in blocks]
    if any(block.kind == "rule" for block in blocks):
        yield counted(lambda b: b.kind == "rule")


# ------------------------------------------------------------------ bylines, datelines, jumps

_NAMES = {
    "byline": r"by-?line|author|reporter|writer|creator|contributor|credit|作者|记者|署名|name",
    "dateline": r"dateline|wire|agency|source|place|date|location|电头|来源|地点",
    "to": r"jump|contin|turn|next|下转|to_?page|see",
    "from": r"jump|contin|from|prev|上接",
}


def _credits(gold: dict[str, Any], out: Outcome) -> Scores:
    """1 where the parts stand under a fitting name, half where the text only survives."""
    everything = "\x02".join(loose(b.text) for b in out.blocks)
    everything += loose(" ".join(f.text for f in [*out.meta, *out.found]))

    def one(kind: str, needed: Sequence[str], raw: str) -> float:
        if _extracted(out, re.compile(_NAMES[kind], re.IGNORECASE), needed):
            return 1.0
        return 0.5 if raw and loose(raw) in everything else 0.0

    bylines, datelines, jumps = [], [], []
    for article in gold["articles"]:
        if line := article.get("byline"):
            raw = line["raw"].lstrip("□■◆●○ ")
            bylines.append(one("byline", line["authors"] or [line["raw"]], raw))
        if line := article.get("dateline"):
            parts = [line.get("agency") or "", line.get("place") or ""]
            datelines.append(one("dateline", parts if any(parts) else [line["raw"]], line["raw"]))
        if line := article.get("jump"):
            jumps.append(one("to", [line["to"]], line["raw"]))
        if line := article.get("continued_from"):
            jumps.append(one("from", [line["from"]], line["raw"]))
    return {
        "byline": _mean(bylines),
        "dateline": _mean(datelines),
        "jump": _mean(jumps),
        "credits": _mean(bylines + datelines + jumps),
    }


def _extracted(out: Outcome, name: re.Pattern[str], needed: Sequence[str]) -> bool:
    wanted = [re.sub(r"\s+", "", text) for text in needed if text]
    groups: dict[str, list[Found]] = defaultdict(list)
    for found in out.meta:
        if name.search(found.name):
            groups[found.group].append(found)
    candidates = ["\x02".join(f.text for f in group) for group in groups.values()]
    candidates += [found.text for found in out.found if name.search(found.name)]
    packed = [re.sub(r"\s+", "", text) for text in candidates]
    return bool(wanted) and any(all(text in one for text in wanted) for one in packed)


# ------------------------------------------------------------------ boxes, tears, furniture


def _boxes(gold: dict[str, Any], out: Outcome) -> Scores:
    """Boxes set apart (by characters, precision and recall) and their entries exact."""
    wanted = [box for box in gold["sidebars"] if not box.get("neutral")]
    if not wanted:
        return {"boxes": None, "entries": None}
    pools: dict[str, list[Printed]] = defaultdict(list)
    for block in out.blocks:
        if block.box:
            pools[block.box].append(block)
    packed = ["".join(loose(b.text) for b in pool) for pool in pools.values()]
    strings = [loose(text) for box in wanted for text in strings_of(box)]
    recall = sum(len(s) for s in strings if any(s in pool for pool in packed)) / sum(map(len, strings))
    allowed = {loose(text) for box in gold["sidebars"] for text in strings_of(box)}
    allowed |= {loose(caption["text"]) for caption in gold.get("captions", [])}
    inside = sum(_covered(pool, allowed) for pool in packed)
    precision = inside / max(1, sum(map(len, packed)))
    both = precision + recall
    return {"boxes": 2 * precision * recall / both if both else 0.0, "entries": _entries(wanted, pools)}


def _covered(pool: str, allowed: set[str]) -> int:
    rest = pool
    for text in sorted(allowed, key=lambda t: (-len(t), t)):
        rest = rest.replace(text, "\x03") if text else rest
    return len(pool) - len(rest.replace("\x03", ""))


def _entries(wanted: list[dict[str, Any]], pools: dict[str, list[Printed]]) -> float:
    lines = {fold(line) for pool in pools.values() for b in pool for line in [b.text, *b.text.split("\n")]}
    marks = ("", "：", ":", " ", "： ", ": ", "　", "\n", " — ", "—", "——")
    right = []
    for box in wanted:
        for label, text in entries_of(box):
            forms = [text, *(label + mark + text for mark in marks if label)]
            right.append(any(fold(form) in lines for form in forms))
    return sum(right) / max(1, len(right))


def _torn(gold: dict[str, Any], expected: list[Expected], out: Outcome) -> float | None:
    """The share of torn paragraphs that stand whole and exact."""
    whole = {fold(text) for text in _body(gold, out)}
    forms = {e.forms[0]: e.forms for e in expected}
    torn = [any(fold(f) in whole for f in forms.get(t["text"], (t["text"],))) for t in gold.get("torn") or ()]
    return _mean([float(mended) for mended in torn])


def _furniture(gold: dict[str, Any], out: Outcome) -> float | None:
    """The share of the page furniture that is out of the text: the name of the paper may also stand in a
    byline or a paragraph, as often as it does in the gold."""
    flow = "\x02".join(loose(b.text) for b in out.blocks if b.meaning != "furniture")
    told = "\x02".join(_texts({key: value for key, value in gold.items() if key in _TOLD}))
    lines = [loose(unmarked(f["text"])) for f in gold["furniture"]]
    return _mean([float(flow.count(line) <= told.count(line)) for line in lines])


_TOLD = ("articles", "sidebars", "captions")


def _texts(value: Any) -> Iterable[str]:
    """Yield all texts of a part of the gold."""
    if isinstance(value, str):
        yield loose(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from () if key == "alternatives" else _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
