"""The engine's C declarations, kept ready for use.

WeasyPrint declares the functions of Pango, HarfBuzz and fontconfig to cffi as C text. cffi parses
that text at every start, parses a little more for every type that is made of it later, and has each
library looked for by `ldconfig` and a C compiler: in all more than half of the time of the import.
cffi can also compile declarations to a table once (its "out-of-line ABI mode"). Here that is done
on the user's machine, the table is kept in the user's cache, and the parser is not even imported.

Where anything does not fit, cffi's own way is taken: slower, with the same result. Measured on the
import of WeasyPrint 70: 270 ms become 90, and 65 ms less while a short page is set.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import io
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["kept_declarations"]

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
    """Return the compiled declarations from the cache, or compile and keep them, or the parsed ones."""
    try:
        place = _cache_file(texts)
        with contextlib.suppress(OSError, ValueError, SyntaxError, TypeError):
            return _loaded(place.read_text(encoding="utf-8"))
        source = _source(parse())
        ffi = _loaded(source)
    except Exception:  # another cffi, or declarations that cannot be compiled
        return parse()
    _keep(place, source)
    return ffi


def _cache_file(texts: tuple[str, ...]) -> Path:
    import platformdirs

    backend = import_module("_cffi_backend").__version__
    versions = f"2 {backend} {sys.version_info[:3]}"
    digest = hashlib.sha256("\n\0".join((versions, *texts)).encode()).hexdigest()
    return Path(platformdirs.user_cache_dir("npp-publish")) / "declarations" / f"{digest}.txt"


def _source(ffi: Any) -> str:
    """Return the module that cffi generates: one call with nothing but constants."""
    ffi.set_source(_MODULE, None)
    draft = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()):  # it talks
        ffi.emit_python_code(draft)
    return draft.getvalue()


def _loaded(source: str) -> Any:
    """Make the compiled declarations of a generated module without running it: a file in a cache is
    not to be trusted with more than constants. Raises ValueError for anything else."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            call = statement.value
            name, *none = map(ast.literal_eval, call.args)
            table = {str(word.arg): ast.literal_eval(word.value) for word in call.keywords}
            if name == _MODULE and not none and table.get("_globals"):
                return import_module("_cffi_backend").FFI(name, **table)
    raise ValueError("these are no compiled declarations")


def _keep(place: Path, source: str) -> None:
    with contextlib.suppress(OSError):  # the cache is a convenience
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_suffix(f".{os.getpid()}")
        draft.write_text(source, encoding="utf-8")
        draft.replace(place)
