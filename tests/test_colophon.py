"""The colophon: digests that change whenever something that matters changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from npp_publish.colophon import Digests, backend_digest, code_digest, digest_of, files_below, tool_versions
from npp_publish.typecase import fonts_folder


def age(path: Path) -> None:
    """Set a file's times back, so that its digest may be remembered."""
    os.utime(path, ns=(10**18, 10**18))


def test_digests_are_of_content(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("one", encoding="utf-8")
    first = Digests().file(path)
    path.write_text("two", encoding="utf-8")
    assert Digests().file(path) != first
    assert Digests().file(tmp_path / "missing") == ""
    assert Digests().file(tmp_path) == ""


def test_a_changed_file_is_read_again_however_quickly_it_changed(tmp_path: Path) -> None:
    path, store = tmp_path / "file", tmp_path / "digests.json"
    seen = set()
    for text in ("aaa", "bbb", "ccc"):
        path.write_text(text, encoding="utf-8")
        digests = Digests(store)
        seen.add(digests.file(path))
        digests.save()
    assert len(seen) == 3


def test_what_was_remembered_is_used_and_checked(tmp_path: Path) -> None:
    store = tmp_path / "digests.json"
    path = Path(json.__file__)  # a file that is old enough
    digests = Digests(store)
    digest = digests.file(path)
    digests.save()
    row = json.loads(store.read_text())
    assert row[str(path)][0] == digest
    row[str(path)][0] = "remembered"
    store.write_text(json.dumps(row), encoding="utf-8")
    assert Digests(store).file(path) == "remembered"
    row[str(path)][1] += 1
    store.write_text(json.dumps(row), encoding="utf-8")
    assert Digests(store).file(path) == digest


def test_a_damaged_store_is_ignored(tmp_path: Path) -> None:
    store = tmp_path / "digests.json"
    for text in ("", "{", "[]", '{"x": 3}'):
        store.write_text(text, encoding="utf-8")
        assert Digests(store).file(Path(json.__file__))


def test_folders_by_name_and_content(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a").write_text("x", encoding="utf-8")
    first = Digests().folder(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "b").write_text("x", encoding="utf-8")
    assert Digests().folder(tmp_path) == first
    (tmp_path / "sub" / "a").rename(tmp_path / "sub" / "b")
    assert Digests().folder(tmp_path) != first
    assert [path.name for path in files_below(tmp_path)] == ["b"]


def test_code_fonts_and_makers_have_digests(
    doubles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = Digests()
    assert len(code_digest(digests)) == 64
    assert backend_digest("plain", digests) and not backend_digest("nosuch", digests)
    assert backend_digest("plain", digests) != backend_digest("crashes", digests)
    (tmp_path / "npp_doubles.py").write_text("# another release", encoding="utf-8")
    before = backend_digest("plain", digests)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert backend_digest("plain", Digests()) != before


def test_versions_are_found() -> None:
    versions = tool_versions()
    assert versions["weasyprint"].startswith("70")
    assert "npp-publish" in versions and "python" in versions


def test_canonical_digests() -> None:
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of("\ud800") != digest_of("")


def test_what_is_ours_is_known_to_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    first = Digests(tmp_path / "one" / "digests.json")
    face = next(path for path in files_below(fonts_folder()) if path.suffix == ".ttf")
    other = Path(json.__file__)
    digest, _ = first.file(face), first.file(other)
    first.save()
    second = Digests(tmp_path / "two" / "digests.json")
    assert str(face) in second._known and str(other) not in second._known
    assert second.file(face) == digest == Digests(None).file(face)
