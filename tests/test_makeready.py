"""What is kept for the next start is what would be made anew."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from npp_publish.makeready import matrices, stereotypes, tables
from npp_publish.makeready.store import Drawer

PATTERNS = (
    ("a|b", 0),
    ("(?P<year>[0-9]{4})年(?P<month>[0-9]+)月", 0),
    ("[\u4e00-\u9fff\u3400-\u4dbf“”]+?(?=。)|(x)\\1", re.IGNORECASE | re.DOTALL),
    ("(?i:Continued)[▶►▷→]*$", re.MULTILINE),
    ("(?<!a)b{2,5}(?:c|d)*", re.ASCII),
)
PROGRAM = """
import hashlib, re, sys
from npp_publish import makeready
from npp_publish.makeready import store
makeready.begin()
from npp_publish.detect import dateline, furniture
from npp_publish.model import Article, Edition
found = [repr(Edition("t", "zh", (Article("a1"),))), repr(dateline.__dict__)]
found = re.sub("0x[0-9a-f]+", "", "".join(found))
print(hashlib.sha256(found.encode()).hexdigest(), len(store.drawer("matrices", "", 0).fresh))
makeready.keep()
"""


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a maker of `Matrices` on one file, as a new process would have them."""
    translate = getattr(re._compiler.compile, "__self__", None)  # type: ignore[attr-defined]
    translate = translate._translate if translate else re._compiler.compile  # type: ignore[attr-defined]
    monkeypatch.setattr(re._compiler, "compile", translate)  # type: ignore[attr-defined]

    def make() -> matrices.Matrices:
        re.purge()
        made = matrices.Matrices(Drawer(str(tmp_path / "store" / "matrices"), "", 4000), translate)
        re._compiler.compile = made.compile  # type: ignore[attr-defined]
        return made

    return make


def test_kept_expressions_are_the_same(cold: Any, tmp_path: Path) -> None:
    program = "import re\nfound = [re.compile(*row) for row in rows]"
    exec(program, first := {"rows": PATTERNS})
    cold()
    exec(program, {"rows": PATTERNS})
    re._compiler.compile.__self__.drawer.save()  # type: ignore[attr-defined]
    again = cold()
    assert len(again.drawer.things) == len(PATTERNS)
    for (pattern, flags), plain in zip(PATTERNS, first["found"], strict=True):
        kept = again.compile(pattern, flags)
        assert kept == plain and kept.flags == plain.flags and kept.groupindex == plain.groupindex
        for text in ("2025年3月", "aXbBb b", "一“二”。xx", "continued▶", "bbcd"):
            assert [m.span() for m in kept.finditer(text)] == [m.span() for m in plain.finditer(text)]
    assert not again.drawer.fresh


def test_expressions_made_of_a_text_are_not_kept(cold: Any) -> None:
    made = cold()

    def function(word: str) -> None:
        re.compile(f"secret {word}")
        re.compile("stands in the code")

    function("person")
    assert {pattern for pattern, _ in made.drawer.fresh} == {"stands in the code"}


def test_expressions_that_a_module_has_made_for_it_are_kept(cold: Any) -> None:
    made = cold()
    lines = "import re", "def make(*words):", " return re.compile('|'.join(words))", "make('one', 'two')"
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), "module.py", "exec"), scope)
    exec(compile("def later(make): make('of', 'a', 'text')", "other.py", "exec"), scope)
    scope["later"](scope["make"])
    kept = {pattern for pattern, _ in made.drawer.fresh}
    assert "one|two" in kept and "of|a|text" not in kept


@pytest.mark.parametrize(
    "damage", [lambda c: c[:100], lambda c: b"x" + c, lambda c: c[:-8] + b"12345678", bytes.upper]
)
def test_damaged_stores_are_not_used(cold: Any, tmp_path: Path, damage: Any) -> None:
    cold()
    exec("import re\nre.compile('kept|once')", {})
    re._compiler.compile.__self__.drawer.save()  # type: ignore[attr-defined]
    path = tmp_path / "store" / "matrices"
    path.write_bytes(damage(path.read_bytes()))
    assert not cold().drawer.things
    assert re.compile("kept|once").match("once")


def test_codes_that_the_engine_refuses_are_translated_anew(cold: Any) -> None:
    made = cold()
    made.drawer.things["x+", 0] = (32, b"\xff" * 8, 0, ())
    assert made.compile("x+", 0).match("xx")


def test_data_classes_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = []
    for _ in range(2):
        kept = stereotypes.Stereotypes(Drawer(str(tmp_path / "store" / "stereotypes"), "", 8000))
        monkeypatch.setattr(dataclasses, "exec", kept.execute, raising=False)
        made: Any = dataclasses.make_dataclass(
            "C", [("a", int), ("b", str, "x")], frozen=True, slots=True, order=True
        )
        one, two = made(1), made(2)
        assert repr(one) == "C(a=1, b='x')" and one < two and hash(one) != hash(two) and one == made(1)
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.a = 3
        fresh.append(bool(kept.drawer.fresh))
        kept.drawer.save()
    assert fresh == [True, False], "the second time nothing was compiled"


def test_a_store_that_others_can_write_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "store" / "drawer"
    drawer = Drawer(str(path), "mark", 9)
    drawer.put("a", (1, b"b"))
    drawer.save()
    assert Drawer(str(path), "mark", 9).things == {"a": (1, b"b")}
    assert not Drawer(str(path), "another mark", 9).things
    path.chmod(0o666)
    assert not Drawer(str(path), "mark", 9).things


def test_two_processes_fill_one_drawer(tmp_path: Path) -> None:
    path = str(tmp_path / "store" / "drawer")
    one, two = Drawer(path, "", 9), Drawer(path, "", 9)
    one.put("a", "one")
    two.put("b", "two")
    one.save()
    two.save()
    assert Drawer(path, "", 9).things == {"a": "one", "b": "two"}
    assert not two.fresh


def test_a_full_drawer_is_emptied(tmp_path: Path) -> None:
    path = str(tmp_path / "store" / "drawer")
    one = Drawer(path, "", 3)
    for number in range(4):
        one.put(number, number)
    one.save()
    assert Drawer(path, "", 3).things == {3: 3}
    two = Drawer(path, "", 3)
    for number in range(10, 13):
        two.put(number, number)
    two.save()
    assert len(Drawer(path, "", 3).things) <= 3


def test_a_start_with_and_without(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONHASHSEED": "0"}
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert runs[0][0] == runs[1][0]
    assert int(runs[0][1]) > 100 and int(runs[1][1]) == 0


def test_a_table_is_the_same_when_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[a]\nb = ["c", 1, 2.5, true]\n[a.d]\ne = "题"\n'
    for _ in range(2):
        drawer = Drawer(str(tmp_path / "store" / "tables"), "", 9)
        monkeypatch.setattr(tables, "drawer", lambda *_, drawer=drawer: drawer)
        assert tables.parsed(text) == tomllib.loads(text)
        drawer.save()
    assert len(drawer.things) == 1 and not drawer.fresh
