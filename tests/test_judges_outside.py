"""The external judges themselves: each is heard, and catches a planted defect."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pikepdf
import pytest
from pikepdf import String

from npp_publish.diagnostics import Severity
from npp_publish.validate import bench, browser, java
from npp_publish.validate.judge import Finding, Judge, Verdict

CONTAINER = (
    '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)
PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="zh-Hans">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:1</dc:identifier>
<dc:title>题</dc:title><dc:language>zh-Hans</dc:language>
<meta property="dcterms:modified">2024-03-07T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta><meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">全文为文本。</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>
<spine><itemref idref="nav"/></spine></package>"""
NAV = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="zh-Hans"
 xml:lang="zh-Hans"><head><title>题</title></head><body>
<nav epub:type="toc" role="doc-toc" aria-label="目录">
<h1>目录</h1><ol><li><a href="nav.xhtml">题</a></li></ol></nav>
{extra}</body></html>"""
HTML = """<!DOCTYPE html>
<html lang="zh-Hans"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>题</title>
<style>{style}</style></head><body><main><h1>题</h1>{extra}</main></body></html>"""


def book(folder: Path, name: str, extra: str = "", package: str = PACKAGE) -> Path:
    path = folder / name
    with ZipFile(path, "w", ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("p.opf", package)
        archive.writestr("nav.xhtml", NAV.format(extra=extra))
    return path


def page(folder: Path, name: str, extra: str = "<p>文</p>", style: str = "p { margin: 0 }") -> Path:
    path = folder / name
    path.write_text(HTML.format(extra=extra, style=style), encoding="utf-8")
    return path


def pdf(folder: Path, name: str, **claims: str) -> Path:
    path = folder / name
    with pikepdf.new() as new:
        new.add_blank_page(page_size=(200, 200))
        new.Root.Lang = String("zh-Hans")
        with new.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for key, value in claims.items():
                metadata[key.replace("_", ":")] = value
        new.save(path)
    return path


def installed(*judges: Judge) -> pytest.MarkDecorator:
    lacking = [need for judge in judges for need in judge.needs() if not need.present]
    commands = "; ".join(dict.fromkeys(need.command for need in lacking))
    return pytest.mark.skipif(bool(lacking), reason=f"not installed: {commands}")


def rules(verdicts: Sequence[Verdict], judge: str, path: Path) -> set[str]:
    found: list[Finding] = []
    for verdict in verdicts:
        assert not verdict.failure, verdict.failure
        if (verdict.judge, verdict.path) == (judge, path):
            found += verdict.findings
    return {finding.rule for finding in found if finding.severity is not Severity.INFO}


@pytest.mark.java
@installed(java.EPUBCHECK, java.VERAPDF, java.VNU)
def test_java_judges_in_one_machine(tmp_path: Path) -> None:
    good_book, bad_book = book(tmp_path, "good.epub"), book(tmp_path, "bad.epub", '<p id="a"/><p id="a"/>')
    good_page = page(tmp_path, "good.html")
    bad_page = page(tmp_path, "bad.html", "<p><div>文</div></p>", "p { colour: red }")
    plain, false = pdf(tmp_path, "plain.pdf"), pdf(tmp_path, "false.pdf", pdfuaid_part="1")
    cases = {
        java.EPUBCHECK: [good_book, bad_book],
        java.VNU: [good_page, bad_page],
        java.VERAPDF: [plain, false],
    }
    verdicts = list(java.hear(cases))
    assert len(verdicts) == 6
    assert rules(verdicts, "epubcheck", good_book) == set()
    assert "RSC-005" in rules(verdicts, "epubcheck", bad_book)
    assert rules(verdicts, "vnu", good_page) == set()
    assert "error" in rules(verdicts, "vnu", bad_page)
    assert rules(verdicts, "verapdf", plain) == set()
    assert any(rule.startswith("ua1:") for rule in rules(verdicts, "verapdf", false))
    lines = [f.line for v in verdicts if v.path == bad_page for f in v.findings]
    assert all(lines)


@pytest.mark.java
@installed(java.EPUBCHECK, java.VERAPDF, java.VNU)
def test_a_file_that_is_no_file_of_its_kind(tmp_path: Path) -> None:
    """Garbage is refused by name; the files after it are judged."""
    junk = tmp_path / "junk.pdf"
    junk.write_bytes(b"nothing")
    torn = tmp_path / "torn.epub"
    torn.write_bytes(b"PK\x03\x04nothing")
    good = book(tmp_path, "good.epub")
    verdicts = {v.path: v for v in java.hear({java.EPUBCHECK: [torn, good], java.VERAPDF: [junk]})}
    assert verdicts[junk].failure
    assert verdicts[torn].failure or not verdicts[torn].passed
    assert verdicts[good].passed


@pytest.mark.chromium
@installed(browser.AXE, browser.ACE)
def test_browser_judges(tmp_path: Path) -> None:
    good_book = book(tmp_path, "good.epub")
    bad_book = book(tmp_path, "bad.epub", package=PACKAGE.replace("accessibilitySummary", "other"))
    good_page = page(tmp_path, "good.html")
    bad_page = page(
        tmp_path,
        "bad.html",
        '<p style="color:#eee">很淡的文字</p><img src="http://a.invalid/x.png">'
        '<div style="width:900px">宽</div>',
    )
    verdicts = list(browser.hear({browser.AXE: [good_page, bad_page], browser.ACE: [good_book, bad_book]}))
    assert len(verdicts) == 4
    assert rules(verdicts, "axe", good_page) == set()
    assert {"color-contrast", "image-alt", "request", "reflow"} <= rules(verdicts, "axe", bad_page)
    assert "metadata-accessibilitysummary" not in rules(verdicts, "ace", good_book)
    assert "metadata-accessibilitysummary" in rules(verdicts, "ace", bad_book)
    requests = [f.diagnostic() for v in verdicts for f in v.findings if f.rule == "request"]
    assert {d.code for d in requests} == {"NPP824"}


@pytest.mark.java
@pytest.mark.chromium
@installed(*(judge for judge in bench.JUDGES.values() if judge.engine))
def test_all_judges_side_by_side_are_quick(tmp_path: Path) -> None:
    files = [book(tmp_path, "x.epub"), page(tmp_path, "x.html"), pdf(tmp_path, "x.pdf")]
    start = time.monotonic()
    report = bench.check(files, rebuild=lambda paths, folder: paths)
    assert time.monotonic() - start < 60
    assert not report.absent
    assert not [verdict.failure for verdict in report.verdicts if verdict.failure]
