"""`npp-publish doctor`: what is installed, what is missing, and the command that gets it.

Three groups: what every build needs (missing: exit 4), what one backend needs, what the judges of
`npp-publish check` need. `--install-judges` puts the jars and npm packages into the user's cache.
"""

from __future__ import annotations

import argparse
import ctypes
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec

from ..colophon import tool_versions
from ..errors import EXIT_OK, PublishError, ToolMissing
from ..typecase import fonts_folder, styles_folder
from .voice import give, give_json, say

__all__ = ["configure", "run"]

_LIBRARIES = {  # what WeasyPrint opens: Debian's and Homebrew's names
    "GLib": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0.dylib"),
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0.0.dylib"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.dylib", "libharfbuzz.0.dylib"),
    "HarfBuzz subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib", "libharfbuzz-subset.0.dylib"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.dylib", "libfontconfig.1.dylib"),
}
DEBIAN_LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for."""

    group: str
    name: str
    present: bool
    detail: str = ""
    command: str = ""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `doctor`."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--install-judges", action="store_true", help="install the judges of `check` into the cache"
    )


def run(words: argparse.Namespace) -> int:
    """Print the findings; exit 4 where a build cannot run."""
    if words.install_judges:
        from ..validate.install import install

        for diagnostic in install(say):
            say(str(diagnostic))
    found = list(_findings())
    if words.json:
        give_json([asdict(item) for item in found])
    else:
        for item in found:
            state = "ok     " if item.present else "MISSING"
            give(f"{state} {item.group:<7} {item.name:<22} {item.detail}".rstrip())
            if not item.present and item.command:
                give(f"{'':<16}{item.command}")
    lacking = any(not item.present for item in found if item.group == "build")
    return ToolMissing.exit_code if lacking else EXIT_OK


def _findings() -> Iterator[Finding]:
    number = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("build", "Python", sys.version_info >= (3, 11), number, "install Python 3.11 or later")
    yield from _packages()
    yield _pandoc()
    yield from _folders()
    yield from _libraries()
    yield from _judges()


def _packages() -> Iterator[Finding]:
    """Every distribution that the package itself requires, read from its own metadata."""
    try:
        required = [line for line in requires("npp-publish") or () if "extra ==" not in line]
    except PackageNotFoundError:
        yield Finding("build", "npp-publish", False, "not installed", "pip install npp-publish")
        return
    for line in required:
        name = "".join(c if c.isalnum() or c in "-_." else " " for c in line).split()[0]
        try:
            yield Finding("build", name, True, version(name))
        except PackageNotFoundError:
            yield Finding("build", name, False, "", f"{sys.executable} -m pip install '{line}'")
    optional = find_spec("typst") is not None
    yield Finding("typst", "typst", optional, "backend pdf-typst", f"{sys.executable} -m pip install typst")


def _pandoc() -> Finding:
    from ..pandoc import version as pandoc_version

    try:
        return Finding("build", "pandoc", True, pandoc_version())
    except PublishError as error:
        return Finding("build", "pandoc", False, error.message, error.hint)


def _folders() -> Iterator[Finding]:
    places: tuple[tuple[str, Callable[[], object]], ...] = (
        ("fonts", fonts_folder),
        ("styles", styles_folder),
    )
    for name, place in places:
        try:
            yield Finding("build", name, True, str(place()))
        except PublishError as error:
            yield Finding("build", name, False, error.message, error.hint)


def _libraries() -> Iterator[Finding]:
    command = "brew install pango" if sys.platform == "darwin" else _apt()
    versions = tool_versions()
    for name, files in _LIBRARIES.items():
        yield Finding("build", name, _opens(files), versions.get(name, ""), command)


def _apt() -> str:
    return f"sudo apt-get install -y --no-install-recommends {' '.join(DEBIAN_LIBRARIES)}"


def _opens(files: tuple[str, ...]) -> bool:
    for file in files:
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return True
    return False


def _judges() -> Iterator[Finding]:
    from ..validate.bench import JUDGES

    for judge in JUDGES.values():
        if not judge.engine and judge.name != "qpdf":
            continue
        lacking = [need for need in judge.needs() if not need.present]
        detail = ", ".join(f"{need.name} is missing" for need in lacking) or judge.title
        yield Finding(
            "judge", judge.name, not lacking, detail, "; ".join(dict.fromkeys(n.command for n in lacking))
        )
