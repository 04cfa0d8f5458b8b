"""Matrices: the moulds of regular expressions, cut once and used again at every start.

Python translates every regular expression at every start, and the rules of stages 2 to 4 are several
hundred: 110 of the 250 ms of CPU that their import takes, as much as their whole work on a page. The
translation (numbers for the matching engine, no program) is kept; with it that part takes 5 ms.

Kept are patterns that are part of a program, never one that is made of a text. The engine checks
the numbers before it uses them. Where anything does not fit, the pattern is translated as ever.
"""

from __future__ import annotations

import re
import sys
from array import array
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .store import owned, place, write

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Matrices", "install"]

_FORMAT = 1
_MOST = 4000  # patterns; ours and those of the engines are about six hundred
_DEPTH = 5  # from here through `_cut`, the translation, `re._compile` and `re.compile` to who asks
_OPTIMIZED = 1  # inspect.CO_OPTIMIZED: local names are numbered, which is so in functions only
_EXPRESSIONS = frozenset({"<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>"})


class Matrices:
    """The translations kept in one file."""

    def __init__(self, path: str, translate: Callable[..., Any]) -> None:
        self._path = path
        self._translate = translate
        self._rows: dict[tuple[str, int], list[Any]] = {}
        self._codes = b""
        self._new: dict[tuple[str, int], list[Any]] = {}
        self._load()

    def _load(self) -> None:
        import json
        import zlib

        if not owned(self._path):
            return
        try:
            with open(self._path, "rb") as stream:
                head, _, codes = stream.read().partition(b"\n")
            mark, check, rows = json.loads(head)
            if mark == _mark() and check == zlib.crc32(codes):
                self._rows = {(row[0], row[1]): row for row in rows}
                self._codes = codes
        except (OSError, ValueError, TypeError, IndexError):  # missing, or damaged
            return

    def compile(self, pattern: Any, flags: int = 0) -> Any:
        """Stand in for `re._compiler.compile`."""
        if type(pattern) is not str:
            return self._translate(pattern, flags)
        row = self._rows.get((pattern, flags))
        if row is None:
            return self._cut(pattern, flags)
        try:
            _, _, full, start, size, groups, names = row
            code = memoryview(self._codes)[start : start + size].cast("I").tolist()
            return _cast(pattern, full, code, groups, names)
        except (RuntimeError, ValueError, TypeError, OverflowError, IndexError):  # the engine refuses it
            return self._translate(pattern, flags)

    def _cut(self, pattern: str, flags: int) -> Any:
        """Translate; remember it if it is part of a program."""
        made = self._translate(pattern, flags)
        if _fixed(pattern) and len(self._rows) + len(self._new) < _MOST:
            code = array("I", _code_of(pattern, flags)).tobytes()
            self._new[pattern, flags] = [made.flags, code, made.groups, dict(made.groupindex)]
        return made

    def save(self) -> None:
        """Write what is new together with what is there."""
        if not self._new:
            return
        import json
        import zlib

        new, self._new = self._new, {}
        self._load()  # another process may have written since
        codes = bytearray(self._codes)
        for (pattern, flags), (full, code, groups, names) in new.items():
            self._rows[pattern, flags] = [pattern, flags, full, len(codes), len(code), groups, names]
            codes += code
        self._codes = bytes(codes)
        rows = [self._rows[key] for key in sorted(self._rows)]
        head = json.dumps([_mark(), zlib.crc32(self._codes), rows]).encode("ascii")
        write(self._path, head + b"\n" + self._codes)


def _fixed(pattern: str) -> bool:
    """Tell whether a pattern is part of a program: the body of a module or a class asks for it, or a
    function in whose code it stands word for word. Others may hold anything, and come in any number."""
    frame = sys._getframe(_DEPTH)
    if pattern in frame.f_code.co_consts:
        return True
    while frame.f_code.co_name in _EXPRESSIONS and frame.f_back:
        frame = frame.f_back
    return not frame.f_code.co_flags & _OPTIMIZED


def _engine() -> Any:
    """Return the matching engine, a module of the interpreter."""
    return import_module("_sre")


def _mark() -> str:
    """What a translation is good for: this Python, this matching engine, this byte order."""
    engine = _engine()
    return f"{_FORMAT} {sys.version} {engine.MAGIC} {engine.CODESIZE} {sys.byteorder}"


def _cast(pattern: str, flags: int, code: list[int], groups: int, names: dict[str, int]) -> Any:
    index: list[str | None] = [None] * (groups + 1)
    for name, number in names.items():
        index[number] = name
    return _engine().compile(pattern, flags, code, groups, names, tuple(index))


def _code_of(pattern: str, flags: int) -> list[int]:
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    return list(compiler._code(compiler._parser.parse(pattern, flags), flags))


def install() -> Matrices | None:
    """Let `re.compile` look into the store first; None where this Python's `re` is another one, or the
    store is not ours."""
    compiler: Any = getattr(re, "_compiler", None)
    translate: Any = getattr(compiler, "compile", None)
    if getattr(translate, "__module__", "") != "re._compiler":
        return None
    try:
        fits = _cast("a|b", 32, _code_of("a|b", 0), 0, {}).match("b")
    except Exception:  # another engine
        return None
    if not fits:
        return None
    matrices = Matrices(place("matrices"), translate)
    compiler.compile = matrices.compile
    return matrices
