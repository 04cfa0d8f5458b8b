"""The faces: what faces.toml says is true, cuts are exact and the same every time."""

from __future__ import annotations

import hashlib
import tomllib
from io import BytesIO
from typing import Any

import pytest
import uharfbuzz
from fontTools.ttLib import TTFont

from npp_publish.model import Article, Edition, Note, Paragraph, Ruby, Text
from npp_publish.typecase import fonts_folder
from npp_publish.typeset import faces as house
from npp_publish.typeset.crate import pack
from npp_publish.typeset.faces import Face, faces, font_face_css, missing, stack, stand_in, subset

TABLE = tomllib.loads((fonts_folder() / "faces.toml").read_text(encoding="utf-8"))["face"]
CHINESE = [face for face in faces() if face.family not in ("NPP Latin", "NPP Hangul")]
BY_NAME = {face.name: face for face in faces()}


def advances(face: Face, text: str, language: str = "") -> list[int]:
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.path))))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    if language:
        buffer.language = language
    uharfbuzz.shape(font, buffer, {})
    return [position.x_advance for position in buffer.glyph_positions]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["file"])
def test_every_face_is_the_one_that_was_reviewed(row: dict[str, str]) -> None:
    content = (fonts_folder() / row["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert (fonts_folder() / row["licence_file"]).is_file()
    readme = (fonts_folder() / "README.md").read_text(encoding="utf-8")
    assert all(row[key] in readme for key in ("file", "sha256", "member_sha256", "package", "licence"))


def test_together_they_are_small_enough_for_a_checkout() -> None:
    assert sum(path.stat().st_size for path in fonts_folder().iterdir()) < 85_000_000


@pytest.mark.parametrize("face", CHINESE, ids=lambda face: face.name)
@pytest.mark.parametrize("language", ["", "en", "zh-Hans"])
def test_dash_is_two_em_and_dot_half_an_em_in_every_language(face: Face, language: str) -> None:
    assert sum(advances(face, "——", language)) == 2000
    assert sum(advances(face, "……", language)) == 2000
    assert advances(face, "·", language) == [500]


@pytest.mark.parametrize("face", CHINESE, ids=lambda face: face.name)
def test_quotation_marks_are_one_em(face: Face) -> None:
    assert advances(face, "“中”‘国’") == [1000] * 6


def test_all_faces_have_one_line_box() -> None:
    for face in faces():
        with TTFont(face.path, lazy=True) as font:
            assert (font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap) == (880, -120, 0)


def test_latin_face_lacks_what_chinese_shares() -> None:
    for face in faces():
        if face.family == "NPP Latin":
            assert not face.coverage & set(map(ord, "“”‘’—…·×±°§"))
            assert face.coverage >= set(map(ord, "Aaé0%,.'ǎΩж"))


def test_coverage_reaches_names_kana_and_korean() -> None:
    assert not missing("𠮷镕喆堃珺㙍かなカナ한국어훯①㎡℃")
    assert missing("a😀\ue000中") == ("\ue000", "😀")
    assert not missing("\u200b\ufe0f\u00ad \t\n\u2028")


def test_a_subset_has_what_was_asked_for_and_no_more() -> None:
    cut = subset(BY_NAME["NPP Song 400"], "中国——“”😀")
    with TTFont(BytesIO(cut)) as font:
        assert set(font.getBestCmap()) == set(map(ord, "中国—“”"))
        assert font["name"].getDebugName(13)
    assert len(cut) < 6000


def test_the_same_characters_give_the_same_bytes() -> None:
    face = BY_NAME["NPP Kai 400"]
    assert subset(face, "甲乙") == subset(face, "乙甲乙")
    first = subset(face, "甲乙", woff2=True)
    assert first[:4] == b"wOF2"
    assert subset(face, "甲乙", woff2=True) == first


@pytest.mark.parametrize("face", faces(), ids=lambda face: face.name)
def test_a_packed_face_unpacks_to_the_same_outlines(face: house.Face) -> None:
    text = "".join(map(chr, sorted(face.coverage)[:: max(1, len(face.coverage) // 150)])) + "½℃éｆ"
    plain, packed = TTFont(BytesIO(subset(face, text))), TTFont(BytesIO(subset(face, text, woff2=True)))
    with plain, packed:
        assert plain.getGlyphOrder() == packed.getGlyphOrder()
        before, after = plain["glyf"], packed["glyf"]
        for name in plain.getGlyphOrder():
            assert _drawn(before[name], before) == _drawn(after[name], after)
        for tag in ("cmap", "hmtx", "GSUB", "GPOS", "name", "OS/2"):
            assert (tag in plain) == (tag in packed)
            if tag in plain:
                assert plain.reader[tag] == packed.reader[tag]


def _drawn(glyph: Any, glyf: Any) -> list[object]:
    """Points, which of them are on the curve, ends of contours, parts, box, and the mark of overlaps."""
    points, ends, flags = glyph.getCoordinates(glyf)
    box = [getattr(glyph, side, 0) for side in ("xMin", "yMin", "xMax", "yMax")]
    parts = [part.__dict__ for part in glyph.components] if glyph.isComposite() else flags[:1]
    return [list(points), list(ends), [flag & 1 for flag in flags], parts, box]


def test_only_faces_of_outlines_are_packed() -> None:
    for wrong in (b"", b"OTTO", b"\0\1\0\0" + bytes(8), b"no font at all, for sure"):
        with pytest.raises(ValueError, match=r"font file|outlines"):
            pack(wrong)


def test_a_stand_in_shows_the_missing_and_hides_the_invisible() -> None:
    made = stand_in("😀\u2061")
    assert made == stand_in("\u2061😀")
    with TTFont(BytesIO(made)) as font:
        glyphs, names = font["glyf"], font.getBestCmap()
        assert glyphs[names[0x1F600]].numberOfContours == 2
        assert glyphs[names[0x2061]].numberOfContours == 0
        assert font["name"].getDebugName(1) == house.STAND_IN


def test_stack_names_a_face_and_its_stand_ins() -> None:
    files = [path.name for path in stack("NPP Latin 400 italic")]
    assert files[0] == "npp-latin-italic.ttf"
    assert "npp-song-regular.ttf" in files and "npp-hangul-regular.ttf" in files
    with pytest.raises(KeyError):
        stack("Arial 400")


def test_font_face_rules() -> None:
    rules = font_face_css([BY_NAME["NPP Song 700"]], lambda face: face.path.name)
    assert 'font-family: "NPP Song"; font-weight: 700' in rules
    assert 'url("npp-song-bold.ttf") format("truetype")' in rules


def test_missing_characters_are_reported_with_their_line_wherever_they_stand() -> None:
    edition = Edition(
        "题",
        "zh-Hans",
        (
            Article(
                "a1",
                body=(
                    Paragraph((Text("甲"), Ruby("乙", "\U0001f600")), lines=(4, 5)),
                    Paragraph((Text("丙"), Note((Paragraph((Text("\ue123\ue123"),)),))), lines=(9,)),
                ),
            ),
        ),
    )
    found = house.coverage(edition, "page.txt")
    assert [(d.code, d.path, d.line) for d in found] == [("NPP701", "page.txt", 9), ("NPP701", "page.txt", 4)]
    assert "U+E123 (2 times)" in found[0].message
    many = Edition("".join(map(chr, range(0xE000, 0xE100))), "zh-Hans", ())
    assert len(house.coverage(many)) == 41
