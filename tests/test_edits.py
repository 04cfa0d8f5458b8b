"""An editor's flips and pins: every decision can be turned, and is found again in changed text."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from npp_publish import source
from npp_publish.compose import edits, normalize
from npp_publish.detect import Edit
from npp_publish.errors import InputUnreadable, UsageError
from npp_publish.ledger import dump, slots

DEV = Path(__file__).parent / "pages" / "dev"
PAGES = ["dev-daily-3", "dev-daily-4", "dev-dashes", "dev-wrapped"]


def page(name: str) -> str:
    return (DEV / f"{name}.raw.md").read_bytes().decode("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_every_decision_can_be_flipped_and_the_ledger_still_holds(name: str) -> None:
    text = source.from_text(page(name))
    before = dump(normalize(text))
    asked = edits.choices(text)
    assert len(asked) > 5
    for choice in asked:
        after = dump(normalize(text, edits=(Edit(choice.id, choice.other),)))
        assert after != before, (choice.rule, text.cut(choice.span)[:20])
        assert dump(normalize(text, edits=(Edit(choice.id, choice.taken),))) == before


def torn(text: source.lines.Source) -> edits.Choice:
    return next(c for c in edits.choices(text) if c.rule == "torn-paragraph" and c.taken == "join")


def test_a_draft_flips_its_decision(tmp_path: Path) -> None:
    text = source.from_text(page("dev-daily-3"))
    choice = torn(text)
    path = tmp_path / "edits.toml"
    path.write_text(edits.draft(text, choice), encoding="utf-8")
    (wish,) = edits.read(path)
    assert (wish.id, wish.take, wish.rule) == (choice.id, "split", "torn-paragraph")
    settled = edits.settle(text, [wish])
    assert settled == edits.Settled((Edit(choice.id, "split"),), ())
    made = normalize(text, edits=settled.edits)
    assert len(slots(made.edition)) > len(slots(normalize(text).edition))
    assert tomllib.loads(edits.draft(text, choice, pin=True))["edit"][0]["take"] == "join"


def test_an_edit_survives_changes_elsewhere_and_is_found_again_in_changed_words(tmp_path: Path) -> None:
    raw = page("dev-daily-3")
    text = source.from_text(raw)
    choice = torn(text)
    path = tmp_path / "edits.toml"
    path.write_text(edits.draft(text, choice), encoding="utf-8")
    wishes = edits.read(path)
    elsewhere = source.from_text("新加的第一段，与原来的各段都没有关系。\n\n" + raw)
    assert edits.settle(elsewhere, wishes).edits == (Edit(choice.id, "split"),)
    at = choice.span.start + 3
    changed = source.from_text(raw[:at] + "又" + raw[at:])
    settled = edits.settle(changed, wishes)
    assert [d.code for d in settled.diagnostics] == ["NPP402"]
    assert settled.diagnostics[0].line > 1
    (edit,) = settled.edits
    assert edit.id == torn(changed).id != choice.id


def test_rows_of_the_ledger_lead_to_their_decision() -> None:
    text = source.from_text(page("dev-wrapped"))
    rows = [row for row in normalize(text).ledger if row.rule == "unwrap"]
    first, second = next((a, b) for a, b in pairwise(rows) if a.dst == b.dst)
    decided = {choice.id for choice in edits.choices(text)}
    assert first.id in decided and second.id not in decided
    settled = edits.settle(text, [edits.Wish(second.id)])
    assert settled.edits == (Edit(first.id, ""),)


def test_what_is_not_there_is_said_and_left_out() -> None:
    text = source.from_text(page("dev-daily-3"))
    choice = torn(text)
    wishes = [edits.Wish(7, number=1), edits.Wish(choice.id, take="dance", number=2)]
    settled = edits.settle(text, wishes)
    assert settled.edits == ()
    assert [d.code for d in settled.diagnostics] == ["NPP401", "NPP403"]
    assert "join or split" in settled.diagnostics[1].message


BAD = [
    ("edit = 3", "and nothing else"),
    ("[other]\nid = 3", "and nothing else"),
    ("[[edit]]\ntake = 'x'", "edit 1: id must be a number"),
    ("[[edit]]\nid = true", "id must be a number"),
    ("[[edit]]\nid = -4", "id must be a number"),
    ("[[edit]]\nid = 4\nwhy = 'x'", "unknown key 'why'"),
    ("[[edit]]\nid = 4\ntake = 5", "take must be a string"),
    ("[[edit]]\nid = 4\n[[edit]]\nid = 4", "edits 1 and 2 are both for 4"),
    ("[[edit]\nid = 4", "no TOML"),
    ("x = " + "[" * 5000, "no TOML"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_bad_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "edits.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message) as caught:
        edits.read(path)
    assert "\n" not in caught.value.message


def test_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable, match="cannot read the edits"):
        edits.read(tmp_path / "absent.toml")
    (tmp_path / "gb.toml").write_bytes("# 注意：编辑".encode("gb18030"))
    with pytest.raises(InputUnreadable, match="not UTF-8"):
        edits.read(tmp_path / "gb.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * ((1 << 20) + 1))
    with pytest.raises(InputUnreadable, match="larger than 1 MB"):
        edits.read(tmp_path / "large.toml")
