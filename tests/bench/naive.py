"""The naive sequence, our peer: what a person would script in five minutes with the same tools.

    pandoc page.md -> page.html; WeasyPrint page.html -> page.pdf; pandoc page.md -> page.epub

Each is a process of its own, as it is when typed. The same text face is used, given to WeasyPrint as a
TrueType file, so that neither side is slowed down by font discovery or by decoding WOFF2.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["commands", "style", "write_script"]

FONTS = Path(__file__).resolve().parents[2] / "fonts"


def style(folder: Path) -> Path:
    """Write the naive style sheet and return its path."""
    css = folder / "naive.css"
    faces = "".join(
        f"@font-face{{font-family:Song;font-weight:{weight};src:url('{(FONTS / name).as_uri()}')}}\n"
        for weight, name in ((400, "npp-song-regular.ttf"), (700, "npp-song-bold.ttf"))
    )
    css.write_text(
        faces + "@page{size:A4;margin:25mm}body{font:10.5pt/1.7 Song;text-align:justify}p{text-indent:2em}",
        encoding="utf-8",
    )
    return css


def commands(page: Path, folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Return the three commands for one page; outputs go to `folder`."""
    import pypandoc

    pandoc, stem = pypandoc.get_pandoc_path(), page.stem
    title = f"--metadata=title:{stem}"
    source = [pandoc, "-f", "markdown", str(page), title, "-s"]
    html = [*source, "--css", str(style(folder)), "-o", f"{folder}/{stem}.html"]
    pdf = [sys.executable, "-m", "weasyprint", f"{folder}/{stem}.html", f"{folder}/{stem}.pdf"]
    epub = [*source, "-t", "epub3", "-o", f"{folder}/{stem}.epub"]
    return html, pdf, epub


def write_script(folder: Path) -> Path:
    """Write a shell script that runs the sequence for the page `$1`, for `xargs`."""
    import shlex

    html, pdf, epub = commands(Path("PAGE.md"), folder)
    lines = [" ".join(shlex.quote(word) for word in command) for command in (html, pdf, epub)]
    body = "\n".join(lines).replace("PAGE.md", '"$1"').replace("PAGE", '"$(basename "$1" .md)"')
    script = folder / "naive.sh"
    script.write_text("#!/bin/sh\nset -e\n" + body + "\n", encoding="utf-8")
    script.chmod(0o755)
    return script
