"""Words: the word model behind the choices that need one; offline, loaded on first use.

A unigram model over the dictionary of the segmenter jieba (349,000 words with frequencies). The
file is read directly (`lexicon`): jieba's own start writes a cache into the shared temporary folder,
which other users of the machine could change, and takes much longer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from math import inf, log

from .lexicon import Lexicon, shipped

__all__ = ["VERBS", "best", "crosses", "frequency", "known", "part", "simple"]

_LONGEST = 8


# verbs of headlines that the dictionary does not know or takes for nouns
VERBS = frozenset(
    [
        "启动",
        "锚定",
        "惠及",
        "开源",
        "聚力",
        "赋能",
        "亮相",
        "开启",
        "谱写",
        "擘画",
        "助力",
        "夺冠",
        "登顶",
        "来袭",
        "发文",
        "复航",
        "首航",
        "首飞",
        "并网",
        "通车",
        "领跑",
        "护航",
        "点亮",
        "唱响",
        "奏响",
        "打响",
        "绘就",
        "激活",
        "盘活",
        "蓄势",
        "扬帆",
        "奋楫",
        "启航",
        "争做",
        "共话",
        "共赴",
        "共建",
        "共享",
        "共治",
        "打牢",
        "印发",
        "规范",
        "话别",
        "逆行",
        "遇上",
        "当上",
        "换",
        "添",
        "绽放",
        "焕新",
        "上新",
        "上线",
        "下线",
        "落户",
        "落地",
        "落成",
        "落幕",
        "收官",
        "出炉",
        "揭牌",
        "揭晓",
        "挂牌",
        "签约",
        "开工",
        "开考",
        "开镰",
        "开市",
        "开机",
        "开播",
        "破题",
        "破局",
        "破解",
        "突围",
        "崛起",
        "腾飞",
        "跃升",
        "提速",
        "提质",
        "增效",
        "增收",
        "扩容",
        "扩围",
        "托起",
        "端牢",
        "守牢",
        "筑牢",
        "扛牢",
        "扛起",
        "守好",
        "用好",
        "管好",
        "办好",
        "建好",
        "做优",
        "做大",
        "做强",
        "建强",
        "延链",
        "补链",
        "强链",
        "稳住",
        "夯实",
        "拓宽",
        "激发",
        "汇聚",
        "凝聚",
        "浇灌",
        "润泽",
        "滋养",
        "书写",
        "跑出",
        "走出",
        "闯出",
        "蹚出",
        "念好",
        "唱好",
        "打好",
        "写好",
        "讲好",
        "种出",
        "养出",
        "狂漲",
        "狂涨",
    ]  # noqa: E501, RUF100
)


def part(word: str) -> str:
    """Return the part of speech of a word (jieba's tags: v, vn, a, d, p, c, u ...; n for nouns of all
    kinds, numerals, states, and where unknown)."""
    tag = shipped(VERBS).part(word)
    return "n" if tag[0] in "nmz" else tag


def frequency(word: str) -> int:
    """Return how often a word occurs in the corpus of the dictionary (0: unknown)."""
    return shipped(VERBS).get(word)


def known(word: str) -> bool:
    """Tell whether a word is in the dictionary."""
    return word in shipped(VERBS)


@cache
def _converter() -> Callable[[str], str]:
    try:
        from opencc import OpenCC
    except ImportError:  # the choice is then made without the word model
        return lambda text: text
    converter = OpenCC("t2s")
    return lambda text: str(converter.convert(text))


def simple(text: str) -> str:
    """Return a text in simplified characters if that keeps its length: the dictionary has no others."""
    if not text.isascii() and len(text.encode("gb2312", "ignore").decode("gb2312")) == len(text):
        return text  # every character is in the set of the simplified script
    converted = _converter()(text)
    return converted if len(converted) == len(text) else text


_TOKEN = re.compile(r"[A-Za-z0-9.%×+\-％０-９]+")


@lru_cache(maxsize=8192)
def best(text: str) -> tuple[float, tuple[str, ...]]:
    """Return the most probable segmentation of a short text and its log probability.

    Numbers and Latin words are one word each. The words are in simplified characters.
    """
    lexicon = shipped(VERBS)
    text = simple(text)
    runs = {found.end(): found.start() for found in _TOKEN.finditer(text)}
    inside = {n for end, start in runs.items() for n in range(start + 1, end)}
    scores: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(text) + 1):
        if end in inside:
            scores.append((-inf, end - 1))
        elif end in runs:
            scores.append((scores[runs[end]][0] - 8.0, runs[end]))
        else:
            scores.append(max(_options(text, end, scores, lexicon)))
    return scores[-1][0], _words(text, scores)


def _options(
    text: str, end: int, scores: list[tuple[float, int]], lexicon: Lexicon
) -> Iterator[tuple[float, int]]:
    for start in range(max(0, end - _LONGEST), end):
        count = lexicon.get(text[start:end])
        if count or end - start == 1:
            yield scores[start][0] + log(count or 0.5) - lexicon.total, start


def _words(text: str, scores: list[tuple[float, int]]) -> tuple[str, ...]:
    words: list[str] = []
    end = len(text)
    while end:
        start = scores[end][1]
        words.append(text[start:end])
        end = start
    return tuple(reversed(words))


def crosses(left: str, right: str) -> bool:
    """Tell whether a word runs across the seam of two texts."""
    if not left or not right or not ("\u4e00" <= left[-1] <= "\u9fff" and "\u4e00" <= right[0] <= "\u9fff"):
        return False
    seam = len(left)
    at = 0
    for word in best(left + right)[1]:
        if at < seam < at + len(word):
            return True
        at += len(word)
    return False
