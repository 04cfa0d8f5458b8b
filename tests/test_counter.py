"""Standard streams that lead nowhere: closed, full, or to a reader who has had enough."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PAGE = "# 城南旧桥修好了\n\n昨天上午，城南旧桥重新开放。市民走上桥头，感到十分高兴。\n"
BUILD = "build page.txt other.txt --to plain"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="is said in the words of a POSIX shell")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@pytest.fixture
def here(tmp_path: Path, doubles: Path) -> Path:
    for name in ("page.txt", "other.txt"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
    return tmp_path


def shell(folder: Path, script: str, **environment: str) -> tuple[int, str, str]:
    """Run a script in which `npp` is this program; returns the exit code and what was written."""
    start = f'npp() {{ "{sys.executable}" -m npp_publish "$@"; }}\n'
    done = subprocess.run(
        ["sh", "-c", start + script],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err and "Exception" not in err, err
    return done.returncode, out, err


def published(folder: Path) -> set[str]:
    return {path.name for path in (folder / "dist").glob("*.plain")}


@needs_full
@pytest.mark.parametrize("words", [BUILD, "explain all --json", "--help"])
def test_what_cannot_be_handed_out_fails(here: Path, words: str) -> None:
    code, _, err = shell(here, f"npp {words} >/dev/full")
    assert code == 9
    assert err == "NPP009 cannot write to standard output: No space left on device\n"


def test_an_answer_given_once_more_fails_as_well(here: Path) -> None:
    script = f"npp {BUILD} && npp {BUILD} && npp {BUILD} >/dev/full"
    assert shell(here, script)[0] == 9 if Path("/dev/full").exists() else shell(here, script)[0] == 0


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&- <&-"])
def test_closed_streams_stop_no_work(here: Path, closed: str) -> None:
    assert shell(here, f"npp {BUILD} {closed}")[0] == 0
    assert published(here) == {"page.plain", "other.plain"}
    assert (here / "dist" / "page.plain").read_text(encoding="utf-8").count("旧桥重新开放") == 1


@pytest.mark.parametrize("gone", ["| true", "2>&1 >/dev/null | true"])
def test_who_has_had_enough_stops_no_work(here: Path, gone: str) -> None:
    shell(here, f"{{ npp {BUILD} missing.txt -v; echo $? >code; }} {gone}")
    assert (here / "code").read_text() == "3\n"
    assert published(here) == {"page.plain", "other.plain"}


@pytest.mark.parametrize("locale", [{"PYTHONIOENCODING": "ascii"}])
def test_the_locale_changes_no_data(here: Path, locale: dict[str, str]) -> None:
    code, out, _ = shell(here, "npp normalize page.txt -o -", **locale)
    assert code == 0 and "城南旧桥重新开放" in out


def test_a_folder_that_is_gone_is_told(here: Path) -> None:
    code, out, err = shell(
        here, "mkdir gone; cd gone; rmdir ../gone; npp build ../page.txt; echo $?; npp --version"
    )
    assert (code, out.split()[:2]) == (0, ["2", "npp-publish"])
    assert err.startswith("NPP002 the current folder")


def test_names_that_are_not_text_are_told_as_json(here: Path) -> None:
    name = os.fsdecode(b"\xff.txt")
    (here / name).write_text(PAGE, encoding="utf-8")
    code, out, _ = shell(here, "npp build *.txt --to plain --json")
    assert code == 0
    inputs = [row["inputs"][0]["name"] for row in json.loads(out)["documents"]]
    assert len(inputs) == 3


@pytest.mark.parametrize("seconds", [0.1, 0.3])
def test_an_interruption_is_told_in_one_line(here: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "npp_publish", "batch", ".", "--to", "plain", "-o", "out"]
    child = subprocess.Popen(command, cwd=here, stderr=subprocess.PIPE, start_new_session=True)
    time.sleep(seconds)
    os.killpg(child.pid, signal.SIGINT)
    err = child.communicate(timeout=30)[1].decode()
    assert "in main" not in err, "what Python itself was doing before is not ours"
    if child.returncode == 130:
        assert err.split("\n")[-2].startswith("interrupted") and "Traceback" not in err
