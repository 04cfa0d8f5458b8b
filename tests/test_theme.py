"""Themes: the shipped ones load, mistakes in others are told with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from npp_publish.errors import UsageError
from npp_publish.typeset.theme import labels, load, look, names, part
from npp_publish.typeset.typearea import PAPERS, page_css, type_area


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "theme.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", names())
def test_every_shipped_theme_loads_and_has_its_parts(name: str) -> None:
    theme = load(name)
    assert theme.setting("theme.title") and theme.setting("theme.summary")
    assert part(theme, "pdf.css").is_file() and part(theme, "pdf.html").is_file()
    assert labels(theme, "zh-Hans")["contents"]
    assert look(theme)["accent"]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("paper", ["", *PAPERS])
@pytest.mark.parametrize("size", [0.0, 9.0, 18.0])
def test_the_type_area_fills_the_page_exactly(name: str, paper: str, size: float) -> None:
    theme = load(name)
    try:
        area = type_area(theme, paper=paper, size=size)
    except UsageError as error:
        assert size == 18 or paper in ("a5", "b5"), error
        return
    columns = area.columns * area.column + (area.columns - 1) * area.gutter
    assert area.left + columns + area.right == pytest.approx(area.width)
    assert area.top + area.lines * area.line + area.bottom == pytest.approx(area.height)
    assert min(area.left, area.right, area.top, area.bottom) > 0
    assert f"font-size: {area.size:g}pt" in page_css(area)


@pytest.mark.parametrize(
    "text, told",
    [
        ("[them]\n", "did you mean 'theme'"),
        ("[theme]\ntitel = 'x'\n", "did you mean 'title'"),
        ("theme = 3\n", "is a table"),
        ("[theme]\nbased-on = 'nothing'\n", "no shipped theme"),
        ("[look]\naccent = 'red; } body { display: none'\n", "no value for a style sheet"),
        ("[look]\naccent = ['a']\n", "a text, a number"),
        ("[page]\nmeasure = 'many'\n", ""),
        ("[format]\npdf = 3\n", "not the name of a setting"),
        ("[theme\n", "cannot be read"),
    ],
)
def test_a_mistake_is_told_before_anything_is_rendered(tmp_path: Path, text: str, told: str) -> None:
    folder = write(tmp_path / "mine", text)
    with pytest.raises(UsageError) as caught:
        type_area(load(folder))
    assert told in f"{caught.value} {caught.value.hint}"


def test_unknown_names_and_folders(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no theme 'briefin'") as caught:
        load("briefin")
    assert "briefing" in caught.value.hint
    with pytest.raises(UsageError, match=r"needs a theme\.toml"):
        load(tmp_path)
    with pytest.raises(UsageError, match="style sheet cannot be read"):
        load("briefing", ["/nowhere.css"])


def test_a_folder_borrows_what_it_lacks(tmp_path: Path) -> None:
    sheet = tmp_path / "more.css"
    sheet.write_text("p { color: red }", encoding="utf-8")
    folder = write(tmp_path / "mine", "[theme]\nbased-on = 'briefing'\n[look]\naccent = '#123456'\n")
    theme = load(folder, [sheet])
    assert theme.overrides == ("p { color: red }",)
    assert look(theme)["accent"] == "#123456" and look(theme)["ink"]
    assert part(theme, "pdf.css").parent.name == "briefing"
    with pytest.raises(UsageError, match="has no nothing"):
        part(theme, "nothing.css")


def test_words_of_a_language_overlay_the_plain_ones() -> None:
    theme = load("briefing")
    assert labels(theme, "zh-Hans")["contents"] == "目录"
    assert labels(theme, "zh-Hant-TW")["contents"] == "目錄"
    assert labels(theme, "en-GB")["contents"] == "Contents"
