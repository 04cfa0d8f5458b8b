"""Which face sets which character: the cascade of the style sheets, and how a voice's families share."""

from __future__ import annotations

import pytest
from lxml import etree, html

from npp_publish.typeset.cascade import Voice, assign, common, demand
from npp_publish.typeset.faces import faces

CSS = """
body { font-family: "NPP Latin", "NPP Song", serif }
.kai { font-family: "NPP Latin", "NPP Kai", "NPP Song" }
@media screen { .hei { font-family: "NPP Hei" } }
h2 { font-weight: 400 }
.kai em { font-style: normal }
"""
PAGE = (
    "<html><body><p>宋<b>粗</b></p><h1>题</h1><h2>节</h2>"
    "<div class='kai'>楷<em>正</em></div><i>斜</i><p class='hei'>黑</p></body></html>"
)
SONG, KAI, HEI = ("NPP Latin", "NPP Song"), ("NPP Latin", "NPP Kai", "NPP Song"), ("NPP Hei",)


def heard(page: str) -> dict[Voice, str]:
    root = html.document_fromstring(page)
    return {v: "".join(sorted(c)) for v, c in demand((CSS,), (root.body,), namespace="").items()}


def test_families_weights_and_styles_are_inherited() -> None:
    assert heard(PAGE) == {
        Voice(SONG): "宋节",
        Voice(SONG, 700): "粗题",
        Voice(KAI): "楷正",
        Voice(SONG, italic=True): "斜",
        Voice(HEI): "黑",
    }


def test_books_are_read_in_their_namespace() -> None:
    root = etree.fromstring('<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>题</h1></body></html>')
    assert demand((CSS,), (root,)) == {Voice(SONG, 700): {"题"}}


@pytest.mark.parametrize(
    ("voice", "character", "face"),
    [
        (Voice(SONG), "宋", "NPP Song 400"),
        (Voice(SONG, 900), "宋", "NPP Song 700"),
        (Voice(SONG), "A", "NPP Latin 400"),
        (Voice(SONG, italic=True), "A", "NPP Latin 400 italic"),
        (Voice(KAI), "楷", "NPP Kai 400"),
        (Voice(KAI), "”", "NPP Song 400"),
        (Voice(("NPP Kai",)), "”", "NPP Kai 400"),
    ],
)
def test_the_first_family_that_has_a_character_sets_it_marks_by_one_that_can_halve_them(
    voice: Voice, character: str, face: str
) -> None:
    shares, lacking = assign({voice: {character}}, faces())
    assert {f.name: c for f, c in shares.items()} == {face: {character}}
    assert not lacking


def test_what_no_face_has_is_named_but_not_what_needs_no_glyph() -> None:
    wanted = {Voice(SONG): {"\ue000", "\n", " ", "\ufe0f"}, Voice(("Mine",)): {"\ue001"}}
    assert assign(wanted, faces())[1] == {"\ue000"}


@pytest.mark.parametrize(
    ("sheet", "left"),
    [
        ('@page { size: a4; @top-left { content: "} p{x} \\" "; color: #444 } margin: 1mm }', ""),
        ("@page :left { margin: 0 }\np { a: b }", "\np { a: b }"),
        ("@page { margin: 0 } p { display: none }", "@page { margin: 0 } p { display: none }"),
        ('p { a: b }\n@page { content: "x\\"} }', 'p { a: b }\n@page { content: "x\\"} }'),
        ("@page { @top-left { a { b } } }", "@page { @top-left { a { b } } }"),
    ],
)
def test_rules_for_pages_are_left_out_where_nothing_else_goes_with_them(sheet: str, left: str) -> None:
    assert common(sheet) == left
