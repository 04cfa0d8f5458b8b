"""The command line: what is printed where, and the exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from npp_publish.cli import COMMANDS, main, voice
from npp_publish.diagnostics import CATALOGUE, diagnose

PAGE = "# 城南旧桥修好了\n\n本报记者 王小明\n\n昨天上午，城南旧桥重新开放。市民走上桥头，感到十分高兴。\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doubles: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NPP_DEBUG", raising=False)
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name, _ in COMMANDS)
    assert len({name for name, _ in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"npp-publish {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [[], ["nosuch"], ["build"], ["build", "x", "--nosuch"], ["build", "x", "--jo", "1"]]
)
def test_a_wrong_call_is_exit_2(words: list[str]) -> None:
    assert main(words) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--to", "pfd"], "no backend 'pfd'"),
        (["--set", "plain.siez=3"], "did you mean 'size'?"),
        (["--set", "plain.size=big"], "not a whole number"),
        (["--set", "nosuch.size=3"], "unknown table"),
        (["--set", "nonsense"], "--set table.key=value"),
        (["-o", "x.nosuch"], "no format has the suffix"),
        (["--theme", "nosuch"], "nosuch"),
        (["--config", "nosuch.toml"], "no such settings file"),
        (["--profile", "nosuch"], "nosuch"),
        (["--encoding", "nosuch"], "such as utf-8"),
        (["--to", ","], "names no format"),
        (["--jobs", "-1"], "jobs is -1, and may be 0 to"),
        (["--set", "limits.seconds=0"], "seconds is 0, and may be 1 to"),
        (["--set", "cache.megabytes=-1"], "megabytes is -1, and may be 0 to"),
    ],
)
def test_wrong_settings_are_named(
    page: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    to = [] if "--to" in words or "-o" in words else ["--to", "plain"]
    assert main(["build", "page.txt", *to, *words]) in (2, 3)
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == ""
    assert not list(page.parent.glob("dist/page*"))


@pytest.mark.parametrize(
    "words",
    [["--limit", "nan"], ["--limit", "0"], ["--limit", "inf"], ["--memory", "-1"], ["--memory", "9" * 20],
     ["--chunk", "-1"], ["--shard", "0/0"], ["--jobs", "9" * 9]],
)  # fmt: skip
def test_bounds_that_nobody_can_keep_are_refused(
    page: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["batch", ".", "-o", "out", "--to", "plain", *words]) == 2
    said = capsys.readouterr().err
    assert words[0].strip("-") in said and "NPP002" in said
    assert not (page.parent / "out").exists()


@pytest.mark.parametrize(
    "words",
    [["build", "--to", "plain", "-o", "page.txt"], ["build", "--to", "html", "-o", "."],
     ["normalize", "-o", "."], ["normalize", "-o", "page.md"]],
)  # fmt: skip
def test_a_page_is_not_replaced_by_what_is_made_of_it(
    page: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    for name in ("page.md", "page.html"):
        (page.parent / name).write_text(PAGE, encoding="utf-8")
    name = {"plain": "page.txt", "html": "page.html"}.get(words[2], "page.md")
    assert main([*words, name]) == 9
    assert "the page itself" in capsys.readouterr().err
    assert (page.parent / name).read_text(encoding="utf-8") == PAGE


def test_build_prints_paths_and_nothing_else(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "page.txt", "--to", "plain"]) == 0
    captured = capsys.readouterr()
    assert captured.out.split() == ["dist/page.md", "dist/page.ledger.json", "dist/page.plain"]
    assert captured.err == ""
    assert main(["build", "page.txt", "--to", "plain", "-v"]) == 0
    assert "nothing changed" in capsys.readouterr().err


def test_every_stage_is_told(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "page.txt", "--to", "plain", "-v"]) == 0
    told = [line.split("]")[0] for line in capsys.readouterr().err.split("\n") if line.startswith("[")]
    names = ("read", "detect", "repair", "compose", "write", "parse", "render", "validate")
    assert told == [f"[{number}/8 {name}" for number, name in enumerate(names, 1)]


def test_codes_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "all", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in rows] == sorted(CATALOGUE)
    assert main(["explain", "NPP101", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) in rows
    assert main(["explain", "page"]) == 2
    assert "page.txt:79" in capsys.readouterr().err


def test_json(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "page.txt", "--to", "plain,refused", "--json"]) == 6
    found = json.loads(capsys.readouterr().out)
    (document,) = found["documents"]
    assert found["exit"] == 6 and document["exit"] == 6 and not document["fresh"]
    assert {row["format"] for row in document["outputs"]} == {"md", "ledger", "plain"}
    assert document["diagnostics"][0]["code"] == "NPP006"
    assert main(["build", "missing.txt", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "NPP003"


@pytest.mark.parametrize(
    ("name", "code"),
    [("crashes", 5), ("dies", 5), ("refused", 6), ("strays", 5), ("toolless", 4), ("broken", 5)],
)
def test_a_failing_format_has_its_exit_code(
    page: Path, capsys: pytest.CaptureFixture[str], name: str, code: int
) -> None:
    assert main(["build", "page.txt", "--to", f"plain,{name}"]) == code
    captured = capsys.readouterr()
    assert "dist/page.plain" in captured.out and f"page.{name}" not in captured.out
    assert "NPP" in captured.err and "Traceback" not in captured.err


def test_strict(page: Path) -> None:
    assert main(["build", "page.txt", "--to", "worried"]) == 0
    assert main(["build", "page.txt", "--to", "worried", "--strict"]) == 8
    assert main(["build", "page.txt", "--to", "worried", "--strict"]) == 8


def test_one_bad_document_does_not_stop_the_others(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (page.parent / "other.txt").write_text(PAGE, encoding="utf-8")
    assert main(["build", "missing.txt", "page.txt", "other.txt", "--to", "plain"]) == 3
    captured = capsys.readouterr()
    assert "dist/page.plain" in captured.out and "dist/other.plain" in captured.out
    assert captured.err.startswith("missing.txt: NPP003")


def test_json_names_the_documents_that_failed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "page.txt", "none.txt", "--to", "plain", "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in said["documents"]] == ["page"]
    assert said["failed"] == [
        {"code": "NPP003", "message": "there is no such file", "where": "none.txt", "hint": ""}
    ]
    assert main(["build", "page.txt", "--to", "plain", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["failed"] == []


def test_a_single_file(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "page.txt", "-o", "out/my.plain", "--work", "w"]) == 0
    assert capsys.readouterr().out.split() == ["out/my.plain"]
    assert [path.name for path in (page.parent / "out").iterdir()] == ["my.plain"]
    assert main(["build", "page.txt", "page.txt", "-o", "out/my.plain"]) == 2


def test_normalize(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["normalize", "page.txt"]) == 0
    assert capsys.readouterr().out.split() == ["dist/page.md", "dist/page.ledger.json"]
    assert main(["normalize", "page.txt", "-o", "-"]) == 0
    printed = capsys.readouterr().out
    assert printed == (page.parent / "dist" / "page.md").read_text(encoding="utf-8")
    assert main(["normalize", "page.txt", "-o", "alone.md", "--work", "w"]) == 0
    assert (page.parent / "alone.md").read_text(encoding="utf-8") == printed


def test_together(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (page.parent / "page2.txt").write_text(PAGE.replace("城南", "城北"), encoding="utf-8")
    assert main(["build", "page.txt", "page2.txt", "--together", "--pages", "1,2", "--to", "plain"]) == 0
    text = (page.parent / "dist" / "page.plain").read_text(encoding="utf-8")
    assert "城南旧桥重新开放" in text and "城北旧桥重新开放" in text


def test_the_dependency_file(page: Path) -> None:
    spaced = page.with_name("a page#1.txt")
    page.rename(spaced)
    assert main(["build", spaced.name, "--to", "plain", "--deps", "page.d"]) == 0
    rules = (page.parent / "page.d").read_text(encoding="utf-8")
    assert "dist/a-page-1.plain: a\\ page\\#1.txt " in rules
    assert "\na\\ page\\#1.txt:\n" in rules
    done = subprocess.run(
        ["make", "-f", "-", "-n", "dist/a-page-1.plain"],
        input=f"include page.d\n{rules.split(':')[0]}:\n\techo again\n",
        capture_output=True,
        text=True,
        cwd=page.parent,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_edits_that_are_not_there_are_missed_though_nothing_else_changed(page: Path) -> None:
    assert main(["build", "page.txt", "--to", "plain"]) == 0
    assert main(["build", "page.txt", "--to", "plain", "--edits", "nosuch.toml"]) == 3


def test_a_failed_document_has_no_dependency_rule(page: Path) -> None:
    assert main(["build", "missing.txt", "page.txt", "--to", "plain", "--deps", "page.d"]) == 3
    rules = (page.parent / "page.d").read_text(encoding="utf-8")
    assert "dist/page.plain: page.txt" in rules and "missing" not in rules


def test_pages_stand_on_both_sides_of_an_option(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("other.txt", "-x.txt"):
        (page.parent / name).write_text(PAGE, encoding="utf-8")
    assert main(["build", "page.txt", "--to", "plain", "other.txt"]) == 0
    assert "dist/page.plain" in (said := capsys.readouterr().out) and "dist/other.plain" in said
    assert main(["build", "--to", "plain", "--", "-x.txt"]) == 0
    assert "dist/x.plain" in capsys.readouterr().out


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_is_explained(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code.lower()]) == 0
    out = capsys.readouterr().out
    assert CATALOGUE[code].title in out and CATALOGUE[code].hint in out


def test_a_line_is_explained(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "page.txt:1"]) == 0
    assert "城南旧桥修好了" in capsys.readouterr().out
    assert main(["explain", "page.txt:3", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert "".join(row["source"] for row in rows).strip() == "本报记者 王小明"
    assert main(["explain", "page.txt:99"]) == 2
    assert main(["explain", "missing.txt:1"]) == 3
    assert main(["explain", "NPP999"]) == 2
    assert main(["explain", "all"]) == 0


def test_a_line_of_an_edition_of_several_pages(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    halves = ("# 城南旧桥\n\n昨天上午，旧桥开放。（下转A5版）\n", "（上接A4版）市民走上桥头，十分高兴。\n")
    for name, half in zip(("A4.txt", "A5.txt"), halves, strict=True):
        (page.parent / name).write_text(half, encoding="utf-8")
    assert main(["explain", "./A4.txt", "./A5.txt:1"]) == 0
    assert "the article “城南旧桥”" in capsys.readouterr().out
    assert main(["explain", "./A5.txt:1"]) == 0
    assert "the article “城南旧桥”" not in capsys.readouterr().out
    for wrong in (["A4.txt", "A5.txt"], ["A4.txt:1", "A5.txt:1"], ["A4.txt:" + "9" * 5000]):
        assert main(["explain", *wrong]) == 2


def test_backends(doubles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backends"]) == 5  # two of the doubles cannot be loaded
    captured = capsys.readouterr()
    assert "plain text" in captured.out and "'broken' cannot be loaded" in captured.err
    assert main(["backends", "plain"]) == 0
    assert "plain.greeting" in capsys.readouterr().out
    assert main(["backends", "plain", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["suffix"] == ".plain" and row["options"]["size"]["default"] == 10


def test_init_writes_a_file_that_changes_nothing(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import tomllib

    from npp_publish import config

    assert main(["init"]) == 0
    text = (page.parent / "npp.toml").read_text(encoding="utf-8")
    assert config.load(page.parent / "npp.toml").build == config.Build()
    uncommented = "\n".join(
        line[2:] if line.startswith("# ") and " = " in line else line for line in text.split("\n")
    )
    assert tomllib.loads(uncommented)["build"]["to"] == ["pdf", "epub", "html"]
    assert main(["init"]) == 9
    assert (page.parent / "npp.toml").read_text(encoding="utf-8") == text


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "weasyprint" in capsys.readouterr().out
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert all(row["present"] for row in found if row["group"] == "build")
    assert all(row["command"] for row in found if not row["present"])


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "npp_publish", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("npp-publish ")


def test_a_reader_that_has_had_enough(page: Path) -> None:
    command = f"{sys.executable} -m npp_publish explain all | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[1] == "0" and done.stderr == ""


def test_an_interruption_is_exit_130(page: Path, doubles: Path) -> None:
    import signal
    import time

    words = [sys.executable, "-m", "npp_publish", "build", "page.txt", "--to", "hangs"]
    child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    for _ in range(200):
        time.sleep(0.05)
        if (page.parent / "dist" / ".work" / "page" / "6-parse.json").exists():
            break
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=20)
    assert child.returncode == 130
    assert "interrupted" in err and "Traceback" not in err
    assert not list((page.parent / "dist").glob("page*"))


def test_an_internal_error_is_one_line(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*words: object, **more: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("npp_publish.cli.build.publish", explode)
    assert main(["build", "page.txt"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("NPP001") and "Traceback" not in err
    monkeypatch.setenv("NPP_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["build", "page.txt"])


def test_failures_have_the_code_that_explain_knows(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["build", "page.txt", "--to", "dies", "--json"]) == 5
    (document,) = json.loads(capsys.readouterr().out)["documents"]
    assert [found["code"] for found in document["diagnostics"] if found["severity"] == "error"] == ["NPP005"]

    monkeypatch.setattr("npp_publish.ledger._inverted", lambda rows: "something else")
    assert main(["build", "page.txt", "--to", "plain", "--force"]) == 7
    err = capsys.readouterr().err
    assert "NPP007" in err and "inverting the ledger" in err and "Traceback" not in err
    for code in ("NPP005", "NPP007"):
        assert main(["explain", code]) == 0
        assert code in capsys.readouterr().out


def test_messages_cannot_steer_the_terminal(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "\x1b[2Jmissing.txt", "--to", "plain"]) == 3
    assert "\x1b" not in capsys.readouterr().err


def test_a_preview_sees_every_change(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from npp_publish.cli import preview
    from npp_publish.cli.arguments import parser_for
    from npp_publish.typecase import styles_folder

    shutil.copytree(styles_folder() / "briefing", page.parent / "mine")
    parser = parser_for("preview", "publish")
    preview.configure(parser)
    words = parser.parse_args(["page.txt", "--to", "html", "--theme", "./mine", "--set", "cache.megabytes=0"])
    settings = preview.settings_from(words)
    (order,) = preview.orders_of(words, settings, settings.build.to)
    shown: list[bytes] = []
    with preview.Children(seconds=60) as press:

        def show(order: preview.Order) -> None:
            preview._show(order, press, preview.Voice(quiet=True))
            shown.append((page.parent / "dist" / "page.html").read_bytes())
            if len(shown) == 1:
                page.write_text(PAGE.replace("高兴", "欢喜"), encoding="utf-8")
            else:
                with (page.parent / "mine" / "html.css").open("a", encoding="utf-8") as stream:
                    stream.write("\nbody { border-top: 7px solid }\n")

        preview.watch([order], show, rounds=3)
    assert "欢喜".encode() not in shown[0] and "欢喜".encode() in shown[1]
    assert b"7px" not in shown[1] and b"7px" in shown[2]
    assert "waiting for changes" in capsys.readouterr().err


# --------------------------------------------------------------------------- where copy comes in


def test_a_folder_is_the_pages_in_it_in_page_order(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("A10.txt", "A2.txt", ".hidden.txt", "notes.cfg"):
        (page.parent / "issue" / name).parent.mkdir(exist_ok=True)
        (page.parent / "issue" / name).write_text(PAGE, encoding="utf-8")
    assert main(["build", "issue", "--to", "plain"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if line.endswith(".plain")] == ["dist/A2.plain", "dist/A10.plain"]
    assert main(["normalize", "issue/A*.txt", "--together", "-o", "-"]) == 0
    assert capsys.readouterr().out.count("# 城南旧桥修好了") == 2
    (page.parent / "none").mkdir()
    assert main(["build", "none"]) == 3
    assert "no readable file there" in capsys.readouterr().err


def test_a_page_that_joins_a_folder_is_seen_at_once(page: Path) -> None:
    (page.parent / "issue").mkdir()
    shutil.copy(page, page.parent / "issue/A1.txt")
    call = [sys.executable, "-m", "npp_publish", "build", "issue", "--to", "plain"]
    for number in (1, 1, 2):
        shutil.copy(page, page.parent / f"issue/A{number}.txt")
        done = subprocess.run(call, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.count(".plain") == number


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_edition_is_known_whatever_editor_saved_it(page: Path, bom: str, end: str) -> None:
    assert main(["normalize", "page.txt", "-o", "made.md"]) == 0
    saved = bom + Path("made.md").read_text(encoding="utf-8").replace("修好了", "重开了").replace("\n", end)
    Path("edited.md").write_bytes(saved.encode())
    assert main(["build", "edited.md", "--to", "plain"]) == 0
    assert Path("dist/edited.plain").is_file() and not Path("dist/edited.ledger.json").exists()


def test_settings_saved_with_a_byte_order_mark(page: Path) -> None:
    Path("npp.toml").write_text("[build]\nto = ['plain']\n", encoding="utf-8-sig")
    assert main(["build", "page.txt"]) == 0
    assert Path("dist/page.plain").is_file()


def piped(words: list[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    call = [sys.executable, "-m", "npp_publish", *words]
    return subprocess.run(call, input=data, capture_output=True, check=False, timeout=60)


def test_from_standard_input_to_standard_output(page: Path) -> None:
    assert main(["normalize", "page.txt", "-o", "made.md"]) == 0
    made = Path("made.md").read_bytes()
    done = piped(["normalize", "-", "-o", "-"], PAGE.encode())
    assert (done.returncode, done.stdout, done.stderr) == (0, made, b"")
    assert (
        piped(["build", "-", "--to", "plain", "-o", "-"], made).stdout
        == piped(["build", "page.txt", "--to", "plain", "-o", "-"], b"").stdout
    )
    assert not Path("dist").exists() and not Path("-").exists()


def test_standard_input_is_read_anew_each_time_and_kept(page: Path) -> None:
    for text in (PAGE, PAGE, PAGE.replace("旧桥", "新桥")):
        done = piped(["build", "-", "--to", "plain"], text.encode())
        assert done.returncode == 0 and b"dist/stdin.plain" in done.stdout
    assert Path("dist/.work/stdin.txt").read_text(encoding="utf-8") == PAGE.replace("旧桥", "新桥")
    assert "新桥" in Path("dist/stdin.md").read_text(encoding="utf-8")
    assert main(["explain", "dist/.work/stdin.txt:1"]) == 0


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"%PDF-1.7 and nothing more", ".pdf"),
        (b"PK\x03\x04 and nothing more", ".docx"),
        (b"PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.text", ".odt"),
    ],
)
def test_the_kind_of_standard_input_is_told_by_its_content(page: Path, data: bytes, suffix: str) -> None:
    done = piped(["build", "-", "--to", "plain"], data)
    assert done.returncode == 3 and f"stdin{suffix}" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["build", "page.txt", "--to", "plain,dies", "-o", "-"], "one format can be printed"),
        (["build", "page.txt", "page.txt", "--to", "plain", "-o", "-"], "only one edition"),
        (["build", "page.txt", "--to", "plain", "-o", "-", "--json"], "--json and -o -"),
        (["build", "-", "-", "--to", "plain"], "named twice"),
        (["build", "page.txt", "--to", "plain", "-o", "x.html"], "no name for plain"),
        (["normalize", "page.txt", "-o", "x.txt"], "writes Markdown"),
        (["preview", "-", "--to", "plain"], "never changes"),
        (["preview", "page.txt", "--to", "plain", "-o", "-"], "a preview is a file"),
        (["build", "page.txt", "--quite"], "did you mean --quiet?"),
        (["bulid", "page.txt"], "did you mean 'build'?"),
        (["build", "page.txt", "-q", "-v"], "not allowed with"),
        (["build", "page.txt", "--to", "plain", "--set", "html.nosuch=1"], "unknown key 'nosuch'"),
        (["build", "page.txt", "--theme", "newpaper"], "did you mean 'newspaper'?"),
    ],
)
def test_what_does_not_go_together_is_said(
    page: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == "" or "--json" in words
    assert said in captured.out + captured.err and captured.err.count("\n") <= 2
    assert main([*words, "--json"]) == 2
    if words[:1] == ["build"] and "-o" not in words:
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "NPP002"


def test_a_proof_that_cannot_be_written_is_exit_9(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("in the way", encoding="utf-8")
    assert main(["review", "page.txt", "-o", "file/proof.html"]) == 9
    assert "NPP009" in capsys.readouterr().err


def test_a_place_that_is_taken_is_named(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("dist/page.plain").mkdir(parents=True)
    assert main(["build", "page.txt", "--to", "plain"]) == 9
    assert "dist/page.plain: NPP009" in capsys.readouterr().err


def test_data_keeps_its_full_width_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    voice.give("城南　旧桥\x1b")
    assert capsys.readouterr().out == "城南　旧桥\\x1b\n"


# --------------------------------------------------------------------------- completion


def completed(page: Path, line: str) -> set[str]:
    script = (
        f'eval "$({sys.executable} -m npp_publish completion bash)"; COMP_WORDS=({line}); '
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _npp_publish; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert not done.stderr
    return set(done.stdout.split())


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_completes_commands_options_and_names(page: Path) -> None:
    assert completed(page, "npp-publish re") == {"review"}
    assert completed(page, "npp-publish build --th") == {"--theme"}
    assert completed(page, "npp-publish build --theme b") == {"book", "briefing"}
    assert "epub" in completed(page, "npp-publish build page.txt --to ''")
    assert completed(page, "npp-publish completion z") == {"zsh"}
    assert completed(page, "npp-publish build pa") == set()  # the shell goes on with file names


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_hears_of_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name, _ in COMMANDS)
    assert main(["completion", "cmd"]) == 2


@pytest.mark.parametrize(
    ("variables", "painted"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_codes_are_coloured_on_a_terminal_that_can(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    painted: bool,
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    voice.Voice().findings([diagnose("NPP411", "an article\x1b has no headline", path="page.txt", line=1)])
    said = capsys.readouterr().err.split("\n")[0]
    code = "\x1b[33mNPP411\x1b[0m" if painted else "NPP411"
    assert said == f"page.txt:1: {code} an article\\x1b has no headline"
