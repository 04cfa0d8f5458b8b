"""`npp-publish check` as a person calls it: the table, the reports, the exit code."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from npp_publish.cli import main
from npp_publish.validate.bench import JUDGES


def page(folder: Path, body: str) -> Path:
    path = folder / "x.html"
    path.write_text(f'<!DOCTYPE html><html lang="zh"><title>题</title>{body}</html>', encoding="utf-8")
    return path


def test_table_on_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(page(tmp_path, "<p>文</p>")), "--only", "links"]) == 0
    assert "links  x.html  passed" in capsys.readouterr().out


def test_an_error_is_exit_6_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(page(tmp_path, '<a href="#x">文\xa0</a>')), "--only", "links", "--json"]) == 6
    told = capsys.readouterr()
    record = json.loads(told.out)
    assert record["verdicts"][0]["passed"] is False
    assert record["diagnostics"][0]["code"] == "NPP823"


def test_reports_are_written_in_the_form_of_their_names(tmp_path: Path) -> None:
    names = ("r/x.sarif", "r/x.xml", "r/x.html", "r/x.json", "r/x.txt")
    reports = [word for name in names for word in ("--report", str(tmp_path / name))]
    main(["check", str(page(tmp_path, '<a href="#x">文</a>')), "--only", "links", *reports])
    assert json.loads((tmp_path / "r/x.sarif").read_text())["version"] == "2.1.0"
    assert ET.parse(tmp_path / "r/x.xml").getroot().tag == "testsuites"
    assert "no target" in (tmp_path / "r/x.html").read_text()


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--only", "nobody"], 2), (["--report", "x.doc"], 2), (["--report", "/proc/none/x.json"], 9)],
)
def test_wrong_calls(words: list[str], code: int, tmp_path: Path) -> None:
    only = [] if "--only" in words else ["--only", "links"]
    assert main(["check", str(page(tmp_path, "")), *only, *words]) == code


def test_nothing_to_check(tmp_path: Path) -> None:
    assert main(["check", str(tmp_path / "none.pdf")]) == 3


LACKING = [
    need.command for judge in JUDGES.values() if judge.engine for need in judge.needs() if not need.present
]


@pytest.mark.java
@pytest.mark.chromium
@pytest.mark.skipif(bool(LACKING), reason=f"not installed: {'; '.join(dict.fromkeys(LACKING))}")
def test_the_seed_is_judged_content_by_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every judge is heard on every format of the seed, and none objects."""
    (seed,) = (Path(__file__).parents[1] / "seeds").glob("*.txt")
    out = str(tmp_path / "dist") + "/"
    assert main(["build", str(seed), "--to", "pdf,epub,html", "-o", out, "-q"]) == 0
    capsys.readouterr()
    assert main(["check", str(seed), "--set", f"build.out={out}", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["absent"] == []
    assert {verdict["judge"] for verdict in record["verdicts"]} == set(JUDGES)
    assert [v for v in record["verdicts"] if not v["passed"]] == []
    sizes = {path.suffix: path.stat().st_size for path in (tmp_path / "dist").iterdir()}
    assert sizes[".html"] < 1_500_000
    assert sizes[".epub"] < 1_500_000


def test_finished_files_are_built_again_from_what_the_last_run_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page_ = tmp_path / "page.txt"
    page_.write_text("# 城东新桥通车\n\n新桥今天上午通车，市民出行更方便了。\n", encoding="utf-8")
    assert main(["build", "page.txt", "--to", "html", "-o", "out", "-q"]) == 0
    for words in (["out"], ["out/page.html"], ["page.txt", "-o", "out"]):
        assert main(["check", *words, "--only", "reprint"]) == 0
        assert "reprint  page.html  passed" in " ".join(capsys.readouterr().out.split(" ")).replace(
            "   ", "  "
        )
    page_.write_text("# 城东新桥通车\n\n另一段文字。\n", encoding="utf-8")
    main(["check", "out/page.html", "--only", "reprint"])
    assert "npp-publish build SOURCE" in capsys.readouterr().out


def test_each_file_is_built_again_with_the_formats_of_its_own_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from npp_publish.cli.again import orders_of
    from npp_publish.config import Settings

    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.txt").write_text("# 城东新桥通车\n\n新桥今天上午通车了。\n", encoding="utf-8")
    main(["build", "page.txt", "--to", "epub", "-o", "out", "-q"])
    main(["build", "page.txt", "--to", "html", "-o", "out", "-q"])
    orders = orders_of([tmp_path / "out/page.epub", tmp_path / "out/page.html"], [], Settings())
    assert [order.formats for order in orders.values()] == [("epub",), ("html",)]


def test_progress_is_told_off_a_terminal_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(page(tmp_path, "".join(f'<a href="#x{n}">文</a>' for n in range(9))))
    main(["check", path, "--only", "links,glyphs"])
    told = capsys.readouterr().err
    assert "[1/2 glyphs] x.html: passed (" in told
    assert "[2/2 links] x.html: objects (" in told
    assert told.count("NPP823") == 3
    assert "(and 6 more)" in told
    for words in (["--quiet"], ["--json"]):
        main(["check", path, "--only", "links", *words])
        assert "links]" not in capsys.readouterr().err


def test_who_is_still_at_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from npp_publish.validate import bench
    from npp_publish.validate.judge import HouseJudge

    slow = HouseJudge("slow", "slow", frozenset({".html"}), lambda path: time.sleep(0.3) or ())  # type: ignore[arg-type, func-returns-value]
    monkeypatch.setattr(bench, "JUDGES", {"slow": slow})
    monkeypatch.setattr(bench, "PATIENCE", 0.05)
    told: list[list[str]] = []
    bench.check([page(tmp_path, "")], waiting=lambda names: told.append(list(names)))
    assert told
    assert told[0] == ["slow"]


def test_an_interruption_ends_the_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from npp_publish.validate import bench, child
    from npp_publish.validate.judge import HouseJudge

    def judge(path: Path) -> tuple[()]:
        with pytest.raises(child.Failed, match="ended with status -9"):
            list(child.lines(["sleep", "60"], seconds=60))
        return ()

    def interrupt(names: object) -> None:
        raise KeyboardInterrupt

    told: list[object] = []
    monkeypatch.setattr(bench, "JUDGES", {"slow": HouseJudge("slow", "slow", frozenset({".html"}), judge)})
    monkeypatch.setattr(bench, "PATIENCE", 0.05)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        bench.check([page(tmp_path, "")], waiting=interrupt, progress=lambda *verdict: told.append(verdict))
    assert time.monotonic() - began < 10
    assert told == [] and not child._running


def test_a_page_that_was_not_built_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other files in the folder are not judged in its place."""
    monkeypatch.chdir(tmp_path)
    for name in ("built", "other"):
        Path(f"{name}.txt").write_text("# 城东新桥通车\n\n新桥今天上午通车。\n", encoding="utf-8")
    assert main(["build", "built.txt", "--to", "html", "-q"]) == 0
    assert main(["check", "other.txt", "--only", "links"]) == 3
    assert "other.txt: NPP003 nothing made of this is in dist" in capsys.readouterr().err
