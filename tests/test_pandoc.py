"""The door to pandoc: bounded, sandboxed, one process, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from npp_publish import pandoc
from npp_publish.errors import InputUnreadable, ToolMissing


def document(*blocks: dict[str, Any]) -> str:
    return json.dumps({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": list(blocks)})


def test_write_and_read_is_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    run = subprocess.run

    def counted(arguments: list[str], **options: Any) -> Any:
        calls.append(arguments)
        return run(arguments, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    text, ast = pandoc.write_and_read(document({"t": "Para", "c": [{"t": "Str", "c": "甲“乙”*"}]}))
    assert text == "甲“乙”\\*"
    assert json.loads(ast)["blocks"] == [{"t": "Para", "c": [{"t": "Str", "c": "甲“乙”*"}]}]
    assert len(calls) == 1
    assert "--sandbox" in calls[0]


def test_text_that_looks_like_metadata_stays_text() -> None:
    for text in ("% 甲", "---", "---\n甲: 乙\n---", "“甲”--乙...", "甲\tb"):
        words = json.dumps(json.loads(pandoc.read(text))["blocks"], ensure_ascii=False)
        for character in "甲乙%“”":
            assert (character in text) == (character in words)


def test_unclosed_brackets_end_in_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "PATIENCE", 0.5)
    with pytest.raises(InputUnreadable, match="did not finish"):
        pandoc.read("[" * 3000)


def test_memory_is_bounded() -> None:
    with pytest.raises(InputUnreadable, match="memory"):
        pandoc._spawn(["--from=markdown", "--to=json"], b"[a](b) " * 200_000, seconds=60, megabytes=32)


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "binary", lambda: Path("/nowhere/pandoc"))
    with pytest.raises(ToolMissing, match="cannot be started"):
        pandoc.version()


@pytest.mark.parametrize("from_format", ["docx", "odt"])
def test_a_broken_file_is_refused(from_format: str) -> None:
    with pytest.raises(InputUnreadable):
        pandoc.convert(b"PK\x03\x04 not a zip", from_format)
    with pytest.raises(InputUnreadable, match="no reader"):
        pandoc.convert(b"", "rst")


HTML = """<!DOCTYPE html><html><head><title>渝报</title></head><body><h1>标题</h1>
<p>“甲”<b>乙</b><a href="http://example.org">丙</a></p><ul><li>一</li><li>二</li></ul>
<table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table><p>a*b [c]</p></body></html>"""
LINES = "# 渝报\n\n# 标题\n\n“甲”乙丙\n\n- 一\n- 二\n\n1\t2\n3\t4\n\na*b [c]\n"


def test_html_becomes_lines_of_text() -> None:
    assert pandoc.convert(HTML.encode(), "html") == LINES


def test_word_processor_files_become_lines_of_text(tmp_path: Path) -> None:
    for kind in ("docx", "odt"):
        made = tmp_path / f"page.{kind}"
        arguments = [str(pandoc.binary()), "-f", "html", "-t", kind, "-o", str(made)]
        subprocess.run(arguments, input=HTML.encode(), check=True)
        # pandoc's odt reader leaves the title among the paragraphs: a line without a mark.
        assert pandoc.convert(made.read_bytes(), kind) == LINES[2 if kind == "odt" else 0 :]


def test_a_document_cannot_reach_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    html = f'<p>a</p><img src="file://{secret}"><iframe src="{secret}"></iframe>'
    assert "geheim" not in pandoc.convert(html.encode(), "html")


def _document(text: str) -> str:
    return document({"t": "Para", "c": [{"t": "Str", "c": text}]})


@pytest.fixture(autouse=True)
def _none_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here every call starts a process of its own, unless the test keeps one."""
    monkeypatch.setattr(pandoc, "_kept", [])


@pytest.fixture
def kept() -> Iterator[pandoc.Kept]:
    pandoc.keep()
    (one,) = pandoc._kept
    yield one
    one.close()


def test_a_kept_pandoc_answers_as_one_of_its_own(kept: pandoc.Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["一月", "::: x", "*a* [b](c) `d` $e$ <f>", "- g\n\n1. h", "第2版" * 2000]
    with monkeypatch.context() as alone:
        alone.setattr(pandoc, "_kept", [])
        wanted = [pandoc.write_and_read(_document(text)) for text in texts]
        read = [pandoc.read(text) for text, _ in wanted]
    assert [pandoc.write_and_read(_document(text)) for text in texts] == wanted
    assert [pandoc.read(text) for text, _ in wanted] == read
    assert kept._jobs == 2 * len(texts)


def test_a_kept_pandoc_that_dies_costs_no_document(
    kept: pandoc.Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pandoc.write_and_read(_document("甲"))
    assert kept._process is not None
    kept._process.kill()
    assert pandoc.write_and_read(_document("甲")) == first
    with pytest.raises(InputUnreadable, match="pandoc cannot read this"):
        pandoc.write_and_read("{ no JSON")
    monkeypatch.setattr(pandoc, "_MOST_JOBS", 1)
    assert pandoc.write_and_read(_document("甲")) == first
    assert kept._process is None


def test_a_kept_pandoc_is_stopped_when_it_takes_too_long(
    kept: pandoc.Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandoc, "PATIENCE", 0.2)
    with pytest.raises(InputUnreadable, match="did not finish"):
        pandoc.read("[" * 3000)
    assert kept._process is None


def test_a_kept_pandoc_reaches_no_file(kept: pandoc.Kept, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("geheim", encoding="utf-8")
    secret = tmp_path / "secret.md"
    text = f"{{{{< include {secret} >}}}}\n\n![]({secret})\n\n\\input{{{secret}}}\n\n\\include{{{secret}}}"
    assert "geheim" not in pandoc.read(text)
    assert kept._jobs == 1


def test_one_started_early_answers_the_same_and_ends() -> None:
    with pandoc.ready():
        (kept,) = pandoc._kept
        process = kept._process
        assert process is not None
        assert pandoc.read("*a*") == plainly("*a*")
        assert kept._process is process, "it was this one that answered"
        with pandoc.ready():  # nothing more is started
            assert pandoc._kept == [kept]
    assert not pandoc._kept
    assert process.poll() is not None
    assert threading.active_count() == 1


def test_one_that_died_early_does_no_harm() -> None:
    with pandoc.ready():
        process = pandoc._kept[0]._process
        assert process is not None
        process.kill()
        process.wait()
        assert pandoc.read("*a*") == plainly("*a*")


def plainly(markdown: str) -> str:
    """Read without a process that is kept."""
    kept, pandoc._kept[:] = pandoc._kept[:], []
    try:
        return pandoc.read(markdown)
    finally:
        pandoc._kept[:] = kept


def test_one_started_early_ends_before_a_long_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "_MOST_KEPT", 100)
    with pandoc.ready():
        process = pandoc._kept[0]._process
        assert process is not None
        assert pandoc.read("*a*" * 99) == plainly("*a*" * 99)
        assert process.poll() is not None
