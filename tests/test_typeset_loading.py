"""Loading the engine quickly changes nothing but the time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from npp_publish.makeready import store
from npp_publish.typeset import declarations, engine

_RENDER = """
import sys, hashlib
{load}
from npp_publish.typeset import hooks
hooks.install()
import weasyprint
rules = "".join("@page:nth(%d){{@top-left{{content:'%d'}}}}" % (n, n) for n in range(1, 4))
rules += "@page{{size:60mm 40mm;@bottom-center{{content:counter(page)}}}}"
page = "<html lang=zh><style>" + rules + "</style>"
page += "<p>新质生产力AI</p>" * 12
pdf = weasyprint.HTML(string=page).write_pdf(pdf_identifier=b"x", uncompressed_pdf=True)
print(hashlib.sha256(pdf).hexdigest(), "fontTools.subset" in sys.modules)
"""
_QUICK = """from npp_publish import makeready
from npp_publish.typeset import engine
engine.load()
makeready.keep()"""


def _run(load: str, cache: Path) -> tuple[str, str]:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    command = [sys.executable, "-W", "ignore", "-c", _RENDER.format(load=load)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    digest, subset = done.stdout.split()
    return digest, subset


@pytest.mark.slow
def test_the_same_bytes_with_and_without(tmp_path: Path) -> None:
    plain, _ = _run("import weasyprint", tmp_path)
    quick, subset = _run(_QUICK, tmp_path)
    assert quick == plain
    assert subset == "False", "the subsetter was imported although nothing wanted it"
    kept = tmp_path / "npp-publish" / "ready" / "declarations"
    assert kept.is_file()
    assert _run(_QUICK, tmp_path)[0] == plain, "from the store"
    kept.write_bytes(b"damaged")
    assert _run(_QUICK, tmp_path)[0] == plain, "with a damaged store"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import os",
        "ffi = x.FFI('npp_declarations', _globals=open('x'))",
        "ffi = x.FFI('other', _globals=(1,))",
    ],
)
def test_only_declarations_are_taken_for_some(text: str) -> None:
    with pytest.raises(ValueError):
        declarations._table(text)


def test_compiled_declarations_are_those_of_cffi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cffi = pytest.importorskip("cffi")
    for _ in range(2):  # compiled, then from the store
        drawer = store.Drawer(str(tmp_path / "ready" / "declarations"), "", 9)
        monkeypatch.setattr(declarations, "drawer", lambda *_, drawer=drawer: drawer)
        ffi = declarations.Declarations(cffi.FFI)
        ffi.cdef("typedef struct { int a; unsigned b : 1; } pair; unsigned long strlen(const char *s);")
        assert ffi.dlopen(None).strlen(ffi.new("char[]", b"four")) == 4
        assert ffi.sizeof("pair") == 8
        drawer.save()
    assert len(drawer.things) == 1
    late = declarations.Declarations(cffi.FFI)
    late.cdef("typedef int one;")
    assert late.sizeof("one") == 4
    late.cdef("typedef struct { int a[3]; } three;")
    assert late.sizeof("three") == 12


def test_stand_ins_ask_the_real_module() -> None:
    stand_in = engine._stand_in("json")
    assert stand_in.dumps([1]) == "[1]"
    with pytest.raises(AttributeError):
        stand_in.__path__  # noqa: B018


def test_load_returns_the_engine_and_says_what_does_not_fit() -> None:
    assert engine.load() is sys.modules["weasyprint"]
    assert engine.misfits() == ()
