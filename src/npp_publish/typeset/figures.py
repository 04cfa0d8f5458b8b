"""Figures: where a number, a quantity or a sum may be parted if the line would fall apart otherwise.

clreq 3.1.5.2 keeps a number with its signs, and 3.2.4 keeps it whole; but 3.1.5.1 says why an unbreakable
run may be parted all the same: kept on one line, it opens the line before too far. The cost of each
place is that of the widest opening of a line that is still better.
"""

from __future__ import annotations

import re

__all__ = ["places"]

AFTER_HYPHEN = 60.0
"""After the hyphen of a number in groups: better than gaps of .08 em between Han ..."""
IN_SUM = 60.0
"""... after the sign of a sum or between the two halves of a range or a date ..."""
AT_THOUSANDS = 150.0
"""... of .11 em, after the comma of a long number (GB/T 15835-2011 5.2) ..."""
IN_CODE = 200.0
"""... of .12 em, inside a long code, with `_PART` of its signs on either line ..."""
BEFORE_UNIT = 300.0
"""... and of .13 em, between a number and its unit in letters."""

IN_NUMBER = 1000.0
"""... and of .2 em, inside a number of six to nine figures that nothing divides, with three of them on either
line: GB/T 15835-2011 asks to avoid it, and a line that is opened further reads as single characters."""

_GROUPS = re.compile(
    r"(?<![A-Za-z0-9_./-])(?=[A-Z0-9-]{8,})[A-Z]*[0-9]{2,}(?:-[A-Z0-9]{2,})+(?![A-Za-z0-9_./-])"
)
"""A telephone number, an account, the number of a file: figures in groups."""
_CODE = re.compile(r"(?<![A-Za-z0-9._/-])(?=[A-Z]*[0-9]{6})[A-Z0-9]{10,}(?![A-Za-z0-9._/-])")
"""The number of a licence, an account, a mobile telephone: no word, and longer than a line can spare."""
_PART = 4
_NUMBER = re.compile(r"(?<![A-Za-z0-9._/,-])[0-9]{6,9}(?![A-Za-z0-9._/,-])")
_LEAST = 3
_LONG = re.compile(r"(?<![A-Za-z0-9.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])")
"""A number of a million or more, its thousands parted."""
_SUM = re.compile(r"(?<![A-Za-z0-9.+])[0-9A-Z]{1,4}(?:\+[0-9A-Z]{1,4}){2,}(?![A-Za-z0-9+])")
"""`4+5+M+N`: a scheme, a system of so many parts."""
_RANGE = re.compile(r"(?<![A-Za-z0-9./~-])\d[\d.,]*[%‰℃]?[/~]\d[\d.,]*(?![A-Za-z0-9./~-])")
_QUANTITY = re.compile(r"(?<![A-Za-z\d.,])\d[\d.,]*(?=[A-Za-zμΩ][A-Za-z/]+(?![A-Za-z0-9-]))")
"""`9.8GWh`, but neither `5G` nor the name of a model, which has letters on both sides."""


def places(text: str) -> dict[int, float]:
    """Return where a line may begin inside a figure, and what it costs."""
    found = {quantity.end(): BEFORE_UNIT for quantity in _QUANTITY.finditer(text)}
    for number in _NUMBER.finditer(text):
        found |= dict.fromkeys(range(number.start() + _LEAST, number.end() - _LEAST + 1), IN_NUMBER)
    for code in _CODE.finditer(text):
        found |= dict.fromkeys(range(code.start() + _PART, code.end() - _PART + 1), IN_CODE)
    for pattern, signs, cost in (
        (_LONG, ",", AT_THOUSANDS),
        (_GROUPS, "-", AFTER_HYPHEN),
        (_SUM, "+", IN_SUM),
        (_RANGE, "/~", IN_SUM),
    ):
        for figure in pattern.finditer(text):
            start = figure.start()
            found |= {start + k: cost for k, sign in enumerate(figure.group(), 1) if sign in signs}
    return found
