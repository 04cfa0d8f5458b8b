"""Draw plans at random from the stories of a split: pages without end, the same for the same seed.

What is drawn: how headings are marked, columns and their width, how boxes are set, furniture, tears,
jumps, displaced titles, slips of recognition. Only what a story allows is drawn for it.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from .plans import Plan
from .stories import Story

__all__ = ["draw"]

_SLIPS: tuple[dict[str, Any], ...] = (
    {"noise": 0.006},
    {"noise": 0.003},
    {"letter_spaced": True},
    {"radicals": True},
)
_MARKS = (
    ("# ", "## ", "## "),
    ("# ", "### ", "## "),
    ("## ", "## ", "## "),
    ("# ", "## ", "**"),
    ("**", "**", "**"),
)
_TURNED = (" (Continued on Page {})", "(Continued from Page {})")
_JUMPS = (
    ("（下转{}版）", "（上接{}版）"),
    ("（下转第{}版）", "（上接第{}版）"),
    ("▶下转{}版", "◀上接{}版"),
    ("(下转{}版)", "(紧接{}版)"),
    ("→下转A{}版", "←上接A{}版"),
)


def draw(split: str, stories: Mapping[str, Story], count: int, seed: int) -> Iterator[Plan]:
    """Yield `count` plans."""
    dice = random.Random(f"{split}/{seed}")
    by_script: dict[str, list[str]] = {}
    for key, story in stories.items():
        by_script.setdefault(story.lang, []).append(key)
    for number in range(count):
        lang = dice.choices(["zh-Hans", "zh-Hant", "en", "ko"], weights=[10, 3, 2, 1])[0]
        pool = by_script[lang]
        keys = tuple(dice.sample(pool, min(len(pool), dice.randint(1, 3))))
        yield _plan(f"{split}-random-{seed}-{number}", split, lang[:2], [stories[k] for k in keys], dice)


def _plan(name: str, split: str, script: str, told: Sequence[Story], dice: random.Random) -> Plan:
    level = dice.randint(1, 5)
    wishes: dict[str, Any] = {"id": name, "group": str(level), "stories": tuple(s.key for s in told)}
    wishes |= _marks(script, dice)
    if level >= 2:
        wishes |= _columns(script, dice)
    if level >= 3:
        wishes |= _furniture(split, script, dice)
        wishes["tears"] = tuple(_tears(told, dice, bool(wishes["head"] or wishes["foot"])))
    if level >= 4:
        wishes |= _displacements(script, told, dice, {t[0] for t in wishes["tears"]})
    if level >= 5 and script == "zh":
        wishes |= dice.choice(
            [{"noise": 0.006}, {"noise": 0.003}, {"letter_spaced": True}, {"radicals": True}]
        )
    return Plan(**wishes)


def _marks(script: str, dice: random.Random) -> dict[str, Any]:
    title, section, box = dice.choice(_MARKS)
    if script == "en":
        section = box = title = dice.choice(["# ", "## ", ""])
    return {
        "title_mark": title,
        "section_mark": section,
        "box_mark": box,
        "kicker_mark": dice.choice(["", "", title if title != "**" else ""]),
        "byline_mark": dice.choice(["", "", "□", "■ ", "●"]) if script == "zh" else "",
        "entry": dice.choice(["bold", "bold", "colon", "dash"]),
        "abstract_title": dice.choice(["核心提示", "内容提要", "阅读提示", "导读"]),
        "box_gap": dice.choice(["", " "]),
        "pictures": dice.random() < 0.3,
        "caption_mark": dice.choice(["", "", "▲", "△"]) if script == "zh" else "",
    }


def _columns(script: str, dice: random.Random) -> dict[str, Any]:
    if dice.random() < 0.5:
        return {"box_wrap": dice.choice([0, 8, 9, 11]) if script == "zh" else 0}
    if script == "zh":
        between, end = dice.choice([("blank", "  "), ("blank", ""), ("indent", ""), ("indent", "  ")])
        width = dice.randint(14, 24)
        return {"wrap": width, "wrap_end": end, "between": between, "box_wrap": width - dice.randint(2, 6)}
    between = dice.choice(["blank", "none"] if script == "en" else ["blank"])
    return {"wrap": dice.randint(26, 52), "hyphens": dice.random() < 0.4, "between": between}


def _furniture(split: str, script: str, dice: random.Random) -> dict[str, Any]:
    if script != "zh":
        return {"head": (), "foot": ()}
    printed = _printed(split)
    facts = {"p": dice.choice(printed["places"]), "d": "2025年4月17日", "n": dice.randint(2, 16)}
    head = tuple(line.format(**facts) for line in dice.choice(printed["heads"]))
    foot = tuple(dice.sample(printed["feet"], dice.randint(0, 2)))
    after = (dice.choice(printed["feet"]),) if dice.random() < 0.25 else ()
    return {"head": head, "foot": tuple(line for line in foot if line not in after), "after": after}


@cache
def _printed(split: str) -> dict[str, Any]:
    """Return the furniture of a split; one without its own prints that of `dev`."""
    own = Path(__file__).with_name("furniture") / f"{split}.toml"
    path = own if own.exists() else own.with_name("dev.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _tears(
    told: Sequence[Story], dice: random.Random, furniture: bool
) -> Iterator[tuple[str, int, str, str]]:
    for story in told:
        texts = [p.text for p in story.parts if p.kind == "para"]
        long = [n for n, text in enumerate(texts) if len(text) > 60 and n < len(texts) - 1]
        ways = [p.kind for p in story.parts if p.kind in {"box", "caption"}] + ["column"]
        ways += ["furniture"] if furniture else []
        dice.shuffle(ways)
        for place, way in zip(
            sorted(dice.sample(long, min(len(long), dice.randint(0, 2)))), ways, strict=False
        ):
            yield story.key, place, way, dice.choice(["word", "word", "quote", "clause"])


def _displacements(script: str, told: Sequence[Story], dice: random.Random, torn: set[str]) -> dict[str, Any]:
    wishes: dict[str, Any] = {"boxes_last": dice.random() < 0.2}
    free = [s for s in told if s.key not in torn and sum(p.kind == "para" for p in s.parts) > 2]
    if free and dice.random() < 0.6 and script != "ko":
        story = dice.choice(free)
        place = dice.randint(1, sum(p.kind == "para" for p in story.parts) - 2)
        pages = (str(dice.randint(2, 12)), str(dice.randint(1, 4)))
        how = dice.choice(["word", "word", "end", "clause", "quote", "cut"])
        wishes["jumps"] = ((story.key, place, how, *pages),)
        wishes["interleaved"] = dice.random() < 0.5
        wishes["continuation_mark"] = dice.choice(["", "", "## "])
        forms = (
            dice.choice(_JUMPS) if script == "zh" else (" (Continued on Page {})", "(Continued from Page {})")
        )
        wishes["jump_form"], wishes["continuation_form"] = forms
    signed = told[-1].byline is not None and told[-1].byline.where == "title"
    if (
        len(told) > 1 and dice.random() < 0.5 and script == "zh" and signed
    ):  # else nothing tells where it begins
        wishes["displaced"] = (told[-1].key,)
    if wishes["boxes_last"]:
        wishes["tears"] = ()
    return wishes
