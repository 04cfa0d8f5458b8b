"""The eight stages in their order, for one document.

`build` is the table of contents of the house: eight calls, whatever the formats. A person may enter
at stage 5 with an edited `edition.md`; where no format is asked for, it ends there.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from .backends import follows
from .backends import load as load_backend
from .compose import compose
from .config import options_for
from .detect import detect, open_desk
from .diagnostics import Diagnostic
from .errors import BackendFailed
from .makeready.bench import tidied
from .markdown import write
from .model import Edition, RenderJob
from .parse import parse
from .press import Press, Printed, Task
from .proofs import Proofs
from .repair import repair
from .source import read
from .standing import Copy, Order
from .wishes import by_hand, edits_of, epoch_of, manuscript, page_of, profile_of, theme_of

__all__ = ["Made", "build", "copy_of"]


@dataclass(frozen=True, slots=True)
class Made:
    """What came out: the edition, the copy (not of an edited edition), the job, the artifacts."""

    edition: Edition
    copy: Copy | None
    job: RenderJob | None
    printed: tuple[Printed, ...]
    diagnostics: tuple[Diagnostic, ...]


def build(
    order: Order,
    press: Press,
    proofs: Proofs,
    known: Copy | None = None,
    parsed: Callable[[], None] = lambda: None,
    keep: Callable[[Copy], None] = lambda copy: None,
) -> Made:
    """Run the stages for one document; every stage's output is kept in the work folder.

    `known` is the copy of stages 1-5 where it was made before of exactly the same, else `keep` is given it;
    `parsed` is called when the text is read for the last time. Raises PublishError where the document as a
    whole fails. A format that fails alone is told in its `Printed`, and the others are made.
    """
    press.warm(order.formats, proofs.folder / "7-render")  # engines are imported while the text is read
    with _unswept():
        if order.edited:
            copy, written = None, manuscript(order.inputs)
        else:
            copy = proofs.again(known) if known else copy_of(order, proofs)
            if not known:
                keep(copy)
            copy = replace(copy, proofs=())  # they lie in the work folder
            ours = by_hand(order.place, copy.made, overwrite=order.overwrite)
            written = proofs.reconciled(copy.made, *ours)
        proofs.written(written)
        if not order.formats:
            return Made(written.edition, copy, None, (), proofs.noticed)
        job = proofs.parsed(
            *parse(
                written.text,
                name=f"{order.place.stem}.md",
                folder=order.inputs[0].parent,
                theme=theme_of(order.settings, written.edition),
                work=proofs.folder,
                stem=order.place.stem,
                epoch=epoch_of(written.edition),
                written=written,
                attachments=proofs.texts or tuple(order.inputs),
                page=page_of(order.inputs, edited=order.edited),
            )
        )
    parsed()
    tidied()
    printed = proofs.printed(press.run([_task(order, job, name) for name in order.formats]))
    return Made(written.edition, copy, job, printed, proofs.noticed)


@contextmanager
def _unswept() -> Iterator[None]:
    """Have no garbage looked for meanwhile: stages make trees, which are dropped without it, and looking
    through those of a long document takes a fifth of its time."""
    sweeps = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeps:
            gc.enable()


def copy_of(order: Order, proofs: Proofs) -> Copy:
    """Run stages 1-5 on a page. Raises PublishError."""
    table = order.settings.source
    source = proofs.source(*read(order.inputs, encoding=table.encoding, pages=table.pages))
    profile = profile_of(order.settings)
    edits = proofs.settled(edits_of(order.settings, source, profile))
    desk = open_desk(source, profile, edits)
    blocks = proofs.detected(source, detect(source, desk=desk))
    blocks = proofs.repaired(source, repair(source, blocks, desk=desk))
    normalized = proofs.composed(compose(source, blocks, desk=desk))
    made = proofs.made(write(normalized.edition))
    return Copy(made, source.files, proofs.noticed, proofs.handed_over())


def _task(order: Order, job: RenderJob, name: str) -> Task:
    work = job.work / "7-render" / name
    work.mkdir()
    job = replace(job, work=work, followed=any(follows(n, order.formats) == name for n in order.formats))
    try:
        backend = load_backend(name)
    except BackendFailed:
        return Task(name, job, None)  # told when it is to render, so that it fails alone
    extra = job.edition.extra
    options = options_for(name, backend, order.settings, theme=job.theme, front_matter=extra)
    return Task(name, job, options, follows(name, order.formats))
