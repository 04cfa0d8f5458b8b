"""A paper's habits: rules on or off, parameters, vocabulary; plain data in a TOML file.

A profile `extends` another one (at the root always `general`): lists of words are added to those of
its parent, single values replace them. See `profiles/README.md` for how to write one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import UsageError

__all__ = ["RULES", "Profile", "load", "shipped"]

# every rule that a profile can turn off; a test compares the list with the code
RULES = frozenset({
    "box", "byline", "caption", "continuation", "dateline", "displaced-headline", "doubled-mark", "doubled-print", "flat-page",  # noqa: E501
    "full-width-digit", "furniture", "half-width", "headline-phrase", "hyphen", "jump-line", "letter-spacing", "lonely-kicker",  # noqa: E501
    "look-alike", "lost-hyphen", "misplaced-paragraph", "plain-headline", "bold-headline", "radical", "straight-quote", "stray-space", "torn-paragraph",  # noqa: E501
})  # fmt: skip
_KEYS = {"name", "about", "extends", "paper", "lang", "rules", "measure", "words", "furniture"}


@dataclass(frozen=True)
class Profile:
    """What is known of a paper before its page is read.

    `off` names rules that are not to be applied; `measure` holds numbers (in ems or shares) by
    name; `words` lists of vocabulary by name; `furniture` patterns of lines that are no text.
    """

    name: str
    about: str = ""
    paper: str = ""
    lang: str = ""
    off: frozenset[str] = frozenset()
    measure: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    furniture: tuple[re.Pattern[str], ...] = ()

    def on(self, rule: str) -> bool:
        """Tell whether a rule may be applied."""
        return rule not in self.off

    def list(self, name: str) -> tuple[str, ...]:
        """Return one list of the vocabulary (empty where there is none)."""
        return self.words.get(name, ())

    def limit(self, name: str) -> float:
        """Return one number; a KeyError is a fault of the program: `general` has them all."""
        return self.measure[name]


def shipped() -> tuple[str, ...]:
    """Return the names of the profiles that come with the program."""
    folder = resources.files(__package__).joinpath("profiles")
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def load(name: str = "general") -> Profile:
    """Load a shipped profile by name or one of your own by its path (`.toml`).

    Raises UsageError for an unknown name, key or rule, or a pattern that does not compile.
    """
    return _profile(_table(name), name)


def _table(name: str, depth: int = 0) -> dict[str, Any]:
    if depth > 8:
        raise UsageError(f"profile {name!r}: `extends` goes round in a circle")
    table = _read(name)
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise UsageError(
            f"profile {name!r}: unknown key {unknown[0]!r}", hint=f"known are: {', '.join(sorted(_KEYS))}"
        )
    parent = table.get("extends", "" if name == "general" else "general")
    return _merged(_table(parent, depth + 1), table) if parent else table


def _read(name: str) -> dict[str, Any]:
    try:
        if name.endswith(".toml"):
            if Path(name).exists() and not Path(name).is_file():
                raise UsageError(f"profile {name!r} is no file")
            return tomllib.loads(Path(name).read_text(encoding="utf-8-sig"))
        if name not in shipped():
            raise UsageError(
                f"no profile {name!r}",
                hint=f"shipped are: {', '.join(shipped())}; or give a path to a .toml file",
            )
        return tomllib.loads(
            resources.files(__package__).joinpath("profiles", f"{name}.toml").read_text(encoding="utf-8")
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"profile {name!r} cannot be read: {error}") from None


def _merged(parent: Mapping[str, Any], child: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(parent)
    for key, value in child.items():
        old = both.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            both[key] = _merged(old, value)
        elif isinstance(value, list) and isinstance(old, list):
            both[key] = [*old, *(word for word in value if word not in old)]
        else:
            both[key] = value
    return both


def _profile(table: Mapping[str, Any], name: str) -> Profile:
    rules = table.get("rules", {})
    if unknown := sorted(set(rules) - RULES):
        near = get_close_matches(unknown[0], sorted(RULES), 1)
        hint = f"did you mean {near[0]!r}?" if near else f"rules are: {', '.join(sorted(RULES))}"
        raise UsageError(f"profile {name!r}: unknown rule {unknown[0]!r}", hint=hint)
    return Profile(
        name=str(table.get("name", name)),
        about=str(table.get("about", "")),
        paper=str(table.get("paper", "")),
        lang=str(table.get("lang", "")),
        off=frozenset(rule for rule, state in rules.items() if not state),
        measure={key: float(value) for key, value in table.get("measure", {}).items()},
        words={key: tuple(map(str, value)) for key, value in table.get("words", {}).items()},
        furniture=_patterns(table.get("furniture", {}).get("lines", []), name),
    )


def _patterns(lines: Sequence[str], name: str) -> tuple[re.Pattern[str], ...]:
    try:
        return tuple(re.compile(line) for line in lines)
    except re.error as error:
        raise UsageError(f"profile {name!r}: a furniture pattern does not compile: {error}") from None
