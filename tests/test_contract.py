"""Every backend keeps the contract: ours, a program in any language, and one from another wheel."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from npp_publish.backends import Backend, load
from npp_publish.backends.command import CommandBackend, CommandOptions, as_json
from npp_publish.backends.contract import BackendContract, job_for, kitchen_sink, smallest
from npp_publish.config import Settings, options_for
from npp_publish.errors import BackendFailed, UsageError

PLAIN = Path(__file__).with_name("data") / "plain.py"
PROGRAM = f"{sys.executable} {PLAIN}"


class TestHtml(BackendContract):
    backend = "html"


class TestEpub(BackendContract):
    backend = "epub"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # WeasyPrint leaves its colour profile open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
class TestPdf(BackendContract):
    backend = "pdf"


@pytest.mark.slow
class TestPdfTypst(BackendContract):
    backend = "pdf-typst"


class TestCommand(BackendContract):
    backend = "command"

    def options(self, backend: Backend) -> Any:
        return CommandOptions(PROGRAM, ".txt", "text/plain")


# --------------------------------------------------------------------------- the command backend


def run(tmp_path: Path, program: str, **more: Any) -> Any:
    options = CommandOptions(program, ".txt", "text/plain", **more)
    return CommandBackend().render(job_for(smallest(), tmp_path), options)


def test_a_program_makes_the_artifact(tmp_path: Path) -> None:
    made = run(tmp_path, PROGRAM)
    assert made.path.read_text(encoding="utf-8") == "桥\n旧桥重开\n昨天，城南旧桥重新开放。\n"
    assert [(item.code, item.message) for item in made.diagnostics] == [("NPP782", "1 articles")]


def test_the_job_is_one_json_document(tmp_path: Path) -> None:
    job = job_for(kitchen_sink(), tmp_path)
    document = json.loads(as_json(job))
    assert as_json(job) == as_json(job)
    assert {"api", "stem", "epoch", "edition", "pandoc", "assets", "theme", "attachments", "source"} == set(
        document
    )
    assert document["edition"]["articles"][0]["body"][0]["node"] == "Paragraph"
    assert document["pandoc"]["meta"]["title"]["c"] == "城南旧桥重新开放"
    assert document["assets"][0]["media_type"] == "image/png"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("import sys; sys.exit('no ink')", "exit code 1: no ink"),
        ("import os; os.kill(os.getpid(), 9)", "exit code -9"),
        ("raise ValueError(7)", "ValueError: 7"),
    ],
)
def test_a_program_that_fails_is_told(script: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(script, encoding="utf-8")
    with pytest.raises(BackendFailed, match=said):
        run(tmp_path, f"{sys.executable} {tmp_path / 'x.py'}")


def test_a_program_that_hangs_is_stopped_with_its_children(tmp_path: Path) -> None:
    script = "import subprocess, sys; print('started', flush=True); subprocess.run(['sleep', '30'])"
    (tmp_path / "x.py").write_text(script, encoding="utf-8")
    with pytest.raises(BackendFailed, match="stopped"):
        run(tmp_path, f"{sys.executable} {tmp_path / 'x.py'}", seconds=0.5)


def test_a_program_that_reads_nothing_is_no_failure(tmp_path: Path) -> None:
    made = run(tmp_path, "echo done")
    assert made.path.read_bytes() == b"done\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (CommandOptions(), "not set"),
        (CommandOptions("no-such-program-anywhere"), "no program"),
        (CommandOptions('"'), "cannot be read"),
        (CommandOptions("true", "/../x"), "suffix"),
    ],
)
def test_the_preflight(options: CommandOptions, said: str) -> None:
    (found,) = CommandBackend().check(options)
    assert found.code == "NPP781"
    assert said in found.message


@pytest.mark.parametrize(
    ("content", "kind", "sound"),
    [
        (b"", "text/plain", False),
        (b"\xff", "text/plain", False),
        (b"\xff", "image/x-raw", True),
        (b"{}", "application/json", True),
        (b"{", "application/json", False),
        (b"<a/>", "application/xml", True),
        (b"<a>", "image/svg+xml", False),
    ],
)
def test_what_the_program_made_is_judged(content: bytes, kind: str, sound: bool, tmp_path: Path) -> None:
    from npp_publish.model import Artifact

    path = tmp_path / "x"
    path.write_bytes(content)
    found = CommandBackend().validate(Artifact(path, "command", kind), job_for(smallest(), tmp_path))
    assert [item.code for item in found] == ([] if sound else ["NPP783"])


def test_a_document_cannot_name_a_program() -> None:
    front = json.dumps({"format": {"command": {"program": "rm -rf /"}}})
    with pytest.raises(UsageError, match="cannot be set here"):
        options_for("command", load("command"), Settings(), front_matter=front)
    named = Settings(project={"command": {"program": "true"}})
    assert options_for("command", load("command"), named) == CommandOptions("true")


# --------------------------------------------------------------------------- a wheel of somebody else

DOCS = (Path(__file__).parent.parent / "docs" / "backends.md").read_text(encoding="utf-8")


def documented(first_line: str) -> str:
    """Return a listing of docs/backends.md by the comment it starts with."""
    found = re.search(rf"^```\w+\n# {re.escape(first_line)}\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def build_wheel(folder: Path) -> Path:
    """Write a wheel by hand, as any build tool would: a module and its entry point."""
    wheel = folder / "npp_plain_text-1.0-py3-none-any.whl"
    info = "npp_plain_text-1.0.dist-info"
    points = documented("pyproject.toml").replace("project.entry-points.", "")
    files = {
        "npp_plain_text.py": documented("npp_plain_text.py"),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: npp-plain-text\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": points.replace('"', ""),
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel


@pytest.mark.slow
def test_a_backend_from_another_wheel_passes_the_contract(tmp_path: Path) -> None:
    """The documented example as a wheel: install it, run the contract on it, publish with it."""
    home, folder = tmp_path / "site", tmp_path / "elsewhere"
    folder.mkdir()
    wheel = build_wheel(tmp_path)
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", str(home)]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    (folder / "test_plain.py").write_text(documented("test_contract.py"), encoding="utf-8")
    (folder / "page.txt").write_text("# 城南旧桥重新开放\n\n昨天上午，城南旧桥重新开放。\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(home)}

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    suite = python("pytest", "-q", "-p", "no:cacheprovider", "test_plain.py")
    assert suite.returncode == 0, suite.stdout
    built = python("npp_publish", "build", "page.txt", "--to", "plain-text", "--set", "plain-text.blank=no")
    assert built.returncode == 0, built.stderr
    made = (folder / "dist" / "page.txt").read_text(encoding="utf-8")
    assert made.endswith("城南旧桥重新开放\n昨天上午，城南旧桥重新开放。\n")
    wrong = python("npp_publish", "build", "page.txt", "--to", "plain-text", "--set", "plain-text.blnak=no")
    assert wrong.returncode == 2
    assert "blank" in wrong.stderr


def test_the_keys_of_the_job_are_documented(tmp_path: Path) -> None:
    keys = set(json.loads(as_json(job_for(smallest(), tmp_path))))
    table = DOCS[DOCS.index("| key | holds |") :]
    assert keys == set(re.findall(r"`([a-z]+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE))))
