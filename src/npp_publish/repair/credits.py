"""Credits: the space between a role and a name that a line end swallowed in brackets at the end of a text.

Rationale: between Chinese lines nothing is set, but a credit (本报记者 张三 / 通讯员 李四) parts its words by
spaces, and a line end stands for one: where other words of the same brackets are parted so, and a role
ends the line or begins the next (A). Case file: tests/cases/unwrap.md.
"""

from __future__ import annotations

import re

__all__ = ["parts"]

_LONGEST = 40  # characters
_ROLE = re.compile(
    r"(?:本报|本刊|首席|见习|实习|特约|特派|摄影|全媒体)*(?:[记記]者|通[讯訊][员員]|实习生|實習生|[编編][辑輯])"
)
_ROLE_ENDS = re.compile(rf"{_ROLE.pattern}$")


def parts(before: str, after: str) -> bool:
    """Tell whether the break between two lines parts a role and a name of one credit in brackets."""
    start = max(before.rfind("（"), before.rfind("("))
    credit = before[start + 1 :] if start >= 0 else ""
    if not credit or "）" in credit or ")" in credit or len(credit) > _LONGEST:
        return False
    spaced = " " in (credit + after.partition("）")[0]).strip()
    if not spaced or not _ROLE.search(credit):
        return False
    return _ROLE_ENDS.search(credit) is not None or _ROLE.match(after) is not None
