"""A page that is already clean comes out as it went in: its paragraphs, headings and titles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from npp_publish import source
from npp_publish.compose import normalize
from npp_publish.model import Heading, Paragraph, plain

GOLD = sorted((Path(__file__).parent / "pages" / "dev").glob("*.gold.json"))

_MARKERS = "□■◎●○◆◇▲△★☆※ "  # a compositor's, before a byline


def printed(article: dict[str, Any], bylines: bool) -> list[str]:
    """Print an article as a careful editor would: marked headings, one paragraph a line."""
    byline = article.get("byline")
    parts = [f"# {article['title']}"] if article.get("title") else []
    parts += [byline["raw"].lstrip(_MARKERS)] if bylines and byline else []
    for block in article["blocks"]:
        parts.append(block["text"] if block["type"] == "para" else f"## {block['text']}")
    return parts


@pytest.mark.parametrize("bylines", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name[:-10])
def test_a_clean_page_comes_out_as_it_went_in(path: Path, bylines: bool) -> None:
    articles = json.loads(path.read_text(encoding="utf-8"))["articles"]
    page = "\n\n".join(part for article in articles for part in printed(article, bylines)) + "\n"
    made = normalize(source.from_text(page)).edition.articles
    assert [plain(article.title) for article in made] == [a["title"] for a in articles if a.get("title")]
    for kind, name in ((Paragraph, "para"), (Heading, "")):
        found = [plain(block) for article in made for block in article.body if isinstance(block, kind)]
        wanted = [b["text"] for a in articles for b in a["blocks"] if (b["type"] == "para") == (name != "")]
        missing = [text for text in wanted if text not in found]
        assert missing == []
