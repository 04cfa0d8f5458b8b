"""Speakers: 全国人大代表蓝庆华：锚定“33618” - post, name and title of a speaker section.

Case file: tests/cases/speakers.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..detect.names import is_name

__all__ = ["Speaker", "speaker"]

_POSTS = (
    "代表", "委员", "书记", "主任", "局长", "市长", "县长", "区长", "镇长", "乡长", "村长", "厅长", "部长", "处长", "科长", "所长", "院长", "校长", "会长", "行长", "站长", "队长", "董事长", "总经理",  # noqa: E501
    "经理", "总裁", "教授", "研究员", "专家", "律师", "医生", "主任医师", "医师", "护士", "教师", "老师", "工程师", "设计师", "负责人", "发言人", "居民", "市民", "村民", "农民", "学生", "家长", "业主", "创始人", "主席",  # noqa: E501
    "秘书长", "理事长", "院士", "博士", "作家", "导演", "演员", "评论员", "嘉宾", "主持人", "志愿者", "经营者", "店主", "员工", "职工", "工人", "社长", "总编辑", "总工程师", "首席", "团长", "政委", "法官", "检察官", "民警", "馆长", "园长", "代表委员", "大户", "师傅",  # noqa: E501
)  # fmt: skip
_COLON = re.compile(r"[：:]")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Ranges `(start, end)` of post and name, and where the title begins."""

    post: tuple[int, int]
    name: tuple[int, int]
    title: int


def speaker(text: str) -> Speaker | None:
    """Read a speaker's post and name before the colon of a heading; None where there is none."""
    found = _COLON.search(text[:40])
    if not found or found.start() < 2:
        return None
    before = text[: found.start()]
    for post in sorted(_POSTS, key=len, reverse=True):
        at = before.rfind(post)
        if at < 0:
            continue
        name = before[at + len(post) :].strip(" 　")
        if is_name(name):
            start = before.rindex(name)
            return Speaker((0, at + len(post)), (start, start + len(name)), found.end())
    if is_name(before) and len(text) > found.end() + 4:
        return Speaker((0, 0), (0, len(before)), found.end())
    return None
