"""The arguments that commands have in common, and what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .. import __version__, config
from ..config import Settings

__all__ = ["parser_for", "settings_from", "talk", "top_parser", "tune"]

_NAME = "npp-publish"
_END = (
    "Exit codes: 0 ok, 1 internal, 2 usage, 3 input, 4 tool missing, 5 backend, 6 output invalid, "
    "7 invariant, 8 warnings (--strict), 9 cannot write, 130 interrupted."
)


def top_parser(commands: Iterable[tuple[str, str]]) -> argparse.ArgumentParser:
    """Return the parser of the bare command: help and version, and the list of the commands."""
    listed = "\n".join(f"  {name:<12}{summary}" for name, summary in commands)
    parser = argparse.ArgumentParser(
        prog=_NAME,
        description="Publish the raw text of newspaper pages as PDF, EPUB and HTML.",
        epilog=f"commands:\n{listed}\n\n{_NAME} COMMAND --help tells more of each.\n\n{_END}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{_NAME} {__version__}")
    parser.add_argument("command", choices=[name for name, _ in commands], metavar="COMMAND")
    return parser


def parser_for(name: str, summary: str) -> argparse.ArgumentParser:
    """Return the parser of one command, with `--help` only."""
    return argparse.ArgumentParser(
        prog=f"{_NAME} {name}",
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_END,
        allow_abbrev=False,
    )


def talk(parser: argparse.ArgumentParser) -> None:
    """Add how much is said."""
    parser.add_argument("-q", "--quiet", action="store_true", help="errors only")
    parser.add_argument("-v", "--verbose", action="store_true", help="every stage and every finding")
    parser.add_argument("--json", action="store_true", help="the result as JSON on standard output")


def tune(parser: argparse.ArgumentParser) -> None:
    """Add what lies over the settings file."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file (else the nearest npp.toml)"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="TABLE.KEY=VALUE", help="one setting, as pdf.paper=a5"
    )
    parser.add_argument("--encoding", metavar="NAME", help="encoding of the input (else found out)")
    parser.add_argument("--pages", metavar="N,N", help="newspaper page that each input stands for")
    parser.add_argument("--profile", metavar="NAME", help="habits of a paper: a name or a .toml file")
    parser.add_argument("--edits", metavar="FILE", help="decisions of the ledger to flip (.toml)")
    parser.add_argument("--strict", action="store_true", default=None, help="warnings fail the run (exit 8)")


_BUILD_FLAGS = ("to", "theme", "profile", "edits", "jobs", "strict")
_SOURCE_FLAGS = ("encoding", "pages")


def settings_from(words: argparse.Namespace, **more: Any) -> Settings:
    """Return the settings: the file that counts, with the command's options laid over it."""
    path = words.config or config.find(Path.cwd())
    flags = {name: getattr(words, name, None) for name in _BUILD_FLAGS}
    given = {name: value for name, value in {**flags, **more}.items() if value is not None}
    sets = [f"source.{name}={value}" for name in _SOURCE_FLAGS if (value := getattr(words, name, None))]
    return config.load(path, sets=[*words.set, *sets], flags=given)
