"""The quick judge of EPUBs: a sound book passes, and each planted fault is named."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from epub_room import EDITION, job
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.backends.epub.proof import inspect

Entries = dict[str, bytes]
Damage = Callable[[Entries], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Entries:
    task = job(EDITION, tmp_path_factory.mktemp("sound"))
    path = EpubBackend().render(task, EpubOptions(embed="none", cover="none")).path
    assert inspect(path) == []
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def change(name: str, old: str, new: str) -> Damage:
    def damage(entries: Entries) -> None:
        assert old.encode() in entries[f"EPUB/{name}"], name
        entries[f"EPUB/{name}"] = entries[f"EPUB/{name}"].replace(old.encode(), new.encode(), 1)

    return damage


def drop(name: str) -> Damage:
    return lambda entries: entries.pop(name) and None


def add(name: str, content: bytes = b"x") -> Damage:
    return lambda entries: entries.update({name: content})


BODY, OUT, GONE = "<header", "outside the book", "not in the book"
FAULTS: list[tuple[str, Damage, str]] = [
    ("not-well-formed", change("a1.xhtml", "</header>", ""), "not well-formed"),
    ("script", change("a1.xhtml", BODY, "<script/><header"), "holds the element script"),
    ("frame", change("a1.xhtml", BODY, "<iframe/><header"), "holds the element iframe"),
    ("handler", change("a1.xhtml", BODY, '<p onclick="x()"/><header'), "event handler onclick"),
    ("remote-picture", change("a1.xhtml", BODY, '<img src="http://h/a.png" alt="x"/><header'), OUT),
    ("file-picture", change("a1.xhtml", BODY, '<img src="file:///a.png" alt="x"/><header'), OUT),
    ("missing-picture", change("a1.xhtml", BODY, '<img src="images/a.png" alt="x"/><header'), GONE),
    ("no-url", change("a1.xhtml", BODY, '<a href="http://[::1">x</a><header'), "not a URL"),
    ("script-link", change("a1.xhtml", BODY, '<a href="javascript:x">x</a><header'), OUT),
    ("dead-link", change("a1.xhtml", "a2.xhtml#a2", "a9.xhtml#a2"), GONE),
    ("dead-id", change("a1.xhtml", "a2.xhtml#a2", "a2.xhtml#zz"), "an id that is not there"),
    ("same-id", change("a1.xhtml", BODY, '<p id="a1">x</p><header'), "stands 2 times"),
    ("empty-link", change("a1.xhtml", BODY, '<a href="a2.xhtml"/><header'), "without text"),
    ("dead-nav", change("nav.xhtml", "a2.xhtml", "b2.xhtml"), GONE),
    ("dead-ncx", change("toc.ncx", "a2.xhtml", "b2.xhtml"), GONE),
    ("remote-style", change("book.css", "html", '@import "x.css"; html'), "imports a style sheet"),
    ("remote-face", change("book.css", "html", "@font-face { src: url(//h/x) } html"), OUT),
    ("lost-chapter", drop("EPUB/a2.xhtml"), "which is not in the book"),
    ("undeclared", add("EPUB/extra.xhtml"), "not in the manifest"),
    ("no-title", change("content.opf", ">" + EDITION.title, ">"), "no dc:title"),
    ("no-time", change("content.opf", "dcterms:modified", "dcterms:created"), "no dcterms:modified"),
    ("no-nav", change("content.opf", ' properties="nav"', ""), "0 navigation documents"),
    ("bad-spine", change("content.opf", 'idref="a2"', 'idref="b2"'), "the manifest does not know"),
    ("listed-twice", change("content.opf", 'href="a2.xhtml" id="a2"', 'href="a1.xhtml" id="a2"'), "2 times"),
    ("no-container", drop("META-INF/container.xml"), "not well-formed"),
    ("escaping-name", add("../evil.xhtml"), "unsafe entry name"),
    ("han-name", add("EPUB/文.xhtml"), "unsafe entry name"),
    ("case", add("EPUB/A1.xhtml"), "two entries of this name"),
    ("wrong-type", add("mimetype", b"application/zip"), "must be stored and hold"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("damage", "words"), [(d, w) for _, d, w in FAULTS], ids=[name for name, _, _ in FAULTS]
)
def test_planted_faults(sound: Entries, tmp_path: Path, damage: Damage, words: str) -> None:
    entries = dict(sound)
    damage(entries)
    path = tmp_path / "x.epub"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    found = inspect(path)
    assert any(words in what for _, what in found), found
    job_ = job(EDITION, tmp_path / "w")
    from npp_publish.model import Artifact

    codes = {d.code for d in EpubBackend().validate(Artifact(path, "epub", "application/epub+zip"), job_)}
    assert "NPP830" in codes


def test_containers_that_are_none(tmp_path: Path) -> None:
    for name, content in {"empty": b"", "text": b"hello", "cut": _zip("mimetype")[:-30]}.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert inspect(path), name
    path = tmp_path / "order"
    path.write_bytes(_zip("META-INF/container.xml", "mimetype"))
    assert "first entry" in inspect(path)[0][1]
    assert inspect(tmp_path / "gone")


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"application/epub+zip")
    return buffer.getvalue()
