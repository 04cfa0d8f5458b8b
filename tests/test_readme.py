"""The READMEs say what is there: commands, exit codes, files, options."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from npp_publish import errors
from npp_publish.cli import COMMANDS
from npp_publish.cli.arguments import parser_for
from npp_publish.config import Build

ROOT = Path(__file__).parent.parent
NAMES = ["README.md", "README.zh-CN.md"]


@pytest.fixture(params=NAMES)
def readme(request: pytest.FixtureRequest) -> str:
    return (ROOT / request.param).read_text(encoding="utf-8")


def test_every_command_is_shown_and_no_other(readme: str) -> None:
    shown = set(re.findall(r"(?:^    |`|\$\(|\w - \| )npp-publish ([a-z]+)", readme, re.MULTILINE))
    assert {name for name, _ in COMMANDS} <= shown
    assert shown <= {name for name, _ in COMMANDS}


def test_every_flag_in_the_tour_exists(readme: str) -> None:
    from importlib import import_module

    call = r"^ +(?:pdftotext \S+ - \| )?npp-publish ([a-z]+) ([^\n#>]*)"
    for command, rest in re.findall(call, readme, re.MULTILINE):
        parser = parser_for(command, "summary")
        import_module(f"npp_publish.cli.{command}").configure(parser)
        known = {flag for action in parser._actions for flag in action.option_strings}
        assert set(re.findall(r"(?<!\S)--?[a-z-]+", rest)) <= known, (command, rest)


def test_the_exit_codes_are_those_of_the_code(readme: str) -> None:
    codes = {
        value.exit_code
        for _, value in inspect.getmembers(errors, inspect.isclass)
        if issubclass(value, errors.PublishError)
    } | {errors.EXIT_OK, errors.EXIT_WARNINGS, errors.EXIT_INTERRUPTED}
    table = readme[readme.index("| 0 |") :].split("\n\n")[0]
    assert {int(number) for number in re.findall(r"\| (\d+) \|", table)} == codes


def test_linked_files_are_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target


def test_the_make_targets_exist(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^    |`)make ([a-z]+)", readme, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_settings_shown_are_settings(readme: str) -> None:
    shown = readme[readme.index("    [build]") :].split("\n\n")[0]
    for key in re.findall(r"^ +([a-z]+) = ", shown, re.MULTILINE):
        assert hasattr(Build(), key), key


def test_both_tell_of_the_same_tour() -> None:
    one, other = (
        [
            line.split("#")[0].strip()
            for line in (ROOT / name).read_text(encoding="utf-8").split("\n")
            if line.startswith("    npp-publish")
        ]
        for name in NAMES
    )
    assert one == other
