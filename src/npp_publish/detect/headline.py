"""Headings without marks: short lines of their own that stand where a headline stands.

Case file: tests/cases/headline.md.
"""

from __future__ import annotations

from ..model import Block
from .desk import Desk

__all__ = ["find"]


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find headings that carry no mark."""
    return blocks
