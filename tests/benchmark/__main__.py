"""Score npp-publish and the baselines: `python tests/benchmark [--split dev] [--pages] [--write]`.

Without options it prints the table of the README: one row a system, the mean of each column over all
pages of all splits. `--pages` adds a row for each page of npp-publish, `--groups` one for each group,
`--gold FOLDER` scores pages that lie elsewhere in the same format.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmark import headlines, outcome, plans, readme, sample, stories
from benchmark.baselines import BASELINES
from benchmark.printed import read_back
from benchmark.printer import PAGES, SPLITS, print_all
from benchmark.score import COLUMNS, Scores, score
from benchmark.scramble import scramble
from npp_publish.errors import PublishError

OURS = "npp-publish"


@dataclass(frozen=True)
class Row:
    """The scores of one page."""

    page: str
    group: str
    scores: Scores


def ours(raw: str, gold: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """Run stages 1 to 5 on a page, or on the files of an edition; return its Markdown and its ledger."""
    from npp_publish import compose, ledger, markdown, source

    parts = [
        source.Decoded(f"{page}.txt", text, "", "utf-8", 1.0, "text/plain", page)
        for page, text in zip(gold.get("pages", ()), gold.get("files", ()), strict=True)
    ]
    normalized = compose.normalize(source.bind(parts) if parts else source.from_text(raw))
    rows = json.loads(ledger.dump(normalized))
    entries = rows if isinstance(rows, list) else rows["entries"]
    return markdown.write(normalized.edition).text, entries


def answer(system: str, raw: str, gold: dict[str, Any], name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return what a system makes of a page; a page that it refuses is a page without any text."""
    try:
        return ours(raw, gold) if system == OURS else (BASELINES[system](raw), [])
    except PublishError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return "", []


def rows(folders: list[Path], system: str, part: str = "") -> Iterator[Row]:
    """Yield the scores of a system on every page of the folders whose name begins with `part`."""
    for folder in folders:
        for path in sorted(folder.glob(f"{part}*.gold.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            raw = (folder / gold["raw"]).read_bytes().decode("utf-8")
            text, ledger = answer(system, raw, gold, path.name)
            scores = score(gold, raw, outcome.read(text, ledger))
            yield Row(gold["doc_id"], str(gold.get("group") or gold.get("kind", "")), scores)


def drawn(split: str, count: int, seed: int, system: str, keep: Path | None) -> Iterator[Row]:
    """Yield the scores on pages drawn at random; `keep` gets what was read wrongly to look at."""
    told = stories.of_split(split)
    for plan in sample.draw(split, told, count, seed):
        raw, gold = scramble(plan, told)
        text, ledger = answer(system, raw, gold, plan.id)
        scores = score(gold, raw, outcome.read(text, ledger))
        overall = scores["overall"]
        if keep and overall is not None and overall < 0.999:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{plan.id}.raw.md").write_bytes(raw.encode("utf-8"))
            (keep / f"{plan.id}.out.md").write_bytes(text.encode("utf-8"))
            gold_text = json.dumps(gold, ensure_ascii=False, indent=1, sort_keys=True)
            (keep / f"{plan.id}.gold.json").write_bytes(gold_text.encode("utf-8"))
        yield Row(plan.id, plan.group, scores)


def mean(found: list[Row], column: str) -> float | None:
    """Return the mean of a column over the pages that have the phenomenon."""
    values = [value for row in found if (value := row.scores[column]) is not None]
    return sum(values) / len(values) if values else None


def table(named: list[tuple[str, list[Row]]]) -> str:
    """Return a Markdown table: a row a system, group or page; a column a figure."""
    lines = ["| | pages | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    for name, found in named:
        means = [mean(found, column) for column in COLUMNS]
        cells = ["–" if m is None else f"{m:.3f}" for m in means]
        lines.append(f"| {name} | {len(found)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def title_of(marked: str) -> str:
    """Return the title that npp-publish reads under a printed headline."""
    from npp_publish import compose, source
    from npp_publish.model import plain

    made = compose.normalize(source.from_text(headlines.mini_page(marked)))
    return plain(made.edition.articles[0].title)


def headline_gaps(splits: Sequence[str], wrong: bool) -> int:
    """Print the share of headline gaps read rightly, beside keeping all of them."""
    for split in splits:
        kept = list(headlines.gaps(split, headlines.keep_all))
        ours_ = list(headlines.gaps(split, title_of))
        for name, found in (("nothing", kept), (OURS, ours_)):
            share = sum(gap.right for gap in found) / len(found)
            print(f"{split}: {name} reads {share:.3f} of {len(found)} headline gaps rightly")
        for gap in ours_ if wrong else ():
            if not gap.right:
                print(f"  {gap.shown}   should be   {gap.expected}")
    return 0


def write_readme() -> int:
    """Measure every system on the held pages, and write the table of the READMEs."""
    if "held" not in SPLITS:
        print("no held pages: the table stays as it is", file=sys.stderr)
        return 0
    measured = {system: list(rows([PAGES / "held"], system)) for system in [*BASELINES, OURS]}
    means = {system: partial(mean, found) for system, found in measured.items()}
    for path in readme.renew(means):
        print(f"{path.name} written", file=sys.stderr)
    return 0


def main() -> int:
    """Print the table asked for."""
    parser = argparse.ArgumentParser(prog="benchmark", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--split", default="all", help=f"{', '.join(SPLITS)}, or a part of one by its name (dev-east)"
    )
    parser.add_argument("--gold", type=Path, nargs="+", help="folders with other pages and golds")
    parser.add_argument("--system", nargs="+", choices=[OURS, *BASELINES], default=[*BASELINES, OURS])
    parser.add_argument("--pages", action="store_true", help="a row for each page")
    parser.add_argument("--groups", action="store_true", help="a row for each group of pages")
    parser.add_argument(
        "--random", type=int, metavar="N", help="N pages drawn at random from a split's stories"
    )
    parser.add_argument("--seed", type=int, default=1, help="of --random")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="with --random: keep imperfect pages")
    parser.add_argument(
        "--printed", metavar="THEME", help="print every third page as a PDF in a theme and read that"
    )
    parser.add_argument("--headlines", action="store_true", help="headline gaps alone")
    parser.add_argument("--wrong", action="store_true", help="with --headlines: print what is read wrongly")
    parser.add_argument("--readme", action="store_true", help="write the table of the READMEs")
    parser.add_argument("--write", action="store_true", help="make the pages anew from stories and plans")
    wishes = parser.parse_args()
    if wishes.write:
        print(f"{print_all()} pages written", file=sys.stderr)
        return 0
    if wishes.readme:
        return write_readme()
    if wishes.headlines:
        return headline_gaps(headlines.SPLITS if wishes.split == "all" else (wishes.split,), wishes.wrong)
    splits = SPLITS if wishes.split == "all" else (wishes.split,)
    if strange := [split for split in splits if not plans.of_split(split)]:
        parser.error(f"no plans for {strange[0]}")
    folders = wishes.gold or [PAGES / split.partition("-")[0] for split in splits]
    part = "" if wishes.gold or wishes.split == "all" else wishes.split
    if wishes.printed:
        lot = [Row(*row) for f in folders for row in read_back(f, wishes.printed, ours, 3)]
        print(table([*((row.page, [row]) for row in lot if wishes.pages), (f"in {wishes.printed}", lot)]))
        return 0
    named: list[tuple[str, list[Row]]] = []
    for system in wishes.system:
        if wishes.random:
            lots = (drawn(s, wishes.random, wishes.seed, system, wishes.keep) for s in splits)
            found = [row for lot in lots for row in lot]
        else:
            found = list(rows(folders, system, part))
        if wishes.pages:
            named += [(row.page, [row]) for row in found]
        if wishes.groups:
            groups = sorted({row.group for row in found})
            named += [(f"{system}, {g}", [r for r in found if r.group == g]) for g in groups]
        named.append((system, found))
    print(table(named))
    return 0


if __name__ == "__main__":
    sys.exit(main())
