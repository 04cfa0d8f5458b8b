"""The only door to pandoc.

Every call is one process: sandboxed (`--sandbox`: no file, no network), without `smart` (it would
turn curly quotes into straight ones), bounded in time and memory. A document needs one call: the
Lua writer beside this file writes the Markdown and reads it back in the same process.

pypandoc ships and finds the binary; its own calls start it several times to ask for versions and
formats, so the process is started here.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from .errors import InputUnreadable, PublishError, ToolMissing

__all__ = ["FORMATS", "binary", "convert", "read", "version", "write_and_read"]

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
    text, ast = _frames(_run("press", "json", _encoded(ast_json)), 2)
    return text, ast


def read(markdown: str) -> str:
    """Read Markdown in the dialect of `edition.md` (without front matter) into pandoc's JSON.

    Raises InputUnreadable where pandoc cannot finish within its bounds of time and memory.
    """
    document = {
        "pandoc-api-version": list(_API),
        "meta": {},
        "blocks": [{"t": "CodeBlock", "c": [["", [], []], markdown]}],
    }
    (ast,) = _frames(_run("proof", "json", _encoded(json.dumps(document, ensure_ascii=False))), 1)
    return ast


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
    """Start pandoc once; time and memory grow linearly with the input above a fixed start."""
    arguments = ["--sandbox", f"--from={from_format}", f"--to={_SCRIPT}", f"--variable=job:{job}"]
    arguments += ["--wrap=none", f"--data-dir={_SCRIPT.parent / 'shipped' / 'none'}"]
    megabytes = len(data) / 1_000_000
    return _spawn(arguments, data, seconds=PATIENCE * (1 + megabytes), megabytes=600 + 400 * megabytes)


def _spawn(arguments: list[str], data: bytes, *, seconds: float, megabytes: float) -> bytes:
    bound = ["+RTS", f"-M{int(min(megabytes, 8000))}m", "-RTS"]
    try:
        done = subprocess.run(
            [str(binary()), *arguments, *bound],
            input=data,
            capture_output=True,
            timeout=min(seconds, 600),
            env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputUnreadable(
            f"pandoc did not finish within {error.timeout:.0f} seconds",
            hint="look for very many unclosed brackets or very deep nesting in the text",
        ) from error
    except OSError as error:
        raise ToolMissing(f"pandoc cannot be started: {error.strerror}") from error
    if done.returncode == _HEAP_EXHAUSTED:
        raise InputUnreadable("pandoc needs too much memory for this text")
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:300]
        raise InputUnreadable(f"pandoc cannot read this: {said or f'exit code {done.returncode}'}")
    return done.stdout
