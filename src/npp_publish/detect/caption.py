"""Captions: the line under a picture, and lines that end in a photographer's credit (…摄, …供图).

Rationale: a text layer keeps the caption and loses the picture, so captions interrupt paragraphs
anywhere. Told by the picture above it, by a credit at the end, or by `图为` at the head; a caption is
short, and a credit on a line of its own ends the caption above it (B). Case file: tests/cases/caption.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Op, Piece
from .desk import Desk
from .gauge import em
from .marks import carve, is_break, lines_of, seal

__all__ = ["credit", "find"]

_HAN = "\u4e00-\u9fff"
_NAME = rf"[{_HAN}·]{{2,4}}"
_AGENCY = rf"(?:(?:本[报報刊网網]|新华社|新華社|中新社|中央社|[{_HAN}]{{2,8}}[报報社网網])\s*)?"
_ROLE = (
    r"(?:(?:首席|特约|见习|实习|摄影|攝影|全媒体|融媒体|特派)?(?:记者|記者|通讯员|通訊員|特派员|实习生)\s*)?"
)
_PERSON = rf"{_AGENCY}{_ROLE}{_NAME}"
_PEOPLE = rf"{_PERSON}(?:[\s\u3000、]+{_PERSON}){{0,3}}"
_SHOT = "(?:摄影?|供图|供圖|图|圖|制图|製圖|绘图|绘|繪|翻拍|攝影?|航拍)"
_LIBRARY = (
    "(?:资料图片?|资料照片|資料圖片?|資料照片|档案图片|檔案圖片|網上圖片|网络图片?|受访(?:者|单位|对象)供图|受訪者(?:提供|供圖)"
    "|本报资料图|(?:视频|網上|网络|网页|监控)截[图圖]|效果图|示意图|人民视觉|视觉中国|影像中国|人民图片|(?:新华社|中新社|本报)(?:记者)?发)"
)
_BEHIND = r"(?:(?<=[。！？）)”」\s\u3000（(])|^)"
_LED = rf"(?:[图圖]片?(?:来源|來源|源)?|摄影?|攝影?|照片)\s*[/／:：|｜=]\s*(?:{_PEOPLE}{_SHOT}?|[{_HAN}A-Za-z·]{{2,14}})"  # noqa: E501
_LATIN = (
    r"(?:Photo|Photograph|Picture|Photos|Image|Credit)(?:\s+(?:by|courtesy of)|:)\s+[A-Z][^.]{2,40}\.?"
    r"|(?:AP |Reuters |Xinhua )?Photo\s?/\s?[A-Z][A-Za-z .'-]{2,40}|[/／]\s*(?:Reuters|AP|AFP|Xinhua)"
    r"|[(\[](?:(?:AP )?Photo|Xinhua|Reuters|AP|AFP|Getty Images?)\s?/\s?[A-Z][A-Za-z .'-]{2,40}[)\]]|Getty Images"  # noqa: E501
    r"|(?-i:[A-Z][A-Z.]+(?: [A-Z.]+){1,3}) ?/ ?(?-i:(?:FOR )?[A-Z]{3,}(?: [A-Z]+){0,3})"
    r"|(?<=[.!?] )(?-i:[A-Z][a-z]+(?: [A-Z][a-z.'-]+){1,2} ?/ ?(?:The )?[A-Z][A-Za-z]+(?: [A-Z][a-z]+){0,2})"
)
_HANGUL = (
    r"[/=(\[]?\s*사진\s?(?:제공)?\s*[=:/]\s*[가-힣A-Za-z]{2,10}(?:\s?(?:기자|제공))?[)\]]?|(?:/|=)?\s*[가-힣]{2,4}\s*기자"
    r"|(?:(?<=[.다])|(?<=[.다] ))[/(]?(?:연합뉴스|뉴시스|뉴스1)\)?"
)
_CREDIT = re.compile(
    rf"{_BEHIND}[（(]?\s*{_PEOPLE}\s*[/／]?\s*{_SHOT}(?:[/／]?发)?\s*[）)]?$"
    rf"|{_BEHIND}(?:新华社|中新社|本报|新華社)[发發]\s?[（(]{_PEOPLE}\s*[/／]?{_SHOT}[）)]$"
    rf"|[（(](?:{_LIBRARY}|[图圖]片?(?:来源|來源|源)[^（()）]{{1,20}}|[{_HAN}]{{2,12}}(?:供图|供圖|提供))[）)]$"
    rf"|[（(]{_LED}(?:提供)?[）)]$|{_BEHIND}{_LED}(?:提供)?$|{_BEHIND}[{_HAN}]{{2,10}}供[图圖]$"
    rf"|(?:(?<=[。！？”\s\u3000])|(?<=[^，、][）)])){_LIBRARY}$"
    rf"|(?:{_LATIN})$|(?:{_HANGUL})$"
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
    return _under_pictures(_over_credits(found, limit), limit)


def _line(text: str, number: int, count: int, limit: float) -> Kind | None:
    """Inside a run of lines a credit may be the end of a wrapped sentence: it must stand apart."""
    if not _is_caption(text, limit):
        return None
    found = credit(text)
    apart = (
        found is not None and (found[0] == 0 or text[found[0] - 1] in "。！？ 　") and found[1] == len(text)
    )
    return Kind.CAPTION if count == 1 or apart or text[0] in "▲△▼" else None


def _over_credits(blocks: list[Block], limit: float) -> list[Block]:
    """Join a credit that stands alone to the caption above it, even if that has no other sign than 图为."""
    made: list[Block] = []
    for block in blocks:
        gap = made[-1:] if made and made[-1].kind is Kind.BLANK else []
        above = made[-1 - len(gap)] if len(made) > len(gap) else None
        alone = block.kind is Kind.CAPTION and credit(block.text) == (0, len(block.text))
        parts = _caption_above(above, limit) if alone and above is not None else ()
        if parts:
            *before, last = parts
            end = last.pieces[-1]
            if not end.text and end.op is Op.DROP:
                end = _joint(end, " ")
            between = (piece for blank in gap for piece in blank.pieces)
            whole = replace(last, pieces=(*last.pieces[:-1], end, *between, *block.pieces))
            made[-1 - len(gap) :] = [*before, whole]
        else:
            made.append(block)
    return made


def _caption_above(block: Block, limit: float) -> tuple[Block, ...]:
    """Return a block with the caption that ends it cut off; nothing if none does."""
    if block.kind is Kind.CAPTION:
        return (block,) if _has_text(block) and credit(block.text) is None else ()
    if block.kind is not Kind.PARAGRAPH:
        return ()
    texts, lines = block.text.split("\n"), lines_of(block)
    for at in range(len(texts) - 1, max(-1, len(texts) - 5), -1):
        opening = _OPENING.match(texts[at])
        if opening is None or "图" not in opening[0] or (at and not _STOP.search(texts[at - 1])):
            continue
        if sum(map(len, texts[at:])) > limit:
            return ()
        breaks = [piece for piece in block.pieces if is_break(piece)]
        gaps = [*breaks[: at - 1], *map(seal, breaks[at - 1 : at])] if at else []
        inner = [_joint(piece, "") for piece in breaks[at:]]
        head = replace(block, pieces=_in_turn(lines[:at], gaps))
        tail = replace(block, pieces=_in_turn(lines[at:], inner), kind=Kind.CAPTION)
        return (head, tail) if at else (tail,)
    return ()


_STOP = re.compile(r"[。！？…][”’」』）)]*$")


def _in_turn(lines: list[tuple[Piece, ...]], gaps: list[Piece]) -> tuple[Piece, ...]:
    """Return the pieces of lines, each with the gap behind it."""
    pieces: list[Piece] = []
    for number, line in enumerate(lines):
        pieces.extend((*line, *gaps[number : number + 1]))
    return tuple(pieces)


def _joint(gap: Piece, text: str) -> Piece:
    why = "lines of one caption"
    return replace(
        gap, text=text, op=Op.JOIN, rule="caption-lines", why=why, confidence=0.9, alternative="split"
    )


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
