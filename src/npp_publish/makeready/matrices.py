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
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .store import Drawer, drawer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Matrices", "install"]

_MOST = 4000  # patterns; ours and those of the engines are about six hundred
_DEPTH = 5  # from here through `_cut`, the translation, `re._compile` and `re.compile` to who asks
_OPTIMIZED = 1  # inspect.CO_OPTIMIZED: local names are numbered, which is so in functions only


class Matrices:
    """The translations kept in one file: flags, codes, number of groups, their names."""

    def __init__(self, drawer: Drawer, translate: Callable[..., Any]) -> None:
        self.drawer, self._translate = drawer, translate

    def compile(self, pattern: Any, flags: int = 0) -> Any:
        """Stand in for `re._compiler.compile`."""
        if type(pattern) is not str:
            return self._translate(pattern, flags)
        row = self.drawer.things.get((pattern, flags))
        if row is None:
            return self._cut(pattern, flags)
        try:
            full, codes, groups, names = row
            return _cast(pattern, full, memoryview(codes).cast("I").tolist(), groups, dict(names))
        except (RuntimeError, ValueError, TypeError, OverflowError, IndexError):  # the engine refuses it
            return self._translate(pattern, flags)

    def _cut(self, pattern: str, flags: int) -> Any:
        """Translate; remember it if it is part of a program."""
        made = self._translate(pattern, flags)
        if _fixed(pattern):
            codes = b"".join(code.to_bytes(4, sys.byteorder) for code in _code_of(pattern, flags))
            self.drawer.put(
                (pattern, flags), (made.flags, codes, made.groups, tuple(made.groupindex.items()))
            )
        return made


def _fixed(pattern: str) -> bool:
    """Tell whether a pattern is part of a program: the body of a module or a class asks for it, also
    through functions of the same module, or a function in whose code it stands word for word. Others may
    hold anything, and come in any number."""
    frame = sys._getframe(_DEPTH)
    if pattern in frame.f_code.co_consts:
        return True
    home = frame.f_code.co_filename
    while frame.f_code.co_flags & _OPTIMIZED and frame.f_back and frame.f_back.f_code.co_filename == home:
        frame = frame.f_back
    return not frame.f_code.co_flags & _OPTIMIZED


def _engine() -> Any:
    """Return the matching engine, a module of the interpreter."""
    return import_module("_sre")


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
    engine = _engine()
    mark = f"2 {engine.MAGIC} {engine.CODESIZE} {sys.byteorder}"
    matrices = Matrices(drawer("matrices", mark, _MOST), translate)
    compiler.compile = matrices.compile
    return matrices
