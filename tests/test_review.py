"""The review: decisions listed with a table that really takes the other reading; the marked proof."""

from __future__ import annotations

import json
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from npp_publish import ledger
from npp_publish.cli import main
from npp_publish.compose.edits import read, settle
from npp_publish.compose.markedproof import as_html, tally
from npp_publish.compose.review import Review, review
from npp_publish.model import Source
from npp_publish.source import from_text
from npp_publish.source import read as read_source

PAGES = Path(__file__).parent / "pages" / "dev"
SEED = next((Path(__file__).parents[1] / "seeds").glob("*.txt"))


@pytest.fixture(scope="module")
def source() -> Source:
    return read_source((SEED,))[0]


@pytest.fixture(scope="module")
def reviewed(source: Source) -> Review:
    return review(source)


def test_the_least_sure_comes_first(reviewed: Review) -> None:
    sure = [decision.confidence for decision in reviewed.decisions]
    assert len(sure) > 20
    assert sure == sorted(sure)
    assert all(decision.taken != decision.other for decision in reviewed.decisions)


def test_every_flip_takes_the_other_reading(source: Source, reviewed: Review, tmp_path: Path) -> None:
    path = tmp_path / "edits.toml"
    for decision in reviewed.doubtful(0.9):
        path.write_text(decision.flip, encoding="utf-8")
        settled = settle(source, read(path))
        assert not settled.diagnostics
        flipped = review(source, edits=settled.edits)
        assert flipped.normalized.ledger != reviewed.normalized.ledger, decision
        same = next(d for d in flipped.decisions if d.number == decision.number)
        assert (same.taken, same.by_hand) == (decision.other, True), decision


def test_pinned_decisions_change_nothing(source: Source, reviewed: Review, tmp_path: Path) -> None:
    path = tmp_path / "edits.toml"
    path.write_text("\n".join(d.pin for d in reviewed.doubtful(0.9)), encoding="utf-8")
    settled = settle(source, read(path))
    assert not settled.diagnostics
    again = review(source, edits=settled.edits)
    assert ledger.slots(again.normalized.edition) == ledger.slots(reviewed.normalized.edition)
    assert not again.doubtful(0.9)


class _Reader(HTMLParser):
    """Collects the ids, the inner links, and the text of the page's side."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text: dict[str, list[str]] = {}
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [(found["href"] or "").removeprefix("#")] if "href" in found else []
        if tag == "section":
            self._in = found["aria-label"] or ""
        if tag in ("script", "img", "link"):
            raise AssertionError(f"a proof is self-contained, without script: <{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.setdefault(self._in, []).append(data)


@pytest.mark.parametrize("page", [SEED, PAGES / "dev-daily-3.raw.md", PAGES / "dev-edition.raw.md"])
def test_the_marked_proof_shows_every_character_and_every_link_leads_somewhere(page: Path) -> None:
    made = review(read_source((page,))[0])
    reader = _Reader()
    html = as_html(made, 0.9)
    reader.feed(html)
    assert html == as_html(made, 0.9)
    assert len(reader.ids) == len(set(reader.ids))
    assert set(reader.links) <= set(reader.ids)
    shown = "".join("".join(reader.text["The page as it came"]).split()).replace("↵", "")
    for line in made.normalized.source.text.split("\n"):
        assert "".join(line.split()) in shown
    edition = "".join("".join(reader.text["The edition"]).split())
    for text in ledger.slots(made.normalized.edition).values():
        assert "".join(text.split()) in edition


def test_the_tally_counts_every_character(reviewed: Review) -> None:
    counts = tally(reviewed.normalized)
    put_in = counts.pop("put in")
    assert put_in == 0
    assert sum(counts.values()) == len(reviewed.normalized.source.text)


def test_hostile_text_stays_text() -> None:
    made = review(from_text("# 标题<script>alert(1)</script>\n\n正文\u202e“未完\x07，\n\n接着。”</a>\n"))
    html = as_html(made, 1.0)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof, draft = tmp_path / "proof.html", tmp_path / "edits.toml"
    assert main(["review", str(SEED), "-o", str(proof), "--draft", str(draft), "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["doubtful"][0]["confidence"] < 0.9
    assert proof.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    tables = tomllib.loads(draft.read_text(encoding="utf-8"))["edit"]
    assert [table["id"] for table in tables] == [d["number"] for d in told["doubtful"]]
    assert main(["review", str(SEED), "--strict"]) == 8
    assert main(["review", str(SEED), "--draft", str(draft)]) == 9  # never over an editor's file
    assert main(["review", str(SEED), "--below", "2"]) == 2
    assert main(["review", str(SEED), str(SEED), "-o", str(tmp_path / "x.html")]) == 2
    assert main(["review", str(tmp_path / "none.txt")]) == 3


def test_pages_with_most_to_look_at_come_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text("一个清楚的标题\n\n　　正文只有一句话，没有可疑之处。\n", encoding="utf-8")
    assert main(["review", str(clean), str(SEED)]) == 0
    first = capsys.readouterr().err.split("\n")[0]
    assert SEED.name in first
