"""Signatures kept from earlier builds: what is bound with them is what a build from scratch gives."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manuscript import LONG, p, t
from npp_publish.backends.pdf import PdfBackend, PdfOptions, foreman, impression, signatures
from npp_publish.backends.pdf.assortment import rounded
from npp_publish.backends.pdf.compositor import Compositor, Piece
from npp_publish.backends.pdf.folios import Inexact, Laid, Place
from npp_publish.backends.pdf.racks import Racks
from npp_publish.backends.pdf.sheets import Sheets
from npp_publish.backends.pdf.stores import picture_url
from npp_publish.diagnostics import Diagnostic
from npp_publish.model import Article, Asset, Edition, Heading, Note, Reference, RenderJob
from npp_publish.morgue import Drawers, Morgue
from npp_publish.typeset.theme import load


class Parts:
    """A store in memory's place: folders by key, and which keys were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []

    def get(self, key: str) -> Path | None:
        self.asked.append(key)
        return self.folder / key if (self.folder / key).is_dir() else None

    def put(self, key: str, fill: Callable[[Path], object]) -> None:
        (self.folder / key).mkdir(parents=True, exist_ok=True)
        fill(self.folder / key)


# ------------------------------------------------------------------ the real press


def edition(*changes: tuple[int, str]) -> Edition:
    """Four articles, of which the last refers to the first; `changes` add text to articles."""
    more = dict(changes)
    articles = []
    for number in range(4):
        body = [
            p(LONG * 9, Note((p(f"注{number}。"),)), LONG, more.get(number, "")),
            Heading(2, t("小标题"), id=f"h{number}"),
        ]
        body += [p(LONG * 12)] * 3
        if number == 3:
            body.append(p("参看", Reference(t("小标题"), "h1"), "。"))
        articles.append(Article(f"a{number}", title=t(f"第{number}篇"), body=tuple(body)))
    return Edition("增量测试", "zh-Hans", tuple(articles))


@dataclass
class Shop:
    """The backend over one store; `built` tells the bytes, and which signatures were set."""

    folder: Path
    parts: Any = None
    set: list[int] = field(default_factory=list)

    def built(self, made: Edition) -> tuple[bytes, tuple[Diagnostic, ...]]:
        work = self.folder / "work"
        work.mkdir(exist_ok=True)
        job = RenderJob(
            made, "", load("book"), "page", work, 1709769600, source_name="p.txt", parts=self.parts
        )
        artifact = PdfBackend().render(job, PdfOptions())
        return artifact.path.read_bytes(), artifact.diagnostics


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    monkeypatch.setenv("NPP_HANDS", "1")
    monkeypatch.setattr(impression, "is_long", lambda html: True)
    monkeypatch.setattr(impression, "cut", partial(signatures.cut, long=0, size=900))
    made = Shop(tmp_path, Drawers(Morgue(tmp_path / "morgue"), "base"))
    stock = Compositor.set

    def noted(self: Compositor, number: int, *more: Any) -> Piece:
        made.set.append(number)
        return stock(self, number, *more)

    monkeypatch.setattr(Compositor, "set", noted)
    return made


EDITS: Mapping[str, tuple[Edition, set[int]]] = {
    "a word": (edition((1, "改正")), {1}),
    "a common character that was nowhere": (edition((1, "瓷")), {1}),
    "pages": (edition((1, LONG * 40)), {0, 1, 2, 3}),
}


def test_what_is_bound_with_kept_signatures_is_what_is_made_anew(shop: Shop, tmp_path: Path) -> None:
    shop.built(edition())
    assert set(shop.set) == {0, 1, 2, 3}
    for name, (edited, expected) in EDITS.items():
        shop.set.clear()
        with_kept = shop.built(edited)
        assert set(shop.set) == expected, name
        assert with_kept == Shop(tmp_path).built(edited), name
    shop.set.clear()
    shop.built(edition())
    assert shop.set == []


# ------------------------------------------------------------------ a press of our own, quick and exact

THEME = load("book")
CSS = (
    "@font-face { src: url(npp-font:F) }",
    "a::after { content: target-counter(attr(href url), page) }",
    "",
)


@dataclass(frozen=True)
class Order:
    """All that decides a long edition, small: texts of articles, pages, references, and so on."""

    texts: tuple[str, ...] = ("一一一", "二二二", "三三三", "四四四")
    refers: tuple[int, ...] = (2, -1, 1, -1)
    css: str = "p {}"
    rules: str = "#a1 { color: red }\n#a2 { color: red }\n"
    face: bytes = b"face"
    picture: str = "00"
    shown: int = 1
    dpi: int = 300
    standard: str = "ua-1"
    epoch: int = 1
    attached: str = "edition"
    head: str = "<meta name='keywords' content='x'>"

    def html(self) -> str:
        articles = []
        for number, text in enumerate(self.texts):
            link = f'<a href="#b{self.refers[number]}"></a>' if self.refers[number] >= 0 else ""
            image = f'<img src="{picture_url(0)}">' if number == self.shown else ""
            articles.append(f'<article id="a{number}">{text}<i id="b{number}"></i>{link}{image}</article>')
        contents = "".join(f'<a href="#a{number}"></a>' for number in range(len(self.texts)))
        head = f"<html><head><title>题</title>{self.head}</head><body><nav>{contents}</nav>"
        return f"{head}{''.join(articles)}</body></html>"

    def sheets(self) -> Sheets:
        return Sheets((*CSS, self.css, self.rules), {"npp-font:F": self.face}, single=4)

    def job(self, folder: Path, parts: Any) -> RenderJob:
        attachment = folder / "edition.md"
        attachment.write_text(self.attached, encoding="utf-8")
        asset = Asset("pic", folder / "pic", "image/png", self.picture)
        empty = Edition("", "zh-Hans", ())
        return RenderJob(empty, "", THEME, "p", folder, self.epoch, (asset,), (attachment,), parts=parts)


class Quick:
    """Sets a signature by writing down all that a real compositor would look at."""

    def __init__(self, order: Order, parts: Sequence[signatures.Signature], folder: Path) -> None:
        self.order, self.parts, self.folder, self.count = order, parts, folder, 0

    def set(self, number: int, numbers: Mapping[str, int], announce: Callable[[Laid], Place]) -> Piece:
        self.count += 1
        part = self.parts[number]
        text = re.sub("<title>.*</title>|<[^>]*>", "", part.html)
        pages = 1 + len(text) // 3
        anchors = {name: sum(map(ord, text)) % pages if name[0] == "b" else 0 for name in part.anchors}
        place = announce(Laid(pages, anchors, {"article": text[:1]}))
        printed = {name: numbers.get(name) for name in re.findall('href="#([^"]*)"', part.html)}
        order = self.order
        images = order.picture if picture_url(0) in part.html else ""
        attached = order.attached if order.standard.startswith("a-3") and not number else ""
        rules = re.findall("#(?:" + "|".join(part.anchors) + ") .*", order.rules)
        seen = [number, part.html, place, printed, images, attached, rules, order.css, order.face, order.dpi,
                order.standard]  # fmt: skip
        path = self.folder / f"signature-{number:05}.pdf"
        path.write_text(repr(seen), encoding="utf-8")
        return Piece(path, (), (1.0,) * pages, {}, {}, (part.html[-9:],))


def printed(order: Order, folder: Path, parts: Any) -> tuple[list[bytes], int]:
    """Return what is printed of each signature, and how many were set."""
    made = signatures.cut(order.html(), long=0, size=1)
    made = tuple(replace(part, single=order.sheets().of(part.anchors)) for part in made)
    work = folder / "work"
    work.mkdir()
    quick = Quick(order, made, work)
    options = PdfOptions(dpi=order.dpi, standard=order.standard)
    racks = Racks(order.job(folder, parts), options, (order.standard,), order.sheets(), made)
    try:
        pieces = foreman.set_signatures(made, lambda: quick, racks, work)  # type: ignore[arg-type, return-value]
        return [
            piece.path.read_bytes() + repr(replace(piece, path=Path())).encode() for piece in pieces
        ], quick.count
    except Inexact:
        return [], quick.count
    finally:
        shutil.rmtree(work)


words = st.text("字词句", max_size=7)
orders = st.builds(
    Order,
    texts=st.lists(words, min_size=4, max_size=4).map(tuple),
    refers=st.lists(st.integers(-1, 3), min_size=4, max_size=4).map(tuple),
    css=st.sampled_from(["p {}", "p { color: red }", "a::after { content: target-counter('#a1', page) }"]),
    rules=st.sampled_from(["", "#a1 { color: red }\n", "#a1 { color: red }\n#a2 p { color: blue }\n"]),
    face=st.sampled_from([b"face", b"other"]),
    picture=st.sampled_from(["00", "01"]),
    shown=st.integers(0, 4),
    dpi=st.sampled_from([300, 600]),
    standard=st.sampled_from(["ua-1", "a-3u"]),
    attached=st.sampled_from(["edition", "edited"]),
    head=st.sampled_from(["", "<meta name='keywords' content='y'>"]),
)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPP_HANDS", "1")
    idle = SimpleNamespace(collect=int, freeze=int, unfreeze=int)  # sweeping takes longer than all of this
    monkeypatch.setattr(foreman, "gc", idle)


@settings(max_examples=40)
@given(st.lists(orders, min_size=2, max_size=6))
def test_whatever_changes_between_builds_nothing_stale_is_bound(history: list[Order]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = Parts(folder / "kept")
        for order in history:
            with_kept, _ = printed(order, folder, kept)
            anew, _ = printed(order, folder, None)
            assert with_kept == anew


FLIPS: Mapping[str, tuple[Order, int]] = {
    "nothing": (Order(), 0),
    "a keyword": (Order(head="<meta name='keywords' content='y'>"), 2),
    "a word": (Order(texts=("一一一", "二二二", "三三三", "四四改")), 1),
    "a running head that goes on": (Order(texts=("一一一", "干二二", "三三三", "四四四")), 2),
    "the page of a place that another names": (Order(texts=("一一一", "二二土", "三三三", "四四四")), 2),
    "the rule of one element": (Order(rules="#a1 { color: blue }\n#a2 { color: red }\n"), 1),
    "a picture": (Order(picture="01"), 1),
    "a reference": (Order(refers=(2, -1, 1, 0)), 2),
    "pages before all others": (Order(texts=("一一一一一一", "二二二", "三三三", "四四四")), 5),
    "the pages of the last": (Order(texts=("一一一", "二二二", "三三三", "四四四四四四")), 1),
    "a style sheet": (Order(css="p { color: red }"), 6),
    "a face": (Order(face=b"other"), 6),
    "an option": (Order(dpi=600), 6),
    "a standard": (Order(standard="a-3u"), 6),
    "the time": (Order(epoch=2), 6),
    "an attachment that is not in the file": (Order(attached="edited"), 0),
}


@pytest.mark.parametrize("name", FLIPS)
def test_what_a_change_touches_is_set_anew_and_no_more(tmp_path: Path, name: str) -> None:
    """The opening and the signature that refers are set twice where their pages are not known."""
    order, count = FLIPS[name]
    kept = Parts(tmp_path / "kept")
    assert printed(Order(), tmp_path, kept)[1] == 6
    assert printed(order, tmp_path, kept)[1] == count


def test_an_attachment_is_part_of_the_opening(tmp_path: Path) -> None:
    kept = Parts(tmp_path / "kept")
    printed(Order(standard="a-3u"), tmp_path, kept)
    assert printed(Order(standard="a-3u", attached="edited"), tmp_path, kept)[1] == 1


def test_what_is_damaged_or_gone_is_set_anew(tmp_path: Path) -> None:
    kept = Parts(tmp_path / "kept")
    first = printed(Order(), tmp_path, kept)[0]
    for number, folder in enumerate(sorted(kept.folder.iterdir())):
        if number % 3 == 0:
            (folder / "told").write_bytes(b"?")
        elif number % 3 == 1 and (folder / "signature.pdf").exists():
            (folder / "signature.pdf").unlink()
    assert printed(Order(), tmp_path, kept)[0] == first


# ------------------------------------------------------------------ faces that stay as they are


def test_a_rounded_set_has_what_was_asked_for_and_what_is_as_common() -> None:
    asked = frozenset("的龘㐀國e\u2014\U00020000")
    assert asked < rounded(asked) and "瓷" in rounded("的") and "發" in rounded("國")
    assert rounded("的一是") == rounded("瓷") and "的" not in rounded("A")


@given(st.text(), st.text())
def test_more_characters_never_make_a_smaller_set(one: str, more: str) -> None:
    assert rounded(one) | rounded(more) == rounded(one + more)


def test_rules_of_other_elements_are_left_out() -> None:
    rules = (
        "#a1-title { font-size: 1rem; }\n#a12 td, #a12 th { padding: 0 }\nbody { page: text; }\n"
        '#a2 { string-set: article "{}"; }\n@page wide-a3 { margin: 0; }\n#a3 * { page: wide-a3; }\n'
    )
    sheets = Sheets(("", rules), {}, single=1)
    assert sheets.of({"a1-title"}) == rules.replace("#a3 * { page: wide-a3; }\n", "")
    assert sheets.of(()) == rules.replace("#a1-title { font-size: 1rem; }\n", "").replace(
        "#a3 * { page: wide-a3; }\n", ""
    )


def test_the_digest_of_a_store_parts_what_other_code_made(tmp_path: Path) -> None:
    morgue = Morgue(tmp_path / "morgue")
    Drawers(morgue, "one").put("key", lambda folder: (folder / "file").write_text("1"))
    assert Drawers(morgue, "other").get("key") is None
    found = Drawers(morgue, "one").get("key")
    assert found and (found / "file").read_text() == "1"
