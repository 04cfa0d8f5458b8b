"""Which newspaper page (版) a file stands for, read off its name; and files in page order.

Papers put the page into the name of the file: `04版.txt`, `第4版`, `A04.txt`, `版4`, `page-5`, `p05`.
A bare number at the end (`_05`, `-12`) says it only where the names of several files differ in that
number and in nothing else; in a single name it may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from ..errors import InputUnreadable
from .formats import SUFFIXES

__all__ = ["folios", "gather", "natural"]

_DATE = re.compile(
    r"(?<!\d)(?:19|20)\d{2}([-_.年]?)(?:0?[1-9]|1[0-2])(?:\1|月)(?:0?[1-9]|[12]\d|3[01])日?(?!\d)"
)
_STRONG = (
    re.compile(r"第?(?P<page>[A-Z]?\d{1,3})\s*版"),
    re.compile(r"版\s*(?P<page>[A-Z]?\d{1,3})(?!\d)"),
    re.compile(r"(?:^|[^A-Za-z])(?:page|pg?)[-_. ]?(?P<page>\d{1,3})(?!\d)", re.IGNORECASE),
    re.compile(r"(?:^|[^A-Za-z0-9])(?P<page>[A-H]\d{2})(?![A-Za-z0-9])"),
)
_WEAK = re.compile(r"^(?P<rest>.*?)(?:^|[-_. ])(?P<page>\d{1,3})$")


def folios(names: Sequence[str]) -> tuple[str, ...]:
    """Return the page of each file name, `""` where it does not say; `04` becomes `4`, `A04` stays."""
    stems = [_DATE.sub("~", name.rsplit(".", 1)[0]) for name in names]
    found = [_strong(stem) for stem in stems]
    if not any(found) and len(stems) > 1:
        matches = [_WEAK.match(stem) for stem in stems]
        rests = {match["rest"] if match else None for match in matches}
        pages = [match["page"].lstrip("0") if match else "" for match in matches]
        if len(rests) == 1 and None not in rests and len(set(pages)) == len(pages):
            return tuple(pages)
    return tuple(found)


def _strong(stem: str) -> str:
    for pattern in _STRONG:
        if match := pattern.search(stem):
            page = match["page"]
            return page.lstrip("0") if page.isdigit() else page
    return ""


def natural(path: PurePath) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key that puts `page-2` before `page-10`."""
    parts = re.split(r"(\d+)", path.name)
    return tuple((0, int(p), p) if p.isdecimal() else (1, 0, p) for p in parts)


def gather(arguments: Iterable[str | Path]) -> tuple[Path, ...]:
    """Expand folders and glob patterns into the readable files, each group in natural order.

    A folder stands for the files directly in it that have a suffix we read; hidden files and links
    that lead elsewhere are left out. Raises InputUnreadable where an argument stands for no file.
    """
    paths: list[Path] = []
    for argument in arguments:
        path = Path(argument)
        if path.is_dir():
            group = [p for p in path.iterdir() if _readable(p)]
        elif any(c in str(argument) for c in "*?[") and not path.exists():
            group = [p for p in _glob(path) if p.is_file()]
        else:
            group = [path]
        if not group:
            raise InputUnreadable("no readable file there", where=path, hint="name the files")
        paths += sorted(group, key=natural)
    return tuple(paths)


def _readable(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.is_symlink()
    return not hidden and path.is_file() and path.suffix.lower() in SUFFIXES


def _glob(pattern: Path) -> Iterable[Path]:
    """Match below the longest part of the pattern that has no wildcard."""
    parts = pattern.parts
    plain = next(i for i, part in enumerate(parts) if any(c in part for c in "*?["))
    try:
        return list(Path(*parts[:plain]).glob(str(Path(*parts[plain:]))))
    except ValueError as error:  # `**x`
        raise InputUnreadable(f"this is no pattern: {error}", where=pattern) from None
