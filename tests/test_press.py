"""The press: formats side by side, and what happens when a backend fails."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import npp_publish
from npp_publish.backends import load, word
from npp_publish.diagnostics import Severity
from npp_publish.makeready import apprentice
from npp_publish.model import Article, Box, BoxKind, Edition, Note, Paragraph, RenderJob, Text, Theme
from npp_publish.press import Inline, Press, Task, pull
from npp_publish.press.journeymen import Children

pytestmark = pytest.mark.usefixtures("doubles")


def task(name: str, folder: Path) -> Task:
    work = folder / name
    work.mkdir(exist_ok=True)
    edition = Edition(
        "标题", "zh-Hans", (Article("a1", (Text("标题"),), body=(Paragraph((Text("正文"),)),)),)
    )
    job = RenderJob(edition, "{}", Theme("t", folder), "page", work, 315532800)
    options: Any = load(name).Options() if name != "broken" else None
    return Task(name, job, options)


@pytest.fixture(params=["children", "inline"])
def press(request: pytest.FixtureRequest) -> Press:
    return Children(seconds=60) if request.param == "children" else Inline()


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        ("plain", 0, ""),
        ("worried", 0, "doubt"),
        ("crashes", 5, "RuntimeError: the ink ran out"),
        ("refused", 6, "does not like it"),
        ("strays", 5, "no file in its work folder"),
        ("toolless", 4, "no printing press"),
    ],
)
def test_each_failure_has_its_code(press: Press, tmp_path: Path, name: str, code: int, words: str) -> None:
    with press as room:
        room.warm([name], tmp_path)
        (printed,) = room.run([task(name, tmp_path)])
    assert printed.exit_code == code
    assert words in " ".join(item.message for item in printed.diagnostics)
    if not code:
        assert printed.artifact and printed.artifact.path.read_text(encoding="utf-8").startswith("\n标题")


def test_what_a_backend_cannot_show_is_told_with_its_line(tmp_path: Path) -> None:
    one = task("poor", tmp_path)
    note = Paragraph((Text("正文"), Note((Paragraph((Text("注"),)),))), lines=(7,))
    box = Box(BoxKind.NOTE, (Text("框"),), (note,), lines=(5, 7))
    edition = Edition("标题", "zh-Hans", (Article("a1", body=(box, note)),))
    printed = pull(replace(one, job=replace(one.job, edition=edition, source_name="page.txt")))
    assert printed.exit_code == 0
    assert [(item.code, item.line, item.path) for item in printed.diagnostics] == [
        ("NPP703", 5, "page.txt"),
        ("NPP703", 7, "page.txt"),
    ]
    assert "boxes (1 in" in printed.diagnostics[0].message and "notes (2 in" in printed.diagnostics[1].message


def test_one_that_dies_takes_only_itself(tmp_path: Path) -> None:
    with Children(seconds=60) as room:
        room.warm(["dies", "plain"], tmp_path)
        dies, plain = room.run([task("dies", tmp_path), task("plain", tmp_path)])
    assert (dies.name, dies.exit_code, plain.exit_code) == ("dies", 5, 0)
    assert "signal 9" in dies.diagnostics[0].message


def test_one_that_hangs_is_stopped(tmp_path: Path) -> None:
    began = time.monotonic()
    with Children(seconds=1.5) as room:
        hangs, plain = room.run([task("hangs", tmp_path), task("plain", tmp_path)])
    assert (hangs.exit_code, plain.exit_code) == (5, 0)
    assert "longer than 1.5 seconds" in hangs.diagnostics[0].message
    assert time.monotonic() - began < 20


def test_an_interruption_leaves_no_child_behind(tmp_path: Path) -> None:
    room = Children(seconds=60)
    with pytest.raises(KeyboardInterrupt), room:
        room.warm(["hangs"], tmp_path)
        children = [child for child, _ in room._lines.values()]
        raise KeyboardInterrupt
    assert children and not any(child.is_alive() for child in children)


def test_fewer_jobs_than_formats(tmp_path: Path) -> None:
    names = ["plain", "refused", "crashes"]
    with Children(jobs=1, seconds=60) as room:
        room.warm(names, tmp_path)
        assert len(room._lines) == 1
        printed = room.run([task(name, tmp_path) for name in names])
    assert [item.name for item in printed] == names
    assert [item.exit_code for item in printed] == [0, 6, 5]


def test_chatter_goes_to_a_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Children(seconds=60) as room:
        room.warm(["plain", "refused"], tmp_path)
        room.run([task("plain", tmp_path)])
    assert (tmp_path / "plain.log").read_text() == "chatter of a library\n"
    assert not (tmp_path / "refused.log").exists()
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize("name", ["broken", "old"])
def test_a_backend_that_cannot_be_loaded_fails_alone(tmp_path: Path, name: str) -> None:
    job = task("plain", tmp_path).job
    with Children(seconds=60) as room:
        room.warm([name, "plain"], tmp_path)
        bad, good = room.run([Task(name, job, None), task("plain", tmp_path)])
    assert (bad.exit_code, good.exit_code) == (5, 0)
    assert bad.diagnostics[0].severity is Severity.ERROR


@pytest.mark.parametrize(("lang", "code", "told"), [("zh-Hans", 0, "page.waits"), ("en", 6, "")])
def test_who_follows_begins_when_the_leader_is_rendered_and_again_if_he_is_refused(
    tmp_path: Path, lang: str, code: int, told: str
) -> None:
    lead, follower = task("waits", tmp_path), replace(task("beside", tmp_path), after="waits")
    edition = replace(lead.job.edition, lang=lang)
    lead = replace(lead, job=replace(lead.job, edition=edition, followed=True))
    with Children(seconds=60) as room:
        room.warm(["waits"], tmp_path)
        beside, waits = room.run([follower, lead])
    assert (waits.exit_code, beside.exit_code) == (code, 0)
    assert [item.message for item in waits.diagnostics] == ["beside: True"]
    assert beside.artifact and beside.artifact.path.read_text(encoding="utf-8") == told


@pytest.mark.parametrize(("lang", "told"), [("zh-Hans", "early"), ("en", "page.wavers")])
def test_who_follows_begins_on_the_word_of_the_leader_and_again_if_it_is_not_kept(
    tmp_path: Path, lang: str, told: str
) -> None:
    lead, follower = task("wavers", tmp_path), replace(task("beside", tmp_path), after="wavers")
    lead = replace(lead, job=replace(lead.job, edition=replace(lead.job.edition, lang=lang), followed=True))
    with Children(seconds=60) as room:
        beside, wavers = room.run([follower, lead])
    assert (wavers.exit_code, beside.exit_code, wavers.amended) == (0, 0, lang == "en")
    assert beside.artifact and beside.artifact.path.read_text(encoding="utf-8") == told


def test_where_nobody_follows_no_word_is_heard(tmp_path: Path) -> None:
    assert not word.awaited()
    heard: list[object] = []
    alone = pull(replace(task("wavers", tmp_path), job=replace(task("beside", tmp_path).job)), heard.append)
    assert (alone.exit_code, alone.amended, heard) == (0, False, [])


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("build page.txt", "pdf"),
        ("build page.txt --to epub,pdf", "pdf"),
        ("build page.txt --to=html,pdf-typst", "pdf-typst"),
        ("build page.txt --to epub", ""),
        ("build page.txt -o page.epub", ""),
        ("build page.txt --output out/page.pdf", "pdf"),
        ("build --help", ""),
        ("normalize page.txt", ""),
        ("", ""),
    ],
)
def test_the_words_tell_whom_to_hire(monkeypatch: pytest.MonkeyPatch, words: str, name: str) -> None:
    monkeypatch.setattr(apprentice, "_may_fork", lambda: True)
    assert apprentice.trade(words.split()) == name


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="nobody is forked")
def test_an_apprentice_does_what_the_others_do(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from npp_publish.makeready import apprentice\n"
        "from npp_publish.press.journeymen import Children, serve\n"
        "for name in ('plain', 'crashes', 'dies'): apprentice.hire(name, serve)\n"
        "idle = apprentice._waiting['crashes']\n"
        "import test_press; folder = Path(sys.argv[1])\n"
        "with Children(seconds=60) as room:\n"
        "    room.warm(['dies', 'plain'], folder)\n"
        "    assert not idle.is_alive() and idle.exitcode == -9 and 'crashes' not in apprentice._waiting\n"
        "    made = room.run([test_press.task(name, folder) for name in ('plain', 'dies')])\n"
        "print([one.exit_code for one in made], 'signal 9' in made[1].diagnostics[0].message)\n"
    )
    here, ours = Path(__file__).parent, Path(npp_publish.__file__).parent.parent
    surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (here, here / "doubles", ours)))}
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)
    assert (done.stdout, done.stderr) == ("[0, 5] True\n", "")
    assert (tmp_path / "plain.log").read_text(encoding="utf-8") == "chatter of a library\n"
