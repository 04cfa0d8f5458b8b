"""Keywords that are proposed for an article: phrases of its headings that its text repeats.

No dictionary of topics: a phrase counts if the heading and the text share it and the words beside it
change. Proposed only; an editor decides.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from ..model import Article, Heading, plain

__all__ = ["propose"]

_RUN = re.compile("[\u3400-\u9fff]{2,}")
_EDGE = frozenset(
    "的了着过是在和与及或等为把被将对从到不也都而之其这那个一上下中里年月日时要让给向以于我你他她它们有"
)
_LEAST, _MOST, _LONGEST = 3, 5, 8
_WEIGHED = 60  # frequent phrases that are compared with each other
_SAMPLE = 4000  # characters of the text that are counted


def propose(article: Article) -> tuple[str, ...]:
    """Return up to five phrases, those that cover most of the text first; none for short texts."""
    body = plain(article.body)[:_SAMPLE]
    heads = " ".join([plain(article.title), *(plain(b) for b in article.body if isinstance(b, Heading))])
    if len(body) < 300:
        return ()
    counts = _phrases(heads[:100], body)
    best = sorted(counts, key=lambda phrase: (-counts[phrase] * len(phrase), phrase))
    chosen: list[str] = []
    for phrase in best:
        if not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
    return tuple(chosen[:_MOST])


def _phrases(heads: str, body: str) -> dict[str, int]:
    """Count the phrases of the headings in the body; keep those that are not part of a longer one."""
    counts: dict[str, int] = {}
    for run in dict.fromkeys(_RUN.findall(heads)):
        for start, first in enumerate(run):
            for end in range(start + 2, min(start + _LONGEST, len(run)) + 1) if first not in _EDGE else ():
                phrase = run[start:end]
                if phrase[-1] in _EDGE:
                    continue
                if phrase not in counts:
                    counts[phrase] = body.count(phrase)
                if counts[phrase] < _LEAST:
                    break  # no phrase that begins with it is found more often
    often = sorted([(count, phrase) for phrase, count in counts.items() if count >= _LEAST], reverse=True)
    return _outermost(often[:_WEIGHED])


def _outermost(often: list[tuple[int, str]]) -> dict[str, int]:
    """Leave out each phrase that stands in a longer one about as frequent. `often` is in falling order, so
    those that count are a beginning of the list, in which the phrase stands once as itself."""
    listed = "\n".join([phrase for _, phrase in often])
    ends = list(accumulate([len(phrase) + 1 for _, phrase in often]))
    rarer = [-count for count, _ in often]
    kept: dict[str, int] = {}
    for count, phrase in often:
        end = ends[bisect_right(rarer, -0.6 * count) - 1]
        if listed.count(phrase, 0, end) == 1:
            kept[phrase] = count
    return kept
