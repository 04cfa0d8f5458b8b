"""The arguments that commands have in common, and what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from .. import __version__, config
from ..config import Settings
from ..errors import UsageError

__all__ = ["Parser", "configured", "parser_for", "settings_from", "talk", "top_parser", "tune"]

_NAME = "npp-publish"
_END = (
    "Exit codes: 0 ok, 1 internal, 2 usage, 3 input, 4 tool missing, 5 backend, 6 output invalid, "
    "7 invariant, 8 warnings (--strict), 9 cannot write, 130 interrupted."
)


class Parser(argparse.ArgumentParser):
    """Answers a slip in one line with the next step in another, as every other failure."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; an unknown option is answered with the one that is meant."""
        name, _, slip = message.partition(": ")
        hint = f"see: {self.prog} --help"
        if name == "unrecognized arguments" and slip.startswith("-"):
            near = get_close_matches(slip.split()[0].partition("=")[0], self._option_string_actions, n=1)
            hint = f"did you mean {near[0]}?" if near else hint
        raise UsageError(message, hint=hint)


def top_parser(commands: Iterable[tuple[str, str]]) -> Parser:
    """Return the parser of the bare command: help and version, and the list of the commands."""
    listed = "\n".join(f"  {name:<12}{summary}" for name, summary in commands)
    parser = Parser(
        prog=_NAME,
        description="Publish the raw text of newspaper pages as PDF, EPUB and HTML.",
        epilog=f"commands:\n{listed}\n\n{_NAME} COMMAND --help tells more of each.\n\n{_END}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{_NAME} {__version__}")
    parser.add_argument("command", choices=[name for name, _ in commands], metavar="COMMAND")
    return parser


def parser_for(name: str, summary: str) -> Parser:
    """Return the parser of one command, with `--help` only."""
    return Parser(
        prog=f"{_NAME} {name}",
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=_END,
        allow_abbrev=False,
    )


def talk(parser: argparse.ArgumentParser) -> None:
    """Add how much is said."""
    group = parser.add_argument_group("what is said")
    loud = group.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="errors only")
    loud.add_argument("-v", "--verbose", action="store_true", help="every stage and every finding")
    group.add_argument("--json", action="store_true", help="the result as JSON on standard output")


def tune(parser: argparse.ArgumentParser) -> None:
    """Add what lies over the settings file, and how pages are read."""
    configured(parser)
    group = parser.add_argument_group("how the pages are read")
    group.add_argument("--encoding", metavar="NAME", help="encoding of the input (else found out)")
    group.add_argument("--pages", metavar="N,N", help="newspaper page that each input stands for")
    group.add_argument("--profile", metavar="NAME", help="habits of a paper: a name or a .toml file")
    group.add_argument("--edits", metavar="FILE", help="decisions of the ledger to flip (.toml)")


def configured(parser: argparse.ArgumentParser) -> None:
    """Add the settings file and what lies over it."""
    group = parser.add_argument_group("settings")
    group.add_argument(
        "--config", type=Path, metavar="FILE", help="settings file (else the nearest npp.toml)"
    )
    group.add_argument(
        "--set", action="append", default=[], metavar="TABLE.KEY=VALUE", help="one setting, as pdf.paper=a5"
    )
    group.add_argument("--strict", action="store_true", default=None, help="warnings fail the run (exit 8)")


_BUILD_FLAGS = ("to", "theme", "profile", "edits", "jobs", "strict")
_SOURCE_FLAGS = ("encoding", "pages")


def settings_from(words: argparse.Namespace, **more: Any) -> Settings:
    """Return the settings: the file that counts, with the command's options laid over it."""
    path = words.config or config.find(Path.cwd())
    flags = {name: getattr(words, name, None) for name in _BUILD_FLAGS}
    given = {name: value for name, value in {**flags, **more}.items() if value is not None}
    sets = [f"source.{name}={value}" for name in _SOURCE_FLAGS if (value := getattr(words, name, None))]
    return config.load(path, sets=[*words.set, *sets], flags=given)
