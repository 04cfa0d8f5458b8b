"""The stores: the only things that the layout engine can fetch.

WeasyPrint fetches whatever a document names, from the network and from any folder. Here it gets
fonts from memory, `data:` URLs, and files that were named beforehand: the checked pictures of the
job, and the theme's folder. Everything else is refused and remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

__all__ = ["FONT_SCHEME", "stores"]

FONT_SCHEME = "npp-font"
"""Scheme of the URLs under which cut faces are served from memory: `npp-font:NPP-Song-400`."""
_LONGEST = 400
"""How much of a refused URL is remembered."""


def stores(fonts: Mapping[str, bytes], files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> Any:
    """Return a URL fetcher for one document: `fonts` by URL, single `files`, whole `folders`.

    Its attribute `refused` lists the URLs that were asked for and not given.
    """
    return _stores_class()(fonts, files, folders)


@cache
def _stores_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Stores(URLFetcher):  # type: ignore[misc]
        """See `stores`."""

        def __init__(
            self, fonts: Mapping[str, bytes], files: Iterable[Path], folders: Iterable[Path]
        ) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)
            self.fonts = fonts
            self.files = frozenset(path.resolve() for path in files)
            self.folders = tuple(folder.resolve() for folder in folders)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in self.fonts:
                return URLFetcherResponse(url, self.fonts[url], {"Content-Type": "font/ttf"})
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            path = _local(url)
            if path is not None and self.allows(path):
                return URLFetcherResponse(url, path.read_bytes())
            self.refused.append(url[:_LONGEST])
            raise ValueError("not among the stores of this document")

        def allows(self, path: Path) -> bool:
            """Tell whether a resolved path may be read."""
            return path in self.files or any(path.is_relative_to(folder) for folder in self.folders)

    return Stores


def _local(url: str) -> Path | None:
    """Return the file of a `file:` URL without a host, symbolic links followed; else None."""
    parts = urlsplit(url)
    if parts.scheme.lower() != "file" or parts.netloc not in ("", "localhost"):
        return None
    try:
        path = Path(url2pathname(parts.path)).resolve()
        return path if path.is_file() else None
    except (OSError, ValueError):
        return None
