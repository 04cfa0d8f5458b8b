"""Staff: who made the page: 责任编辑：赵一 版式：王丹, 本版责编/周立, 本版图片除署名外均由何川摄.

Rationale: papers print at the foot or head of a page who edited, laid out, drew and proofread it. The words
for these duties are a closed set; a line of duties and names, and perhaps a telephone or an address, is
furniture (B). Case files: tests/cases/furniture.md, tests/cases/credits.txt.
"""

from __future__ import annotations

import re

__all__ = ["DUTY", "is_staff"]

_BEFORE = "(?:本版|值班|当班|执行|责任|責任|统筹|视觉|版面|新媒体|美术|美術|文字|图片|要闻|[一二三四五六七八九十]{1,3}版|[\u4e00-\u9fff]{2}版?(?=编辑|編輯|主编|责编|美编))"  # noqa: E501
_NOUN = "(?:编辑|編輯|主编|主任|编委|总编|统筹|策划|校对|美编|美編|审读|设计|設計|监制|责编|責編|组版|排版|制图|摄影|版式|检校|校检)"  # noqa: E501
_ALONE = (
    "责任编辑|責任編輯|执行主编|责任校对|责任美编|编辑|责编|責編|主编|编审|美编|美術編輯|版式设计|版面设计|版式|校对|校检|检校|签发|审签|督印人|组版|排版|制图"
    "|审校|视觉|編輯|美編|校對|版面|总值班|Editor|Layout|Proofread(?:er|ing)?|편집|교열"
)
# these are also words of other lines: a sign or a name and an end must follow
_OTHER = r"(?:统筹|策划|监制|终审|审读|[一二三]读|[初复终三]审)(?=[\s　]*[:：/／|]|[\s　]{1,2}[^\s　]{2,4}(?:[\s　]|$))"  # noqa: E501
DUTY = rf"(?:{_BEFORE}{_NOUN}|{_ALONE}|{_OTHER})"
_NAMED = r"[^\s　:：，。、（）()@\d]{2,4}"
_CONTACT = r"(?:[\s　]*(?:电话|電話|热线|邮箱|信箱|电邮|電郵|E-?mail|QQ)[\s　]*[:：]?[\s　]*[\w.+@-]{5,40})"
_LINE = re.compile(
    rf"[（(【\[]?(?:本版)?(?:{DUTY}[\s　]*[:：/／|]?[\s　]*(?:{_NAMED}(?:[\s　、,/]{{1,2}}|(?=[）)】\]]|$))){{1,3}}){{1,8}}{_CONTACT}{{0,3}}[）)】\]]?",  # noqa: E501
    re.I,
)
# 本版稿件由本报记者某某采写, 本版图片除署名外均由某某摄
_OF_PAGE = re.compile(
    r"[（(]?本版(?:图片|照片|圖片|稿件|文字|文图|图文|插图|漫画|摄影|供图|除)[^。，]{2,34}(?:摄影?|攝影?|提供|采写|撰写|供图|绘|制|署名[^。，]{0,8})。?[）)]?"
    r"|[（(]?本版(?:摄影|攝影|供图|插图|漫画|题图|文图|电邮|電郵|邮箱|信箱|热线|电话)\s?[:：/／][^。，]{2,40}[）)]?"
)


def is_staff(text: str) -> bool:
    """Tell whether a line says who made the page, and nothing else."""
    return _LINE.fullmatch(text) is not None or _OF_PAGE.fullmatch(text) is not None
