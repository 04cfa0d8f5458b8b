"""The layout engine, loaded when a PDF is made and not before, and quicker than by itself.

Importing WeasyPrint takes as long as setting a short page. Six things are done about the time, each
checked first and left out silently where it does not fit; what comes out is the same:

* fontTools' subsetter and instancer, which only old HarfBuzz versions and variable fonts need, are
  imported when they are used (`_deferred_fonttools`);
* the C declarations that cffi parses at each start are kept compiled in the user's cache (`declarations`);
* its style sheets are kept as it parsed them (`flongs`);
* a few functions that are asked the same thing thousands of times remember the answer (`logotypes`);
* streams are deflated at zlib's usual level: the highest one takes twice as long and saves 0.6 %;
* the garbage collector is asked to look less often, as layout makes few cycles and many objects.
"""

from __future__ import annotations

import contextlib
import gc
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

from ..diagnostics import Diagnostic
from .declarations import kept_declarations
from .flongs import sheets_moulded

__all__ = ["load", "misfits"]

THRESHOLD = (200_000, 50, 100)
"""Objects between two runs of the garbage collector, by generation."""
_DEFERRED = ("fontTools.subset", "fontTools.varLib.instancer")
_FUNCTIONS = {"fontTools.varLib.instancer": ("instantiateVariableFont",)}


@cache
def load() -> ModuleType:
    """Import WeasyPrint, let the Chinese composer in, and return the module.

    What did not fit is told by `misfits()`. Also sets the garbage collector's thresholds.
    """
    with _deferred_fonttools(), kept_declarations(), sheets_moulded():
        weasyprint = import_module("weasyprint")
    from . import hooks, logotypes

    with contextlib.suppress(Exception):  # what is quicker but does not fit is done without
        logotypes.cast()
        _lighter_streams()
    hooks.install()
    if gc.get_threshold()[0] < THRESHOLD[0]:
        gc.set_threshold(*THRESHOLD)
    return weasyprint


def _lighter_streams() -> None:
    """Let the writer of the engine deflate at the level that zlib has by itself."""
    import pydyf

    if pydyf.zlib is zlib:
        pydyf.zlib = SimpleNamespace(compress=zlib.compress, compressobj=lambda level: zlib.compressobj())


def misfits() -> tuple[Diagnostic, ...]:
    """Return NPP760 for each place where the composer does not fit the engine."""
    load()
    from . import hooks

    return hooks.install()


# ------------------------------------------------------------------------------ fontTools


@contextlib.contextmanager
def _deferred_fonttools() -> Iterator[None]:
    """Put stand-ins for two heavy modules while WeasyPrint is imported; each loads the real one when
    it is first used."""
    wanted = () if "weasyprint" in sys.modules else _DEFERRED
    ours = [name for name in wanted if name not in sys.modules]
    if ours:
        import_module("fontTools")
    sys.modules.update({name: _stand_in(name) for name in ours})
    try:
        yield
    finally:
        for name in ours:
            sys.modules.pop(name, None)


def _stand_in(name: str) -> ModuleType:
    """Return a module that asks the real one, imported at that moment, for whatever is wanted of it."""
    module = ModuleType(name)

    def ask(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        return getattr(import_module(name), attribute)

    module.__getattr__ = ask  # type: ignore[method-assign]
    # `from ... import` asks at once: hand out a function that asks later.
    for function in _FUNCTIONS.get(name, ()):
        setattr(module, function, _later(name, function))
    return module


def _later(name: str, function: str) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(name), function)(*args, **kwargs)

    return call
