"""Settings: precedence, types, suggestions, the published schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npp_publish import config
from npp_publish.backends import names
from npp_publish.config.options import convert, fill
from npp_publish.config.schema import schema_of, table_of
from npp_publish.errors import InputUnreadable, PublishError, UsageError
from npp_publish.model import Theme

SCHEMA = Path(__file__).parent.parent / "docs" / "npp.schema.json"


class Paper(StrEnum):
    A4 = "a4"
    A5 = "a5"


@dataclass(frozen=True)
class Options:
    paper: Paper = Paper.A4
    size: float = field(default=10.5, metadata={"help": "size in pt"})
    copies: int = 1
    running_heads: bool = True
    cover: Path | None = None
    words: tuple[str, ...] = ()
    side: Literal["left", "right"] = "left"


class Backend:
    Options = Options


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"paper": "a5"}, Options(paper=Paper.A5)),
        ({"size": "9"}, Options(size=9.0)),
        ({"copies": 2.0}, Options(copies=2)),
        ({"running-heads": "no"}, Options(running_heads=False)),
        ({"running_heads": False}, Options(running_heads=False)),
        ({"cover": "c.png"}, Options(cover=Path("c.png"))),
        ({"cover": "none"}, Options()),
        ({"words": "a, b"}, Options(words=("a", "b"))),
        ({"words": ["a"]}, Options(words=("a",))),
        ({"side": "right"}, Options(side="right")),
    ],
)
def test_values_become_a_dataclass(values: dict[str, Any], expected: Options) -> None:
    assert fill(Options, values, where="here") == expected


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"papr": "a5"}, "did you mean 'paper'?"),
        ({"paper": "a6"}, "one of a4, a5"),
        ({"size": "big"}, "not a number"),
        ({"copies": 1.5}, "not a whole number"),
        ({"copies": True}, "not a whole number"),
        ({"running-heads": "perhaps"}, "neither true nor false"),
        ({"words": 3}, "not a list"),
        ({"side": "top"}, "one of left, right"),
        ({"cover": 3}, "not a path"),
        ({"xyzzyxyzzy": 1}, "known are: paper"),
    ],
)
def test_wrong_values_are_named(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        fill(Options, values, where="npp.toml [pdf]")
    assert words in f"{caught.value} {caught.value.hint}"
    assert str(caught.value).startswith("npp.toml [pdf]")


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=4)
)
def test_any_value_is_taken_or_refused_clearly(value: Any) -> None:
    for kind in (int, float, bool, str, Paper, Path | None, tuple[int, ...]):
        try:
            convert(value, kind, where="here")
        except PublishError as error:
            assert error.exit_code == 2


def test_precedence(tmp_path: Path) -> None:
    path = tmp_path / "npp.toml"
    path.write_text("[epub]\n", encoding="utf-8")
    settings = config.Settings(
        project={"x": {"size": 3, "copies": 3, "paper": "a5"}}, command={"x": {"size": "5"}}, origin=path
    )
    theme = Theme(
        "t", tmp_path, (("format.x.running-heads", "false"), ("format.x.copies", "2"), ("other", "1"))
    )
    front = json.dumps({"format": {"x": {"size": 4, "copies": 4}}})
    found = config.options_for("x", Backend(), settings, theme=theme, front_matter=front)  # type: ignore[arg-type]
    assert found == Options(paper=Paper.A5, size=5.0, copies=4, running_heads=False)


def test_a_file_and_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "npp.toml"
    path.write_text(
        '[build]\nto = ["epub"]\ntheme = "mine/theme"\nout = "o"\n[source]\nencoding = "gbk"\n', "utf-8"
    )
    settings = config.load(path, sets=["source.encoding=big5", "build.jobs=2"], flags={"out": "p"})
    assert settings.build.to == ("epub",)
    assert settings.source.encoding == "big5"
    assert settings.build.jobs == 2
    assert settings.path("theme") == tmp_path / "mine/theme"
    assert settings.path("out") == Path("p")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("[buld]\n", UsageError, "did you mean 'build'?"),
        ("to = ['pdf']\n", UsageError, "put it in the table [build]"),
        ("[build]\nout = [\n", UsageError, "not TOML"),
        ("[build]\ntoo = 'pdf'\n", UsageError, "did you mean 'to'?"),
        (b"\xff\xfe", InputUnreadable, "cannot read"),
        (None, InputUnreadable, "no such"),
    ],
)
def test_a_bad_file_is_refused(
    tmp_path: Path, text: str | bytes | None, error: type[PublishError], words: str
) -> None:
    path = tmp_path / "npp.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(error) as caught:
        config.load(path)
    assert words in f"{caught.value} {caught.value.hint}"
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", ["", "a", "a.b", "a=b", ".b=c", "a.=c", "nosuchtable.x=1"])
def test_a_bad_assignment_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        config.load(None, sets=[text])


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "npp.toml").write_text("", encoding="utf-8")
    assert config.find(inner) == tmp_path / "npp.toml"
    (inner.parent / "npp.toml").write_text("", encoding="utf-8")
    assert config.find(inner) == inner.parent / "npp.toml"


def test_the_published_schema_is_current() -> None:
    ours = [name for name in names() if name in ("pdf", "epub", "html", "pdf-typst")]
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema_of(ours), "make schema"


def test_the_schema_accepts_defaults_and_refuses_unknown_keys() -> None:
    schema = schema_of([])
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"build": {"to": ["pdf"], "strict": True}, "other": {"x": 1}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"build": {"too": 1}}, schema)
    table = table_of(Options)
    assert table["properties"]["paper"] == {"enum": ["a4", "a5"], "default": "a4"}
    assert table["properties"]["size"] == {"type": "number", "description": "size in pt", "default": 10.5}
    assert table["properties"]["cover"] == {"type": "string"}
