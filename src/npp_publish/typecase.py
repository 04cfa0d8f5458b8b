"""The type case: where the shipped styles and fonts lie, in a checkout and in a wheel alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .errors import ToolMissing

__all__ = ["fonts_folder", "styles_folder"]


@cache
def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parent
    for folder in (package / "shipped" / name, package.parents[1] / name):
        if folder.is_dir():
            return folder
    raise ToolMissing(
        f"the folder {name!r} that belongs to npp-publish is missing",
        hint="install npp-publish again",
    )


def styles_folder() -> Path:
    """Return the folder of the shipped themes."""
    return _shipped("styles")


def fonts_folder() -> Path:
    """Return the folder of the shipped fonts."""
    return _shipped("fonts")
