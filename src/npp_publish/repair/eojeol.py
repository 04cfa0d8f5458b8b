"""Eojeol: whether a Korean word was torn, or two words stand on either side of a tear.

Rationale: Korean columns break words at any syllable. A word is torn if the two halves make a word that
the page writes elsewhere, if the right half is a particle or an ending, which never begins a word, or
if the left half does not end as words do (C). Case file: tests/cases/torn.md.
"""

from __future__ import annotations

import re

__all__ = ["torn"]

_WORD = re.compile(r"[가-힣]+")
_LAST, _FIRST = re.compile(r"[가-힣]+$"), re.compile(r"[가-힣]+")
_BOUND = re.compile(  # what cannot begin a word: particles, endings
    r"(?:은|는|을|를|의|에|에서|에게|로|으로|와|과|도|만|까지|부터|보다|처럼|이라고|라고|이라며|라며|다고|다며|다는|한다고|한다|했다|하며|하고|하는|하기|됐다|된다|되는|혔다|었다|았다|였다|겠다|습니다|입니다|이다|다|고|며|면서|지만|들이|들은|들을|들의)$"
)
_WHOLE = re.compile(
    r"(?:은|는|이|가|을|를|의|에|서|로|와|과|도|만|지|터|다|고|며|면|한|된|할|될|던|게|해|년|월|일|명|개|편|원|곳|억|만|시|분|네|한|두|세)$"
)
_COUNTED = re.compile(r"\d[가-힣]{1,2}$")  # 15일, 150여
_BEFORE_NOUNS = frozenset("한두세네그이저수몇첫새옛각전총")
_SAMPLE = 20_000


def torn(left: str, right: str, page: str) -> bool:
    """Tell whether `left` ends with the first half of a word whose second half begins `right`; `page` is
    a text that shows which words are in use."""
    last, first = _LAST.search(left), _FIRST.match(right)
    if not last or not first:
        return False
    if _BOUND.match(first[0]):
        return True
    if _COUNTED.search(left) or last[0] in _BEFORE_NOUNS:
        return False
    stem = last[0] + first[0][:2]
    words = set(_WORD.findall(page[:_SAMPLE]))
    if len(last[0]) >= 2 and any(word.startswith(stem) for word in words):
        return True
    if last[0] in words and len(last[0]) >= 2 and first[0] in words:
        return False
    return len(last[0]) == 1 or _WHOLE.search(last[0]) is None
