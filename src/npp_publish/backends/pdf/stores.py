"""The stores: the only things that the layout engine can fetch.

WeasyPrint fetches whatever a document names, from the network and from any folder. Here it gets
fonts from memory, `data:` URLs, the checked pictures of the job, and files of the theme's folders.
Everything else is refused and remembered. Pictures and theme files have addresses of our own, because
the engine puts addresses into what it writes, and a PDF must not depend on where its parts lay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

__all__ = ["FONTS", "PICTURES", "THEME", "picture_url", "stores"]

FONTS = "npp-font:"
"""Addresses of cut faces: `npp-font:NPP-Song-400`."""
PICTURES = "file:///npp-publish/pictures/"
"""Addresses of pictures: this and the number of the asset."""
THEME = "file:///npp-publish/theme/"
"""The address that the theme's style sheets are relative to."""
_LONGEST = 400
"""How much of a refused URL is remembered."""


def picture_url(number: int) -> str:
    """Return the address of the asset with this number (0-based) in the job."""
    return f"{PICTURES}{number}"


def stores(fonts: Mapping[str, bytes], pictures: Mapping[str, Path], folders: Iterable[Path]) -> Any:
    """Return a URL fetcher for one document: `fonts` and `pictures` by address, theme `folders` in the
    order in which they are searched. Its attribute `refused` lists what was asked for and not given."""
    return _stores_class()(fonts, pictures, folders)


def _kind(path: Path) -> dict[str, str]:
    """Say of drawings what they are; else Pillow loads all its forty formats to find out (40 ms)."""
    return {"Content-Type": "image/svg+xml"} if path.suffix.lower() == ".svg" else {}


@cache
def _stores_class() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Stores(URLFetcher):  # type: ignore[misc]
        """See `stores`."""

        def __init__(
            self, fonts: Mapping[str, bytes], pictures: Mapping[str, Path], folders: Iterable[Path]
        ) -> None:
            super().__init__(allowed_protocols={"data"}, allow_redirects=False)
            self.fonts, self.pictures = fonts, pictures
            self.folders = tuple(folder.resolve() for folder in folders)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in self.fonts:
                return URLFetcherResponse(url, self.fonts[url], {"Content-Type": "font/ttf"})
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            path = self.pictures.get(url) or self.of_theme(url)
            if path is None:
                self.refused.append(url[:_LONGEST])
                raise ValueError("not among the stores of this document")
            return URLFetcherResponse(url, path.read_bytes(), _kind(path))

        def of_theme(self, url: str) -> Path | None:
            """Return the file of the theme that an address names; never one outside its folders."""
            if not url.startswith(THEME):
                return None
            name = unquote(url.removeprefix(THEME).split("?")[0].split("#")[0])
            for folder in self.folders:
                path = (folder / name).resolve() if "\0" not in name else folder
                if path.is_relative_to(folder) and path.is_file():
                    return path
            return None

    return Stores
