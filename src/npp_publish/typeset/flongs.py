"""Flongs: style sheets as they were parsed, kept for the next start.

A flong is the mould of a page in type, from which plates are cast as often as they are wanted. Parsing
the sheets of the layout engine and of a theme takes 60 ms each time they are needed; reading again what
came of them, 2 ms. Kept is what belongs to a text alone, and only if there was nothing to complain of.

What is kept is pickled: like `__pycache__`, it is trusted because nobody else can write there (see
`makeready.store`). The tests of selectors are functions that cssselect2 makes of them; their code is kept.
"""

from __future__ import annotations

import io
import logging
import marshal
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, wraps
from hashlib import blake2b
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import FunctionType
from typing import Any, TypeVar

from ..makeready.plant import plant
from ..makeready.stet import marks
from ..makeready.store import Drawer, drawer

__all__ = ["moulded", "sheets_moulded"]

R = TypeVar("R")
_MOST = 200  # sheets; a theme has about twelve for all formats
_RULES = "likeness.py"  # what is kept are its rulebooks
_MADE_BY = ("weasyprint", "tinycss2", "cssselect2", "webencodings")


def moulded(make: Callable[..., R]) -> Callable[..., R]:
    """Decorate a function whose answer depends on its arguments (texts) and on its module alone."""
    place = marks(make.__code__.co_filename)

    @wraps(make)
    def cast(*args: Any) -> R:
        key = _key(make.__qualname__, place, repr(args))
        found: R | None = _cast(key)
        if found is None:
            found = make(*args)
            _mould(key, found)
        return found

    return cast


def _key(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=24).digest()


@cache
def _drawer() -> Drawer:
    versions = (f"{name} {plant().version(name)}" for name in _MADE_BY)
    own = (marks(__file__), marks(str(Path(__file__).with_name(_RULES))))
    return drawer("sheets", ", ".join((*own, *versions)), _MOST)


def _cast(key: bytes) -> Any:
    known = _drawer().things.get(key)
    if known is not None:
        with suppress(Exception):  # whatever does not fit is made anew
            return pickle.loads(known)
    return None


def _mould(key: bytes, thing: Any) -> None:
    draft = io.BytesIO()
    with suppress(Exception):  # what cannot be kept is made anew
        _Moulder(draft, protocol=5).dump(thing)
        _drawer().put(key, draft.getvalue())


# ------------------------------------------------------------------------------ selectors


class _Moulder(pickle.Pickler):
    """A pickler that can keep the tests of compiled selectors."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, FunctionType) and _is_test(thing):
            return _revived, (marshal.dumps(thing.__code__),)
        return NotImplemented


@cache
def _surroundings() -> dict[str, Any]:
    """Return the names that a test may use (cssselect2.compiler.CompiledSelector)."""
    from cssselect2 import compiler

    return {name: getattr(compiler, name) for name in ("split_whitespace", "ascii_lower", "urlparse")}


def _is_test(function: FunctionType) -> bool:
    known = _surroundings()
    own = {name: value for name, value in function.__globals__.items() if name != "__builtins__"}
    return function.__name__ == "<lambda>" and own == known and not function.__closure__


def _revived(code: bytes) -> FunctionType:
    return FunctionType(marshal.loads(code), _surroundings())


# ------------------------------------------------------------------------------ the engine's sheets

_PLAIN = frozenset(("string", "base_url", "url_fetcher", "counter_style"))
_FETCHES = re.compile(r"@(?:import|font-face|color-profile|[\w-]*\\)", re.IGNORECASE)


@contextmanager
def sheets_moulded() -> Iterator[None]:
    """While WeasyPrint is imported: let its style sheets, its own ones first, be cast from moulds. Where
    it was imported before, it has parsed its own; those that come are cast."""
    if "weasyprint.html" in sys.modules:
        _let_in()
    finder = _BeforeItsOwn()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _BeforeItsOwn(MetaPathFinder):
    """Finds nothing; sees when the engine is about to parse its own sheets, for which all is there."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "weasyprint.html":
            _let_in()


def _let_in() -> None:
    sheet: Any = getattr(sys.modules.get("weasyprint"), "CSS", None)
    if sheet is not None and not hasattr(sheet.__init__, "npp_moulds"):
        sheet.__init__ = _parsing(sheet.__init__)
        sheet.__init__.npp_moulds = True


def _parsing(stock: Callable[..., None]) -> Callable[..., None]:
    """Return what parses a sheet as `stock` does, or has its state from a mould."""

    @wraps(stock)
    def parse(sheet: Any, *args: Any, **options: Any) -> None:
        if args or not _belongs_to_itself(options):
            stock(sheet, *args, **options)
            return
        counters = options.get("counter_style")
        key = _key("sheet", options["string"], str(options.get("base_url")), str(counters is None))
        if known := _cast(key):
            sheet.__dict__, counted = known
        else:
            with _heard() as complaints:
                stock(sheet, **options)
            counted = dict(counters or {})
            if not complaints:
                _mould(key, (vars(sheet), counted))
        if counters is not None:
            counters.update(counted)

    return parse


def _belongs_to_itself(options: dict[str, Any]) -> bool:
    """Tell whether what comes of a sheet depends on nothing but its text and address."""
    css = options.get("string")
    plain = options.keys() <= _PLAIN and not options.get("counter_style")
    return plain and isinstance(css, str) and not _FETCHES.search(css)


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """Collect what the engine complains of; it is told as ever."""
    found: list[logging.LogRecord] = []
    logger, listener = logging.getLogger("weasyprint"), _Listener(found)
    logger.addHandler(listener)
    try:
        yield found
    finally:
        logger.removeHandler(listener)


class _Listener(logging.Handler):
    def __init__(self, found: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self.emit = found.append  # type: ignore[assignment,method-assign]
