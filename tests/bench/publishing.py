"""Publishing against the naive sequence, in the same run on the same machine.

    python tests/bench/publishing.py

Prints the README's table. Only ratios mean anything on another machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from naive import commands
from stopwatch import Measured, Row, median, show, timed

ROOT = Path(__file__).resolve().parents[2]
SEED = next(iter(sorted((ROOT / "seeds").glob("*.txt"))))
OURS = [sys.executable, "-m", "npp_publish"]


def naive(page: Path, folder: Path) -> Measured:
    """Run the naive sequence for one page, one command after the other."""
    parts = [timed(command, folder) for command in commands(page, folder)]
    return Measured(sum(p.wall for p in parts), sum(p.cpu for p in parts), max(p.peak for p in parts))


def ours(page: Path, folder: Path, formats: str, *more: str) -> Measured:
    """Build one page with everything on."""
    return timed([*OURS, "build", page, "--to", formats, "-o", folder / "ours", *more], folder)


def many(page: Path, times: int, folder: Path) -> Path:
    """Return a page with the text of `page` so many times."""
    text = page.read_text(encoding="utf-8")
    target = folder / f"x{times}.md"
    target.write_text("\n\n".join([text] * times), encoding="utf-8")
    return target


def seed(folder: Path) -> Iterator[Row]:
    page = many(SEED, 1, folder)
    for formats, reach in (("pdf,epub,html", "<= 0.65"), ("pdf-typst,epub,html", "<= 0.15")):
        ours(page, folder, formats, "--force")  # pip's byte code is there, so is what we keep for a start
        build = partial(ours, page, folder, formats, "--force")
        peer, mine = in_turn(5, lambda: naive(page, folder), build)
        yield Row(f"{formats} of the seed, cold", mine.wall, peer.wall, reach)
        yield Row(f"{formats} of the seed, cold, CPU", mine.cpu, peer.cpu, "")
    yield _again(many(SEED, 1, folder), folder, "<= 0.8")
    yield _again(many(SEED, 100, folder), folder, "<= 0.05")
    cold = median(3, lambda: ours(page, folder, "pdf", "--force"))
    yield Row(
        "the seed's PDF in a warm worker, against a cold process", _warm(page, folder), cold.wall, "<= 0.35"
    )


def in_turn(runs: int, *each: Callable[[], Measured]) -> tuple[Measured, ...]:
    """Return the medians of several commands that run in turn, so that a busy minute touches all."""
    results = list(zip(*([once() for once in each] for _ in range(runs)), strict=True))
    return tuple(median(runs, iter(found).__next__) for found in results)


_WORKER = """
import sys, time
from pathlib import Path
from npp_publish import makeready
makeready.begin()
from npp_publish.config import Settings
from npp_publish.dist import place_for
from npp_publish.newsroom import publish
from npp_publish.pandoc import keep
from npp_publish.press import Inline
from npp_publish.standing import Order
keep()
page, folder = map(Path, sys.argv[1:])
order = Order((page,), place_for(page, folder), ("pdf",), Settings(), again=True)
press, taken = Inline(), []
for _ in range(6):
    began = time.perf_counter()
    publish(order, press=press)
    taken.append(time.perf_counter() - began)
print(sorted(taken[1:])[2])
"""


def _warm(page: Path, folder: Path) -> float:
    """Return the seconds that a process takes which has made the same page before."""
    command = [sys.executable, "-c", _WORKER, page, folder / "warm"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def _again(page: Path, folder: Path, reach: str) -> Row:
    epub = median(3, lambda: timed(commands(page, folder)[2], folder))
    ours(page, folder, "epub,html")
    again = median(3, lambda: ours(page, folder, "epub,html"))
    return Row(f"nothing changed, against pandoc's EPUB, {page.stem}", again.wall, epub.wall, reach)


def installed() -> None:
    """Compile our modules, as pip does for everything that it installs, our peers among it."""
    import compileall

    compileall.compile_dir(ROOT / "src" / "npp_publish", quiet=1)


def main() -> None:
    """Measure, print the table."""
    installed()
    with tempfile.TemporaryDirectory(prefix="npp-bench-") as folder:
        show(list(seed(Path(folder))), "publishing")


if __name__ == "__main__":
    main()
