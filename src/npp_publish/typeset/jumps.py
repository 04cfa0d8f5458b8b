"""Jump lines: 下转第5版 leads to the article on page 5 where this edition has it.

The printed line stays as it is and becomes a cross reference, so that paper adds the number of the
page in this document. Where no article, or more than one, can be meant, it stays plain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..model import Article, Edition, Inlines, Jump, Reference, Role, Tagged, plain

__all__ = ["linked"]


def linked(edition: Edition) -> Edition:
    """Return an anchored edition with its jump and continuation lines as cross references."""
    articles = edition.articles
    made = []
    for article in articles:
        others = [other for other in articles if other is not article]
        after = [other for other in others if other.continued_from]
        before = [other for other in others if other.continued_to]
        onward = _target(article, article.continued_to, [(o, o.continued_from) for o in after])
        back = _target(article, article.continued_from, [(o, o.continued_to) for o in before])
        made.append(
            replace(
                article,
                continued_to=_reference(article.continued_to, onward),
                continued_from=_reference(article.continued_from, back),
            )
        )
    return replace(edition, articles=tuple(made))


def _target(article: Article, jump: Jump | None, others: list[tuple[Article, Jump | None]]) -> str:
    """Return the id of the one article that stands on the page named and does not name another page
    than ours in return."""
    named = _pages(jump)
    found = [
        other.id
        for other, answer in others
        if named & set(other.pages) and (not article.pages or not _pages(answer) - set(article.pages))
    ]
    return found[0] if len(found) == 1 else ""


def _pages(jump: Jump | None) -> set[str]:
    return {plain(node.content) for node in _tagged(jump.content if jump else ())}


def _tagged(content: Inlines) -> Iterator[Tagged]:
    for node in content:
        if isinstance(node, Tagged):
            if node.role is Role.PAGE:
                yield node
            else:
                yield from _tagged(node.content)


def _reference(jump: Jump | None, target: str) -> Jump | None:
    return replace(jump, content=(Reference(jump.content, target),)) if jump and target else jump
