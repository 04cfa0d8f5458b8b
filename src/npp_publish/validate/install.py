"""Installs the external judges into the user's cache, when it is asked to.

Jars come with pip, npm packages with npm (without their scripts), each at a fixed version. What
only the system's package manager can install is named with its command and not touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..diagnostics import Diagnostic, diagnose
from ..errors import CannotWrite
from . import tools

__all__ = ["install", "missing"]

Progress = Callable[[str], None]
_SECONDS = 900


def install(progress: Progress = lambda words: None) -> tuple[Diagnostic, ...]:
    """Install what is missing of the jars and npm packages; return what is missing still.

    `progress` is told each step in words. A package that is there in the right version is left alone.
    Raises CannotWrite where the cache folder cannot be written.
    """
    folder = tools.folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotWrite(f"cannot make the judges' folder: {problem}", where=folder) from problem
    found: list[Diagnostic] = []
    found += _python(folder, progress)
    found += _node(folder, progress)
    return (*found, *missing())


def missing() -> tuple[Diagnostic, ...]:
    """Return one diagnostic for each thing that a judge needs and that is not installed."""
    from .bench import JUDGES

    needs = {
        need.name: need.command
        for judge in JUDGES.values()
        if judge.engine
        for need in judge.needs()
        if not need.present
    }
    return tuple(diagnose("NPP821", f"{name} is not installed: {command}") for name, command in needs.items())


def _python(folder: Path, progress: Progress) -> list[Diagnostic]:
    wanted = dict(tools.PYTHON_PACKAGES)
    if _recorded(folder / "python" / "versions.json") == wanted:
        return []
    specs = [f"{name}=={number}" for name, number in wanted.items()]
    progress(f"installing {', '.join(specs)}")
    with tempfile.TemporaryDirectory(dir=folder) as work:
        command = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        problem = _call((*command, "--no-deps", "--no-compile", "--target", work, *specs))
        return _settle(problem, Path(work), folder / "python", wanted)


def _node(folder: Path, progress: Progress) -> list[Diagnostic]:
    wanted = dict(tools.NPM_PACKAGES)
    if _recorded(folder / "node" / "versions.json") == wanted:
        return []
    if not tools.command("npm"):
        node = next(need for need in tools.node_needs() if need.name == "node")
        return [diagnose("NPP821", f"npm is not installed: {node.command}")]
    progress(f"installing {', '.join(f'{name}@{number}' for name, number in wanted.items())}")
    with tempfile.TemporaryDirectory(dir=folder) as work:
        package = {"name": "npp-publish-judges", "private": True, "dependencies": wanted}
        (Path(work) / "package.json").write_text(json.dumps(package), encoding="utf-8")
        flags = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", work)
        # Puppeteer would fetch a browser of its own; the one of the system is used.
        problem = _call(("npm", "install", *flags), {"PUPPETEER_SKIP_DOWNLOAD": "1"})
        return _settle(problem, Path(work), folder / "node", wanted)


def _settle(problem: str, work: Path, place: Path, wanted: Mapping[str, str]) -> list[Diagnostic]:
    """Move a finished installation to its place, whole or not at all."""
    if problem:
        return [diagnose("NPP822", f"the judges cannot be installed: {problem}")]
    (work / "versions.json").write_text(json.dumps(dict(wanted)), encoding="utf-8")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for child in work.iterdir():
        child.rename(place / child.name)
    tools.command.cache_clear()
    return []


def _recorded(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _call(command: Sequence[str], extra: Mapping[str, str] | None = None) -> str:
    """Run an installer; return "" or its last words."""
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, check=False, env={**os.environ, **(extra or {})}
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return str(problem)
    words = " ".join(done.stderr.decode("utf-8", "replace").split())
    return (words[-400:] or f"status {done.returncode}") if done.returncode else ""
