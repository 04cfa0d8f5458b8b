"""Lines that no column sets are kept apart, and told."""

from __future__ import annotations

import pytest

from npp_publish.compose import normalize
from npp_publish.model import Paragraph, plain
from npp_publish.source import from_text

VERSE = "# 江边\n\n本报记者 王小明\n\n一桥飞架，\n两岸人家三十万，从此天天见面不用船，\n五分钟到，\n六车道宽，\n八月通车。\n"  # noqa: E501
COLUMN = "# 江边\n\n本报记者 王小明\n\n大桥今天上午通车，全长一千二百米，\n双向六车道。市民说，过江只要三分钟\n了，比以前方便得多。\n"  # noqa: E501


@pytest.mark.parametrize(("page", "count"), [(VERSE, 5), (COLUMN, 1)], ids=["verse", "column"])
def test_uneven_lines_are_kept_apart(page: str, count: int) -> None:
    made = normalize(from_text(page))
    body = [plain(b) for b in made.edition.articles[0].body if isinstance(b, Paragraph)]
    assert len(body) == count
    assert [d.code for d in made.diagnostics].count("NPP306") == (count > 1)
