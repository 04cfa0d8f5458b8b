"""Stage 7, render: one module per output format, all of them plugins.

A backend is a class registered in the entry-point group `npp_publish.backends`; the built-in ones
register there too and have no privilege. `names()` lists them without importing any; `load(name)`
imports exactly one. The contract is `Backend` below, and `npp_publish.backends.contract` holds the
test suite that every backend, ours or yours, must pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from ..errors import BackendFailed, UsageError
from ..makeready.plant import Point, plant

if TYPE_CHECKING:
    from ..diagnostics import Diagnostic
    from ..model import Artifact, RenderJob

__all__ = ["API_VERSION", "GROUP", "Backend", "BackendInfo", "Feature", "follows", "load", "names"]

API_VERSION = 1
GROUP = "npp_publish.backends"


class Feature(StrEnum):
    """What an edition may contain beyond headings and paragraphs. A feature that is used but that a
    backend does not declare becomes a "not rendered" diagnostic with its source line."""

    BOXES = "boxes"
    FIGURES = "figures"
    FOREIGN = "foreign"
    LINKS = "links"
    NOTES = "notes"
    REFERENCES = "references"
    RUBY = "ruby"
    TABLES = "tables"


@dataclass(frozen=True, slots=True)
class BackendInfo:
    """What a backend says of itself. `tools` are names that `doctor` knows."""

    name: str
    summary: str
    suffix: str
    media_type: str
    features: frozenset[Feature]
    tools: tuple[str, ...] = ()
    api_version: int = API_VERSION


@runtime_checkable
class Backend(Protocol):
    """The contract. `Options` is one frozen dataclass with defaults and a `metadata={"help": ...}`
    on each field: the single schema for the TOML table, `--set name.option=...` and the help."""

    info: ClassVar[BackendInfo]
    Options: ClassVar[type[Any]]

    def check(self, options: Any) -> tuple[Diagnostic, ...]:
        """Preflight: are tools and options all right? Writes nothing, imports little."""
        ...

    def render(self, job: RenderJob, options: Any) -> Artifact:
        """Make `job.work / (job.stem + info.suffix)`; write nowhere else. Same job, same bytes."""
        ...

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """The quick, in-process judges of the finished file. Errors keep it out of `dist/`."""
        ...


def _registered() -> Mapping[str, Point]:
    return {point.name: point for point in plant().points(GROUP)}


def names() -> tuple[str, ...]:
    """Return the names of all registered backends; imports none of them."""
    return tuple(_registered())


def load(name: str) -> Backend:
    """Import one backend and return an instance.

    Raises UsageError for an unknown name, BackendFailed for one that cannot be imported or that
    speaks another API version.
    """
    points = _registered()
    if name not in points:
        raise UsageError(f"no backend {name!r}", hint=f"registered are: {', '.join(points) or 'none'}")
    try:
        backend = _class(points[name].value)()
    except Exception as error:  # whatever a third party raises at import is its failure, not ours
        raise BackendFailed(f"backend {name!r} cannot be loaded: {error}") from error
    if not isinstance(backend, Backend) or backend.info.api_version != API_VERSION:
        raise BackendFailed(f"backend {name!r} does not speak API version {API_VERSION}")
    return backend


def _class(value: str) -> Any:
    """Import what an entry point names: `package.module:Class`."""
    module, _, path = value.partition(":")
    found: Any = import_module(module.strip())
    for attribute in path.strip().split("."):
        found = getattr(found, attribute)
    return found


def follows(name: str, formats: Sequence[str]) -> str:
    """Return which of `formats` must be finished before the format `name` is rendered, "" for none.

    A backend may name such formats in `follows`, the dearest first; the finished file is then in
    `job.beside`. Where none of them is asked for in the same run, it waits for nothing.
    """
    try:
        wanted = getattr(load(name), "follows", ())
    except (BackendFailed, UsageError):  # told when it is to render
        return ""
    return next((other for other in wanted if other in formats and other != name), "")
