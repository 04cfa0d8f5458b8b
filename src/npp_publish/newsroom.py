"""The newsroom: takes an order, asks whether anything changed, has it made, publishes it.

This is what the command line, the batch and the preview call: `publish`. One process at a time
works on one document; the outputs appear whole or not at all.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import dist
from .backends import load
from .colophon import Digests, tool_versions
from .diagnostics import Diagnostic, Severity, as_json
from .dist import Output
from .errors import EXIT_WARNINGS, BackendFailed
from .standing import Keys, Order, Outcome, keys_of, looked_at, note, pictures_of, recall

if TYPE_CHECKING:
    from .morgue import Morgue
    from .pipeline import Made
    from .press import Press, Printed
    from .proofs import Proofs, Tell

__all__ = ["publish"]


def publish(
    order: Order,
    *,
    press: Press | None = None,
    tell: Tell | None = None,
    bind: bool = True,
    morgue: Morgue | None = None,
    digests: Digests | None = None,
    look: bool = False,
) -> Outcome:
    """Publish one document, or find that it is up to date.

    `press` is where formats are made (one child process for each, unless given); `bind` adds the
    document to the folder's manifest; `morgue` is where earlier work is kept, `digests` what a
    long-lived process remembers of files; `look` looks at what was published once more (see
    `Outcome.seen`). Raises PublishError where nothing can be published; a
    format that fails alone is told in the outcome, and the others are published.
    """
    place = order.place
    with dist.hold(place.work.parent / "locks" / f"{place.stem}.lock"):
        digests = digests or Digests(place.work.parent / "digests.json")
        keys = keys_of(order, digests)
        outcome = None if order.again else recall(order, keys, digests)
        outcome = outcome or _make(order, keys, digests, press, tell, morgue)
        outcome = looked_at(order, outcome, digests) if look and not outcome.fresh else outcome
        digests.save()
    if bind and place.single is None:
        digests.file(dist.bind(place.folder, [outcome.row]))
    if order.settings.build.strict and outcome.exit_code == 0 and _warned(outcome.diagnostics):
        return replace(outcome, exit_code=EXIT_WARNINGS)
    return outcome


def _warned(found: tuple[Diagnostic, ...]) -> bool:
    return any(item.severity is not Severity.INFO for item in found)


def _make(
    order: Order,
    keys: Keys,
    digests: Digests,
    press: Press | None,
    tell: Tell | None,
    morgue: Morgue | None,
) -> Outcome:
    """Have the document made, and publish what the judges let through."""
    from .press.journeymen import Children
    from .proofs import Proofs, silent

    place, settings = order.place, order.settings
    if not order.edited:
        dist.spare(order.inputs, [place.target(suffix) for suffix in _suffixes(order)])
    dist.prepare(place)
    earlier = dist.read_record(place)
    proofs = Proofs(place.work, place.stem, tell or silent, keep=settings.build.keep)
    room: Press = press or Children(jobs=settings.build.jobs, seconds=settings.limits.seconds)
    with nullcontext(room) if press else room:
        if not press:  # engines are loaded while the stages are, and while the text is read
            room.warm(order.formats, place.work / "7-render")
        made = _build(order, keys, digests, room, proofs, morgue)
        outcome = _hand_over(order, keys, digests, made, earlier, proofs.text)  # meanwhile children end
    if not settings.build.keep and not outcome.exit_code:
        shutil.rmtree(place.work, ignore_errors=True)
    return outcome


def _hand_over(
    order: Order, keys: Keys, digests: Digests, made: Made, earlier: Mapping[str, Any], text: str
) -> Outcome:
    """Publish what was made, and write down what it was made of; `text` is the Markdown as it was made,
    before anybody edited it."""
    place = order.place
    _withdraw(order, made.printed, earlier)
    outputs = [*_texts(order), *_artifacts(order, made.printed)]
    rows = dist.publish(place, outputs)
    row = _row(order, keys, rows, made, earlier)
    paths = tuple(output.target for output in outputs)
    code = next((item.exit_code for item in made.printed if item.exit_code), 0)
    outcome = Outcome(place.stem, paths, made.diagnostics, code, row)
    pictures = pictures_of(made.edition, order.inputs[0].parent, digests)
    if text:
        dist.write_text(place.base, text)
    dist.write_record(place, note(order, keys, outcome, pictures, earlier))
    return outcome


def _suffixes(order: Order) -> Iterator[str]:
    yield from (".md", ".ledger.json")
    for name in order.formats:
        with suppress(BackendFailed):  # told when it is to render
            yield load(name).info.suffix


def _build(
    order: Order, keys: Keys, digests: Digests, room: Press, proofs: Proofs, morgue: Morgue | None
) -> Made:
    """Run the stages, from what was kept of them where the order lets that stand."""
    from . import pandoc

    if morgue is None or order.again:
        with pandoc.ready() as parsed:
            from .pipeline import build

            return build(order, room, proofs, parsed=parsed)
    from .morgue import Archive
    from .pipeline import build

    known, keep = morgue.recall_copy(keys.copy), partial(morgue.keep_copy, keys.copy)
    with nullcontext(lambda: None) if known else pandoc.ready() as parsed:
        return build(order, Archive(room, morgue, digests), proofs, known, parsed, keep)


def _texts(order: Order) -> list[Output]:
    """The Markdown and the ledger: made by stages 1-5, or the edited file as the editor left it."""
    place, work = order.place, order.place.work
    edited = work / "5-by-hand.md"
    made = edited if edited.is_file() else work / "5-write.md"
    markdown = Output("md", made, place.target(".md"), "text/markdown")
    if place.single is not None:
        return [] if order.formats else [markdown]
    if order.edited:
        return [replace(markdown, path=order.inputs[0])]
    ledger = Output("ledger", work / "4-ledger.json", place.target(".ledger.json"), "application/json")
    return [markdown, ledger]


def _artifacts(order: Order, printed: tuple[Printed, ...]) -> list[Output]:
    accepted = [(item.name, item.artifact) for item in printed if item.artifact and not item.exit_code]
    suffixes = {name: artifact.path.name.removeprefix(order.place.stem) for name, artifact in accepted}
    return [
        Output(name, artifact.path, order.place.target(suffixes[name]), artifact.media_type)
        for name, artifact in accepted
    ]


def _withdraw(order: Order, printed: tuple[Printed, ...], earlier: Mapping[str, Any]) -> None:
    """Take back what an earlier run published in a format that failed now: it is not of this text."""
    failed = {item.name for item in printed if item.exit_code}
    for output in earlier.get("row", {}).get("outputs", ()):
        if output["format"] in failed and dist.intact(output, order.place.folder):
            path = order.place.folder / output["path"]
            shutil.move(path, order.place.work / "7-render" / f"earlier-{path.name}")


def _row(
    order: Order, keys: Keys, rows: tuple[dict[str, Any], ...], made: Made, earlier: Mapping[str, Any]
) -> dict[str, Any]:
    """The document's row of the manifest: no clock, no absolute path, the same for the same run."""
    by_hand = order.edited or (order.place.work / "5-by-hand.md").is_file()
    rows = tuple({**row, "by-hand": True} if by_hand and row["format"] == "md" else row for row in rows)
    fresh = {output["format"] for output in rows}
    asked = {*order.formats, *fresh}
    kept = [
        output
        for output in earlier.get("row", {}).get("outputs", ())
        if output["format"] not in asked and dist.intact(output, order.place.folder)
    ]
    return {
        "id": order.place.stem,
        "title": made.edition.title,
        "inputs": _inputs(order, made),
        "key": keys.text,
        "tools": dict(tool_versions()),
        "theme": made.job.theme.name if made.job else "",
        "outputs": sorted([*kept, *rows], key=lambda output: str(output["path"])),
        "diagnostics": as_json(replace(item, path=Path(item.path).name) for item in made.diagnostics),
    }


def _inputs(order: Order, made: Made) -> list[dict[str, Any]]:
    if made.copy is None:
        data = order.inputs[0].read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return [{"name": order.inputs[0].name, "sha256": digest, "encoding": "utf-8", "page": ""}]
    return [
        {"name": Path(file.name).name, "sha256": file.sha256, "encoding": file.encoding, "page": file.page}
        for file in made.copy.files
    ]
