"""Stage 8, validate: every artifact is judged before it is published.

Two kinds of judge. The quick ones run in the process on every build and decide whether an artifact
enters `dist/`: the text gate (`text.py`, with `readback`, `pressed`, `invisible`, `manuscript`), the
well-formedness, structure and fonts of each format. The others are independent programs and run in
`npp-publish check` and in continuous integration:

    judge.py      what all judges share: Finding, Verdict, Judge
    bench.py      all judges side by side: `check(paths) -> Report`
    java.py       EPUBCheck, veraPDF, Nu Html Checker in one Java machine
    browser.py    axe-core and Ace by DAISY in one Node process; sample.py cuts large files down for them
    qpdf.py       structure of a PDF      glyphs.py   fonts and missing glyphs
    links.py      links, ids, requests    reprint.py  the same bytes when built again
    collation.py  the text gate as a judge            proofreader.py  the typographic audit as a judge
    report.py     table, JSON, SARIF, JUnit, and an HTML report with page images (gallery.py)
    install.py    puts the external judges into a cache; tools.py knows where they are
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .bench import Report, check

__all__ = ["Report", "check"]


def __getattr__(name: str) -> Any:
    """Load the bench only when it is asked for: a build needs the quick judges alone."""
    if name in __all__:
        from . import bench

        return getattr(bench, name)
    raise AttributeError(name)
