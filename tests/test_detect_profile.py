"""Profiles: all shipped ones load; what they turn off is off; mistakes are told with a suggestion."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from npp_publish.compose import normalize
from npp_publish.detect import load, shipped
from npp_publish.detect.profile import RULES
from npp_publish.errors import UsageError
from npp_publish.model import Op
from npp_publish.source import from_text

PAGES = sorted((Path(__file__).parent / "pages" / "dev").glob("*-[dnw]*.raw.md"))[:12]


def test_shipped_profiles_load() -> None:
    assert {"general", "chongqing-daily", "shun-pao"} <= set(shipped())
    for name in shipped():
        profile = load(name)
        assert profile.about and profile.limit("kicker") > 0 and profile.list("roles")


def test_a_profile_adds_to_its_parent() -> None:
    shun = load("shun-pao")
    assert set(load().list("agencies")) < set(shun.list("agencies"))
    assert not shun.on("look-alike") and shun.on("furniture")
    made = normalize(
        from_text(
            "申報 民國三十八年五月\n\n# 東憲法在起草中\n\n路透社柏林十二日電\n\n人民議會主席昨日聲稱。\n"
        ),
        shun,
    )
    assert made.edition.lang == "zh-Hant"
    stated = made.edition.stated("news.paper")
    assert stated and stated.value == "申報"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_that_is_off_does_nothing(rule: str) -> None:
    profile = replace(load(), off=frozenset({rule}))
    for page in PAGES:
        ledger = normalize(from_text(page.read_text(encoding="utf-8")), profile).ledger
        assert not [row for row in ledger if row.rule == rule and row.op is not Op.KEEP]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[rules]\nfurnitur = false", "did you mean 'furniture'"),
        ("colour = 1", "known are"),
        ("[furniture]\nlines = ['(']", "does not compile"),
        ("name = ", "cannot be read"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, toml: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        load(str(path))
    assert words in f"{raised.value} {raised.value.hint}"


def test_unknown_profile_names_the_shipped_ones() -> None:
    with pytest.raises(UsageError) as raised:
        load("no-such-paper")
    assert "general" in raised.value.hint
