"""Files: what is read, with its pages and lines; every bad input is one clear refusal."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npp_publish import source
from npp_publish.errors import InputUnreadable
from npp_publish.source.intake import MOST_BYTES

PAGE = "# 标题\n\n本报记者 何清\n\n正文一段。\n"


def written(folder: Path, name: str, data: bytes | str = PAGE) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_page(tmp_path: Path) -> None:
    found, noticed = source.read([written(tmp_path, "page.md")])
    assert found.text == PAGE
    assert noticed == ()
    (file,) = found.files
    assert (file.encoding, file.media_type, file.page) == ("utf-8", "text/markdown", "")
    assert [found.text[line.start : line.end] for line in found.lines] == PAGE.split("\n")[:-1]


def test_several_files_are_one_edition(tmp_path: Path) -> None:
    paths = [written(tmp_path, "05版.txt", "上接。"), written(tmp_path, "A04.txt", "下转\n")]
    found, _ = source.read(paths)
    assert found.text == "上接。下转\n"
    assert [file.page for file in found.files] == ["5", "A04"]
    assert found.where(3) == (str(paths[1]), 1, 1)
    assert [(line.file, line.number) for line in found.lines] == [(0, 1), (1, 1)]


def test_named_pages_win(tmp_path: Path) -> None:
    paths = [written(tmp_path, "05版.txt"), written(tmp_path, "06版.txt")]
    found, _ = source.read(paths, pages=["头版", ""])
    assert [file.page for file in found.files] == ["头版", ""]
    with pytest.raises(InputUnreadable, match="1 pages are named for 2 files"):
        source.read(paths, pages=["1"])


FOLIOS = [
    (["04版.txt"], ["4"]),
    (["日报_第12版.md"], ["12"]),
    (["A04.txt"], ["A04"]),
    (["rmrb-2025-03-07-A04.txt"], ["A04"]),
    (["版3.txt"], ["3"]),
    (["page-5.txt"], ["5"]),
    (["p05.html"], ["5"]),
    (["000_154a613f1bfde7c4.txt"], [""]),
    (["x_05.txt"], [""]),
    (["x_05.txt", "x_06.txt"], ["5", "6"]),
    (["2025-03-07_05.txt", "2025-03-07_06.txt"], ["5", "6"]),
    (["2025-03-07.txt", "2025-03-08.txt"], ["", ""]),
    (["20250307.txt", "20250308.txt"], ["", ""]),
    (["a_05.txt", "b_06.txt"], ["", ""]),
    (["notes.txt"], [""]),
]


@pytest.mark.parametrize(("names", "pages"), FOLIOS)
def test_pages_from_names(names: list[str], pages: list[str]) -> None:
    assert list(source.folios(names)) == pages


def test_folders_and_patterns_come_in_natural_order(tmp_path: Path) -> None:
    for name in ("page-10.txt", "page-2.txt", "page-1.md", ".hidden.txt", "picture.png"):
        written(tmp_path, name)
    names = [path.name for path in source.gather([tmp_path])]
    assert names == ["page-1.md", "page-2.txt", "page-10.txt"]
    assert [p.name for p in source.gather([tmp_path / "page-*.txt"])] == ["page-2.txt", "page-10.txt"]
    with pytest.raises(InputUnreadable, match="no readable file"):
        source.gather([tmp_path / "*.odt"])
    with pytest.raises(InputUnreadable, match="no pattern"):
        source.gather([tmp_path / "**page.txt"])
    assert source.gather([tmp_path / "absent.txt"]) == (tmp_path / "absent.txt",)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "link.txt").symlink_to(written(tmp_path, "outside.txt"))
    with pytest.raises(InputUnreadable, match="no readable file"):
        source.gather([tmp_path / "in"])
    assert source.read([tmp_path / "in" / "link.txt"])[0].text == PAGE  # named by the user: followed


BAD = [
    ("empty.txt", b"", "the file is empty"),
    ("blank.txt", " \n\u3000\t\r\n".encode(), "nothing but blank space"),
    ("mark.txt", b"\xef\xbb\xbf", "nothing but blank space"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
    ("book.txt", b"%PDF-1.7\n", "a PDF file"),
    ("old.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "an old Office file"),
    ("zip.txt", b"PK\x03\x04....", "a ZIP archive"),
    ("not.pdf", b"hello", "the name says PDF"),
    ("not.docx", b"hello", "the name says .docx"),
    ("program.txt", b"\x7fELF\x02\x01\x01\0\0\0", "a program"),
    ("nul.txt", b"one\ntwo\0\n", "NUL byte"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD, ids=[case[0] for case in BAD])
def test_bad_content(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    with pytest.raises(InputUnreadable, match=message) as caught:
        source.read([written(tmp_path, name, data)])
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_bad_places(tmp_path: Path) -> None:
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    places = [
        (tmp_path / "absent.txt", "there is no such file"),
        (tmp_path, "this is a folder"),
        (tmp_path / "dangling.txt", "a link that leads nowhere"),
        (tmp_path / "loop.txt", "symbolic links"),
        (tmp_path / "pipe.txt", "a device, a pipe or a socket"),
        (Path("/dev/zero"), "a device, a pipe or a socket"),
        (tmp_path / ("long" * 100), "name too long"),
        (Path("nul\0.txt"), "null"),
    ]
    for path, message in places:
        with pytest.raises(InputUnreadable, match=message) as caught:
            source.read([path])
        assert "\n" not in str(caught.value) and "\0" not in str(caught.value)


def test_too_large_too_many_none(tmp_path: Path) -> None:
    path = written(tmp_path, "large.txt")
    os.truncate(path, MOST_BYTES + 1)  # a sparse file: no disk is used
    with pytest.raises(InputUnreadable, match="larger than 32 MB"):
        source.read([path])
    with pytest.raises(InputUnreadable, match="too many"):
        source.read([path] * 500)
    with pytest.raises(InputUnreadable, match="no input file"):
        source.read([])


def test_names_that_are_no_text_are_shown_escaped(tmp_path: Path) -> None:
    path = written(tmp_path, os.fsdecode(b"\xff\n.txt"))
    found, _ = source.read([path])
    assert found.files[0].name.endswith(r"\udcff\n.txt")


def test_remarks(tmp_path: Path) -> None:
    _, (legacy,) = source.read([written(tmp_path, "gb.txt", PAGE.encode("gb18030") * 9)])
    assert (legacy.code, legacy.severity.value) == ("NPP102", "info")
    _, (doubtful,) = source.read([written(tmp_path, "short.txt", "については、".encode("euc_jp"))])
    assert doubtful.code == "NPP101"
    _, (control,) = source.read([written(tmp_path, "bell.txt", "一\n二\x07\n")])
    assert (control.code, control.line) == ("NPP103", 2)
    assert "U+0007" in control.message


@given(st.text())
def test_lines_partition_any_text(text: str) -> None:
    found = source.from_text(text)
    assert found.text == text
    position = 0
    for line in found.lines:
        assert line.start == position
        assert not set(found.text[line.start : line.end]) & {"\r", "\n"}
        end = next((e for e in ("\r\n", "\n", "\r") if text.startswith(e, line.end)), "")
        position = line.end + len(end)
    assert position == len(text)
    assert [line.number for line in found.lines] == list(range(1, len(found.lines) + 1))
    for offset in range(len(text)):
        assert found.line_at(offset).start <= offset


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    from npp_publish.source.decode import decode

    try:
        reading = decode(data, name="x")
    except InputUnreadable:
        return
    assert 0 < reading.confidence <= 1


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(InputUnreadable, match="lone surrogate"):
        source.from_text("一\n\ud800")
