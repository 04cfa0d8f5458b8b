"""Publishing: safe names, atomic files, the manifest."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npp_publish import dist
from npp_publish.errors import CannotWrite, UsageError


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("000_154a613f1bfde7c4", "000_154a613f1bfde7c4"),
        ("重庆日报 3月6日", "重庆日报-3月6日"),
        ("../../x", "x"),
        ("/etc/passwd", "etc-passwd"),
        ("..", None),
        ("", None),
        (".hidden", "hidden"),
        ("CON", "CON-page"),
        ("manifest", "manifest-page"),
        ("a\x00b\nc", "a-b-c"),
        ("a:b|c<d>e", "a-b-c-d-e"),
        ("---", None),
    ],
)
def test_stems(name: str, stem: str | None) -> None:
    found = dist.safe_stem(name)
    assert found == stem if stem else found.startswith("page-")


@given(st.text())
def test_any_name_becomes_a_safe_stem(name: str) -> None:
    stem = dist.safe_stem(name)
    assert stem and len(stem.encode()) <= 190
    assert not set(stem) & set('/\\:*?"<>|\0\n') and stem[0] not in ".-"
    assert all(unicodedata.category(c)[0] in "LN" or c in "-_" or c.isalnum() for c in stem)
    assert dist.safe_stem(stem) == stem


def place(tmp_path: Path) -> dist.Place:
    return dist.place_for(Path("in/page.txt"), tmp_path / "dist")


def output(place: dist.Place, name: str, text: str) -> dist.Output:
    path = place.work / "7-render" / f"{place.stem}.{name}"
    path.write_text(text, encoding="utf-8")
    return dist.Output(name, path, place.target(f".{name}"), "text/plain")


def test_outputs_appear_with_their_rows(tmp_path: Path) -> None:
    here = place(tmp_path)
    dist.prepare(here)
    (row,) = dist.publish(here, [output(here, "pdf", "one")])
    assert row["path"] == "page.pdf" and row["size"] == 3
    assert dist.intact(row, here.folder)
    (here.folder / "page.pdf").write_text("two", encoding="utf-8")
    assert not dist.intact(row, here.folder)
    assert sorted(path.name for path in here.folder.iterdir()) == [".work", "page.pdf"]


def test_a_failing_copy_changes_nothing(tmp_path: Path) -> None:
    here = place(tmp_path)
    dist.prepare(here)
    dist.publish(here, [output(here, "pdf", "old"), output(here, "epub", "old")])
    good, bad = output(here, "pdf", "new"), output(here, "epub", "new")
    bad.path.unlink()
    with pytest.raises(CannotWrite):
        dist.publish(here, [good, bad])
    assert (here.folder / "page.pdf").read_text() == "old"
    assert (here.folder / "page.epub").read_text() == "old"


def test_preparing_removes_only_our_own_proofs(tmp_path: Path) -> None:
    here = dist.place_for(Path("page.txt"), tmp_path / "dist", work=tmp_path / "home")
    here.work.mkdir(parents=True)
    (here.work / "precious.txt").write_text("mine", encoding="utf-8")
    (here.work / "7-render").mkdir()
    (here.work / "7-render" / "old.pdf").write_text("old", encoding="utf-8")
    dist.prepare(here)
    assert (here.work / "precious.txt").exists()
    assert list((here.work / "7-render").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    here = dist.place_for(Path("page.txt"), tmp_path / "file" / "dist")
    with pytest.raises(CannotWrite):
        dist.prepare(here)
    with pytest.raises(CannotWrite), dist.hold(here.work / "lock"):
        pass


def test_a_single_output_leaves_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = dist.place_for(Path("page.txt"), Path("unused"), single=tmp_path / "out" / "my.pdf")
    dist.prepare(here)
    path = here.work / "7-render" / "my.pdf"
    path.write_text("x", encoding="utf-8")
    dist.publish(here, [dist.Output("pdf", path, here.target(".pdf"), "application/pdf")])
    assert [entry.name for entry in (tmp_path / "out").iterdir()] == ["my.pdf"]


def test_the_manifest_merges_documents(tmp_path: Path) -> None:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("a.pdf", "b.pdf"):
        (folder / name).write_text(name, encoding="utf-8")
    dist.bind(folder, [{"id": "b", "outputs": [{"path": "b.pdf"}]}])
    dist.bind(folder, [{"id": "a", "outputs": [{"path": "a.pdf"}, {"path": "gone.pdf"}]}])
    manifest = json.loads((folder / "manifest.json").read_text())
    assert [row["id"] for row in manifest["documents"]] == ["a", "b"]
    assert [row["path"] for row in manifest["documents"][0]["outputs"]] == ["a.pdf"]
    (folder / "b.pdf").unlink()
    dist.bind(folder, [])
    assert [row["id"] for row in json.loads((folder / "manifest.json").read_text())["documents"]] == ["a"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"documents": 3}', '{"documents": [3]}'])
def test_a_damaged_manifest_is_made_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    dist.bind(tmp_path, [])
    assert json.loads((tmp_path / "manifest.json").read_text())["documents"] == []


def test_twins_are_refused(tmp_path: Path) -> None:
    one, two = Path("a/page.txt"), Path("b/page.txt")
    with pytest.raises(UsageError, match="would both become"):
        dist.refuse_twins([(path, dist.place_for(path, tmp_path)) for path in (one, two)])


def test_one_process_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with dist.hold(lock):
        child = os.fork()
        if child == 0:
            import fcntl

            with lock.open("ab") as stream:
                try:
                    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
