"""A sample of a large file: every kind of element is in it, it is sound, and the same each time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epub_room import EDITION, SECOND, job, p, t
from npp_publish.backends import load
from npp_publish.backends.epub.proof import inspect
from npp_publish.model import Article, Edition, Heading, Rule
from npp_publish.validate import report
from npp_publish.validate.bench import Report
from npp_publish.validate.browser import ACE, AXE
from npp_publish.validate.judge import Verdict
from npp_publish.validate.sample import chosen, sample


def edition(count: int) -> Edition:
    """Equal articles, but for one with a rule, one with a section and one that is very long."""
    articles = [Article(f"a{n}", t(f"第{n}篇"), body=(p("正文。"),)) for n in range(1, count + 1)]
    articles[3] = replace(articles[3], body=(Rule(), p("正文。")))
    articles[6] = replace(articles[6], body=(Heading(2, t("小标题")), p("正文。")))
    articles[count - 3] = replace(articles[count - 3], body=tuple(p("很长的正文。" * 9) for _ in range(30)))
    return Edition("合订本", "zh-Hans", tuple(articles))


@pytest.mark.parametrize("name", ["epub", "html"])
def test_a_large_file_is_cut_down(tmp_path: Path, name: str) -> None:
    backend = load(name)
    options = {"cover": "none", "embed": "none"} if name == "epub" else {"embed": "none"}
    whole = backend.render(job(edition(40), tmp_path), backend.Options(**options)).path
    cuts = []
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        cut = sample(whole, folder, most=12)
        assert cut is not None
        cuts.append(cut)
    assert cuts[0].path.read_bytes() == cuts[1].path.read_bytes()
    assert len(cuts[0].names) == 12
    numbers = {int("".join(c for c in n.rpartition("/")[2] if c.isdigit()) or 0) for n in cuts[0].names}
    assert {4, 7, 38} <= numbers
    assert f"12 of {cuts[0].whole}" in cuts[0].words
    if name == "epub":
        assert inspect(cuts[0].path) == []
        with ZipFile(cuts[0].path) as book:
            assert len([n for n in book.namelist() if n.startswith("EPUB/a")]) == 10
    else:
        text = cuts[0].path.read_text(encoding="utf-8")
        assert text.count("<article") == 12
        assert 'id="a39"' not in text


def test_what_is_small_or_broken_is_judged_as_it_is(tmp_path: Path) -> None:
    backend = load("epub")
    assert sample(backend.render(job(EDITION, tmp_path), backend.Options()).path, tmp_path) is None
    for name in ("x.epub", "x.html"):
        (tmp_path / name).write_bytes(b"PK\x03\x04 nothing of the kind")
        assert sample(tmp_path / name, tmp_path) is None


@given(st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=60), st.integers(10, 20))
def test_every_kind_is_in_the_sample(kinds: list[set[int]], most: int) -> None:
    sizes = [len(own) for own in kinds]
    taken = chosen(kinds, sizes, most)
    assert len(taken) == min(most, len(kinds))
    assert list(taken) == sorted(set(taken))
    seen = set().union(*(kinds[number] for number in taken))
    first = [n for n, own in enumerate(kinds) if own - set().union(*kinds[:n], set())]
    if len(first) + 2 <= most:
        assert seen == set().union(*kinds)


def test_every_report_says_what_was_judged(tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    page.write_text("x", encoding="utf-8")
    verdict = Verdict("axe", page, scope="a sample: 80 of 3,000 articles", sampled=("a1", "a2"))
    for kind in report.KINDS:
        assert "80 of 3,000" in report.write(Report((page,), (verdict,)), kind), kind


LACKING = [need.command for judge in (ACE, AXE) for need in judge.needs() if not need.present]


@pytest.mark.chromium
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {'; '.join(LACKING)}")
@pytest.mark.parametrize("name", ["epub", "html"])
def test_the_browser_judges_a_sample(tmp_path: Path, name: str) -> None:
    backend = load(name)
    long = replace(edition(100), articles=(*edition(100).articles, SECOND))
    path = backend.render(job(long, tmp_path), backend.Options()).path
    (verdict,) = (ACE if name == "epub" else AXE).run([path])
    assert verdict.passed, verdict
    assert verdict.scope.startswith("a sample: 80 of 1")
