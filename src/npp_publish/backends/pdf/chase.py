"""The chase: the frame that holds a forme together and is used again for the next one.

Parsing the style sheets takes as long as setting a short page, and documents of one theme share all
of them but the rules of their own faces. What was parsed is kept for the next document of this
process, unless the engine had something to complain of: it says some things only once for a parsed
sheet, and the next document is to hear them too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

__all__ = ["expect", "forget", "parsed"]

_OF_ONE_DOCUMENT = re.compile(r"@(?:font-face|import|counter-style|color-profile|[\w-]*\\)", re.IGNORECASE)
"""What binds a sheet to one document's fonts, fetcher or counters."""


def parsed(weasyprint: Any, css: str, fonts: Any, common: Mapping[str, Any]) -> Any:
    """Return the engine's style sheet for `css`; `common` are the fetcher and the base address."""
    if _OF_ONE_DOCUMENT.search(css):
        return weasyprint.CSS(string=css, font_config=fonts, **common)
    return _kept(css, common["base_url"])


def expect(css: str, base: str) -> None:
    """Parse a sheet that will probably be wanted."""
    if not _OF_ONE_DOCUMENT.search(css):
        _kept(css, base)


@lru_cache(maxsize=16)
def _kept(css: str, base: str) -> Any:
    import weasyprint

    from .stores import stores

    return weasyprint.CSS(string=css, base_url=base, url_fetcher=stores({}, {}, ()))


def forget() -> None:
    """Parse everything again: call it where a document gave cause for complaint."""
    _kept.cache_clear()
