"""The ways into the book: navigation document, landmarks, page list, and the NCX of EPUB 2.

Sources: EPUB 3.3 section 7 (navigation document: labels are never empty, the page list is in
reading order and there is at most one), Open Packaging Format 2.0.1 section 2.4.1 (NCX).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .lines import phrases
from .sheets import Entry, escape, fit_label, page, quoteattr

__all__ = ["Words", "navigation", "ncx", "words"]

Words = dict[str, str]

_HANS: Words = {
    "contents": "目录",
    "landmarks": "导览",
    "pages": "页码表",
    "cover": "封面",
    "body": "正文",
    "colophon": "出版信息",
}
_HANT: Words = {
    "contents": "目錄",
    "landmarks": "導覽",
    "pages": "頁碼表",
    "cover": "封面",
    "body": "正文",
    "colophon": "出版資訊",
}
_LATIN: Words = {
    "contents": "Contents",
    "landmarks": "Landmarks",
    "pages": "Pages",
    "cover": "Cover",
    "body": "Text",
    "colophon": "About this edition",
}


def words(lang: str) -> Words:
    """Return the few words the book itself says, in the language of the document (a BCP 47 tag)."""
    tag = lang.lower()
    if not tag.startswith("zh"):
        return _LATIN
    traditional = any(mark in tag for mark in ("hant", "-tw", "-hk", "-mo"))
    return _HANT if traditional else _HANS


def _eased(label: str) -> str:
    """Return a label whose lines end at the spaces and pauses of a headline, not inside a word."""
    parts = ("<wbr/>".join(map(escape, phrases(part))) for part in label.split(" "))
    return " ".join(parts)


def _list(entries: Sequence[Entry], indent: str = "") -> Iterator[str]:
    yield f"{indent}<ol>"
    for entry in entries:
        link = f"<a href={quoteattr(entry.href)}>{_eased(fit_label(entry.label))}</a>"
        if entry.below:
            yield f"{indent}<li>{link}"
            yield from _list(entry.below, indent + " ")
            yield f"{indent}</li>"
        else:
            yield f"{indent}<li>{link}</li>"
    yield f"{indent}</ol>"


def _nav(kind: str, role: str, title: str, lines: Iterator[str], hidden: bool) -> str:
    attributes = f'epub:type="{kind}" id="{kind}"' + (f' role="{role}"' if role else "")
    hide = ' class="unseen" hidden="hidden"' if hidden else ""
    level = "h2" if hidden else "h1"
    return (
        f"<nav {attributes} aria-labelledby={quoteattr(kind + '-title')}{hide}>\n"
        f'<{level} id="{kind}-title">{escape(title)}</{level}>\n' + "\n".join(lines) + "\n</nav>"
    )


def navigation(
    title: str,
    entries: Sequence[Entry],
    landmarks: Sequence[tuple[str, Entry]],
    pages: Sequence[Entry],
    *,
    lang: str,
    css: str,
) -> bytes:
    """Return the navigation document. `landmarks` pairs an epub:type with a target each."""
    say = words(lang)
    marks = (
        f'<li><a epub:type="{kind}" href={quoteattr(entry.href)}>{escape(entry.label)}</a></li>'
        for kind, entry in landmarks
    )
    parts = [_nav("toc", "doc-toc", say["contents"], _list(entries), hidden=False)]
    parts.append(_nav("landmarks", "", say["landmarks"], iter(("<ol>", *marks, "</ol>")), hidden=True))
    if pages:
        parts.append(_nav("page-list", "doc-pagelist", say["pages"], _list(pages), hidden=True))
    return page(title, "\n".join(parts), lang=lang, css=css, classes="contents", kind="frontmatter")


def _depth(entries: Sequence[Entry]) -> int:
    return 1 + max((_depth(entry.below) for entry in entries), default=0) if entries else 0


class _Points:
    """Numbers the points of an NCX: ids and playOrder run through, equal targets share a number."""

    def __init__(self) -> None:
        self.ids = 0
        self.order: dict[str, int] = {}

    def point(self, kind: str, entry: Entry, inside: Iterator[str] = iter(())) -> str:
        self.ids += 1
        order = self.order.setdefault(entry.href, len(self.order) + 1)
        more = f' type="normal" value="{self.ids}"' if kind == "pageTarget" else ""
        label = escape(fit_label(entry.label))
        head = (
            f'<{kind} id="n{self.ids}" playOrder="{order}"{more}>'
            f"<navLabel><text>{label}</text></navLabel><content src={quoteattr(entry.href)}/>"
        )
        return head + "".join(inside) + f"</{kind}>\n"

    def tree(self, entries: Sequence[Entry]) -> Iterator[str]:
        for entry in entries:
            yield self.point("navPoint", entry, self.tree(entry.below))


def ncx(title: str, identifier: str, entries: Sequence[Entry], pages: Sequence[Entry], *, lang: str) -> bytes:
    """Return the NCX for reading systems that do not know the navigation document."""
    points = _Points()
    tree = "".join(points.tree(entries))
    targets = "".join(points.point("pageTarget", entry) for entry in pages)
    listing = f"<pageList>\n<navLabel><text>{words(lang)['pages']}</text></navLabel>\n{targets}</pageList>\n"
    head = {
        "dtb:uid": identifier,
        "dtb:depth": str(_depth(entries)),
        "dtb:totalPageCount": str(len(pages)),
        "dtb:maxPageNumber": str(len(pages)),
    }
    metas = "".join(f'<meta name="{name}" content={quoteattr(value)}/>\n' for name, value in head.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang={quoteattr(lang)}>\n'
        f"<head>\n{metas}</head>\n<docTitle><text>{escape(fit_label(title))}</text></docTitle>\n"
        f"<navMap>\n{tree}</navMap>\n{listing if pages else ''}</ncx>\n"
    ).encode()
