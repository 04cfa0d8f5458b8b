"""The engine's C declarations, kept ready for use.

WeasyPrint declares the functions of Pango, HarfBuzz and fontconfig to cffi as C text. cffi parses
that text at every start, parses a little more for every type that is made of it later, and has each
library looked for by `ldconfig` and a C compiler: in all more than half of the time of the import.
cffi can also compile declarations to a table once (its "out-of-line ABI mode"). Here that is done
on the user's machine, the table is kept (`makeready.store`), and the parser is not even imported.

Where anything does not fit, cffi's own way is taken: slower, with the same result. Measured on the
import of WeasyPrint 70: 270 ms become 90, and 65 ms less while a short page is set.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from ..makeready.store import drawer

__all__ = ["kept_declarations"]

_MOST = 40  # WeasyPrint makes one
_MODULE = "npp_declarations"


@contextlib.contextmanager
def kept_declarations() -> Iterator[None]:
    """While WeasyPrint is imported: let `cffi.FFI()` be one that keeps its compiled declarations."""
    # Elsewhere than on Linux libraries lie where only cffi's own search finds them.
    if "weasyprint" in sys.modules or not sys.platform.startswith("linux"):
        yield
        return
    cffi: Any = import_module("cffi")
    stock = cffi.FFI
    cffi.FFI = lambda: Declarations(stock)
    try:
        yield
    finally:
        cffi.FFI = stock


class Declarations:
    """Stands for a `cffi.FFI`: collects declarations, and is the compiled ones from the first use on."""

    def __init__(self, stock: Any) -> None:
        self._stock = stock
        self._texts: list[str] = []

    def cdef(self, csource: str, *more: Any, **options: Any) -> None:
        """Take C declarations, as `cffi.FFI.cdef` does. Options and late ones are for cffi itself."""
        if more or options or "_ffi" in self.__dict__:
            ffi = self._parsed()
            ffi.cdef(csource, *more, **options)
            self._settle(ffi)
        else:
            self._texts.append(csource)

    def __getattr__(self, name: str) -> Any:
        if name == "_ffi":
            self._settle(_compiled(tuple(self._texts), self._parsed))
            return self._ffi
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self._ffi, name)
        self.__dict__[name] = value  # asked for once, then as quick as the real one
        return value

    def _settle(self, ffi: Any) -> None:
        for name in self.__dict__.keys() - {"_stock", "_texts"}:
            del self.__dict__[name]
        self.__dict__["_ffi"] = ffi

    def _parsed(self) -> Any:
        """Return cffi's own object with what was declared so far."""
        ffi = self._stock()
        for text in self._texts:
            ffi.cdef(text)
        return ffi


def _compiled(texts: tuple[str, ...], parse: Any) -> Any:
    """Return the compiled declarations from the store, or compile and keep them, or the parsed ones."""
    try:
        backend = import_module("_cffi_backend")
        store, key = drawer("declarations", f"3 {backend.__version__}", _MOST), "\n\0".join(texts)
        with contextlib.suppress(ValueError, TypeError):
            if key in store.things:
                return backend.FFI(_MODULE, **dict(store.things[key]))
        table = _table(_source(parse()))
        ffi = backend.FFI(_MODULE, **dict(table))
    except Exception:  # another cffi, or declarations that cannot be compiled
        return parse()
    store.put(key, table)
    return ffi


def _source(ffi: Any) -> str:
    """Return the module that cffi generates: one call with nothing but constants."""
    ffi.set_source(_MODULE, None)
    draft = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()):  # it talks
        ffi.emit_python_code(draft)
    return draft.getvalue()


def _table(source: str) -> tuple[tuple[str, Any], ...]:
    """Return the constants of a generated module without running it. Raises ValueError for any other."""
    import ast

    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            call = statement.value
            name, *none = map(ast.literal_eval, call.args)
            table = tuple((str(word.arg), ast.literal_eval(word.value)) for word in call.keywords)
            if name == _MODULE and not none and dict(table).get("_globals"):
                return table
    raise ValueError("these are no compiled declarations")
