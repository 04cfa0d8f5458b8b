"""The layout engine, loaded when a PDF is made and not before, and quicker than by itself.

Importing WeasyPrint takes as long as setting a short page. Four things are done about the time, each
checked first and left out silently where it does not fit; the bytes that come out are the same:

* fontTools' subsetter and instancer, which only old HarfBuzz versions and variable fonts need, are
  imported when they are used (`_deferred_fonttools`);
* the C declarations that cffi parses at each start are kept in the user's cache (`_kept_declarations`);
* the styles of a page type are looked up among those of that page, not among all elements of the
  document (`_page_styles`): the engine's own search is quadratic in the length of the document;
* the garbage collector is asked to look less often, as layout makes few cycles and many objects.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import inspect
import io
import os
import pickle
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from ..diagnostics import Diagnostic

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
    with _deferred_fonttools(), _kept_declarations():
        weasyprint = import_module("weasyprint")
    from . import hooks

    hooks.install()
    with contextlib.suppress(Exception):  # a quicker search that does not fit is done without
        _page_styles()
    if gc.get_threshold()[0] < THRESHOLD[0]:
        gc.set_threshold(*THRESHOLD)
    return weasyprint


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


# ------------------------------------------------------------------------------ cffi


@contextlib.contextmanager
def _kept_declarations() -> Iterator[None]:
    """Let cffi's parser take declarations that it has parsed before from the cache."""
    if "weasyprint" in sys.modules:
        yield
        return
    cparser: Any = import_module("cffi.cparser")

    stock = cparser.Parser.parse

    def parse(self: Any, csource: Any, override: bool = False, **options: Any) -> None:
        fresh = not self._declarations and not override and not any(options.values())
        if not fresh or not isinstance(csource, str):
            stock(self, csource, override=override, **options)
            return
        place = _cache_file(csource)
        if not _recall(self, place):
            stock(self, csource, override=override, **options)
            _keep(self, place)

    cparser.Parser.parse = parse
    try:
        yield
    finally:
        cparser.Parser.parse = stock


def _cache_file(csource: str) -> Path:
    import platformdirs

    versions = f"1 {import_module('cffi').__version__} {sys.version_info[:3]}"
    digest = hashlib.sha256(f"{versions}\n{csource}".encode()).hexdigest()
    return Path(platformdirs.user_cache_dir("npp-publish")) / "declarations" / f"{digest}.pickle"


_STATE = ("_declarations", "_int_constants", "_anonymous_counter")


def _recall(parser: Any, place: Path) -> bool:
    """Fill a parser from the cache; say whether that worked."""
    try:
        state = _Reader(io.BytesIO(place.read_bytes())).load()
        if not isinstance(state, tuple) or len(state) != len(_STATE) or not state[0]:
            return False
    except Exception:  # missing, damaged, or of another version: parse again
        return False
    for name, value in zip(_STATE, state, strict=True):
        setattr(parser, name, value)
    return True


def _keep(parser: Any, place: Path) -> None:
    """Put what a parser knows into the cache, whole or not at all."""
    if parser._recomplete:
        return
    with contextlib.suppress(Exception):  # the cache is a convenience
        content = pickle.dumps(tuple(getattr(parser, name) for name in _STATE))
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(place)


class _Reader(pickle.Unpickler):
    """Reads cffi's own types and nothing else: a file in a cache is not to be trusted with more."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse everything but the classes of `cffi.model`."""
        if module == "cffi.model":
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no business here")


# ------------------------------------------------------------------------------ page styles

_PAGE_PARAMETERS = ["page_type", "html", "style_for"]


def _page_styles() -> None:
    """Replace the engine's search for the styles of a page's margin boxes."""
    from weasyprint.layout import page

    stock = page.set_page_type_computed_styles
    if list(inspect.signature(stock).parameters) != _PAGE_PARAMETERS:
        return

    def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
        cascaded = style_for.get_cascaded_styles()
        before = len(cascaded)
        style_for.add_page_declarations(page_type)
        added = list(islice(reversed(cascaded), len(cascaded) - before))[::-1]
        known = style_for.__dict__.setdefault("npp_page_keys", {}).setdefault(page_type, [])
        known += [key for key in added if key[0] == page_type]
        root = html.etree_element
        style_for.set_computed_styles(page_type, root=root, parent=root, base_url=html.base_url)
        for element, pseudo_type in known:
            if pseudo_type:
                style_for.set_computed_styles(
                    element, pseudo_type=pseudo_type, root=root, parent=element, base_url=html.base_url
                )

    page.set_page_type_computed_styles = set_page_type_computed_styles
