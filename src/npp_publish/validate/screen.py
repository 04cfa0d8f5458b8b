"""Screen: the quick judge of a finished HTML page.

Runs in the process on every build: is it well-formed, made of known elements only, with nothing that
runs or reaches outside, and does its Content Security Policy say so and fit. Whether it is valid in
every detail is for the Nu Html Checker to say.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from ..diagnostics import Diagnostic, diagnose
from ..model import RenderJob

__all__ = ["judge_html"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _words("area base br col embed hr img input link meta source track wbr")
_ELEMENTS = _words(
    """html head meta title style script body header footer main nav article section aside address
    details summary h1 h2 h3 h4 h5 h6 p a span em strong b i u s sup sub small ruby rt rp br wbr hr pre
    code blockquote q cite dfn abbr time mark ul ol li dl dt dd div figure figcaption img table caption
    colgroup col thead tbody tfoot tr th td"""
)
_ADDRESSES = _words("src href srcset poster data action formaction background cite ping xlink:href")
_FOLLOWED = re.compile(r"(?:https?://|mailto:|#)", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|svg\+xml);base64,")
_CSS_URL = re.compile(r"url\(\s*[\"']?(.{0,40})|(@import)", re.IGNORECASE)
_CSS_INSIDE = ("data:font/", "data:image/", "#")
_LARGE = 1_500_000
_INSIDE = {"fonts": re.compile(r"data:font/[^)\"']*"), "pictures": re.compile(r"data:image/[^)\"']*")}
_SHOWN = 20


def judge_html(path: Path, job: RenderJob) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a page: NPP841 not well-formed or a foreign element, NPP842 something
    that runs or reaches outside, NPP843 the policy is missing or does not fit, NPP844 title or
    language missing, NPP845 large (a note)."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return (diagnose("NPP841", f"the page cannot be read: {error}", path=path.name),)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.finish()
    found = [
        diagnose(code, message, path=path.name, line=line, column=column)
        for code, message, line, column in reader.faults[:_SHOWN]
    ]
    if len(data) > _LARGE:
        found.append(_large(text, len(data), path.name))
    return tuple(found)


_ADVICE = {
    "text": "the text is long: publish it in parts, or as an EPUB, which opens one article at a time",
    "fonts": 'html.embed = "none" leaves the fonts out',
    "pictures": "use smaller pictures",
}


def _large(text: str, size: int, name: str) -> Diagnostic:
    """Say what makes a page large, and what helps against that."""
    shares = {kind: sum(map(len, found.findall(text))) for kind, found in _INSIDE.items()}
    shares = {"text": size - sum(shares.values()), **shares}
    parts = ", ".join(f"{kind} {share / 1e6:.1f}" for kind, share in shares.items())
    one = diagnose("NPP845", f"the page has {size / 1e6:.1f} MB: {parts}", path=name)
    return replace(one, hint=_ADVICE[max(shares, key=lambda kind: shares[kind])])


class _Reader(HTMLParser):
    """Reads a page once and notes its faults as (code, message, line, column)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[tuple[str, str, int, int]] = []
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.title = self.lang = ""
        self.policy: str | None = None
        self.hashes: dict[str, list[str]] = {"style": [], "script": []}
        self.raw = ""

    def fault(self, code: str, message: str) -> None:
        line, column = self.getpos()
        self.faults.append((code, message, line, column + 1))

    # ------------------------------------------------------------------ structure

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self.fault("NPP841", f"the element {tag!r} has no place in a page")
        values = {name: value or "" for name, value in attrs}
        if len(values) != len(attrs):
            self.fault("NPP841", f"an attribute of {tag!r} stands twice")
        self.attributes(tag, values)
        if tag not in _VOID:
            self.open.append(tag)
        self.raw = ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.fault("NPP841", f"the element {tag!r} is closed as if it were empty")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            inner = self.open[-1] if self.open else "nothing"
            self.fault("NPP841", f"{tag!r} ends where {inner!r} is open")
            if tag not in self.open:
                return
            while self.open[-1] != tag:
                self.open.pop()
        self.open.pop()
        if tag in self.hashes:
            self.block(tag)
        elif tag == "title" and self.open == ["html", "head"]:
            self.title = self.raw.strip()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("title", "style", "script"):
            self.raw += data

    def unknown_decl(self, data: str) -> None:
        self.fault("NPP841", "a declaration inside the page")

    def handle_pi(self, data: str) -> None:
        self.fault("NPP841", "a processing instruction inside the page")

    # ------------------------------------------------------------------ what runs or reaches outside

    def attributes(self, tag: str, values: dict[str, str]) -> None:
        name = values.get("id")
        if name is not None:
            if not name or name in self.ids or re.search(r"\s", name):
                self.fault("NPP841", f"the id {name!r} is empty, has spaces or stands twice")
            self.ids.add(name)
        for key, value in values.items():
            if key.startswith("on") or key in ("style", "srcdoc"):
                self.fault("NPP842", f"the attribute {key!r} of {tag!r} runs a script or evades the policy")
            elif key in _ADDRESSES and not _harmless(tag, key, value):
                self.fault("NPP842", f"{tag} {key} leads to {value[:80]!r}")
        if tag == "html":
            self.lang = values.get("lang", "")
        elif tag == "script" and values.get("type") != "application/ld+json":
            self.fault("NPP842", "a script")
        elif tag == "meta" and "http-equiv" in values:
            self.meta(values)

    def meta(self, values: dict[str, str]) -> None:
        if values["http-equiv"].lower() != "content-security-policy":
            self.fault("NPP842", f"the instruction {values['http-equiv'][:40]!r} to the browser")
        elif self.hashes["style"] or self.hashes["script"]:
            self.fault("NPP843", "the policy stands after what it should guard")
        else:
            self.policy = values.get("content", "")

    def block(self, tag: str) -> None:
        digest = hashlib.sha256(self.raw.encode("utf-8")).digest()
        self.hashes[tag].append(f"'sha256-{base64.b64encode(digest).decode('ascii')}'")
        if tag == "script":
            try:
                json.loads(self.raw)
            except ValueError:
                self.fault("NPP841", "the linked data is not JSON")
            return
        for found in _CSS_URL.finditer(self.raw):
            if found[2] or not found[1].startswith(_CSS_INSIDE):
                self.fault("NPP842", f"the style sheet asks for {found[0][:80]!r}")

    # ------------------------------------------------------------------ the whole

    def finish(self) -> None:
        """Note what is missing at the end."""
        if self.open:
            self.fault("NPP841", f"{self.open[-1]!r} is never closed")
        if not self.title or not self.lang:
            self.fault("NPP844", f"the page has no {'language' if self.title else 'title'}")
        for message in self.policy_faults():
            self.fault("NPP843", message)

    def policy_faults(self) -> Iterator[str]:
        if self.policy is None:
            yield "the page has no Content Security Policy"
            return
        rules = {words[0]: words[1:] for part in self.policy.split(";") if (words := part.split())}
        if rules.get("default-src") != ["'none'"]:
            yield "the policy does not begin by forbidding everything"
        for tag, hashes in self.hashes.items():
            allowed = rules.get(f"{tag}-src", [])
            if sorted(allowed) != sorted(hashes):
                yield f"the policy allows other {tag} blocks than the {len(hashes)} in the page"
        for name, sources in rules.items():
            if name not in ("style-src", "script-src") and not set(sources) <= {"'none'", "data:"}:
                yield f"the policy lets {name} reach {' '.join(sources)[:80]}"


def _harmless(tag: str, key: str, value: str) -> bool:
    """A link may lead to a web page, an address or a place in the page; a picture must be inside."""
    if tag == "a" and key == "href":
        return bool(_FOLLOWED.match(value))
    return tag == "img" and key == "src" and bool(_PICTURE.match(value))
