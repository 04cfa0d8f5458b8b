"""The plant: which distributions and backends are installed where this Python looks.

`importlib.metadata` answers the same questions, but reads a file of every distribution for each one,
and takes 20 ms of CPU each time; a build asks a dozen times. Here the folders are read once. What is
not a plain installed distribution (an egg, a zip file on the path) is left to it.
"""

from __future__ import annotations

import os
import re
import sys
from functools import cache

from .stet import infos, witness

__all__ = ["Plant", "Point", "plant"]

_INFO = ".dist-info"
_POINTS = "entry_points.txt"
_OTHERS = (".egg-info", ".egg", ".egg-link")


class Point:
    """One registered backend: `name = value`, by a distribution of some version."""

    __slots__ = ("name", "value", "version")

    def __init__(self, name: str, value: str, version: str) -> None:
        self.name, self.value, self.version = name, value, version


class Plant:
    """What is installed. `seen` are all files and folders that this was read from, as they were then."""

    def __init__(self, path: tuple[str, ...]) -> None:
        self.seen: dict[str, tuple[str, str]] = {}
        self._versions: dict[str, str] = {}
        self._homes: dict[str, str] = {}
        self._plain = True
        self._groups: dict[str, tuple[Point, ...]] = {}
        for entry in path:
            self._read(entry or os.getcwd())

    def _read(self, folder: str) -> None:
        self.seen[folder] = infos(folder), ""
        try:
            names = os.listdir(folder)
        except OSError:  # a zip file, or nothing
            self._plain = self._plain and not os.path.isfile(folder)
            return
        for name in sorted(names):
            if name.endswith(_INFO):
                key, _, version = name.removesuffix(_INFO).partition("-")
                self._versions.setdefault(_folded(key), version)
                self._homes.setdefault(_folded(key), os.path.join(folder, name))
            elif name.endswith(_OTHERS):
                self._plain = False

    def version(self, name: str) -> str:
        """Return the version of a distribution, "" where it is not installed."""
        known = self._versions.get(_folded(name), "")
        if known or self._plain:
            return known
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version(name)
        except PackageNotFoundError:
            return ""

    def points(self, group: str) -> tuple[Point, ...]:
        """Return the entry points of a group in the order of their names; of one name, the first."""
        if group not in self._groups:
            found: dict[str, Point] = {}
            for point in self._points(group) if self._plain else _asked(group):
                found.setdefault(point.name, point)
            self._groups[group] = tuple(found[name] for name in sorted(found))
        return self._groups[group]

    def _points(self, group: str) -> list[Point]:
        found = []
        for key, home in self._homes.items():
            path = os.path.join(home, _POINTS)
            self.seen[path] = witness(path)
            try:
                with open(path, encoding="utf-8") as stream:
                    text = stream.read()
            except (OSError, UnicodeDecodeError):
                continue
            found += [Point(name, value, self._versions[key]) for name, value in _section(text, group)]
        return found


def _section(text: str, group: str) -> list[tuple[str, str]]:
    """Return the pairs of one section of an `entry_points.txt` (PyPA: Entry points specification)."""
    rows, inside = [], False
    for line in text.split("\n"):
        line = line.strip()
        if line.startswith("["):
            inside = line[1:-1].strip() == group
        elif inside and line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            rows.append((name.strip(), value.partition("[")[0].strip()))
    return rows


def _asked(group: str) -> list[Point]:
    from importlib.metadata import entry_points

    return [
        Point(point.name, point.value, point.dist.version if point.dist else "")
        for point in entry_points(group=group)
    ]


def _folded(name: str) -> str:
    """Return a distribution's name as all its spellings are compared (PEP 503)."""
    return re.sub(r"[-_.]+", "_", name).lower()


def plant() -> Plant:
    """Return what is installed on this process's path, read once."""
    return _plant(tuple(sys.path))


@cache
def _plant(path: tuple[str, ...]) -> Plant:
    return Plant(path)
