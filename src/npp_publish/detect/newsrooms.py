"""Newsrooms and offices: names of houses and teams that sign an article instead of a person.

Rationale: the end of the name tells it (…日报社, …委员会, …报道组); a line that is such a name and nothing
else signs what stands beside it. Case file: tests/cases/byline.md.
"""

from __future__ import annotations

import re

from .profile import Profile

__all__ = ["is_office", "is_team"]

# reporters who sign as one (本报两会报道组 甲 乙)
_TEAM = re.compile(
    r"[\u4e00-\u9fff]{2,14}(?:[报報][道导導][组組]|采访[组組]|[记記]者[组組]|调研[组組]|调查[组組]|专题[组組]|特稿部|工作室|编辑部|要闻部|采访部|[组組]稿)"
)
_OFFICE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9（）()·“”]+")
_PAPERS = (
    "日报 晚报 时报 快报 晨报 早报 商报 都市报 青年报 日報 晚報 時報 通讯社 电视台 广播电台 新闻网 融媒 "
    "融媒体 记者站 报社 客户端"
)
_NEWSROOMS = tuple(_PAPERS.split())


def is_office(text: str, profile: Profile) -> bool:
    """Tell whether a text is the name of an office, firm or newsroom and nothing else."""
    bare = text.strip(" 　")
    ends = bare.endswith(profile.list("organs")) or bare.endswith(_NEWSROOMS)
    return ends and 4 <= len(bare) <= 30 and _OFFICE.fullmatch(bare) is not None


def is_team(text: str) -> bool:
    """Tell whether a text is the name of reporters who sign together."""
    return _TEAM.fullmatch(text) is not None
