"""Stet, let it stand: the answer to an order that was filled before, where nothing changed since.

To find that nothing changed takes the stages' imports and a digest of everything (150 ms). Here the
answer of the last time is given again (25 ms, most of it Python's own start) if the call is the same
- words, folder, environment, Python, terminal or pipe - and every file and folder that the question
was decided by, also those that were not there, has the same size, times and number. What changed so
lately before it was read that its times may not tell two states apart is compared by its content.
Anything else is no answer, and the question is asked as ever.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from .store import owned, place, write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["SETTLED_NS", "answer", "digest", "infos", "marks", "marks_of", "note", "settled", "witness"]

SETTLED_NS = 2_000_000_000
"""File systems with coarse times: what is younger than this when it is read is known by its content."""
_FORMAT = "npp-publish stet 1"
_COMMAND = "build"
_MOST = 500
_INFOS = "i "
_INSTALLED = (".dist-info", ".egg-info", ".egg", ".egg-link", ".zip")
_VARYING = frozenset({"_", "SHLVL", "OLDPWD"})  # variables that a shell changes by itself


def answer(words: Sequence[str]) -> tuple[str, str, int] | None:
    """Return the last answer to these words (what was said on standard output and on standard error,
    and the exit code), or None where it may not stand."""
    if not words or words[0] != _COMMAND or os.name != "posix":
        return None
    call = _call(words)
    path = _place(call)
    if not owned(path):
        return None
    try:
        with open(path, "rb") as stream:
            head, _, rest = stream.read().partition(b"\n")
        known, code, size, out = head.decode().rsplit(" ", 3)
        table, text = _text(rest[: int(size)]), rest[int(size) :]
        now = _stands(table) if known == call else None
        if now is None:
            return None
        if now != table:  # what was young has settled: next time its times tell
            _write(path, call, int(code), now, text[: int(out)], text[int(out) :])
        said, talk = (
            part.decode("utf-8", "surrogateescape") for part in (text[: int(out)], text[int(out) :])
        )
        return said, talk, int(code)
    except (OSError, ValueError):  # missing or damaged
        return None


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _stands(table: str) -> str | None:
    """Return the table (lines of marks, digest of what was young, path) as it is now if every file is as
    it was, else None."""
    lines = []
    for line in table.split("\n"):
        then, content, path = line.split("\t")
        if content:
            now, young = witness(path)
            if now != then or (young or digest(path)) != content:
                return None
            lines.append(f"{now}\t{young}\t{path}")
            continue
        if (infos(path) if then.startswith(_INFOS) else marks(path)) != then:
            return None
        lines.append(line)
    return "\n".join(lines)


def marks(path: str) -> str:
    """Return what tells two states of a file or folder apart: kind, size, times, number; "-" for none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "-"
    return marks_of(status)


def marks_of(status: os.stat_result) -> str:
    """Return the marks of what was looked at already."""
    kind, size = ("d", 0) if stat.S_ISDIR(status.st_mode) else ("f", status.st_size)
    return f"{kind} {size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def settled(status: os.stat_result) -> bool:
    """Tell whether a file is old enough for its times to tell."""
    return time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) > SETTLED_NS


def witness(path: str) -> tuple[str, str]:
    """Return the marks of a file or folder and, where it is young, its digest. Call it before reading."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "-", ""
    return marks_of(status), "" if settled(status) else digest(path)


def infos(folder: str) -> str:
    """Return marks of what is installed in a folder of Python's path: the names that say so. Other
    files come and go there, above all in the current folder."""
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    return _INFOS + "/".join(sorted(name for name in names if name.endswith(_INSTALLED)))


def digest(path: str) -> str:
    """Return the SHA-256 of a file, of a folder's list of names; "?" for what cannot be read."""
    import hashlib

    try:
        if os.path.isdir(path):
            names = "\0".join(sorted(os.listdir(path)))
            return hashlib.sha256(names.encode("utf-8", "surrogateescape")).hexdigest()
        if not os.path.isfile(path):  # a device may have no end, a pipe no beginning
            return "?"
        with open(path, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return "?"


def _call(words: Sequence[str]) -> str:
    """Return a digest of all that a call is made of; the environment may hold secrets."""
    try:
        from _blake2 import blake2b  # what hashlib hands out, without starting OpenSSL (2 ms)
    except ImportError:
        from hashlib import blake2b

    variables = sorted(f"{name}={value}" for name, value in os.environ.items() if name not in _VARYING)
    streams = [str(stream.isatty()) + str(stream.encoding) for stream in (sys.stdout, sys.stderr)]
    state = [_FORMAT, sys.version, sys.executable, str(sys.flags), os.getcwd(), *streams]
    parts = [*state, *sys.path, "", *variables, "", *words]
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=24).hexdigest()


def _place(call: str) -> str:
    return place(os.path.join("stet", call))


def note(words: Sequence[str], seen: Mapping[str, tuple[str, str]], said: str, talk: str, code: int) -> None:
    """Remember an answer: what was printed, and what was `seen` (path: its `witness` when it was read)."""
    if os.name != "posix" or words[0] != _COMMAND:
        return
    if any("\n" in word or "\t" in word for path, (then, _) in seen.items() for word in (path, then)):
        return
    table = "\n".join(f"{then}\t{content}\t{path}" for path, (then, content) in sorted(seen.items()))
    call = _call(words)
    said_bytes, talk_bytes = (text.encode("utf-8", "surrogateescape") for text in (said, talk))
    path = _place(call)
    _write(path, call, code, table, said_bytes, talk_bytes)
    _trim(os.path.dirname(path))


def _write(path: str, call: str, code: int, table: str, said: bytes, talk: bytes) -> None:
    rows = table.encode("utf-8", "surrogateescape")
    write(path, f"{call} {code} {len(rows)} {len(said)}\n".encode() + rows + said + talk)


def _trim(folder: str) -> None:
    """Keep the most recent answers only."""
    try:
        names = os.listdir(folder)
        if len(names) > _MOST:
            paths = sorted((os.path.join(folder, name) for name in names), key=os.path.getmtime)
            for path in paths[: len(paths) - _MOST // 2]:
                os.unlink(path)
    except OSError:  # another process may be clearing up
        return
