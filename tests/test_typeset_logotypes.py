"""What the logotypes answer is what the engine would have answered."""

from __future__ import annotations

from typing import Any

import pytest

from npp_publish.typeset.engine import load

CSS = """
:root { --zh-kinsoku: strict; color: #222; font: 12pt serif }
p { margin-inline-start: 2em; text-decoration: underline; border: 1px solid; width: 50% }
.logical { padding-block: 3px; border-inline-end: 2px dotted red; inline-size: 10em; min-block-size: 1em }
.line { text-decoration: line-through wavy blue 2px; --zh-hang: on; max-width: 20em; box-sizing: border-box }
span { color: var(--none, red); position: relative; float: left; border-top-left-radius: 3px }
b { outline: 2px solid; transform: rotate(3deg); page: inner; margin: -1em auto; padding: 1em 5% }
i { border-bottom-style: hidden; column-gap: 1em; height: calc(1em + 10%); min-width: 3em }
q::before { content: open-quote; display: block; margin: 1em }
table { border-collapse: collapse; border: 3px double } td { padding: 10% }
"""
HTML = """<p class="logical">甲<span>乙<b>丙<i>丁</i></b></span></p>
<p class="line"><q>戊</q><i dir="rtl">己</i></p>
<table><tr><td>1<td>2</table><p dir="rtl" class="logical line"><b>庚</b></p>"""


@pytest.fixture(scope="module")
def styles() -> Any:
    """The styles of a document, none of whose properties was asked for yet."""
    import weasyprint
    from weasyprint import css
    from weasyprint.css.targets import TargetCollector
    from weasyprint.text.fonts import FontConfiguration

    load()
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(string=CSS, font_config=fonts)
    made = css.get_all_computed_styles(
        weasyprint.HTML(string=HTML), [sheet], False, fonts, {}, {}, [], [], TargetCollector(), False
    )
    return list(made.get_computed_styles().values())


def anew(style: Any) -> Any:
    return type(style)(
        style.parent_style,
        style.cascaded,
        style.pseudo_type,
        style.root_style,
        style.base_url,
        style.font_config,
        style.initial_page_sizes,
    )


def stock(function: Any) -> Any:
    """Return the engine's own function that a quicker one falls back to."""
    names = function.__code__.co_freevars
    return function.__closure__[names.index("stock")].cell_contents


def test_every_property_of_every_style(styles: Any) -> None:
    from weasyprint import css

    quicker = css.ComputedStyle.__missing__
    own = stock(quicker)
    keys = [*css.INITIAL_VALUES, "__zh_kinsoku", "__zh_hang", "__other"]
    compared = 0
    for style in styles:
        one, other = anew(style), anew(style)
        for key in keys:
            assert one[key] == (other.get(key) if key in other else own(other, key)), key
            compared += 1
    assert compared > 2000


def test_used_sizes_whatever_was_asked_before(styles: Any) -> None:
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import percent

    from npp_publish.typeset.logotypes import _USED

    quicker = percent.resolve_percentages
    own = stock(quicker)
    for _ in range(2):
        for style in styles:
            for block in ((300, 200), (300, "auto"), (120.5, 200)):
                one, other = (boxes.BlockBox("p", anew(style), None, []) for _ in range(2))
                quicker(one, block)
                own(other, block)
                for name in _USED:
                    assert getattr(one, name) == getattr(other, name), name


@pytest.mark.parametrize(
    "value", [0, -3, 12, 0.0, -0.0, 1.0, 0.1, -2.5, 1e-9, 123456.789, 1e7, "Name", b"raw", True]
)
def test_numbers_and_names_of_a_pdf(value: Any) -> None:
    import pydyf

    load()
    assert pydyf._to_bytes(value) == stock(pydyf._to_bytes)(value)
    nested = pydyf.Dictionary(
        {"A": pydyf.Array([value, pydyf.Dictionary({"B": value})]), "S": pydyf.String("字")}
    )
    assert pydyf._to_bytes(nested) == nested.data
