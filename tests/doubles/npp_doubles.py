"""Backends that fail, each in its own way, and one that does not. Registered like any plugin."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from npp_publish.backends import BackendInfo, Feature, word
from npp_publish.diagnostics import Diagnostic, Severity, diagnose
from npp_publish.errors import ToolMissing
from npp_publish.model import Artifact, RenderJob, plain


@dataclass(frozen=True)
class Options:
    """Options of the doubles."""

    greeting: str = field(default="", metadata={"help": "first line"})
    size: int = field(default=10, metadata={"help": "a number"})
    wide: bool = field(default=False, metadata={"help": "a switch"})
    words: tuple[str, ...] = field(default=(), metadata={"help": "a list"})


class Plain:
    """Writes titles and text, well behaved."""

    info: ClassVar[BackendInfo] = BackendInfo(
        "plain", "plain text", ".plain", "text/plain", frozenset(Feature)
    )
    Options: ClassVar[type[Any]] = Options

    def check(self, options: Options) -> tuple[Diagnostic, ...]:
        return ()

    def render(self, job: RenderJob, options: Options) -> Artifact:
        path = job.work / f"{job.stem}{self.info.suffix}"
        lines = [options.greeting, job.edition.title, job.theme.name, str(job.epoch)]
        for article in job.edition.articles:
            lines += [plain(article.title), *(plain(element) for element in article.body)]
        path.write_text("\n".join(lines), encoding="utf-8")
        print("chatter of a library")
        return Artifact(path, self.info.name, self.info.media_type)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        return ()


def _called(name: str) -> BackendInfo:
    return replace(Plain.info, name=name, suffix=f".{name}")


class Crashes(Plain):
    info = _called("crashes")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        raise RuntimeError("the ink ran out")


class Dies(Plain):
    info = _called("dies")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        os.kill(os.getpid(), 9)
        raise AssertionError


class Hangs(Plain):
    info = _called("hangs")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        time.sleep(600)
        raise AssertionError


class Refused(Plain):
    info = _called("refused")

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        return (diagnose("NPP006", "a judge does not like it"),)


class Worried(Plain):
    info = _called("worried")

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        return (diagnose("NPP006", "a judge has a doubt", severity=Severity.WARNING),)


class Strays(Plain):
    info = _called("strays")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        path = job.work.parent / "outside.txt"
        path.write_text("here", encoding="utf-8")
        return Artifact(path, "strays", "text/plain")


class Toolless(Plain):
    info = _called("toolless")

    def check(self, options: Options) -> tuple[Diagnostic, ...]:
        raise ToolMissing("no printing press", hint="buy one")


class Old(Plain):
    info = replace(_called("old"), api_version=0)


class Poor(Plain):
    info = replace(_called("poor"), features=frozenset())


class Beside(Plain):
    """Tells beside which files it was made."""

    info = _called("beside")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        path = job.work / f"{job.stem}{self.info.suffix}"
        path.write_text(" ".join(file.name for file in job.beside), encoding="utf-8")
        return Artifact(path, self.info.name, self.info.media_type)


class Waits(Plain):
    """Its judge waits for the work of `beside`, and has a word to say about it."""

    info = _called("waits")

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        other = job.work.parent / "beside" / f"{job.stem}.beside"
        ends = time.monotonic() + 20
        while not other.is_file() and time.monotonic() < ends:
            time.sleep(0.01)
        severity = Severity.ERROR if job.edition.lang == "en" else Severity.INFO
        return (diagnose("NPP006", f"beside: {other.is_file()}", severity=severity),)


class Wavers(Waits):
    """Gives its word before its file is there, and, in another language, does not keep it."""

    info = _called("wavers")

    def render(self, job: RenderJob, options: Options) -> Artifact:
        word.give(Artifact(job.work / "early", "wavers", "text/plain"))
        other = job.work.parent / "beside" / f"{job.stem}.beside"
        ends = time.monotonic() + 20
        while not other.is_file() and time.monotonic() < ends:
            time.sleep(0.01)
        return super().render(job, options)

    def validate(self, artifact: Artifact, job: RenderJob) -> tuple[Diagnostic, ...]:
        if job.edition.lang == "en":
            word.give(artifact)
        return ()
