"""Text for editions that tests compose by hand."""

from __future__ import annotations

from typing import Any

from npp_publish.model import Inline, Paragraph, Text

LONG = "推进中国式现代化，必须坚持以经济建设为中心，把高质量发展作为首要任务。"


def t(text: str) -> tuple[Text, ...]:
    return (Text(text),)


def p(*content: Inline | str, **more: Any) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in content), **more)
