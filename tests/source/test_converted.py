"""Word-processor and web files: their text through pandoc; damaged and hostile ones refused."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from npp_publish import pandoc, source
from npp_publish.errors import InputUnreadable

MARKDOWN = "# 标题一行\n\n本报记者 何清\n\n正文“第一段”，有**强调**。\n\n## 小标题\n\n正文第二段……——完。\n"


def made(folder: Path, name: str) -> Path:
    path = folder / name
    command = [str(pandoc.binary()), "-f", "markdown-smart", "-o", str(path)]
    subprocess.run(command, input=MARKDOWN.encode(), check=True, timeout=60)
    return path


@pytest.mark.parametrize("name", ["page.docx", "page.odt", "page.html"])
def test_formats(tmp_path: Path, name: str) -> None:
    found, noticed = source.read([made(tmp_path, name)])
    blocks = [block for block in found.text.strip().split("\n\n") if block]
    assert blocks == [
        "# 标题一行",
        "本报记者 何清",
        "正文“第一段”，有强调。",
        "## 小标题",
        "正文第二段……——完。",
    ]
    assert [d.code for d in noticed] == ["NPP104"]
    assert found.files[0].media_type != "text/plain"


WEB = (
    "<html><head><meta charset={0}><title>要目</title><script>alert('不')</script></head>"
    "<body><h1>大字</h1><p>正文。</p></body>"
)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"),
        ("gb2312", "gb18030"),
        ("big5", "big5"),
        ("utf-8", "gb18030"),
        ("nonsense", "utf-8"),
    ],
)
def test_encoding_of_web_pages(tmp_path: Path, declared: str, codec: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(WEB.format(declared).encode(codec))
    found, _ = source.read([path])
    assert "大字" in found.text and "正文。" in found.text
    assert "alert" not in found.text


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        for name, data in members.items():
            container.writestr(name, data)
    return out.getvalue()


BAD = [
    ("cut.docx", b"PK\x03\x04 and nothing more", "damaged or cut off"),
    ("other.docx", {"hello": b"world"}, "no word/document.xml"),
    ("other.odt", {"hello": b"world"}, "no content.xml"),
    ("bomb.docx", {"word/document.xml": bytes(300_000_000)}, "far more than a page"),
    ("broken.docx", {"word/document.xml": b"<w:document"}, "pandoc cannot read this"),
    ("nothing.html", b"<html><body><script>x()</script></body></html>", "holds no text"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD, ids=[case[0] for case in BAD])
def test_bad_files(tmp_path: Path, name: str, data: bytes | dict[str, bytes], message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else zipped(data))
    with pytest.raises(InputUnreadable, match=message) as caught:
        source.read([path])
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_of_pictures_the_captions_are_print_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    picture = "<img src='a.png' alt='桥'>"
    path.write_text(
        f"<h1>旧桥{picture}</h1><p>城南{picture}旧桥。</p><p>{picture}</p>"
        f"<figure>{picture}<figcaption>石桥近影。张红 摄</figcaption></figure><p>完</p>",
        encoding="utf-8",
    )
    found, _ = source.read([path])
    assert found.text == "# 旧桥\n\n城南旧桥。\n\n石桥近影。张红 摄\n\n完\n"


def test_files_and_hosts_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密")
    path = tmp_path / "page.html"
    body = f"<p>正文。</p><iframe src='{secret}'></iframe><object data='{secret}'></object>"
    body += "<img src='http://example.invalid/x.png'>"
    path.write_text(f"<meta charset=utf-8>{body}", encoding="utf-8")
    found, _ = source.read([path])
    assert "秘密" not in found.text
