"""Style sheets cast from their moulds are those that were parsed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from npp_publish.makeready.store import Drawer
from npp_publish.typecase import styles_folder
from npp_publish.typeset import cascade, engine, flongs

PAGE = """<html><head></head><body lang="zh"><h1 id="a" class="b c">题</h1><p class="kicker"><em>强</em>调</p>
<ul><li><a href="#a">条</a></li></ul></body></html>"""
HARD = """p:not(.b) > em, h1#a.b[class~=c]::before, li:nth-child(2n+1) a[href^="#"], :is(h1, p):lang(zh) {
  --zh-compose: on; color: #123; margin: var(--x, 3mm) auto; content: counter(page) }
@page :first { @top-left { content: "页" } } @media print { em { font-weight: 700 } }"""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what opens the store as a new process would."""

    def opened() -> Drawer:
        drawer = Drawer(str(tmp_path / "ready" / "sheets"), "", 99)
        monkeypatch.setattr(flongs, "_drawer", lambda: drawer)
        return drawer

    return opened


def found(sheet: Any) -> list[str]:
    """What a sheet says of each element of the page, and of pages."""
    import cssselect2
    import tinyhtml5

    tree = cssselect2.ElementWrapper.from_html_root(tinyhtml5.parse(PAGE, namespace_html_elements=False))
    said = [repr((e.local_name, sheet.matcher.match(e))) for e in tree.iter_subtree()]
    return [*said, repr([row[1:] for row in sheet.page_rules]), repr(sheet.layers), repr(sheet.base_url)]


@pytest.mark.parametrize("css", [HARD, *sorted(styles_folder().glob("*/pdf.css"))], ids=str)
def test_what_comes_from_a_mould_is_the_same(store: Any, css: str | Path) -> None:
    weasyprint = engine.load()
    text = css.read_text(encoding="utf-8") if isinstance(css, Path) else css
    drawer = store()
    parsed = weasyprint.CSS(string=text, base_url="file:///x/")
    assert len(drawer.fresh) == 1
    drawer.save()
    again = store()
    cast = weasyprint.CSS(string=text, base_url="file:///x/")
    assert not again.fresh, "it was not parsed"
    assert [_nameless(line) for line in found(cast)] == [_nameless(line) for line in found(parsed)]


def _nameless(text: str) -> str:
    import re

    return re.sub(r"0x[0-9a-f]+", "", text)


@pytest.mark.parametrize(
    "css",
    [
        "p { colour: red }",
        "p:::x { color: red }",
        '@import "other.css";',
        '@\\69mport "other.css";',
        '@font-face { font-family: A; src: url("a.ttf") }',
    ],
)
def test_what_is_complained_of_or_fetches_is_parsed_each_time(store: Any, css: str) -> None:
    weasyprint = engine.load()
    drawer = store()
    weasyprint.CSS(string=css)
    assert not drawer.fresh


def test_counters_of_the_engine_come_from_the_mould(store: Any) -> None:
    weasyprint = engine.load()
    css = "@counter-style npp-x { system: cyclic; symbols: '甲' '乙' }"
    counted = []
    for _ in range(2):
        drawer, counters = store(), dict[str, Any]()
        weasyprint.CSS(string=css, counter_style=counters)
        counted.append(counters)
        drawer.save()
    assert counted[0] == counted[1] and "npp-x" in counted[0]


def test_a_decorated_function_answers_from_its_mould(store: Any) -> None:
    make = cascade._rulebook
    sheets = ("h1.b, p > em { font-family: A; font-weight: bold }",)
    answers = []
    for _ in range(2):
        drawer = store()
        answers.append(repr([row[1:] for row in make(sheets, "").matcher.class_selectors["b"]]))
        answers.append(str(len(drawer.fresh)))
        drawer.save()
    assert answers[0] == answers[2] and (answers[1], answers[3]) == ("1", "0")


def test_damaged_moulds_are_not_used(store: Any) -> None:
    make = cascade._rulebook
    drawer = store()
    make(("b { font-weight: bold }",), "")
    for key in drawer.things:
        drawer.things[key] = b"\x80\x05garbage"
    assert make(("b { font-weight: bold }",), "").matcher.lower_local_name_selectors["b"]


def test_an_engine_that_was_imported_before_casts_too(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    weasyprint = engine.load()
    monkeypatch.setattr(weasyprint.CSS, "__init__", weasyprint.CSS.__init__.__wrapped__)
    for _ in range(2):  # once is enough
        with flongs.sheets_moulded():
            pass
    assert not hasattr(weasyprint.CSS.__init__.__wrapped__, "npp_moulds")
    drawer = store()
    weasyprint.CSS(string=HARD)
    assert len(drawer.fresh) == 1
