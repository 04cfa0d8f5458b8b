#!/usr/bin/env python3
"""Set everything up on a bare machine: system libraries, a virtual environment, the package.

Needs Python 3.11 and nothing else. System libraries come from the distribution: they are installed
where that is possible (root, or sudo without a password; Homebrew on macOS), else the command to
type is printed and the exit code is 4. Where Debian's python3-venv is missing and cannot be
installed, the environment is made without pip and pip comes from its own wheel.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

TOOL_MISSING = 4
ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = {
    "libpango-1.0-0": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}
BREW_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib", "/home/linuxbrew/.linuxbrew/lib")


def main() -> int:
    """Do what is missing; return the exit code."""
    parser = argparse.ArgumentParser(description="set npp-publish up")
    parser.add_argument("--venv", type=Path, default=Path(".venv"))
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    words = parser.parse_args()
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well run this file
        return stop(
            f"Python 3.11 or later is needed, this is {sys.version.split()[0]}", "make PYTHON=python3.12 ..."
        )
    venv = words.venv if words.venv.is_absolute() else ROOT / words.venv
    python = venv / "bin" / "python"
    packages = [package for package, files in LIBRARIES.items() if not opens(files)]
    if not python.exists() and not has_ensurepip() and shutil.which("apt-get"):
        packages.append("python3-venv")
    if packages and not system(packages) and [name for name in packages if name != "python3-venv"]:
        return TOOL_MISSING
    if not works(python):
        make_environment(venv)
    say(f"set-up: installing npp-publish{' and what its tests need' if words.tests else ''} into {venv.name}")
    target = f"{ROOT}[test]" if words.tests else str(ROOT)
    done = pip(python, "install", "--use-pep517", "--editable", target)
    # pip compiles what it copies, but not what stays in its place; half a second at every start
    command = [python, "-m", "compileall", "-q", ROOT / "src" / "npp_publish"]
    return done or subprocess.run(command, check=False).returncode


def say(text: str) -> None:
    """Talk."""
    print(text, file=sys.stderr, flush=True)


def stop(problem: str, command: str) -> int:
    """Tell what is missing and the command that gets it."""
    say(f"set-up: {problem}")
    say(f"set-up: please run\n\n    {command}\n\nand then the same command again")
    return TOOL_MISSING


def opens(files: tuple[str, ...]) -> bool:
    """Tell whether one of these libraries can be opened."""
    for file in (*files, *(f"{folder}/{file}" for folder in BREW_FOLDERS for file in files)):
        try:
            ctypes.CDLL(file)
        except OSError:
            continue
        return True
    return False


def has_ensurepip() -> bool:
    """Debian cuts this part of the standard library off into python3-venv."""
    try:
        import ensurepip
    except ImportError:
        return False
    return bool(ensurepip.version())


def system(packages: list[str]) -> bool:
    """Install Debian packages, or pango with Homebrew; else say how. Returns whether it worked."""
    if sys.platform == "darwin" or not shutil.which("apt-get"):
        command = ["brew", "install", "pango"]
        if shutil.which("brew"):
            say(f"set-up: {' '.join(command)}")
            return subprocess.run(command, check=False).returncode == 0
        stop("Pango and HarfBuzz are missing", "brew install pango   (or your system's package of Pango)")
        return False
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if before and (
        not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    ):
        if set(packages) != {"python3-venv"}:
            stop(f"missing: {', '.join(packages)}", f"sudo apt-get update && sudo {' '.join(install)}")
        return False
    say(f"set-up: {' '.join(install)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        done = subprocess.run(
            [*before, *command], env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode:
        say(done.stderr.strip()[-2000:])
        stop(f"cannot install {', '.join(packages)}", f"sudo apt-get update && sudo {' '.join(install)}")
    return done.returncode == 0


def works(python: Path) -> bool:
    """Tell whether the environment has a Python that runs and has pip."""
    try:
        return (
            subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def make_environment(venv: Path) -> None:
    """Make the virtual environment."""
    say(f"set-up: making {venv.name}")
    if (
        subprocess.run(
            [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", venv], check=True)
    with tempfile.TemporaryDirectory() as folder:
        wheel = pip_wheel(Path(folder))
        done = subprocess.run(
            [venv / "bin" / "python", f"{wheel}/pip", "install", "--quiet", str(wheel)], check=False
        )
    if done.returncode:
        raise SystemExit(TOOL_MISSING)


def pip_wheel(folder: Path) -> Path:
    """Fetch pip's newest wheel from the package index, checked against the index's own SHA-256."""
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/")
    request = urllib.request.Request(
        f"{index}/pip/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            files = json.load(answer)["files"]
        wheels = [
            file
            for file in files
            if file["filename"].endswith("-py3-none-any.whl") and not file.get("yanked")
        ]
        newest = max(wheels, key=lambda file: file.get("upload-time", ""))
        with urllib.request.urlopen(newest["url"], timeout=120) as answer:
            data = answer.read()
    except (OSError, ValueError, KeyError) as error:
        raise SystemExit(
            stop(f"pip cannot be fetched: {error}", "sudo apt-get install -y python3-venv")
        ) from error
    if hashlib.sha256(data).hexdigest() != newest["hashes"]["sha256"]:
        raise SystemExit(stop("pip's wheel is damaged", "sudo apt-get install -y python3-venv"))
    wheel = folder / newest["filename"]
    wheel.write_bytes(data)
    return wheel


def pip(python: Path, *words: str) -> int:
    """Run pip in the environment: errors are shown, remarks on indexes and on pip's own age are not."""
    quiet = ["--quiet", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([python, "-m", "pip", *words, *quiet], check=False)
    return TOOL_MISSING if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
