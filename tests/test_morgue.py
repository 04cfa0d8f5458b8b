"""The morgue: found by content, never stale, whole, bounded, shared."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from npp_publish.colophon import Digests
from npp_publish.model import Article, Asset, Edition, Paragraph, RenderJob, Text, Theme
from npp_publish.morgue import Archive, Morgue
from npp_publish.press import Inline, Printed, Task

pytestmark = pytest.mark.usefixtures("doubles")


def filled(text: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / "file").write_text(text, encoding="utf-8")

    return fill


def key(number: int) -> str:
    return f"{number:064x}"


@pytest.fixture
def morgue(tmp_path: Path) -> Morgue:
    return Morgue(tmp_path / "morgue", 1000)


def test_what_was_put_is_found(morgue: Morgue) -> None:
    assert morgue.get(key(1)) is None
    morgue.put(key(1), filled("one"))
    found = morgue.get(key(1))
    assert found and (found / "file").read_text() == "one"
    morgue.put(key(1), filled("never written"))
    assert (found / "file").read_text() == "one"


def test_the_least_recently_used_go_first(morgue: Morgue) -> None:
    for number in range(5):
        morgue.put(key(number), filled("x" * 300))
        shelf = morgue.get(key(number))
        if shelf:
            os.utime(shelf, ns=(10**18 + number, 10**18 + number))
        morgue.get(key(0))
    assert {shelf.key for shelf in morgue.shelves()} == {key(0), key(3), key(4)}
    assert sum(shelf.size for shelf in morgue.shelves()) <= 1000
    assert morgue.trim(0) == 3 and morgue.shelves() == []


def test_a_failing_fill_leaves_nothing(morgue: Morgue) -> None:
    def fill(folder: Path) -> None:
        (folder / "file").write_text("half", encoding="utf-8")
        raise OSError("disk full")

    morgue.put(key(1), fill)
    assert morgue.get(key(1)) is None and list(morgue.folder.iterdir()) in ([], [morgue.folder / "00"])


def test_a_store_that_others_may_write_is_not_trusted(morgue: Morgue) -> None:
    morgue.put(key(1), filled("one"))
    morgue.folder.chmod(0o777)
    assert morgue.get(key(1)) is None
    morgue.put(key(2), filled("two"))
    assert [shelf.key for shelf in morgue.shelves()] == [key(1)]


def test_turned_off_and_unwritable(tmp_path: Path) -> None:
    off = Morgue(tmp_path / "off", 0)
    off.put(key(1), filled("one"))
    assert off.get(key(1)) is None and not (tmp_path / "off" / "00").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    Morgue(tmp_path / "file" / "morgue").put(key(1), filled("one"))


def test_many_at_once(morgue: Morgue) -> None:
    def work(seed: int) -> None:
        for number in range(40):
            one = key((number * seed) % 17)
            morgue.put(one, filled(one))
            folder = morgue.get(one)
            with contextlib.suppress(FileNotFoundError):  # trimmed by another in between
                assert folder is None or (folder / "file").read_text() == one

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 3, 5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not list(morgue.folder.glob("new-*"))


class Counting(Inline):
    def __init__(self) -> None:
        self.asked: list[str] = []

    def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
        self.asked += [task.name for task in tasks]
        return super().run(tasks)


@pytest.fixture
def one(tmp_path: Path) -> Task:
    import npp_doubles

    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "theme.toml").write_text("", encoding="utf-8")
    (tmp_path / "work").mkdir()
    edition = Edition("标题", "zh-Hans", (Article("a1", body=(Paragraph((Text("正文"),)),)),))
    job = RenderJob(edition, "{}", Theme("t", theme), "page", tmp_path / "work", 315532800)
    return Task("worried", job, npp_doubles.Options())


def theme_file(task: Task) -> Task:
    (task.job.theme.folder / "theme.toml").write_text("changed", encoding="utf-8")
    return task


CHANGES: dict[str, Callable[[Task], Task]] = {
    "another format": lambda task: replace(task, name="plain"),
    "an option": lambda task: replace(task, options=replace(task.options, size=11)),
    "the text": lambda task: replace(
        task, job=replace(task.job, edition=replace(task.job.edition, title="另"))
    ),
    "the syntax tree": lambda task: replace(task, job=replace(task.job, ast="[]")),
    "the stem": lambda task: replace(task, job=replace(task.job, stem="other")),
    "the date": lambda task: replace(task, job=replace(task.job, epoch=1)),
    "the source's name": lambda task: replace(task, job=replace(task.job, source_name="x")),
    "a picture": lambda task: replace(
        task, job=replace(task.job, assets=(Asset("a", Path("a"), "image/png", "00"),))
    ),
    "a theme file": theme_file,
    "a style sheet": lambda task: replace(
        task, job=replace(task.job, theme=replace(task.job.theme, overrides=("p{}",)))
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_made_again(one: Task, morgue: Morgue, name: str) -> None:
    press = Counting()
    for change in (lambda task: task, lambda task: task, CHANGES[name]):
        (printed,) = Archive(press, morgue, Digests(morgue.folder / "digests.json")).run([change(one)])
        assert printed.artifact and printed.artifact.path.is_file()
    assert press.asked == ["worried", CHANGES[name](one).name]


def test_files_that_options_name_and_themes_that_lend_are_looked_at(
    one: Task, morgue: Morgue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile, press = tmp_path / "press.icc", Counting()
    task = replace(one, options=replace(one.options, greeting=f"{profile} 50%"))
    morgue.most = 10**6
    for content, count in (("one", 1), ("one", 1), ("other", 2), ("one", 2)):
        profile.write_text(content, encoding="utf-8")
        Archive(press, morgue, Digests()).run([task])
        assert len(press.asked) == count
    monkeypatch.setattr("npp_publish.morgue.styles_digest", lambda digests: "another look")
    Archive(press, morgue, Digests()).run([task])
    assert len(press.asked) == 3


def test_a_backend_finds_what_it_kept_until_the_code_or_a_theme_changes(
    one: Task, morgue: Morgue, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    class Keeping(Inline):
        def run(self, tasks: Sequence[Task]) -> tuple[Printed, ...]:
            parts = tasks[0].job.parts
            assert parts
            seen.append(parts.get("part") is not None)
            parts.put("part", filled("kept"))
            return super().run(tasks)

    def run(title: str) -> None:
        job = replace(one.job, edition=replace(one.job.edition, title=title))
        Archive(Keeping(), morgue, Digests()).run([replace(one, job=job)])

    morgue.most = 10**6
    run("一")
    run("二")
    monkeypatch.setattr("npp_publish.morgue.code_digest", lambda digests: "other code")
    run("三")
    theme_file(one)
    run("四")
    assert seen == [False, True, False, False]


def test_what_is_found_is_what_was_made(one: Task, morgue: Morgue) -> None:
    first = Archive(Inline(), morgue, Digests()).run([one])[0]
    assert first.artifact
    data = first.artifact.path.read_bytes()
    first.artifact.path.unlink()
    again = Archive(Inline(), morgue, Digests()).run([one])[0]
    assert again.artifact == replace(first.artifact, diagnostics=())
    assert again.artifact and again.artifact.path.read_bytes() == data
    assert again.diagnostics == first.diagnostics and again.diagnostics


def test_what_was_refused_is_not_kept(one: Task, morgue: Morgue) -> None:
    press = Counting()
    for _ in range(2):
        assert Archive(press, morgue, Digests()).run([replace(one, name="refused")])[0].exit_code == 6
    assert press.asked == ["refused", "refused"]


def test_a_damaged_entry_is_made_again(one: Task, morgue: Morgue) -> None:
    Archive(Inline(), morgue, Digests()).run([one])
    (shelf,) = morgue.shelves()
    (shelf.folder / "row.json").write_text("{", encoding="utf-8")
    press = Counting()
    assert Archive(press, morgue, Digests()).run([one])[0].exit_code == 0
    assert press.asked == ["worried"]
