"""The `command` backend: a program in any language makes the artifact.

The program gets the render job as one JSON document on standard input and gives the finished file
on standard output; what it says on standard error is shown. It runs in the format's work folder and
is stopped when its time is up. Which program that is, only the configuration and the command line
may say: a document must never be able to start one.

    npp-publish build page.txt --to command --set command.program="python3 plain.py" --set command.suffix=.txt

The JSON (docs/backends.md): `api`, `stem`, `epoch`, `source`, `theme`, `assets`, `attachments`,
`edition` (every node with its kind under `node`) and `pandoc` (the same as pandoc's AST).
"""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import signal
import subprocess
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, ClassVar

from ..diagnostics import Diagnostic, diagnose
from ..errors import BackendFailed
from ..model import Artifact, RenderJob
from . import API_VERSION, BackendInfo, Feature

__all__ = ["CommandBackend", "CommandOptions", "as_json"]

_SAID = 20  # lines of standard error that are shown


def _option(default: Any, help_text: str, *, trusted: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text, "trusted": trusted})


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """What can be set for `command`. Options marked trusted are never taken from a document."""

    program: str = _option("", "the program and its arguments, as a shell would take them", trusted=True)
    suffix: str = _option(".out", "suffix of the file it makes", trusted=True)
    media_type: str = _option("application/octet-stream", "media type of the file it makes", trusted=True)
    seconds: float = _option(300.0, "time that it may take, in seconds", trusted=True)


class CommandBackend:
    """Hands an edition to an external program."""

    info: ClassVar[BackendInfo] = BackendInfo(
        name="command",
        summary="whatever a program of your own makes of the edition",
        suffix=".out",
        media_type="application/octet-stream",
        features=frozenset(Feature),
    )
    Options: ClassVar[type[Any]] = CommandOptions

    def check(self, options: CommandOptions) -> tuple[Diagnostic, ...]:
        """Tell whether there is a program to start."""
        suffix = options.suffix
        if not suffix.startswith(".") or not suffix[1:].replace(".", "").isalnum() or len(suffix) > 20:
            return (diagnose("NPP781", f"command.suffix = {suffix!r}: not a suffix like .txt"),)
        try:
            words = shlex.split(options.program)
        except ValueError as error:
            return (diagnose("NPP781", f"command.program cannot be read: {error}"),)
        if not words:
            return (diagnose("NPP781", "command.program is not set"),)
        if shutil.which(words[0]) is None:
            return (diagnose("NPP781", f"there is no program {words[0]!r}"),)
        return ()

    def render(self, job: RenderJob, options: CommandOptions) -> Artifact:
        """Start the program, give it the job, keep what it answers. Raises BackendFailed."""
        path = job.work / (job.stem + options.suffix)
        words = shlex.split(options.program)
        words[0] = shutil.which(words[0]) or words[0]
        said = _run(words, as_json(job).encode(), path, job, options.seconds)
        found = tuple(diagnose("NPP782", line) for line in said[:_SAID])
        return Artifact(path, self.info.name, options.media_type, found)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        """Tell whether there is a file, and whether it is text where it is said to be."""
        if not artifact.path.stat().st_size:
            return (diagnose("NPP783", "the program made an empty file"),)
        kind = artifact.media_type
        if kind.startswith("text/") or kind.endswith(("json", "xml")):
            return _as_text(artifact.path, kind)
        return ()


def _run(words: list[str], given: bytes, path: Path, job: RenderJob, seconds: float) -> list[str]:
    """Run the program; its standard output goes to `path`. Returns what it said, line by line."""
    name = Path(words[0]).name
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT", "TMPDIR") if key in os.environ}
    environment = {**kept, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": str(job.epoch)}
    try:
        with path.open("wb") as output:
            process = subprocess.Popen(
                words,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.PIPE,
                cwd=job.work,
                env=environment,
                start_new_session=True,
            )
            with process:
                try:
                    _, said = process.communicate(given, timeout=seconds)
                except subprocess.TimeoutExpired as error:
                    _stop(process)
                    raise BackendFailed(
                        f"{name} was stopped: it took more than {seconds:g} seconds"
                    ) from error
    except OSError as error:
        raise BackendFailed(f"{name} cannot be started: {error.strerror}") from error
    lines = [line.strip()[:300] for line in said.decode("utf-8", "replace").split("\n") if line.strip()]
    if process.returncode:
        last = f": {lines[-1]}" if lines else ""
        raise BackendFailed(f"{name} ended with exit code {process.returncode}{last}")
    return lines


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.communicate()


def _as_text(path: Path, kind: str) -> tuple[Diagnostic, ...]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
        if kind.endswith("json"):
            json.loads(text)
    except (ValueError, RecursionError) as error:
        return (diagnose("NPP783", f"the file is not {kind}: {str(error)[:120]}"),)
    if kind.endswith("xml"):
        from lxml import etree

        try:
            etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            return (diagnose("NPP783", f"the file is not {kind}: {str(error)[:120]}"),)
    return ()


# --------------------------------------------------------------------------- the job as JSON


def as_json(job: RenderJob) -> str:
    """Return the job as the program gets it: fields in reading order, the same job the same text."""
    document = {
        "api": API_VERSION,
        "stem": job.stem,
        "epoch": job.epoch,
        "source": job.source_name,
        "theme": {
            "name": job.theme.name,
            "folder": str(job.theme.folder),
            "settings": dict(job.theme.settings),
        },
        "assets": [_plain(asset) for asset in job.assets],
        "attachments": [str(path) for path in job.attachments],
        "edition": {**_plain(job.edition), "extra": json.loads(job.edition.extra)},
        "pandoc": json.loads(job.ast or "{}"),
    }
    return json.dumps(document, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return plain data: a node becomes a table with its kind under `node`, a tuple a list."""
    if is_dataclass(value) and not isinstance(value, type):
        table = {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
        return {"node": type(value).__name__, **table}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
