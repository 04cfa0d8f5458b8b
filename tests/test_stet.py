"""Stet: the last answer is given again while nothing has changed, and never when something has."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from npp_publish.cli import main
from npp_publish.colophon import Digests
from npp_publish.makeready import stet
from npp_publish.makeready.plant import Plant, _section
from npp_publish.makeready.store import owned, place, write
from npp_publish.press import Inline
from npp_publish.standing import styles_digest

PAGE = "# 城南旧桥修好了\n\n本报记者 王小明\n\n昨天上午，城南旧桥重新开放。\n\n![桥](bridge.png)\n"
SETTINGS = '[build]\nto = ["plain"]\ntheme = "theme"\nprofile = "paper.toml"\nstyles = ["more.css"]\n'
WORDS = ["build", "page.txt", "-o", "out"]
ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doubles: Path) -> Path:
    """A project whose order was filled once; returns its folder, which is the current one."""
    # our own files may be worked on while the tests run
    for room in ("standing", "morgue"):
        monkeypatch.setattr(f"npp_publish.{room}.code_digest", lambda digests: "code")
    shipped = styles_digest(Digests())
    monkeypatch.setattr("npp_publish.standing.styles_digest", lambda digests: shipped)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("npp_publish.press.journeymen.Children", lambda **_: Inline())
    monkeypatch.setattr(stet, "_VARYING", stet._VARYING | {"PYTEST_CURRENT_TEST"})
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    project = tmp_path / "project"
    (project / "theme").mkdir(parents=True)
    for name, text in (
        ("theme/theme.toml", '[theme]\ntitle = "mine"\nbased-on = "briefing"\n'),
        ("page.txt", PAGE),
        ("npp.toml", SETTINGS),
        ("paper.toml", 'extends = "general"\n'),
        ("more.css", "p { color: black }\n"),
    ):
        (project / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    assert main(WORDS) == 0
    return project


@pytest.mark.usefixtures("folder")
def test_the_answer_is_that_of_the_long_way(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    capsys.readouterr()
    for words in (WORDS, [*WORDS, "--json"], [*WORDS, "-v"], [*WORDS, "--strict"]):
        first = main(words)
        capsys.readouterr()
        assert stet.answer(words) is not None
        quick = main(words), *capsys.readouterr()
        shutil.rmtree(tmp_path / "cache" / "npp-publish" / "ready")
        assert stet.answer(words) is None
        assert (main(words), *capsys.readouterr()) == quick
        assert quick[0] == first


def test_the_first_run_already_answers_the_second(folder: Path) -> None:
    assert stet.answer(WORDS) is not None
    assert stet.answer([*WORDS, "-q"]) is None
    assert stet.answer(["normalize", *WORDS[1:]]) is None


def append(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        with (folder / name).open("a", encoding="utf-8") as stream:
            stream.write(" ")

    change.__name__ = f"append to {name}"
    return change


def remove(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).unlink()

    change.__name__ = f"remove {name}"
    return change


def same_size(folder: Path) -> None:
    """The text changes, its length and its times do not."""
    path = folder / "page.txt"
    times = path.stat()
    path.write_text(PAGE.replace("旧", "新"), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def a_picture_appears(folder: Path) -> None:
    (folder / "bridge.png").write_bytes(b"no picture")


def a_file_joins_the_theme(folder: Path) -> None:
    (folder / "theme" / "more.css").write_text("", encoding="utf-8")


def nearer_settings(folder: Path) -> None:
    (folder / "npp.toml").rename(folder / "npp.old")


def installed(folder: Path) -> None:
    (folder.parent / "site" / "other-1.0.dist-info").mkdir()


CHANGES: tuple[Callable[[Path], object], ...] = (
    *(append(name) for name in ("page.txt", "npp.toml", "paper.toml", "more.css", "theme/theme.toml")),
    *(append(name) for name in ("out/page.plain", "out/page.md", "out/.work/records/page.json")),
    *(remove(name) for name in ("out/page.plain", "out/page.ledger.json", "out/manifest.json", "page.txt")),
    same_size,
    a_picture_appears,
    a_file_joins_the_theme,
    nearer_settings,
    installed,
)


CASES = [*((change, True) for change in CHANGES), (CHANGES[0], False), (same_size, False), (installed, False)]


@pytest.mark.parametrize(("change", "aged"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_no_answer_when_anything_changed(
    change: Callable[[Path], object], aged: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if aged:  # all files are taken to be old enough for their times to tell
        monkeypatch.setattr(stet, "SETTLED_NS", -1)
    assert stet.answer(WORDS) is not None
    assert stet.answer(WORDS) is not None
    change(folder)
    assert stet.answer(WORDS) is None


def test_no_answer_in_another_place_or_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as other:
        other.setenv("SOURCE_DATE_EPOCH", "1000000000")
        assert stet.answer(WORDS) is None
    with monkeypatch.context() as other:
        other.syspath_prepend(str(folder))
        assert stet.answer(WORDS) is None
    with monkeypatch.context() as other:
        other.chdir(folder.parent)
        assert stet.answer(WORDS) is None
    with monkeypatch.context() as other:
        other.setenv("SHLVL", "7")
        assert stet.answer(WORDS) is not None


@pytest.mark.parametrize("more", [["--force"], ["--deps", "deps"], ["--overwrite"]])
def test_what_does_more_than_answer_is_always_done(folder: Path, more: list[str]) -> None:
    words = [*WORDS, *more]
    for _ in range(2):
        assert main(words) == 0
        assert stet.answer(words) is None


def test_failures_are_not_remembered(folder: Path) -> None:
    words = [*WORDS, "--to", "crashes"]
    for _ in range(2):
        assert main(words) == 5
        assert stet.answer(words) is None


@pytest.mark.usefixtures("folder")
def test_the_answers_themselves_are_looked_at(tmp_path: Path) -> None:
    (path,) = (tmp_path / "cache" / "npp-publish" / "ready" / "stet").iterdir()
    whole = path.read_bytes()
    for damaged in (b"", whole[:50], whole[:-400], whole.replace(b" 0 ", b" x ", 1)):
        path.write_bytes(damaged)
        assert stet.answer(WORDS) is None
    path.write_bytes(whole)
    assert stet.answer(WORDS) is not None
    path.chmod(0o666)
    assert stet.answer(WORDS) is None, "anybody could have written it"


@pytest.mark.usefixtures("folder")
def test_a_cleared_cache_knows_no_answer() -> None:
    assert stet.answer(WORDS) is not None
    assert main(["cache", "--clear"]) == 0
    assert stet.answer(WORDS) is None


def test_old_answers_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(stet, "_MOST", 4)
    for number in range(9):
        stet.note(["build", str(number)], {"/": stet.witness("/")}, "", "", 0)
    assert 2 <= len(list((tmp_path / "npp-publish" / "ready" / "stet").iterdir())) <= 4
    assert stet.answer(["build", "8"]) == ("", "", 0)


def test_nothing_is_imported_for_an_answer(folder: Path, tmp_path: Path) -> None:
    """The whole program stays out of it: that is what makes it quick."""
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "npp_publish",
        "build",
        "page.txt",
        "-o",
        "out",
        "--to",
    ]
    done = [subprocess.run([*command, "plain"], capture_output=True, text=True, check=True) for _ in range(2)]
    assert done[0].stdout == done[1].stdout
    ours = {line.rpartition("|")[2].strip() for line in done[1].stderr.split("\n") if "npp_publish" in line}
    assert "npp_publish.makeready.stet" in ours
    assert not ours & {"npp_publish.model", "npp_publish.diagnostics", "npp_publish.cli.build"}


def test_the_store(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b")
    write(path, b"x")
    assert owned(path)
    (tmp_path / "a").chmod(0o777)
    assert not owned(path)
    write("/proc/none/x", b"")  # cannot be written: no harm
    assert place("x").endswith("/ready/x")


def test_the_plant_is_what_importlib_says() -> None:
    from importlib.metadata import distributions, entry_points

    found = Plant(tuple(sys.path))
    for distribution in distributions():
        assert found.version(distribution.metadata["Name"]) == distribution.version
    ours = {(point.name, point.value) for point in found.points("npp_publish.backends")}
    assert ours == {(point.name, point.value) for point in entry_points(group="npp_publish.backends")}
    assert found.version("no such distribution") == ""


def test_the_plant_leaves_eggs_to_importlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    egg = tmp_path / "old.egg-info"
    egg.mkdir()
    (egg / "PKG-INFO").write_text("Metadata-Version: 1.0\nName: old\nVersion: 3\n", encoding="utf-8")
    (egg / "entry_points.txt").write_text("[npp_publish.backends]\nx = old:X\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = Plant(tuple(sys.path))
    assert found.version("old") == "3"
    assert "x" in {point.name for point in found.points("npp_publish.backends")}


def test_sections_of_entry_points() -> None:
    text = "[a]\nx = y:z\n\n# talk\n[ b ]\nx=m.n:C [extra]\n; more\n\nw = v\n[c]\nq = r\n"
    assert _section(text, "b") == [("x", "m.n:C"), ("w", "v")]
