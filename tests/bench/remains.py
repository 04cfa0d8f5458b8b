"""What is left: where the time of one page goes, step by step.

    python tests/bench/remains.py [FORMATS]

All in one process and one step after the other, in CPU time, which other work on the machine hardly
touches. In a real build the formats are made in processes of their own, side by side.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

BEGAN = time.process_time()

ROOT = Path(__file__).resolve().parents[2]
SEED = next(iter(sorted((ROOT / "seeds").glob("*.txt"))))


@dataclass
class Laps:
    """CPU milliseconds of each step, in order."""

    last: float = BEGAN
    rows: list[tuple[str, float]] = field(default_factory=list)

    def lap(self, step: str) -> None:
        """End a step."""
        now = time.process_time()
        self.rows.append((step, (now - self.last) * 1000))
        self.last = now


def measure(formats: Sequence[str], folder: Path) -> Laps:
    """Build the seed once, with everything on."""
    laps = Laps()
    from npp_publish import makeready

    makeready.begin()
    import npp_publish.cli.build
    import npp_publish.pipeline
    import npp_publish.press
    from npp_publish.colophon import Digests
    from npp_publish.config import Settings
    from npp_publish.dist import place_for, prepare
    from npp_publish.proofs import Proofs
    from npp_publish.standing import Order, keys_of

    assert npp_publish.cli.build
    laps.lap("our modules")
    order = Order((SEED,), place_for(SEED, folder), tuple(formats), Settings())
    digests = Digests(folder / "digests.json")
    keys_of(order, digests)
    digests.save()
    laps.lap("digests of everything")
    prepare(order.place)
    proofs = Proofs(
        order.place.work, order.place.stem, lambda step: laps.lap(str(step).partition("]")[0] + "]")
    )
    npp_publish.pipeline.build(order, _Stopped(laps), proofs)
    makeready.keep()
    return laps


class _Stopped:
    """A press that takes the time of each part of its work."""

    def __init__(self, laps: Laps) -> None:
        self.laps = laps

    def warm(self, names: Sequence[str], logs: Path) -> None:
        """Nothing is done ahead."""

    def run(self, tasks: Sequence[object]) -> tuple[object, ...]:
        """Do one task after the other."""
        return tuple(self._each(tasks))

    def _each(self, tasks: Sequence[object]) -> Iterator[object]:
        from npp_publish.backends import load
        from npp_publish.press import Printed, leaders_first

        done: dict[str, Printed] = {}
        for task in leaders_first(tasks):  # type: ignore[arg-type]
            task = task.beside(done.get(task.after)) if task.after else task
            backend = load(task.name)
            getattr(backend, "warm", lambda: None)()
            self.laps.lap(f"  {task.name}: engine and judges loaded")
            artifact = backend.render(task.job, task.options)
            self.laps.lap(f"  {task.name}: rendered")
            found = backend.validate(artifact, task.job)
            self.laps.lap(f"  {task.name}: judged")
            done[task.name] = Printed(task.name, artifact, found)
            yield done[task.name]


def main() -> None:
    """Print the table; the first run only fills what is kept for the next start."""
    formats = (sys.argv[1] if sys.argv[1:] else "pdf,epub,html").split(",")
    with tempfile.TemporaryDirectory() as folder:
        laps = measure(formats, Path(folder))
    print("| step of one page | CPU |")
    print("|---|---|")
    for step, milliseconds in laps.rows:
        print(f"| {step} | {milliseconds:.0f} ms |")
    print(f"| all | {sum(milliseconds for _, milliseconds in laps.rows):.0f} ms |")


if __name__ == "__main__":
    main()
