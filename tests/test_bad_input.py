"""Bad input: published with every character kept, or refused in one clear line; nothing else.

Never a traceback, a connection, a file outside the output folder, or a half-written result.
"""

from __future__ import annotations

import codecs
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from npp_publish.ledger import invert, load

ROOT = Path(__file__).parent.parent
DOUBLES = Path(__file__).parent / "doubles"
PAGE = (
    "# 城南旧桥修好了\n\n本报记者 王小明\n\n昨天上午，城南旧桥重新开放。市民走上桥头，感到十分高兴。\n\n"
    "桥长八十米，宽十二米，桥面铺了新的石板。\n"
)
WORDS = "城南旧桥重新开放"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str
    connections: str


def run(folder: Path, *words: str | Path) -> Run:
    """Run the command line in `folder`, where nothing but `page.*` and `dist` may be afterwards."""
    log = folder.parent / "connections.log"
    log.write_text("", encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": f"{DOUBLES}{os.pathsep}{DOUBLES / 'netless'}",
        "NPP_TEST_CONNECTIONS": str(log),
        "HOME": str(folder.parent / "home"),
    }
    environment.pop("NPP_DEBUG", None)
    done = subprocess.run(
        [sys.executable, "-m", "npp_publish", *map(str, words)],
        cwd=folder,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )
    found = Run(done.returncode, done.stdout.decode(), done.stderr.decode(), log.read_text(encoding="utf-8"))
    assert "Traceback" not in found.err and "NPP001" not in found.err, found.err
    assert found.connections == ""
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of its own, so that a file written beside it would be seen."""
    place = tmp_path / "here"
    place.mkdir()
    return place


def whole(folder: Path) -> None:
    """Assert that nothing is outside the output folder, and nothing in it is half-written."""
    assert {path.name for path in folder.iterdir()} <= {"page.txt", "page.md", "dist", "pages"}
    assert {path.name for path in folder.parent.iterdir()} <= {"here", "connections.log", "home"}
    for path in (folder / "dist").glob("*"):
        assert path.name == ".work" or not path.name.startswith("."), path


REFUSED = {
    "missing": None,
    "empty": b"",
    "blank": " \n\t\n　　\r\n".encode(),
    "only a byte order mark": codecs.BOM_UTF8,
    "binary": bytes(range(256)) * 20,
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "truncated UTF-8": PAGE.encode()[:-2],
    "NUL bytes": PAGE.encode().replace("。".encode(), b"\0"),
}


def refused(folder: Path, name: str) -> str:
    """Write one of the bad files; returns its name."""
    path = folder / "pages" / f"{name.replace(' ', '-')}.txt"
    path.parent.mkdir(exist_ok=True)
    data = REFUSED[name]
    if data is not None:
        path.write_bytes(data)
    return str(path.relative_to(folder))


@pytest.mark.parametrize("name", ["missing", "binary"])
def test_refused_with_one_clear_line(folder: Path, name: str) -> None:
    path = refused(folder, name)
    found = run(folder, "build", path, "--to", "plain")
    assert found.code == 3
    assert found.out == ""
    assert found.err.startswith(f"{path}:") and "NPP003" in found.err.split("\n")[0]
    assert not list((folder / "dist").glob("[!.]*"))
    whole(folder)


def test_each_is_refused_and_the_others_are_published(folder: Path) -> None:
    paths = [refused(folder, name) for name in REFUSED]
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    found = run(folder, "build", *paths[:4], "page.txt", *paths[4:], "--to", "plain")
    assert found.code == 3
    assert found.out.split() == ["dist/page.md", "dist/page.ledger.json", "dist/page.plain"]
    told = [line for line in found.err.split("\n") if "NPP003" in line]
    assert [line.partition(":")[0] for line in told] == paths
    assert {path.name.partition(".")[0] for path in (folder / "dist").glob("[!.]*")} == {"page", "manifest"}
    whole(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize(
    "words",
    [
        ["build", "pipe.toml", "/dev/zero"],
        ["build", "/dev/zero", "--from", "edition"],
        ["build", "page.txt", "--config", "pipe.toml"],
        ["build", "page.txt", "--profile", "pipe.toml"],
        ["build", "page.txt", "--edits", "pipe.toml"],
        ["check", "pipe.toml"],
    ],
    ids=" ".join,
)
def test_what_has_no_end_is_no_file(folder: Path, words: list[str]) -> None:
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    os.mkfifo(folder / "pipe.toml")
    found = run(folder, *words, *(("--to", "plain") if words[0] == "build" else ()))
    assert found.code in (2, 3)
    assert "no file" in found.err and found.out == ""


def test_other_encodings_are_read_whole(folder: Path) -> None:
    encodings = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "big5"]
    old = "昨天上午，城南舊橋重新開放。市民走上橋頭，感到十分高興。孩子們在橋上跑來跑去。"
    (folder / "pages").mkdir()
    for encoding in encodings:
        text = f"# 城南舊橋修好了\n\n{old}\n" if encoding == "big5" else PAGE
        (folder / "pages" / f"{encoding}.txt").write_bytes(text.encode(encoding))
    found = run(folder, "build", *(f"pages/{encoding}.txt" for encoding in encodings), "--to", "plain")
    assert found.code == 0, found.err
    for encoding in encodings:
        made = (folder / "dist" / f"{encoding}.plain").read_text(encoding="utf-8")
        assert ("城南舊橋重新開放" if encoding == "big5" else WORDS) in made, encoding
    manifest = json.loads((folder / "dist" / "manifest.json").read_text(encoding="utf-8"))
    assert all(document["inputs"][0]["encoding"] for document in manifest["documents"])
    assert len(manifest["documents"]) == len(encodings)
    whole(folder)


def test_a_megabyte_on_one_line(folder: Path) -> None:
    text = "昨天上午，城南旧桥重新开放。" * (1_000_000 // 42)
    (folder / "page.txt").write_text(text, encoding="utf-8")
    found = run(folder, "build", "page.txt", "--to", "plain")
    assert found.code in (0, 3), found.err
    if found.code == 0:
        body = (folder / "dist" / "page.plain").read_text(encoding="utf-8").partition("\n\n")[2]
        assert body.count(WORDS) == text.count(WORDS)  # the head repeats the title
    whole(folder)


HOSTILE = [
    "# ../../x",
    "<script>alert('标题')</script> 与 <b>粗体</b> 和 <img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% include '/etc/passwd' %} ${HOME} $(id) `id`",
    "![图](file:///etc/passwd) ![图](http://127.0.0.1:9/a.png) ![图](../../../etc/hostname)",
    "[链接](javascript:alert(1)) [链接](http://127.0.0.1:9/) <a href='file:///etc/passwd'>文件</a>",
    "<style>@import url(http://127.0.0.1:9/x.css)</style><link rel=attachment href=file:///etc/passwd>",
    "% 标题行",
    "::: {#a1 .article}",
    "\\include{/etc/passwd} \\input|id",
    "&lt;还是&amp;这样&#0;&nbsp;",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    '#set page(width: 1pt) #read("/etc/passwd") $x$ @引用 _a_ *b* ~c~ ^d^',
]


@pytest.mark.parametrize("formats", ["plain", pytest.param("html,epub", id="reflow"), "pdf", "pdf-typst"])
def test_markup_in_the_text_stays_text(folder: Path, formats: str) -> None:
    text = PAGE + "\n" + "\n\n".join(f"{line}" for line in HOSTILE) + "\n"
    (folder / "page.txt").write_text(text, encoding="utf-8")
    found = run(folder, "build", "page.txt", "--to", formats)
    assert found.code == 0, found.err
    ledger = load((folder / "dist" / "page.ledger.json").read_text(encoding="utf-8"))
    assert invert(ledger) == text
    secret = Path("/etc/passwd").read_text(encoding="utf-8").split("\n")[0]
    for path in (folder / "dist").glob("page.*"):
        data = path.read_bytes()
        assert secret.encode() not in data
        if path.suffix == ".html":
            assert b"<script>alert" not in data and b"<img src=x" not in data
            assert b"{{ 7*7 }}" in data and b"49" not in data.split(b"7*7")[1][:20]
    whole(folder)


def test_pictures_and_links_of_an_edited_edition_go_nowhere(folder: Path) -> None:
    text = (
        "---\ntitle: ../../x\nlang: zh-Hans\ncover-image: /etc/passwd\n---\n\n"
        "# 标题\n\n![图](file:///etc/passwd)\n\n![图](http://127.0.0.1:9/a.png)\n\n"
        "![图](../../secret.png)\n\n[链接](javascript:alert(1))\n\n```{=html}\n<script>alert(1)</script>\n```\n\n正文。\n"
    )
    (folder / "page.md").write_text(text, encoding="utf-8")
    found = run(folder, "build", "page.md", "--from", "edition", "--to", "plain,html")
    assert found.code in (0, 3, 6), found.err
    for path in (folder / "dist").glob("page.html"):
        data = path.read_bytes()
        assert b"<script>alert" not in data and b"file:///etc" not in data.replace(b"&#x2F;", b"/")
        assert b"javascript:" not in data
    whole(folder)


def test_an_output_folder_that_cannot_be(folder: Path) -> None:
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "dist").write_text("I am a file", encoding="utf-8")
    found = run(folder, "build", "page.txt", "--to", "plain")
    assert found.code == 9
    assert "NPP009" in found.err and (folder / "dist").read_text() == "I am a file"


def test_an_output_file_that_is_a_folder(folder: Path) -> None:
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "pages").mkdir()
    found = run(folder, "build", "page.txt", "--to", "plain", "-o", "pages/no.such/x.plain")
    assert found.code in (0, 9)
    whole(folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(folder: Path) -> None:
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "dist").mkdir(mode=0o500)
    assert run(folder, "build", "page.txt", "--to", "plain").code == 9


def test_a_full_disk(folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    found = run(folder, "build", "page.txt", "--to", "plain", "--deps", "/dev/full")
    assert found.code == 9
    assert "NPP009" in found.err


def test_names_of_inputs_stay_inside(folder: Path) -> None:
    names = [
        "../../x.txt",
        "a b;rm -rf $HOME.txt",
        "%s%n.txt",
        "‮txt.exe.txt",
        "标题" * 40 + ".txt",
        "新\n行.txt",
    ]
    (folder / "pages").mkdir()
    inside = [folder / "pages" / name.replace("/", "_") for name in names]
    for path in inside:
        path.write_text(PAGE, encoding="utf-8")
    found = run(folder, "build", *inside, "--to", "plain")
    assert found.code == 0, found.err
    told = found.out.strip().split("\n")
    assert len(told) == 3 * len(names)
    for line in told:
        assert (folder / line).resolve().is_relative_to((folder / "dist").resolve())
    whole(folder)


def test_a_name_that_is_not_text(folder: Path) -> None:
    (folder / "pages").mkdir()
    path = os.fsencode(folder / "pages") + b"/\xff\xfe.txt"
    Path(os.fsdecode(path)).write_bytes(PAGE.encode())
    found = run(folder, "build", os.fsdecode(path), "--to", "plain")
    assert found.code in (0, 3)
    whole(folder)
