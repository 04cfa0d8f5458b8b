"""The contract as a test suite: every backend, ours or a third party's, must pass it.

In the tests of your own package:

    from npp_publish.backends.contract import BackendContract

    class TestBraille(BackendContract):
        backend = "braille"

and `pytest`. Where the default options cannot work (a program must be named, say), override
`options`. The editions used here, from the smallest to the kitchen sink, are public too.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import re
import struct
import sys
import zlib
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from .. import markdown
from ..diagnostics import Diagnostic, Severity
from ..errors import BackendFailed
from ..model import (
    Article,
    Artifact,
    Asset,
    Box,
    BoxKind,
    Break,
    Byline,
    Code,
    Dateline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Inlines,
    Jump,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    RenderJob,
    Role,
    Rowed,
    Ruby,
    Rule,
    Stated,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
)
from ..typeset import theme
from . import API_VERSION, Backend, BackendInfo, Feature, load, names

__all__ = ["BackendContract", "awkward", "job_for", "kitchen_sink", "smallest"]

_EPOCH = 1_709_683_200  # 2024-03-06


# --------------------------------------------------------------------------- editions


def _t(text: str) -> Inlines:
    return (Text(text),)


def _p(text: str) -> Paragraph:
    return Paragraph(_t(text))


def _tag(role: Role, text: str) -> Tagged:
    return Tagged(role, _t(text))


def smallest() -> Edition:
    """One article, one paragraph."""
    return Edition("桥", "zh-Hans", (Article("a1", _t("旧桥重开"), body=(_p("昨天，城南旧桥重新开放。"),)),))


def kitchen_sink() -> Edition:
    """Two articles with everything that the model can say."""
    first = Article(
        id="a1",
        title=_t("城南旧桥重新开放"),
        kicker=_t("城事"),
        subtitle=_t("百年石桥修旧如旧"),
        bylines=(
            Byline(
                (_tag(Role.AGENCY, "本报"), _tag(Role.ROLE, "记者"), Text(" "), _tag(Role.AUTHOR, "王小明"))
            ),
        ),
        dateline=Dateline(
            (
                _tag(Role.AGENCY, "新华社"),
                _tag(Role.PLACE, "重庆"),
                _tag(Role.DATE, "3月6日"),
                Text("电"),
            )
        ),
        continued_from=Jump((Text("（上接"), _tag(Role.PAGE, "1"), Text("版）"))),
        continued_to=Jump((Text("（下转"), _tag(Role.PAGE, "5"), Text("版）"))),
        body=_everything(),
        pages=("4", "5"),
        keywords=("桥", "修缮"),
        lines=(1, 2, 3),
    )
    second = Article("a2", _t("短评"), body=(_p("修旧如旧，贵在用心。"),), lang="zh-Hans")
    metadata = (
        ("author", Stated("王小明")),
        ("date", Stated("2024-03-07", False, "正文“3月6日”", (4,))),
        ("publisher", Stated("城南日报社")),
        ("news.paper", Stated("城南日报")),
        ("news.edition-date", Stated("2024-03-07")),
        ("news.page", Stated("4")),
    )
    return Edition("城南旧桥重新开放", "zh-Hans", (first, second), metadata)


def _everything() -> tuple[Element, ...]:
    styles = tuple(Styled(style, _t("样")) for style in Style)
    speaker = (_tag(Role.POST, "市人大代表"), _tag(Role.SPEAKER, "李明"), Text("：一座桥，一座城"))
    header = Rowed(((_p("年份"),), (_p("事"),)), header=True)
    foreign = '{"c":[{"c":"面积","t":"Str"},{"c":[{"t":"InlineMath"},"x^2"],"t":"Math"}],"t":"Para"}'
    return (
        Paragraph((*_t("昨天上午，"), *styles, Text("市民走上桥头。"), Note((_p("桥建于一九〇五年。"),)))),
        Heading(2, speaker, "s1"),
        Paragraph(
            (Ruby("重庆", "Chóngqìng"), Text("的"), Code("K12+300"), Text("处。"), Break(), Text("另起。"))
        ),
        Paragraph(
            (Link(_t("市档案馆"), "https://example.org/bridge?id=1&p=2"), Reference(_t("大事记"), "b1"))
        ),
        Heading(3, _t("小标题")),
        Listing(((_p("石料"),), (_p("木料"), _p("取自本地。")))),
        Listing(((_p("测量"),), (_p("施工"),)), start=3),
        Quote((_p("桥是路的延长。"),)),
        Rule(),
        Verbatim("第一行\n  第二行"),
        Table((header, Rowed(((_p("1905"),), (_p("建成"),)))), "lc", _t("桥的年表"), "t1"),
        Figure("bridge.png", "石桥的侧面", (*_t("石桥近影。"), _tag(Role.CREDIT, "张红 摄")), "f1"),
        Figure("", "", _t("一张没有留下来的照片")),
        Box(BoxKind.ABSTRACT, _t("核心提示"), (_p("旧桥昨日重新开放。"),), "b0", (5,)),
        Box(
            BoxKind.TIMELINE,
            _t("大事记"),
            (
                Entries(
                    (Entry(_t("1905年"), (_p("建成。"),)), Entry(_t("2024年"), (_p("重开。"), _p("通车。"))))
                ),
            ),
            "b1",
        ),
        Box(BoxKind.DEFINITION, _t("名词解释"), (Entries((Entry(_t("拱桥"), (_p("以拱承重的桥。"),)),)),)),
        Box(BoxKind.LIST, _t("相关"), (Listing(((_p("旧闻一则"),),)),)),
        Box(BoxKind.NOTE, (), (_p("本文有删节。"),)),
        Foreign(foreign, "面积x^2"),
    )


def awkward() -> Edition:
    """What a page can bring: nothing at all, markup of every kind, characters that few fonts have."""
    traps = (
        "<script>alert(1)</script>",
        "{{ 7*7 }} {% x %}",
        "&amp; & ]]> --",
        "\\input{x} $x$ #{y}",
        "A" * 400,
    )
    lone = Article("a2", body=tuple(_p(text) for text in traps))
    titled = Article("a3", _t("“标题”——……<b>&'\"" + "长" * 60), kicker=_t("眉题"))
    rare = Article("a4", _t("𠮷野家"), body=(_p("e\u0301 \u200b\u202e反\u202c  \u3000两格\xa0"),))
    return Edition("{{ 题 }} <i>", "zh-Hans", (Article("a1"), lone, titled, rare))


def job_for(edition: Edition, work: Path, *, theme_name: str = "briefing") -> RenderJob:
    """Return a job for an edition in normal form; its picture is beside the `work` folder."""
    written = markdown.write(edition)
    picture = work.parent / "bridge.png"
    picture.write_bytes(_png(60, 40))
    return RenderJob(
        edition=written.edition,
        ast=written.ast,
        theme=theme.load(theme_name),
        stem="城南-4",
        work=work,
        epoch=_EPOCH,
        assets=(Asset("bridge.png", picture, "image/png", _digest(picture), 60, 40),),
        source_name="page.md",
    )


def _digest(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def _png(width: int, height: int) -> bytes:
    """Return a small grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([120]) * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


# --------------------------------------------------------------------------- who writes where

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "os.link", "os.symlink")
_watched: list[list[str]] = []


def _witness(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watched:
        return
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
    if (writes or event in _CHANGES) and isinstance(arguments[0], str | bytes | os.PathLike):
        _watched[-1].append(str(Path(os.fsdecode(arguments[0])).absolute()))


sys.addaudithook(_witness)


@contextlib.contextmanager
def _writes() -> Iterator[list[str]]:
    """Collect the paths that this process writes to, as Python sees them."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


def _strays(paths: list[str], work: Path) -> list[str]:
    """Leave out the work folder, devices, byte code, the user's cache, and temporary files that are
    gone again."""
    from tempfile import gettempdir

    from platformdirs import user_cache_dir

    allowed = (os.path.realpath(work), "/dev/", "/proc/", os.path.realpath(user_cache_dir()))
    passing = os.path.realpath(gettempdir()) + os.sep
    found = {os.path.realpath(path) for path in paths if "__pycache__" not in path}
    found.discard(passing[:-1])  # a temporary file without a name shows as the folder
    return sorted(
        path
        for path in found
        if not path.startswith(allowed) and (Path(path).exists() or not path.startswith(passing))
    )


# --------------------------------------------------------------------------- the contract


class BackendContract:
    """Set `backend` to a registered name; pytest does the rest."""

    backend: ClassVar[str] = ""

    def options(self, backend: Backend) -> Any:
        """Return the options to test with."""
        return backend.Options()

    @pytest.fixture(scope="class")
    def loaded(self) -> Backend:
        return load(self.backend)

    @pytest.fixture(scope="class")
    def rendered(
        self, loaded: Backend, tmp_path_factory: pytest.TempPathFactory
    ) -> tuple[Artifact, RenderJob, list[str]]:
        """The kitchen sink, rendered once for all tests, from a folder that is not its own."""
        room = tmp_path_factory.mktemp("kitchen-sink")
        work, elsewhere = room / "work", room / "elsewhere"
        work.mkdir()
        elsewhere.mkdir()
        job = job_for(kitchen_sink(), work)
        home = Path.cwd()
        os.chdir(elsewhere)
        try:
            with _writes() as paths:
                artifact = loaded.render(job, self.options(loaded))
        finally:
            os.chdir(home)
        return artifact, job, [*paths, *(str(path) for path in elsewhere.iterdir())]

    def test_it_is_registered(self, loaded: Backend) -> None:
        assert self.backend in names()
        assert isinstance(loaded, Backend)

    def test_what_it_says_of_itself(self, loaded: Backend) -> None:
        info = loaded.info
        assert isinstance(info, BackendInfo)
        assert info.name == self.backend
        assert info.api_version == API_VERSION
        assert info.summary and "\n" not in info.summary
        assert re.fullmatch(r"\.[A-Za-z0-9.]+", info.suffix)
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", info.media_type)
        assert info.features <= frozenset(Feature)

    def test_its_options_are_one_frozen_dataclass_with_help(self, loaded: Backend) -> None:
        schema = loaded.Options
        assert is_dataclass(schema)
        assert schema.__dataclass_params__.frozen  # type: ignore[attr-defined]
        for item in fields(schema):
            assert item.default is not MISSING or item.default_factory is not MISSING, item.name
            assert str(item.metadata.get("help", "")).strip(), f"{item.name} has no help"
        options = self.options(loaded)
        assert pickle.loads(pickle.dumps(options)) == options, "options travel to other processes"

    def test_unknown_options_are_refused(self, loaded: Backend) -> None:
        with pytest.raises(TypeError):
            loaded.Options(no_such_option=1)

    def test_the_preflight_writes_nothing(self, loaded: Backend, tmp_path: Path) -> None:
        with _writes() as paths:
            found = loaded.check(self.options(loaded))
        assert _strays(paths, tmp_path) == []
        assert isinstance(found, tuple)
        assert all(isinstance(item, Diagnostic) for item in found)
        assert not _errors(found)

    def test_the_smallest_edition(self, loaded: Backend, tmp_path: Path) -> None:
        self._sound(loaded, smallest(), tmp_path / "work")

    def test_the_awkward_edition(self, loaded: Backend, tmp_path: Path) -> None:
        self._sound(loaded, awkward(), tmp_path / "work")

    def test_an_edition_without_articles_is_rendered_or_refused(
        self, loaded: Backend, tmp_path: Path
    ) -> None:
        with contextlib.suppress(BackendFailed):
            self._sound(loaded, replace(smallest(), articles=()), tmp_path / "work")

    def test_the_kitchen_sink(self, loaded: Backend, rendered: tuple[Artifact, RenderJob, list[str]]) -> None:
        artifact, job, _ = rendered
        assert artifact.path.parent == job.work
        assert artifact.path.name.startswith(job.stem)
        assert artifact.backend == self.backend
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", artifact.media_type)
        assert artifact.path.stat().st_size
        assert not _errors((*artifact.diagnostics, *loaded.validate(artifact, job)))

    def test_nothing_is_written_outside_the_work_folder(
        self, rendered: tuple[Artifact, RenderJob, list[str]]
    ) -> None:
        _, job, paths = rendered
        gc.collect()  # some libraries keep a temporary folder as long as an object lives
        assert _strays(paths, job.work) == []

    def test_the_same_job_gives_the_same_bytes(
        self, loaded: Backend, rendered: tuple[Artifact, RenderJob, list[str]], tmp_path: Path
    ) -> None:
        artifact, job, _ = rendered
        again = loaded.render(replace(job, work=tmp_path), self.options(loaded))
        assert again.path.name == artifact.path.name
        assert again.path.read_bytes() == artifact.path.read_bytes()

    def _sound(self, loaded: Backend, edition: Edition, work: Path) -> None:
        work.mkdir()
        job = job_for(edition, work)
        artifact = loaded.render(job, self.options(loaded))
        assert artifact.path.is_file()
        assert not _errors((*artifact.diagnostics, *loaded.validate(artifact, job)))


def _errors(found: tuple[Diagnostic, ...]) -> list[str]:
    return [str(item) for item in found if item.severity is Severity.ERROR]
