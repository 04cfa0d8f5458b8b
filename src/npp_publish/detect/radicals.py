"""Radicals: ⼀ for 一, ⻓ for 长: characters of the radical blocks that fonts put into text layers.

Rationale: they look like the ideograph and are not it; no search finds them, and few fonts have them.
Compatibility normalisation knows only the Kangxi block, so the others are listed here after the
Unicode property Equivalent_Unified_Ideograph (A). Done first, so that all recognisers can read.
Case file: tests/cases/radicals.md.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ..model import Block, Op
from ..sorts import Change, amend
from .desk import Desk

__all__ = ["set_right"]

RULE = "radical"
_RADICAL = re.compile("[\u2e80-\u2ef3\u2f00-\u2fd5]")
_SUPPLEMENT = dict(
    zip(
        "⺀⺁⺂⺄⺆⺇⺈⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺕⺗⺙⺛⺜⺝⺞⺟⺠⺢⺥⺧⺩⺪⺫⺬⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺻⺼⺽⻁⻃⻄⻅⻆⻇⻉⻊⻋⻑⻒⻓⻔⻕⻗⻘⻙⻚⻛⻜⻝⻞⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "冫厂乙乙冂几刀卜㔾小小尢尣尢巳幺彑彐心攵旡日月歺母民水爫牛王疋目示竹糹纟罓罒㓁㓁㓁羊羊羊聿月臼虎覀西见角角贝足车長镸长门阜雨青韦页风飞食食首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)


def set_right(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Replace radicals by the ideographs that they stand for."""
    if not desk.on(RULE) or not _RADICAL.search(desk.text):
        return blocks
    return tuple(_one(block) for block in blocks)


def _one(block: Block) -> Block:
    changes = [
        Change(*found.span(), meant, Op.REPLACE, RULE, 1.0, f"the ideograph that {found[0]} stands for")
        for found in _RADICAL.finditer(block.text)
        if (meant := _ideograph(found[0])) != found[0]
    ]
    return replace(block, pieces=amend(block.pieces, changes)) if changes else block


def _ideograph(radical: str) -> str:
    return _SUPPLEMENT.get(radical) or unicodedata.normalize("NFKC", radical)
