"""What tests share: a cache of their own, one pandoc, and the doubles of backends, registered as plugins."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from npp_publish import colophon, pandoc
from npp_publish.validate import tools

DOUBLES = Path(__file__).parent / "doubles"

# The same examples in every run, as in everything here; `--hypothesis-profile=roaming` looks for others.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("roaming", deadline=None)
settings.load_profile("steady")


def pytest_collection_finish() -> None:
    """Keep what was collected out of the way of the garbage collector, which engines call by themselves."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is kept from run to run starts empty, whatever lies in the cache of the person who tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("NPP_PUBLISH_JUDGES", str(tools.folder()))  # the judges are installed, not kept
        patch.setenv("XDG_CACHE_HOME", str(folder))
        known = colophon.Digests(folder / "digests.json")
        colophon.code_digest(known)  # our own code is read once, and not again for each output folder
        known.save()
        yield


@pytest.fixture(scope="session", autouse=True)
def _pandoc() -> Iterator[None]:
    """One pandoc answers all, as in a batch: same answers (test_pandoc.py), a sixth of the time."""
    with pandoc.ready():
        yield


@pytest.fixture
def doubles(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Put the doubles on the path of this process and of its children; returns their folder."""
    monkeypatch.syspath_prepend(str(DOUBLES))
    monkeypatch.setenv("PYTHONPATH", str(DOUBLES))
    importlib.invalidate_caches()
    yield DOUBLES
    sys.modules.pop("npp_doubles", None)
