"""What holds for pages like those of newspapers: stories of the benchmark, printed and damaged at random,
then cut up further. Nothing is lost, words are left alone, and the editable edition reads back."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from benchmark import plans, sample, stories
from benchmark.scramble import scramble
from npp_publish import ledger, markdown, source
from npp_publish.compose import normalize
from npp_publish.detect import PASSES as DETECT
from npp_publish.detect import load, open_desk
from npp_publish.detect.marks import blocks_of_lines
from npp_publish.model import Normalized, Op
from npp_publish.repair import PASSES as REPAIR

_calm = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)  # examples: those of the profile, or set with --hypothesis-profile
_SLIPS = ("noise", "letter_spaced", "doubled", "radicals")
# rules that change what is read: none of them has anything to do on a page without slips
_CORRECTIONS = frozenset((
    "look-alike", "stray-space", "doubled-mark", "half-width", "straight-quote", "full-width-digit", "doubled-print", "letter-spacing", "radical",  # noqa: E501
))  # fmt: skip
# words of every day with a character that reading machines take for another
_WORDS = Path(__file__).with_name("data").joinpath("rare_words.txt").read_text("utf-8").split()
_SAID = ("{}是当地人常说的。", "市民对{}有不同看法。", "两名{}人员到场处置。", "新规对{}作出限制。")


@cache
def _told() -> dict[str, stories.Story]:
    return stories.of_split("dev")


def _plan(seed: int) -> plans.Plan:
    return next(sample.draw("dev", _told(), 1, seed))


def clean_prints() -> SearchStrategy[str]:
    """Pages with all that a newspaper does to a story, but without slips of recognition."""
    seeds = st.integers(0, 10**6).map(_plan)
    return seeds.filter(lambda plan: not any(getattr(plan, name) for name in _SLIPS)).map(
        lambda plan: scramble(plan, _told())[0]
    )


def _broken(text: str, how: int, start: int, end: int) -> str:
    """Do one of the things that happen to pages on their way: a cut, a copy, a turn, other line ends."""
    start, end = sorted((start % (len(text) + 1), end % (len(text) + 1)))
    part = text[start : min(end, start + 400)]
    ways = (
        text[:start] + text[start + len(part) :],
        text[:end],
        text[start:],
        text[:start] + part + text[start:],
        text[:start] + "".join(reversed(part.split("\n"))) + text[start + len(part) :],
        text[:start] + part.replace("\n", "") + text[start + len(part) :],
        text[:start] + part.replace("\n\n", "\n") + text[start + len(part) :],
        text[:start] + part.replace("\n", "  \n") + text[start + len(part) :],
        text[:start] + "\n\n\n\n" + text[start:],
        text.replace("\n", "\r\n"),
        text[start:] + text[:start],
    )
    return ways[how % len(ways)]


@st.composite
def pages(draw: DrawFn) -> str:
    """A drawn page after up to four accidents."""
    text = scramble(_plan(draw(st.integers(0, 10**6))), _told())[0]
    accident = st.tuples(st.integers(0, 10), st.integers(0, 10**5), st.integers(0, 10**5))
    for how, start, end in draw(st.lists(accident, max_size=4)):
        text = _broken(text, how, start, end)
    return text


def check(text: str) -> Normalized:
    """Normalize a text and check what must hold for any; return what was made."""
    made = normalize(source.from_text(text))
    ledger.verify(made)
    assert ledger.invert(made.ledger) == text
    shown = {slot: words for slot, words in ledger.replay(made.source, made.ledger).items() if words}
    assert shown == ledger.slots(made.edition)
    return made


@settings(_calm, max_examples=60)
@given(pages())
def test_damaged_pages_are_published_without_loss(text: str) -> None:
    made = check(text)
    assert ledger.load(ledger.dump(made)) == made.ledger
    assert normalize(source.from_text(text)) == made


@settings(_calm, max_examples=25)
@given(pages())
def test_every_pass_keeps_the_partition_of_a_damaged_page(text: str) -> None:
    desk = open_desk(source.from_text(text), load())
    blocks = blocks_of_lines(desk)
    for one in (*DETECT, *REPAIR):
        blocks = one(desk, blocks)
        reached = 0
        for piece in sorted((p for b in blocks for p in b.pieces), key=lambda p: (p.span.start, p.span.end)):
            assert piece.span.start == reached or piece.op is Op.INSERT, one.__module__
            reached = piece.span.end
        assert reached == len(text), one.__module__


@settings(_calm, max_examples=8)
@given(pages())
def test_the_editable_edition_of_a_damaged_page_reads_back(text: str) -> None:
    written = markdown.write(normalize(source.from_text(text)).edition)
    read = markdown.read(written.text)
    assert read.edition == written.edition
    assert markdown.write(read.edition).text == written.text


@settings(_calm, max_examples=40)
@given(clean_prints())
def test_nothing_is_corrected_on_a_page_without_slips(text: str) -> None:
    spent = [row for row in check(text).ledger if row.rule in _CORRECTIONS]
    # a space at which a line was broken may be no space
    inside = [row for row in spent if "\n" not in text[row.span.start - 3 : row.span.end + 3]]
    assert [(row.rule, row.source, row.text) for row in inside] == []


@settings(_calm, max_examples=80)
@given(st.lists(st.tuples(st.sampled_from(_SAID), st.sampled_from(_WORDS)), min_size=1, max_size=3))
def test_rare_words_are_left_alone(said: list[tuple[str, str]]) -> None:
    body = [form.format(word) for form, word in said]
    text = "\n\n".join(["# 街谈巷议", "本报记者 何清", *body, "有关部门表示，将继续做好服务。"]) + "\n"
    replaced = [(row.source, row.text) for row in check(text).ledger if row.op is Op.REPLACE]
    assert replaced == []
