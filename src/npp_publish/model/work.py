"""The work at hand (stages 6-8): what a backend is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..diagnostics import Diagnostic
from .edition import Edition

__all__ = [
    "Artifact",
    "Asset",
    "Parts",
    "RenderJob",
    "Theme",
]


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that the edition uses: the `src` as written, the checked file, its media type."""

    src: str
    path: Path
    media_type: str
    sha256: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Theme:
    """A folder of CSS and templates with its settings (`theme.toml`), no code."""

    name: str
    folder: Path
    settings: tuple[tuple[str, str], ...] = ()
    overrides: tuple[str, ...] = ()

    def setting(self, key: str, default: str = "") -> str:
        """Return one value of `theme.toml` (dotted key)."""
        return dict(self.settings).get(key, default)


class Parts(Protocol):
    """Where a backend may keep parts of its work for later runs, each under a digest of all that decides
    it within one theme, one set of tools and one state of our code and its own: these are looked after."""

    def get(self, key: str) -> Path | None:
        """Return the folder of what was kept under a key, or None. It may vanish while it is read."""
        ...

    def put(self, key: str, fill: Callable[[Path], object]) -> None:
        """Keep what `fill` writes into the folder that it is given. Trouble costs time and nothing else."""
        ...


@dataclass(frozen=True, slots=True)
class RenderJob:
    """Everything a backend may use. `work` is the only folder it may write in.

    `stem` is the safe ASCII-or-Han file name without suffix; `epoch` the seconds that all
    timestamps use (SOURCE_DATE_EPOCH or derived from the input, never the clock);
    `attachments` are files that archival formats may embed (edition.md, ledger); `beside` are the
    finished files of other formats of this run that the backend `follows`; `followed` tells that
    another format of this run follows this one; `parts` is where a backend may keep parts of its work.
    """

    edition: Edition
    ast: str
    theme: Theme
    stem: str
    work: Path
    epoch: int
    assets: tuple[Asset, ...] = ()
    attachments: tuple[Path, ...] = ()
    source_name: str = ""
    beside: tuple[Path, ...] = ()
    followed: bool = False
    parts: Parts | None = None

    def asset(self, src: str) -> Asset | None:
        """Return the checked asset for an image source, or None where it was refused."""
        return next((asset for asset in self.assets if asset.src == src), None)


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file in the work folder, with what was noticed while it was made."""

    path: Path
    backend: str
    media_type: str
    diagnostics: tuple[Diagnostic, ...] = ()
