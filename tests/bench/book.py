"""A book or a newspaper year: the seed 100 times over as one edition, against one call of the engine.

    python tests/bench/book.py [pdf|edit|epub|html ...] [--times 100]

The peer of the PDF is stock WeasyPrint on the same HTML with the same style sheets and faces, without the
composer and without the text gate: once as it comes, once with the tags that ours has. That of the EPUB
is pandoc: once on the page, which ours repairs first, once on the `edition.md` that came of it, so that
both make a book of the same Markdown (ours reads the book back and compares it with the edition). Each row is
measured in the same run: wall time, CPU time with all children, peak memory of the whole tree of
processes (shared pages counted once). Only ratios mean anything on another machine.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from naive import commands
from stopwatch import Measured, Row, median, show, timed, tree

OURS = [sys.executable, "-m", "npp_publish"]
ROOT = Path(__file__).resolve().parents[2]
_WORD, _CORRECTED = "发展新质生产力", "发展新型生产力"
SEED = min((ROOT / "seeds").glob("*.txt"))
_STOCK = """
import sys, weasyprint
weasyprint.HTML(sys.argv[1]).write_pdf(sys.argv[2], pdf_variant=sys.argv[3] or None)
"""


# ----------------------------------------------------------------- the forme, as files for the peer


class _Desk:
    """A press that prints nothing and keeps what it was to print."""

    def warm(self, *_: object) -> None: ...

    def run(self, tasks: Any) -> Any:
        self.task = tasks[0]
        raise KeyboardInterrupt


def write_forme(page: Path, folder: Path) -> None:
    """Write `book.html` with its style sheet and faces, exactly as our PDF is made from it."""
    from npp_publish import dist, newsroom
    from npp_publish.backends.pdf.bounds import bound
    from npp_publish.backends.pdf.forme import lock_up
    from npp_publish.backends.pdf.sheets import gather
    from npp_publish.standing import Order
    from npp_publish.typeset.typearea import type_area

    desk = _Desk()
    place = dist.place_for(page, folder / "forme", work=folder / "forme")
    with contextlib.suppress(KeyboardInterrupt):
        newsroom.publish(Order((page,), place, ("pdf",)), press=desk)
    job = desk.task.job
    area = type_area(job.theme, paper="", size=0.0)
    bounded = bound(job, area)
    forme = lock_up(job, bounded.edition, area)
    sheets = gather(job.theme, area, forme.html, forme.lang, bounded.css)
    css = "\n".join(sheets.css)
    for url, face in sheets.fonts.items():
        name = url.partition(":")[2] + ".ttf"
        (folder / name).write_bytes(face)
        css = css.replace(url, name)
    for drawing in job.theme.folder.glob("*.svg"):
        (folder / drawing.name).write_bytes(drawing.read_bytes())
    (folder / "book.css").write_text(css, encoding="utf-8")
    link = '<link rel="stylesheet" href="book.css"></head>'
    (folder / "book.html").write_text(forme.html.replace("</head>", link, 1), encoding="utf-8")


# ----------------------------------------------------------------------------------- measuring


def stock(folder: Path, variant: str) -> Measured:
    """Measure one call of stock WeasyPrint."""
    return tree([sys.executable, "-c", _STOCK, "book.html", "stock.pdf", variant], folder)


def ours(page: Path, folder: Path, formats: str) -> Measured:
    """Measure a whole build: reading, repair, composer, tags, text gate."""
    out = folder / ("ours" if page.parent == folder else "edited")
    return tree([*OURS, "build", page, "--to", formats, "-o", out, "--force"], folder)


def many(times: int, folder: Path) -> Path:
    """Return a page with the seed's text so many times."""
    page = folder / f"x{times}.md"
    page.write_text("\n\n".join([SEED.read_text(encoding="utf-8")] * times), encoding="utf-8")
    return page


def pdf(times: int, folder: Path) -> Iterator[Row]:
    """One PDF against stock WeasyPrint, and against a tenth of it."""
    import pikepdf

    page, tenth = many(times, folder), many(times // 10, folder)
    timed([sys.executable, __file__, "--forme", page, folder], folder)
    mine = ours(page, folder, "pdf")
    with pikepdf.open(folder / "ours" / f"x{times}.pdf") as book:
        pages = len(book.pages)
    for variant, named in (("", "stock WeasyPrint"), ("pdf/ua-1", "stock WeasyPrint with tags")):
        peer = stock(folder, variant)
        yield Row(
            f"seed x{times} as one PDF ({pages} pages), wall, against {named}", mine.wall, peer.wall, "<= 0.5"
        )
        yield Row("the same, CPU", mine.cpu, peer.cpu, "<= 0.8")
        yield Row("the same, peak memory of all processes", mine.peak, peer.peak, "<= 0.5", "MB")
    yield Row("peak memory of a page of output", mine.peak / pages, peer.peak / pages, "", "MB")
    small = ours(tenth, folder, "pdf")
    yield Row(f"growth of the PDF, x{times} / x{times // 10}, wall", mine.wall, small.wall, "<= 8.5")
    yield Row(f"growth of the PDF, x{times} / x{times // 10}, CPU", mine.cpu, small.cpu, "<= 8.5")


def edit(times: int, folder: Path) -> Iterator[Row]:
    """One word of one article changed, and all else kept from the build before, against that build."""

    def built() -> Measured:
        order = [*OURS, "build", page, "--to", "pdf", "-o", folder / "kept"]
        return tree(order, folder, NPP_PUBLISH_CACHE=str(folder / "morgue"))

    page = many(times, folder)
    whole = built()
    text = page.read_text(encoding="utf-8")
    at = text.index(_WORD, len(text) // 2)
    page.write_text(text[:at] + _CORRECTED + text[at + len(_WORD) :], encoding="utf-8")
    again = built()
    articles = (folder / "kept" / page.name).read_text(encoding="utf-8").count(" .article ")
    yield Row(f"one article of {articles} edited, against setting all, wall", again.wall, whole.wall, "")
    yield Row("the same, CPU", again.cpu, whole.cpu, "")


def epub(times: int, folder: Path) -> Iterator[Row]:
    """The EPUB against pandoc's: of the page, with repair, and of the same `edition.md`."""
    for count, reach in ((times, "<= 0.6"), (1, "<= 1.2")):
        page = many(count, folder)
        ours(page, folder, "epub")  # fonts are cut, style sheets parsed
        mine, peer = ours(page, folder, "epub"), tree(commands(page, folder)[2], folder)
        yield Row(f"EPUB x{count}, against pandoc's, wall", mine.wall, peer.wall, reach)
        yield Row("the same, CPU", mine.cpu, peer.cpu, reach)
        edition = folder / "ours" / page.name
        mine = median(3, lambda edition=edition: ours(edition, folder, "epub"))  # type: ignore[misc]
        command = commands(edition, folder)[2]
        peer = median(3, lambda command=command: tree(command, folder))  # type: ignore[misc]
        yield Row(f"EPUB of the edition.md of x{count}, against pandoc's, wall", mine.wall, peer.wall, reach)
        yield Row("the same, CPU", mine.cpu, peer.cpu, reach)


def html(times: int, folder: Path) -> Iterator[Row]:
    """The HTML page against a tenth of it."""
    whole, tenth = (ours(many(count, folder), folder, "html") for count in (times, times // 10))
    yield Row(f"growth of the HTML, x{times} / x{times // 10}, CPU", whole.cpu, tenth.cpu, "<= 10")


PARTS = {part.__name__: part for part in (pdf, edit, epub, html)}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--times", type=int, default=100, help="how often the seed is repeated")
    parser.add_argument("--forme", nargs=2, type=Path, metavar=("PAGE", "FOLDER"), help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.forme:
        write_forme(*wishes.forme)
        return
    with tempfile.TemporaryDirectory(prefix="npp-book-") as folder:
        rows = [
            row for name in wishes.parts or PARTS for row in PARTS[name](max(10, wishes.times), Path(folder))
        ]
        show(rows, "" if wishes.parts else "book")


if __name__ == "__main__":
    main()
