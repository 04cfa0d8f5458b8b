"""Jump and continuation lines: 下转5版, 上接A1版, Continued on page 6, 5면에 계속.

Rationale: a jump line is never text. It may stand alone, in a heading, in brackets of any width, or
be glued to the end of a paragraph, even in the middle of a torn word. All forms are read (A).
Case file: tests/cases/jumpline.md.
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..model import Block, Kind, Op, Piece
from ..sorts import cut, retag, trim
from .desk import Desk
from .marks import is_break, lines_of, seal

__all__ = ["find", "page_of"]

_PAGE = r"第?\s*[A-Za-z]?\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:版|页|頁|面|叠)?"
_WHERE = rf"(?:今日|本报|本刊)?\s*({_PAGE})(?:\s*[·•:：—-]\s*[\u4e00-\u9fff]{{2,6}})?(?:\s*[·•:：]?[《“「][^》”」\n]{{1,30}}[》”」])?"  # noqa: E501
_MARK = r"[▶►▷➤→↓◀◄◁←↑☞☛>＞<＜■●▲△▼★…\s]*"
_OPEN, _CLOSE = r"[（(【\[〔]?\s*", r"\s*[）)】\]〕]?"
_ENGLISH = r"([A-Z]?-?\d{1,3}|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b)"
_CONTINUED = r"(?:Continued|Contd?\.?|Cont['’]d\.?)"
_SLUG = r"(?-i:[A-Z][A-Z’'-]{2,}(?: [A-Z’'-]{2,}){0,3})"  # the word in capitals that names the story
_SHEET = r"((?-i:[A-Z])-?\d{1,3})"  # a sheet and page needs no word before it: A7
# short forms stand in brackets and name a 版: （转2版）, （接自第一版）
_SHORT = r"(?<=[（(【\[〔])"
_A_PAGE = r"(?=第?[A-Z]?[\d一二三四五六七八九十]{1,3}版)"
_JUMPS = (
    rf"{_SHORT}(?:全文|文)?[转轉][至载]?{_A_PAGE}{_WHERE}",
    rf"(?:下转|紧接|转入|轉入|下轉)\s*[:：]?{_MARK}{_WHERE}",
    rf"(?:{_CONTINUED}|Turn|Please turn)\s+(?:on|to)\s+(?:page|p\.?)\s*{_ENGLISH}",
    rf"(?<!\w)(?-i:See|SEE|Please see|Turn to)\s+{_SLUG}\s*[,:;/]?\s*(?:on\s+)?(?:page|p\.?)\s*{_ENGLISH}",
    rf"(?<!\w)(?-i:See|SEE|Please see|Turn to)\s+{_SLUG}\s*[,:;/]\s*{_SHEET}",
    r"([A-Z]?\d{1,2})면(?:에|으로)\s*(?:계속|이어집니다|이어짐)",
)
_CONTINUATIONS = (
    rf"{_SHORT}[接续續]自?{_A_PAGE}{_WHERE}",
    rf"(?:上接|紧接上版|接上版|上承|承接|緊接)\s*[:：]?{_MARK}{_WHERE}",
    rf"{_CONTINUED}\s+from\s+(?:page|p\.?)\s*{_ENGLISH}",
    rf"{_SLUG}\s*[,:;—-]?\s*(?:continued\s+)?from\s+(?:page|p\.?)\s*{_ENGLISH}",
    rf"{_SLUG}\s*[,:;—-]?\s*(?:continued\s+)?from\s+{_SHEET}",
    rf"(?:continued\s+)?from\s+page\s+{_ENGLISH}(?=[\s)\]]*(?:\n|\Z))",
    r"([A-Z]?\d{1,2})면에서\s*(?:계속|이어짐|이어집니다)",
)
_TAILS = tuple(re.compile(rf"{_OPEN}{_MARK}{core}{_MARK}\.?{_CLOSE}\s*$", re.I) for core in _JUMPS)
_HEADS = tuple(re.compile(rf"\s*{_OPEN}{_MARK}{core}{_MARK}\.?{_CLOSE}\s*", re.I) for core in _CONTINUATIONS)
_HINT_TO = re.compile(
    r"[转轉][至载]?第?[A-Z]?[\d一二三四五六七八九十]|下转|下轉|转入|轉入|紧接|Cont|CONT|cont"
    r"|Turn|TURN|turn|See |SEE |see |계속|이어"
)
_HINT_FROM = re.compile(
    r"[接续續]自?第?[A-Z]?[\d一二三四五六七八九十]|上接|接上版|上承|承接|緊接"
    r"|Cont|CONT|cont|from |From |FROM |계속|이어"
)
_WINDOW = 90  # characters at the end of a paragraph in which a jump line is looked for
_NUMBER = re.compile(r"[A-Za-z]?\s*-?(?:\d{1,3}|[一二三四五六七八九十]{1,3})|[A-Z][a-z]+")


def page_of(text: str) -> str:
    """Return the page that a jump or continuation line names, as printed (`5`, `A7`, `四`)."""
    for pattern in (*_TAILS, *_HEADS):
        if found := pattern.search(text):
            page = _NUMBER.search(found[1].removeprefix("第").strip())
            return page[0].replace(" ", "") if page else ""
    return ""


def find(desk: Desk, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Cut jump and continuation lines out of paragraphs and headings."""
    if not desk.on("jump-line"):
        return blocks
    return tuple(part for block in blocks for whole in _after_jumps(block) for part in _read(whole))


def _after_jumps(block: Block) -> tuple[Block, ...]:
    """Divide a block of several lines after each line that ends with a jump line, and before each line
    that says where the text comes from."""
    hinted = _HINT_TO.search(block.text) or _HINT_FROM.search(block.text)
    if block.kind is not Kind.PARAGRAPH or not hinted or "\n" not in block.text:
        return (block,)
    breaks = iter([piece for piece in block.pieces if is_break(piece)])
    parts: list[list[Piece]] = [[]]
    lines = lines_of(block)
    for number, line in enumerate(lines):
        parts[-1].extend(line)
        if number + 1 == len(lines):
            break
        here = next(breaks)
        if _tail("".join(piece.text for piece in line)) or _comes("".join(p.text for p in lines[number + 1])):
            parts[-1].append(seal(here))
            parts.append([])
        else:
            parts[-1].append(here)
    return tuple(replace(block, pieces=tuple(part)) for part in parts)


def _comes(text: str) -> bool:
    """Tell whether a line is a continuation line and nothing else."""
    found = _head(text)
    return found is not None and found.end() == len(text)


def _tail(text: str) -> re.Match[str] | None:
    window = text[-_WINDOW:]
    if not _HINT_TO.search(window):
        return None
    offset = len(text) - len(window)
    found = [match for pattern in _TAILS if (match := pattern.search(text, offset))]
    return min(found, key=lambda match: match.start(), default=None)


def _head(text: str) -> re.Match[str] | None:
    if not _HINT_FROM.search(text[:_WINDOW]):
        return None
    return next((match for pattern in _HEADS if (match := pattern.match(text))), None)


def _read(block: Block) -> tuple[Block, ...]:
    if block.kind in (Kind.BLANK, Kind.FURNITURE, Kind.TABLE, Kind.CAPTION):
        return (block,)
    parts: list[Block] = []
    if head := _head(block.text):
        pieces, rest = cut(block.pieces, head.end())
        parts.append(_moved(block, pieces, Kind.CONTINUATION))
        block = replace(block, pieces=rest)
        if not block.text:
            return (replace(parts[0], pieces=parts[0].pieces + rest),)
    if tail := _tail(block.text):
        rest, pieces = cut(block.pieces, tail.start())
        if "".join(piece.text for piece in rest).strip():
            parts.append(replace(block, pieces=trim(rest)))
            parts.append(_moved(block, pieces, Kind.JUMP_LINE))
        else:
            parts.append(_moved(block, rest + pieces, Kind.JUMP_LINE))
        return tuple(parts)
    return (*parts, block)


def _moved(block: Block, pieces: tuple[Piece, ...], kind: Kind) -> Block:
    """Make the block of a jump line: its characters move to the metadata of the article."""
    moved = retag(trim(pieces), Op.MOVE, "jump-line", "jump lines are metadata")
    return replace(block, kind=kind, pieces=moved, level=0, reason="jump line")
