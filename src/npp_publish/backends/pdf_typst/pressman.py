"""The pressman: starts the press, hands it an order, tells what came of it.

The press is a process of its own (see `press`). One may be started before there is an order: it then
has Typst loaded and the house's fonts opened, which takes longer than setting a short page. It works
for the process that started it alone: its input ends only when all copies of it are closed, so that
the workers of a batch, which are forked, must not hand it theirs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import BackendFailed
from ...typecase import fonts_folder

__all__ = ["print_order", "stand_by"]

_PRESS = Path(__file__).with_name("press.py")
_waiting: list[subprocess.Popen[str]] = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_waiting.clear)


def stand_by() -> None:
    """Start a press for the next order, unless one waits. It ends with this process."""
    if not _waiting:
        _waiting.append(_start())


def _start() -> subprocess.Popen[str]:
    # By its path, not as a module: it wants Typst, and nothing of ours.
    command = [sys.executable, "-I", str(_PRESS), str(fonts_folder())]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8")


def print_order(order: Mapping[str, Any], *, seconds: float) -> None:
    """Have an order printed. Raises BackendFailed with what the press complained of."""
    press = _waiting.pop() if _waiting else _start()
    with press:
        try:
            told, said = press.communicate(json.dumps(order), timeout=seconds)
        except subprocess.TimeoutExpired as error:
            press.kill()
            raise BackendFailed(f"Typst did not end within {seconds:g} s") from error
        except BaseException:
            press.kill()
            raise
    if press.returncode:
        raise BackendFailed(
            _complaint(press.returncode, told, said), hint="look at typst/ in the work folder"
        )


def _complaint(code: int, told: str, said: str) -> str:
    try:
        return "Typst: " + str(json.loads(told)["error"])
    except (ValueError, KeyError):
        return f"Typst ended: {said.strip().split(chr(10))[-1] or f'exit status {code}'}"
