"""Loading the engine quickly changes nothing but the time."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from npp_publish.typeset import engine

_RENDER = """
import sys, hashlib
{load}
from npp_publish.typeset import hooks
hooks.install()
import weasyprint
rules = "".join("@page:nth(%d){{@top-left{{content:'%d'}}}}" % (n, n) for n in range(1, 4))
rules += "@page{{size:60mm 40mm;@bottom-center{{content:counter(page)}}}}"
page = "<html lang=zh><style>" + rules + "</style>"
pdf = weasyprint.HTML(string=page + "<p>新质生产力AI</p>" * 12).write_pdf(pdf_identifier=b"x")
print(hashlib.sha256(pdf).hexdigest(), "fontTools.subset" in sys.modules)
"""
_QUICK = "from npp_publish.typeset import engine; engine.load()"


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
    (kept,) = (tmp_path / "npp-publish" / "declarations").iterdir()
    assert _run(_QUICK, tmp_path)[0] == plain, "from the cache"
    kept.write_bytes(b"damaged")
    assert _run(_QUICK, tmp_path)[0] == plain, "with a damaged cache"


def test_a_cache_file_can_only_hold_declarations(tmp_path: Path) -> None:
    place = tmp_path / "evil.pickle"
    place.write_bytes(pickle.dumps((Path("x"), {}, 0)))

    class Parser:
        _declarations: dict[str, object] = {}

    assert not engine._recall(Parser(), place)
    assert not engine._recall(Parser(), tmp_path / "missing")
    assert Parser._declarations == {}


def test_stand_ins_ask_the_real_module() -> None:
    stand_in = engine._stand_in("json")
    assert stand_in.dumps([1]) == "[1]"
    with pytest.raises(AttributeError):
        stand_in.__path__  # noqa: B018


def test_load_returns_the_engine_and_says_what_does_not_fit() -> None:
    assert engine.load() is sys.modules["weasyprint"]
    assert engine.misfits() == ()
