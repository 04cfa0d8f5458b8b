"""Stage 6: what reaches the backends is checked; what was left out is told, with its line."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from npp_publish import markdown
from npp_publish.diagnostics import Diagnostic
from npp_publish.model import Figure, Link, Paragraph, Reference, RenderJob, Text, Theme, plain
from npp_publish.parse import parse
from npp_publish.pictures import LARGEST_PICTURE, PlateRoom


def job(
    text: str, folder: Path, written: markdown.Written | None = None, page: str = ""
) -> tuple[RenderJob, tuple[Diagnostic, ...]]:
    theme = Theme("none", folder)
    return parse(
        text,
        name="edition.md",
        folder=folder,
        theme=theme,
        work=folder / "work",
        stem="edition",
        epoch=1,
        written=written,
        page=page,
    )


def codes(found: tuple[Diagnostic, ...]) -> list[tuple[str, int]]:
    return [(item.code, item.line) for item in found]


def png(width: int = 3, height: int = 2) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, "PNG")
    return stream.getvalue()


# --------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_are_known_by_their_content(kind: str, tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "图 一.xyz", kind)
    made, found = job("# 题\n\n![图](图%20一.xyz)\n", tmp_path)
    assert not found
    asset = made.asset("图%20一.xyz")
    assert asset is not None
    assert (asset.media_type, asset.width, asset.height) == (f"image/{kind.lower()}", 30, 20)
    assert asset.path.is_relative_to(tmp_path / "work")
    assert asset.path.read_bytes() == (tmp_path / "图 一.xyz").read_bytes()


def test_only_the_own_folder_is_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "secret.png").write_bytes(png())
    (home / "link.png").symlink_to(tmp_path / "secret.png")
    (home / "up").symlink_to(tmp_path)
    sources = [
        ("../secret.png", "NPP602"),
        ("%2e%2e/secret.png", "NPP602"),
        (str(tmp_path / "secret.png"), "NPP602"),
        ("link.png", "NPP602"),
        ("up/secret.png", "NPP602"),
        ("a%00.png", "NPP602"),
        ("..%5Csecret.png", "NPP602"),
        ("C:/secret.png", "NPP602"),
        (f"file://{tmp_path}/secret.png", "NPP601"),
        ("http://example.org/a.png", "NPP601"),
        ("//example.org/a.png", "NPP601"),
        ("absent.png", "NPP603"),
        (".", "NPP603"),
        ("n" * 5000 + ".png", "NPP603"),
        ("data:text/html;base64,AAAA", "NPP604"),
        ("data:image/png;base64,AAAA", "NPP604"),
    ]
    room = PlateRoom(home, tmp_path / "store")
    for source, code in sources:
        assert room.asset(source, 7) is None, source
        assert (room.found[-1].code, room.found[-1].line) == (code, 7), source
    assert not (tmp_path / "store").exists()


def test_a_picture_inside_the_text_is_taken(tmp_path: Path) -> None:
    source = "data:image/png;base64," + base64.b64encode(png()).decode()
    made, found = job(f"# 题\n\n![图]({source})\n", tmp_path)
    assert not found
    assert made.assets[0].media_type == "image/png"


@pytest.mark.parametrize("lenient", [False, True], ids=["fresh", "warm"])
def test_broken_pictures_are_told_and_captions_stay(
    tmp_path: Path, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import ImageFile

    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)  # as WeasyPrint leaves it
    (tmp_path / "a.png").write_bytes(png(300, 300)[:-90])
    (tmp_path / "b.jpg").write_bytes(b"not a picture")
    (tmp_path / "c.bmp").write_bytes(b"")
    made, found = job("# 题\n\n![甲](a.png)\n\n![乙](b.jpg)\n\n![丙](c.bmp)\n", tmp_path)
    assert codes(found) == [("NPP604", 3), ("NPP604", 5), ("NPP604", 7)]
    assert made.assets == ()
    assert [plain(block) for block in made.edition.articles[0].body] == ["甲", "乙", "丙"]


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    side = int(LARGEST_PICTURE**0.5) + 1
    header = bytearray(png())
    header[16:24] = side.to_bytes(4, "big") * 2
    import zlib

    header[29:33] = zlib.crc32(bytes(header[12:29])).to_bytes(4, "big")
    (tmp_path / "a.png").write_bytes(header)
    assert codes(job("![甲](a.png)\n", tmp_path)[1]) == [("NPP605", 1)]


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' viewBox="0 0 20 10" width="40">%s</svg>'
)
GOOD = ['<path d="M0 0"/>', "<defs><g id='a'/></defs><use href='#a'/><rect style=\"fill:url('#g')\"/>"]
BAD = [
    "<script>x</script>",
    '<rect onclick="x()"/>',
    '<image href="http://a.b/c.png"/>',
    '<image xlink:href="file:///etc/passwd"/>',
    '<use href="../a.svg#x"/>',
    "<style>@import 'a.css';</style>",
    "<rect style='fill:url(http://a.b)'/>",
    "<foreignObject/>",
    "<a href='java&#10;script:x'/>",
    "<animate attributeName='href' to='x'/>",
    "<rect fill='\\75rl(http://a)'/>",
    "<?xml-stylesheet href='a.css'?>",
]


@pytest.mark.parametrize("content", GOOD)
def test_plain_drawings_pass(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG % content, encoding="utf-8")
    asset = PlateRoom(tmp_path, tmp_path / "store").asset("a.svg")
    assert asset is not None
    assert (asset.media_type, asset.width, asset.height) == ("image/svg+xml", 40, 20)


@pytest.mark.parametrize("content", BAD)
def test_drawings_that_act_or_reach_out_are_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text(SVG % content, encoding="utf-8")
    room = PlateRoom(tmp_path, tmp_path / "store")
    assert room.asset("a.png") is None
    assert room.found[0].code == "NPP606"


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SVG % "<text>&b;</text>"
    (tmp_path / "a.svg").write_text(bomb, encoding="utf-8")
    (tmp_path / "b.svg").write_text("<html/>", encoding="utf-8")
    (tmp_path / "c.svg").write_text("<svg", encoding="utf-8")
    room = PlateRoom(tmp_path, tmp_path / "store")
    assert [room.asset(f"{name}.svg") for name in "abc"] == [None] * 3
    assert [item.code for item in room.found] == ["NPP606", "NPP604", "NPP604"]


# --------------------------------------------------------------------------- links and markup

LINKS = """# 题 {#top}

[甲](javascript:alert(1)) [乙](https://example.org/a?b=c) [丙](file:///etc/passwd)
[丁](other.html) [戊](#top) [己](#nowhere) [](data:text/html,x) [庚](mailto:a@b.c) <b>辛</b>

<script>alert(1)</script>
"""


def test_links_that_lead_nowhere_become_words(tmp_path: Path) -> None:
    made, found = job(LINKS, tmp_path)
    paragraph = made.edition.articles[0].body[0]
    assert isinstance(paragraph, Paragraph)
    links = [item for item in paragraph.content if isinstance(item, Link | Reference)]
    assert [plain(item.content) for item in links] == ["乙", "戊", "庚"]
    assert plain(paragraph) == "甲 乙 丙丁 戊 己 data:text/html,x 庚 <b>辛</b>"
    assert codes(found) == [
        ("NPP505", 4),
        ("NPP505", 4),
        ("NPP505", 6),
        ("NPP607", 3),
        ("NPP607", 3),
        ("NPP607", 4),
        ("NPP608", 4),
        ("NPP607", 4),
    ]
    ast = json.dumps(json.loads(made.ast))
    assert "javascript" not in ast
    assert "RawInline" not in ast
    assert "RawBlock" not in ast


def test_text_that_stage_five_wrote_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = markdown.read("# 题\n\n一 <b>\n")
    monkeypatch.setattr(markdown, "read", lambda text, name: pytest.fail("pandoc was started again"))
    made, found = job(written.text, tmp_path, written)
    assert (made.edition, found) == (written.edition, ())


def test_pictures_deep_inside_are_checked_too(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png())
    text = "# 题\n\n> - 一^[二\n>\n> - ![图](a.png)\n\n面积 $x$ ![](b.png) 和 [链](file:x)\n\n"
    table = "| a | b |\n|---|---|\n| 1 | ![](c.png) |\n"
    made, found = job("---\ncover-image: a.png\n---\n" + text + table, tmp_path)
    assert [asset.src for asset in made.assets] == ["a.png"]
    assert {item.code for item in found} == {"NPP603", "NPP607"}
    assert "file:x" not in made.ast + str(made.edition)


def test_the_unchanged_part_of_an_edition_is_shared(tmp_path: Path) -> None:
    written = markdown.read("# 题\n\n一\n")
    made, _ = job(written.text, tmp_path, written, page="page.txt")
    assert made.edition.articles is written.edition.articles
    assert isinstance(made.edition.articles[0].body[0], Paragraph)
    assert Text("一") in made.edition.articles[0].body[0].content
    assert not any(isinstance(block, Figure) for block in made.edition.articles[0].body)
