"""Stages 1-4 against a plain pass that only decodes the bytes and splits them into lines.

    python tests/bench/normalizing.py [--stages]

Each row is measured in a process of its own: CPU seconds of the work alone (imports and word lists are
loaded before, and shown apart), and the peak memory of the whole process. Only the ratios mean anything
on another machine. `--stages` shows what each stage takes.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from npp_publish import makeready

ROOT = Path(__file__).resolve().parents[2]
SEED = min((ROOT / "seeds").glob("*.txt"))
_PATIENCE = 90  # seconds of wall time; what takes longer is shown as `inf`
_LONG = 10_000_000  # bytes of the page that is one line


@dataclass(frozen=True)
class Measured:
    """CPU seconds of the work and of what was loaded before it, peak memory in MB."""

    work: float
    loading: float
    peak: float


def cases(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Yield (name, page, repetitions): the seed 1, 10 and 100 times over, and one line of 10 MB."""
    text = SEED.read_bytes().decode("utf-8")
    for times, repeat in ((1, 20), (10, 4), (100, 1)):
        page = folder / f"x{times}.txt"
        page.write_bytes("\n\n".join([text] * times).encode("utf-8"))
        yield f"seed x{times}", page, repeat
    flat = " ".join(text.split())
    page = folder / "line.txt"
    page.write_bytes((flat * (_LONG // len(flat.encode("utf-8")))).encode("utf-8"))
    yield "one line of 10 MB", page, 1


# --------------------------------------------------------------------------- in the child


def plain(page: Path) -> None:
    """Decode and split: the least that any reader has to do."""
    page.read_bytes().decode("utf-8").split("\n")


def reading(page: Path) -> None:
    """Stage 1."""
    from npp_publish import source

    source.read([page])


def detecting(page: Path) -> None:
    """Stages 1 and 2."""
    from npp_publish import detect, source

    detect.detect(source.read([page])[0])


def repairing(page: Path) -> None:
    """Stages 1 to 3."""
    from npp_publish import detect, repair, source

    found, _ = source.read([page])
    desk = detect.open_desk(found, detect.load())
    repair.repair(found, detect.detect(found, desk=desk), desk=desk)


def normalizing(page: Path) -> None:
    """Stages 1 to 4, with the invariants of the ledger."""
    from npp_publish import compose, source

    compose.normalize(source.read([page])[0])


JOBS: dict[str, Callable[[Path], None]] = {
    job.__name__: job for job in (plain, reading, detecting, repairing, normalizing)
}


def child(job: str, page: Path, repeat: int) -> Measured:
    """Run a job, first on a short page to load what it needs, then `repeat` times in earnest."""
    makeready.begin()  # as the program does: among other things, the garbage collector looks less often
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder, "short.txt")
        short.write_bytes("\n".join(SEED.read_bytes().decode("utf-8").split("\n")[:40]).encode("utf-8"))
        JOBS[job](short)
    loading = time.process_time()
    for _ in range(repeat):
        JOBS[job](page)
    work = (time.process_time() - loading) / repeat
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )
    return Measured(work, loading, peak)


# --------------------------------------------------------------------------- in the parent


def measured(job: str, page: Path, repeat: int) -> Measured:
    """Measure a job in a process of its own."""
    command = [sys.executable, __file__, "--child", job, str(page), str(repeat)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Measured(float("inf"), 0.0, 0.0)
    if done.returncode:
        raise SystemExit(f"{job} of {page.name} failed:\n{done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout))


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--stages", action="store_true", help="show what each stage takes")
    parser.add_argument("--child", nargs=3, metavar=("JOB", "PAGE", "TIMES"), help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.child:
        job, page, times = wishes.child
        print(json.dumps(asdict(child(job, Path(page), int(times)))))
        return 0
    jobs = [job for job in JOBS if wishes.stages or job in {"plain", "normalizing"}]
    print("| page | characters | work | CPU s | to plain | ns a character | peak MB | loading s |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, page, repeat in cases(Path(folder)):
            count = len(page.read_bytes().decode("utf-8"))
            peer = measured("plain", page, max(repeat, 5))
            for job in jobs:
                one = peer if job == "plain" else measured(job, page, repeat)
                ratio = one.work / max(peer.work, 1e-9)
                each = one.work / count * 1e9
                cells = [name, f"{count:,}", job, f"{one.work:.4f}", f"{ratio:,.0f}", f"{each:,.0f}"]
                print("| " + " | ".join([*cells, f"{one.peak:.0f}", f"{one.loading:.2f}"]) + " |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
