"""Columns of plain text on a terminal, where a Han character takes two places."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["in_columns", "width"]


def width(text: str) -> int:
    """Return the places that `text` takes on a terminal."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return one line for each row, the cells of a column under one another."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
