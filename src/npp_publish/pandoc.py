"""The only door to pandoc.

Every call is one process: sandboxed (`--sandbox`: no file, no network), without `smart` (it would
turn curly quotes into straight ones), bounded in time and memory. A document needs one call: the
Lua writer beside this file writes the Markdown and reads it back in the same process. A worker that
prints many documents keeps one process for all of them (`keep`, `Kept`), who prints one has it started
while the page is being read (`ready`): same answers, same bounds.

pypandoc ships and finds the binary; its own calls start it several times to ask for versions and
formats, so the process is started here.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .errors import InputUnreadable, PublishError, ToolMissing

__all__ = [
    "FORMATS",
    "Kept",
    "binary",
    "convert",
    "keep",
    "read",
    "read_all",
    "ready",
    "version",
    "write_and_read",
    "write_and_read_all",
]

FORMATS = ("docx", "odt", "html")

_SCRIPT = Path(__file__).with_name("pandoc.lua")
_API = (1, 23, 1)
PATIENCE = 15.0  # seconds before pandoc is stopped, plus as much again for every megabyte
_HEAP_EXHAUSTED = 251  # exit code of the Haskell runtime when -M is reached


@cache
def binary() -> Path:
    """Return the pandoc program: the one inside pypandoc_binary, else what pypandoc finds.

    Raises ToolMissing.
    """
    hint = "pip install pypandoc_binary, or set PYPANDOC_PANDOC to a pandoc of version 3.1 or later"
    if not os.environ.get("PYPANDOC_PANDOC"):
        spec = find_spec("pypandoc")
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for name in ("pandoc", "pandoc.exe"):
                if (shipped := Path(folder, "files", name)).is_file():
                    return shipped
    try:
        import pypandoc

        return Path(pypandoc.get_pandoc_path())
    except (ImportError, OSError) as error:
        raise ToolMissing("pandoc is not installed", hint=hint) from error


def version() -> str:
    """Return pandoc's version (`3.9`). Raises ToolMissing."""
    shown = _spawn(["--version"], b"", seconds=10, megabytes=256)
    first = shown.decode("utf-8", "replace").partition("\n")[0]
    return first.split()[-1] if first.split() else ""


def write_and_read(ast_json: str) -> tuple[str, str]:
    """Write pandoc's AST as Markdown and read that back, in one process.

    In: pandoc's JSON; its metadata is not written. Out: the Markdown in the dialect of
    `edition.md` and the JSON that pandoc reads from it. Raises PublishError if pandoc fails,
    ToolMissing if it is not there.
    """
    return write_and_read_all([ast_json])[0]


def write_and_read_all(asts: Sequence[str]) -> list[tuple[str, str]]:
    """Do the same for several documents side by side, in a process each."""
    answers = _side_by_side("press", [_encoded(ast) for ast in asts])
    return [(text, ast) for text, ast in (_frames(answer, 2) for answer in answers)]


def read(markdown: str) -> str:
    """Read Markdown in the dialect of `edition.md` (without front matter) into pandoc's JSON.

    Raises InputUnreadable where pandoc cannot finish within its bounds of time and memory.
    """
    return read_all([markdown])[0]


def read_all(texts: Sequence[str]) -> list[str]:
    """Do the same for several texts side by side, in a process each."""
    answers = _side_by_side("proof", [_encoded(_as_code(text)) for text in texts])
    return [_frames(answer, 1)[0] for answer in answers]


def _as_code(markdown: str) -> str:
    block = {"t": "CodeBlock", "c": [["", [], []], markdown]}
    document = {"pandoc-api-version": list(_API), "meta": {}, "blocks": [block]}
    return json.dumps(document, ensure_ascii=False)


def convert(data: bytes, from_format: str) -> str:
    """Turn a docx, odt or html file into lines of text with `#` heading marks (stage 1).

    Inline markup is left out, list items start with `- `, the cells of a table row are parted by
    tabs, the document's own title, authors and date come first. HTML is taken as UTF-8.
    Raises InputUnreadable for a format not in `FORMATS` or a file that pandoc cannot read.
    """
    if from_format not in FORMATS:
        raise InputUnreadable(f"no reader for {from_format!r}", hint=f"known are {', '.join(FORMATS)}")
    (text,) = _frames(_run("galley", from_format, data), 1)
    return text


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputUnreadable("the text holds half a surrogate pair, which no file can hold") from error


def _frames(output: bytes, count: int) -> tuple[str, ...]:
    """Cut pandoc's output into its frames: a byte count, a newline, that many bytes."""
    found: list[str] = []
    at = 0
    for _ in range(count):
        end = output.find(b"\n", at)
        size = int(output[at:end]) if end > at and output[at:end].isdigit() else -1
        if size < 0 or end + 1 + size > len(output):
            raise PublishError("pandoc answered with something else than was asked for")
        found.append(output[end + 1 : end + 1 + size].decode("utf-8"))
        at = end + 1 + size
    return tuple(found)


def _run(job: str, from_format: str, data: bytes) -> bytes:
    """Ask the process that is kept, if one is, or start pandoc once; time and memory grow linearly
    with the input above a fixed start."""
    if _kept and from_format == "json" and len(data) <= _MOST_KEPT:
        answer = _kept[0].ask(job, data)
        if answer:
            return answer
    elif from_format == "json" and _kept and _kept[0].passing:
        _kept[0].close()  # its hundred megabytes are not wanted beside the long document's own
    return _alone(job, from_format, data)


def _side_by_side(job: str, many: Sequence[bytes]) -> list[bytes]:
    if len(many) == 1:
        return [_run(job, "json", many[0])]
    from concurrent.futures import ThreadPoolExecutor

    if _kept and _kept[0].passing:
        _kept[0].close()
    with ThreadPoolExecutor(len(many)) as pool:  # gone before anything can be forked
        return list(pool.map(lambda data: _alone(job, "json", data), many))


def _alone(job: str, from_format: str, data: bytes) -> bytes:
    arguments = ["--sandbox", f"--from={from_format}", f"--to={_SCRIPT}", f"--variable=job:{job}"]
    arguments += ["--wrap=none", f"--data-dir={_SCRIPT.parent / 'shipped' / 'none'}"]
    return _spawn(arguments, data, seconds=_patience(data), megabytes=600 + 400 * len(data) / 1_000_000)


def _patience(data: bytes) -> float:
    return min(PATIENCE * (1 + len(data) / 1_000_000), 600)


def _too_slow(seconds: float) -> InputUnreadable:
    return InputUnreadable(
        f"pandoc did not finish within {seconds:.0f} seconds",
        hint="look for very many unclosed brackets or very deep nesting in the text",
    )


def _heap(megabytes: float) -> list[str]:
    """Bound the memory, and let the Haskell runtime use little of it over and over: a nursery that the
    processor's cache can hold, and no look at everything pandoc knows (70 MB) before there is some
    garbage. A page costs 65 ms of CPU and 6,000 page faults instead of 90 and 20,000."""
    return ["+RTS", "-A4m", "-H1m", "-O64m", f"-M{int(min(megabytes, 8000))}m", "-RTS"]


def _surroundings() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}


def _spawn(arguments: list[str], data: bytes, *, seconds: float, megabytes: float) -> bytes:
    try:
        done = subprocess.run(
            [str(binary()), *arguments, *_heap(megabytes)],
            input=data,
            capture_output=True,
            timeout=min(seconds, 600),
            env=_surroundings(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_slow(error.timeout) from error
    except OSError as error:
        raise ToolMissing(f"pandoc cannot be started: {error.strerror}") from error
    if done.returncode == _HEAP_EXHAUSTED:
        raise InputUnreadable("pandoc needs too much memory for this text")
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
        raise InputUnreadable(f"pandoc cannot read this: {said or f'exit code {done.returncode}'}")
    return done.stdout


# ------------------------------------------------------------------------------- one for many

_kept: list[Kept] = []
_MOST_KEPT = 500_000  # bytes of JSON; larger documents get a process with bounds of their own
_MOST_JOBS = 250  # then a new process, so that nothing grows


def keep() -> None:
    """Keep one pandoc for all documents of this process from now on; it ends with this process."""
    if not _kept:
        _kept.append(Kept())


_PATIENT = 3
"""Niceness of a process that is started ahead: it leaves the processor to who reads the page."""
_REHEARSAL = (
    b'{"pandoc-api-version":[1,23,1],"meta":{},"blocks":[{"t":"Div","c":[["a",["b"],[["c","d"]]],['
    b'{"t":"Header","c":[1,["",[],[]],[{"t":"Str","c":"e"}]]},{"t":"Para","c":[{"t":"Str","c":"f"}]}]]}]}'
)


@contextlib.contextmanager
def ready() -> Iterator[Callable[[], None]]:
    """Have pandoc started now, for a document that will soon be asked of it: its start and its first
    steps take 70 ms, which then pass while the page is being read; the work itself takes 15. What is
    given is to be called when nothing more will be asked; then it ends while other work is done."""
    if _kept:
        yield lambda: None
        return
    keep()
    _kept[0].passing = True
    _kept[0].rehearse()
    try:
        yield _kept[0].dismiss
    finally:
        _kept.pop().close()


class Kept:
    """One pandoc that stays. Where it fails, a process of its own is to be asked, which says why."""

    passing = False
    """It is there for one document only."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._jobs = 0
        self._owed = False

    def rehearse(self) -> None:
        """Start the process with a small job, whose answer nobody waits for."""
        process = self._running()
        if process is not None and process.stdin:
            with contextlib.suppress(AttributeError, OSError):  # it is not waited for yet
                os.setpriority(os.PRIO_PROCESS, process.pid, _PATIENT)
            with contextlib.suppress(OSError):  # it is dead: seen when it is asked
                process.stdin.write(_asked(b"press", _REHEARSAL))
                process.stdin.flush()
                self._owed = True

    def ask(self, job: str, data: bytes) -> bytes:
        """Return the frames of the answer, or nothing where there is none. Raises InputUnreadable
        where it takes too long."""
        process = self._running()
        if process is None:
            return b""
        seconds, late = _patience(data), threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        watch = threading.Timer(seconds, stop)
        watch.start()
        answer = b""
        try:
            answer = self._exchange(process, job.encode(), data)
        except (OSError, ValueError):
            pass  # it died, or was killed
        finally:
            watch.cancel()
            watch.join()  # while there is a second thread, no process may be forked
        self._jobs += 1
        if not answer or self._jobs >= _MOST_JOBS:
            self.close()
        if late.is_set():
            raise _too_slow(seconds)
        return answer

    def _exchange(self, process: subprocess.Popen[bytes], job: bytes, data: bytes) -> bytes:
        assert process.stdin and process.stdout
        if self._owed:
            self._owed = False
            process.stdout.read(int(process.stdout.readline()))
        process.stdin.write(_asked(job, data))
        process.stdin.flush()
        size = int(process.stdout.readline())
        answer = process.stdout.read(size)
        return answer if len(answer) == size else b""

    def _running(self) -> subprocess.Popen[bytes] | None:
        if self._process is None:
            command = [str(binary()), "lua", *_heap(1000), str(_SCRIPT), "stay"]
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=_surroundings(),
                )
            except OSError:  # told by the process of its own
                return None
            self._jobs, self._owed = 0, False
        return self._process

    def dismiss(self) -> None:
        """Let the process end; giving back its memory takes 10 ms, for which nobody waits now."""
        if self._process is not None:
            self._process.kill()
            self._leaving.append(self._process)
            self._process = None

    def close(self) -> None:
        """End the process; the next document starts another."""
        self.dismiss()
        while self._leaving:
            self._leaving.pop().communicate()


def _asked(job: bytes, data: bytes) -> bytes:
    return b"%d\n%b%d\n%b" % (len(job), job, len(data), data)
