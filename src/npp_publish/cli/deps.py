"""The dependency rule that `--deps FILE` writes for Make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..errors import CannotWrite
from ..standing import Order, Outcome, themes_of

__all__ = ["needed", "write_deps"]


def write_deps(path: Path, made: Sequence[tuple[Order, Outcome]]) -> None:
    """Write `outputs: inputs` for each document, and an empty rule for each input.

    The empty rules keep Make going after an input was removed, as compilers' `-MP` does. Raises
    CannotWrite.
    """
    lines: list[str] = []
    sources: dict[str, None] = {}
    for order, outcome in made:
        files = [str(item) for item in needed(order)]
        targets = " ".join(_escape(str(target)) for target in outcome.published)
        lines.append(f"{targets}: {' '.join(_escape(item) for item in files)}")
        sources.update(dict.fromkeys(files))
    lines += [f"{_escape(item)}:" for item in sources]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotWrite(f"cannot write: {error.strerror}", where=path) from error


def needed(order: Order) -> list[Path]:
    """Return the files that an order is made from: inputs, settings, themes, style sheets."""
    from ..colophon import files_below

    settings = order.settings
    named = [settings.path(key) for key in ("profile", "edits") if getattr(settings.build, key)]
    files = [path for path in (*named, *settings.styles(), settings.origin) if path and path.is_file()]
    looks = [path for folder in themes_of(settings) for path in files_below(folder)]
    return [*order.inputs, *files, *looks]


def _escape(text: str) -> str:
    """Quote for Make: space, `#`, `$` (a colon cannot be quoted portably and is left)."""
    return text.replace("\\", "\\\\").replace(" ", "\\ ").replace("#", "\\#").replace("$", "$$")
