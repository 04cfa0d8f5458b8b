"""`npp-publish completion SHELL`: the script that lets a shell complete commands, options and names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from ..backends import names
from .voice import give

__all__ = ["configure", "run"]

_PROGRAM = "npp-publish"


@dataclass(frozen=True, slots=True)
class _Option:
    """One option of one command: its spellings, what it says of itself, whether a value follows and which
    values there are; none means a file."""

    spellings: tuple[str, ...]
    about: str
    takes: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Command:
    """One command with its options; `words` are what may stand alone."""

    name: str
    about: str
    options: tuple[_Option, ...]
    words: tuple[str, ...] = ()


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `completion`."""
    parser.add_argument(
        "shell",
        choices=tuple(_SCRIPTS),
        help='bash or zsh: add eval "$(npp-publish completion bash)" to ~/.bashrc; '
        "fish: save it as ~/.config/fish/completions/npp-publish.fish",
    )


def run(words: argparse.Namespace) -> int:
    """Print the script."""
    give("\n".join(_SCRIPTS[words.shell](tuple(_commands()))))
    return 0


def _commands() -> Iterator[_Command]:
    """Read the commands off their own parsers."""
    from importlib import import_module

    from . import COMMANDS
    from .arguments import parser_for

    for name, about in COMMANDS:
        parser = parser_for(name, about)
        import_module(f".{name}", __package__).configure(parser)
        actions = parser._actions
        options = tuple(_option(action) for action in actions if action.option_strings)
        alone = [
            str(word) for action in actions if not action.option_strings for word in action.choices or ()
        ]
        yield _Command(name, about, options, names() if name == "backends" else tuple(alone))


def _option(action: argparse.Action) -> _Option:
    known = {"--to": names, "--theme": _themes, "--profile": _profiles}
    named = next((known[spelling]() for spelling in action.option_strings if spelling in known), ())
    values = named or tuple(str(choice) for choice in action.choices or ())
    return _Option(tuple(action.option_strings), action.help or "", action.nargs != 0, values)


def _themes() -> tuple[str, ...]:
    from ..typeset.theme import names as themes

    return themes()


def _profiles() -> tuple[str, ...]:
    from ..detect.profile import shipped

    return tuple(shipped())


# --------------------------------------------------------------------------- the shells


def _bash(commands: tuple[_Command, ...]) -> Iterator[str]:
    everything = " ".join(command.name for command in commands)
    yield "_npp_publish() {"
    yield '    local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"'
    yield "    COMPREPLY=()"
    yield '    if [ "$COMP_CWORD" -eq 1 ]; then'
    yield f'        COMPREPLY=($(compgen -W "{everything} --help --version" -- "$word"))'
    yield "        return"
    yield "    fi"
    yield '    case "${COMP_WORDS[1]}:$before" in'
    for command in commands:
        for option in command.options:
            if option.values:
                cases = "|".join(f"{command.name}:{spelling}" for spelling in option.spellings)
                values = " ".join(option.values)
                yield f'    {cases}) COMPREPLY=($(compgen -W "{values}" -- "$word")); return ;;'
    yield "    esac"
    yield '    case "${COMP_WORDS[1]}:$word" in'
    for command in commands:
        listed = " ".join(spelling for option in command.options for spelling in option.spellings)
        yield f'    {command.name}:-*) COMPREPLY=($(compgen -W "{listed}" -- "$word")) ;;'
        if command.words:
            yield f'    {command.name}:*) COMPREPLY=($(compgen -W "{" ".join(command.words)}" -- "$word")) ;;'
    yield "    esac"
    yield "}"
    yield f"complete -o bashdefault -o default -F _npp_publish {_PROGRAM}"


def _zsh(commands: tuple[_Command, ...]) -> Iterator[str]:
    yield "autoload -U +X bashcompinit && bashcompinit"
    yield from _bash(commands)


def _fish(commands: tuple[_Command, ...]) -> Iterator[str]:
    for command in commands:
        about = _fish_quoted(command.about)
        yield f"complete -c {_PROGRAM} -f -n __fish_use_subcommand -a {command.name} -d {about}"
    for command in commands:
        within = f"complete -c {_PROGRAM} -n '__fish_seen_subcommand_from {command.name}'"
        if command.words:
            yield f"{within} -f -a {_fish_quoted(' '.join(command.words))}"
        for option in command.options:
            named = " ".join(
                f"-l {spelling[2:]}" if spelling.startswith("--") else f"-s {spelling[1:]}"
                for spelling in option.spellings
            )
            value = f" -x -a {_fish_quoted(' '.join(option.values))}" if option.values else " -r"
            yield f"{within} {named}{value if option.takes else ''} -d {_fish_quoted(option.about)}"


def _fish_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
