"""The dependency rule that `--deps FILE` writes for Make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import CannotWrite
from ..standing import Order, Outcome, theme_folder

__all__ = ["write_deps"]


def write_deps(path: Path, made: Sequence[tuple[Order, Outcome]]) -> None:
    """Write `outputs: inputs` for each document, and an empty rule for each input.

    The empty rules keep Make going after an input was removed, as compilers' `-MP` does. Raises
    CannotWrite.
    """
    lines: list[str] = []
    sources: dict[str, None] = {}
    for order, outcome in made:
        needed = [str(item) for item in _needed(order)]
        targets = " ".join(_escape(str(target)) for target in outcome.published)
        lines.append(f"{targets}: {' '.join(_escape(item) for item in needed)}")
        sources.update(dict.fromkeys(needed))
    lines += [f"{_escape(item)}:" for item in sources]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error


def _needed(order: Order) -> list[Path]:
    from ..colophon import files_below

    settings = order.settings
    named = [settings.path(key) for key in ("profile", "edits") if getattr(settings.build, key)]
    files = [path for path in named if path.is_file()]
    return [
        *order.inputs,
        *files,
        *([settings.origin] if settings.origin else []),
        *files_below(theme_folder(settings)),
    ]


def _escape(text: str) -> str:
    """Quote for Make: space, `#`, `$` (a colon cannot be quoted portably and is left)."""
    return text.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
