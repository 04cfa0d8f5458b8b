"""The stove: imported by the server that workers are forked from, so that they find it warm.

Whatever is imported here is in the memory of all workers once. Which engines that should be says the
environment variable, as a module that is imported takes no arguments.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..press import Inline
from .crew import PREHEAT

__all__: list[str] = []

Inline().warm([name for name in os.environ.get(PREHEAT, "").split(",") if name], Path())
