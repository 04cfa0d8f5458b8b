"""What docs/edition-md.md says is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from npp_publish import markdown
from npp_publish.diagnostics import CATALOGUE
from npp_publish.markdown import columns, masthead, page, words
from npp_publish.markdown.makeready import FRONT
from npp_publish.model import BoxKind, Edition, Role, Style
from strategies import editions

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "edition-md.md").read_text(encoding="utf-8")
SCHEMA = json.loads((DOCS / "edition-md.schema.json").read_text(encoding="utf-8"))


def example() -> str:
    found = re.search(r"^````markdown\n(.*?)^````$", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def test_the_example_is_how_it_would_be_written() -> None:
    read = markdown.read(example())
    assert not read.diagnostics
    assert markdown.write(read.edition).text == example()


def test_every_class_is_named() -> None:
    named = set(re.findall(r"[`.\s]([a-z]+(?:-[a-z]+)*)[`}\s,]", TEXT))
    classes = {
        *Role,
        *Style,
        *BoxKind,
        *page.HEADS,
        words.BREAK,
        words.CHAR,
        columns.CAPTION,
        columns.ENTRIES,
    }
    classes |= {
        columns.LABEL,
        columns.LIST_TABLE,
        columns.UNTITLED,
        columns.FOREIGN,
        *FRONT,
        "article",
        "box",
    }
    assert classes <= named


def test_every_code_of_the_range_is_named() -> None:
    listed = set(re.findall(r"^\| (NPP50\d)", TEXT, re.MULTILINE))
    assert listed == {code for code in CATALOGUE if code.startswith("NPP50")}


def front_of(text: str) -> Any:
    return yaml.safe_load(text.split("---\n")[1])


def test_the_schema_knows_every_name() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert {"title", "lang", *FRONT} <= set(SCHEMA["properties"])
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(front_of(example()), default=str)))


@settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(editions())
def test_what_is_written_keeps_the_schema(edition: Edition) -> None:
    data = yaml.load(masthead.dump(markdown.settled(edition))[4:-4], Loader=masthead._Loader)
    data = {key: value for key, value in data.items() if key != "format"}
    Draft202012Validator(SCHEMA).validate(data)
