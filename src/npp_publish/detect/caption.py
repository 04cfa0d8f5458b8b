"""Captions: the line under a picture, and lines that end in a photographer's credit (…摄, …供图).

Rationale: a text layer keeps the caption and loses the picture, so captions interrupt paragraphs
anywhere. Told by the picture above it, by a credit at the end, or by `图为` at the head; a caption is
short (B). Case file: tests/cases/caption.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind
from .desk import Desk
from .gauge import em
from .marks import carve

__all__ = ["credit", "find"]

_NAME = r"[\u4e00-\u9fff·]{2,4}"
_CREDIT = re.compile(
    rf"(?:(?<=[。！？）)”\s　（(])|^)[（(]?\s*(?:(?:本报|新华社|中新社|[\u4e00-\u9fff]{{2,8}}报)?(?:首席|特约|见习|实习|摄影|全媒体)?(?:记者|通讯员|特派员)?\s*{_NAME}(?:[\s　、]+{_NAME}){{0,3}})\s*[/／]?\s*(?:摄影?|供图|图|制图|绘图|绘|翻拍|攝|攝影)(?:[/／]?发)?\s*[）)]?$"  # noqa: E501
    rf"|[（(](?:资料图片?|资料照片|資料圖片|資料照片|網上圖片|受訪者提供|图片来源[^（()）]{{1,20}}|网络图片?|受访者供图|本报资料图|视频截图|效果图|{_NAME}(?:[\s　、]+{_NAME}){{0,3}}\s*(?:摄影?|供图|攝))[）)]$"  # noqa: E501
    r"|(?:(?<=[。！？”\s　])|(?<=[^，、][）)]))(?:资料图片?|资料照片|資料圖片|資料照片|档案图片|受访(?:者|单位|对象)供图|(?:视频|網上|网络|网页|监控)截图|效果图|(?:新华社|中新社|本报)(?:记者)?发|網上圖片|受訪者提供)$"  # noqa: E501
    r"|(?:Photo|Photograph|Picture)(?:\s+(?:by|courtesy of)|:)\s+[A-Z][^.]{2,40}\.?$|[/／]\s*(?:Reuters|AP|AFP|Xinhua)$|(?-i:[A-Z][A-Z.]+(?: [A-Z.]+){1,3}) ?/ ?(?-i:(?:FOR )?[A-Z]{3,}(?: [A-Z]+){0,3})$|(?:/|=)?\s*[가-힣]{2,4}\s*기자$|사진\s*[=:]\s*\S{2,12}$"  # noqa: E501
)
_OPENING = re.compile(
    r"(?:[▲△▼▽↑↓←→◀▶►]\s*)?(?:[（(]?(?:上|下|左|右|大|小|题|首)?图(?:[①②③④⑤⑥⑦⑧⑨]|\d{1,2})?[）)]?(?:为|：|:|是)|[▲△▼▽])"
)


# a sentence behind a pointer to its picture; more than a few of them are items of a list
_POINTED = re.compile(r"[▲△▼▽][^\n。！？：:]{6,}。?")


def credit(text: str) -> tuple[int, int] | None:
    """Return the range of the credit at the end of a caption, without the space before it, or None."""
    found = _CREDIT.search(text, max(0, len(text) - 60))
    if not found:
        return None
    return found.end() - len(found[0].lstrip()), found.end()


def _is_caption(text: str, limit: float) -> bool:
    if not text or (len(text) > limit and em(text[: 2 * int(limit) + 1]) > limit * 0.75):
        return False
    opening = _OPENING.match(text)
    return credit(text) is not None or (opening is not None and "图" in opening[0])


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Find captions, and join those under a picture to it."""
    if not desk.on("caption"):
        return blocks
    limit = desk.profile.limit("caption")
    found: list[Block] = []
    pointed = [n for n, b in enumerate(blocks) if b.kind is Kind.PARAGRAPH and _POINTED.fullmatch(b.text)]
    for number, block in enumerate(blocks):
        if number in pointed and len(pointed) <= 3 and len(block.text) <= limit / 2:
            found.append(replace(block, kind=Kind.CAPTION, reason="a pointer at the head"))
        elif block.kind is Kind.PARAGRAPH:
            found.extend(carve(block, lambda text, number, count: _line(text, number, count, limit)))
        else:
            found.append(block)
    return _under_pictures(found, limit)


def _line(text: str, number: int, count: int, limit: float) -> Kind | None:
    """Inside a run of lines a credit may be the end of a wrapped sentence: it must stand apart."""
    if not _is_caption(text, limit):
        return None
    found = credit(text)
    apart = (
        found is not None and (found[0] == 0 or text[found[0] - 1] in "。！？ 　") and found[1] == len(text)
    )
    return Kind.CAPTION if count == 1 or apart or text[0] in "▲△▼" else None


def _under_pictures(blocks: list[Block], limit: float) -> tuple[Block, ...]:
    """Join the line right under a picture, or the next caption after it, to the picture."""
    made: list[Block] = []
    for block in blocks:
        at = -2 if len(made) > 1 and made[-1].kind is Kind.BLANK else -1
        picture = made[at] if made and made[at].kind is not Kind.BLANK else None
        waits = (
            picture is not None
            and picture.kind is Kind.CAPTION
            and _has_picture(picture)
            and not _has_text(picture)
        )
        adjacent = at == -1
        short = block.kind is Kind.PARAGRAPH and len(block.text) <= limit and "\n" not in block.text
        if (
            waits
            and picture
            and ((block.kind is Kind.CAPTION and not _has_picture(block)) or (adjacent and short))
        ):
            gap = made[len(made) + at + 1 :]
            made[at:] = [
                replace(picture, pieces=(*picture.pieces, *(p for b in gap for p in b.pieces), *block.pieces))
            ]
            continue
        made.append(block)
    return tuple(made)


def _has_picture(block: Block) -> bool:
    return any(piece.rule == "picture-source" for piece in block.pieces)


def _has_text(block: Block) -> bool:
    return any(piece.text and not piece.rule.startswith("picture") for piece in block.pieces)
