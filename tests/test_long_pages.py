"""Stages 2-4 take time in proportion to the length of a page, whatever stands in it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

import pytest

from npp_publish import source
from npp_publish.compose import normalize

SHAPES: dict[str, Callable[[int], str]] = {
    "blank lines": lambda n: "\n" * (20 * n),
    "lines of one character": lambda n: "\n".join("的一是了我不人在他有"[k % 10] for k in range(4 * n)),
    "opening brackets": lambda n: "（" * (60 * n),
    "nested brackets": lambda n: "（" * (20 * n) + "内" + "）" * (20 * n),
    "digits": lambda n: "1234567890" * (20 * n),
    "headings": lambda n: "\n\n".join(f"# 标题{k}" for k in range(n)),
    "headings and paragraphs": lambda n: "\n\n".join(
        f"## 小标题{k}\n\n这是第{k}段正文，说了一件小事。" for k in range(n)
    ),
    "bylines": lambda n: "\n\n".join(f"本报记者 张三 通讯员 李{'一二三四五'[k % 5]}" for k in range(n)),
    "jump lines": lambda n: "\n\n".join(
        f"正文一段讲的是第{k}件事，还没有说完就（下转{k % 20 + 1}版）" for k in range(n)
    ),
    "jumps and continuations": lambda n: "\n\n".join(
        f"正文第{k}件事没有说（下转{k % 20 + 1}版）" if k % 2 else f"（上接{k % 20 + 1}版）" for k in range(n)
    ),
    "torn quotations": lambda n: "\n\n".join(f"这是第{k}段没有说完的“话" for k in range(n)),
    "boxes": lambda n: "\n\n".join(f"## 名词解释\n\n**词{k}**  \n解释这个词的意思。" for k in range(n)),
    "pictures": lambda n: "\n\n".join(f"![](images/{k}.jpg)  \n图{k}说明" for k in range(n)),
    "a table": lambda n: "\n".join("| 甲 | 乙 |" for _ in range(4 * n)),
    "one column with furniture": lambda n: (
        "责任编辑：张三\n" + "\n".join("这是一段排成窄栏的正文每行十八个字的样子" for _ in range(4 * n))
    ),
    "untitled articles and titles": lambda n: "\n\n".join(
        [f"本报记者 张三\n\n这是第{k}段正文，说了一件小事，还有别的事情。" for k in range(n)]
        + [f"# 标题第{k}号" for k in range(n)]
    ),
    "one line of bold words": lambda n: "字**粗体**" * (4 * n),
}
_COUNT = 300
_TIMES, _LIMIT = 4, 9.0  # a page four times as long may take nine times as long; squared is sixteen


def _seconds(text: str) -> float:
    page = source.from_text(text)
    gc.collect()
    start = time.process_time()
    normalize(page)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("make", SHAPES.values(), ids=SHAPES)
def test_time_grows_with_the_length(make: Callable[[int], str]) -> None:
    short, long = make(_COUNT), make(_COUNT * _TIMES)
    _seconds(short)  # word lists are loaded
    ratios: list[float] = []
    while len(ratios) < 4 and min(ratios, default=_LIMIT) >= _LIMIT:  # other work on the machine disturbs
        ratios.append(_seconds(long) / max(_seconds(short), 0.002))
    assert min(ratios) < _LIMIT, ratios
