"""Every encoding is told from its content, also in short texts; what is no text is refused."""

import random

import pytest

from npp_publish.errors import InputUnreadable
from npp_publish.source.decode import decode

SIMPLIFIED = (
    "本报讯（记者 何清）昨日，市水务局发布消息称，城东污水处理厂二期工程通过验收，日处理能力提高到十二万吨。"
    "“管网要跟上，厂子才吃得饱。”局长周立群说，今年还将改造老旧管道四十公里。\n"
)
TRADITIONAL = (
    "【本報訊】市政府昨日宣布，舊城區電車路線將於下月恢復行駛，沿途設站十二處，票價維持不變。"
    "「軌道鋪好了，車廂也已運抵。」交通局長陳書明表示，通車初期每十分鐘開出一班。\n"
)
JAPANESE = (
    "県立図書館は８日、来年度から開館時間を午後９時まで延ばすと発表した。"
    "仕事帰りの利用者が増えているためで、館長は「地域の居場所にしたい」と話している。\n"
)
KOREAN = (
    "부산항만공사는 8일 새 여객터미널을 다음 달부터 운영한다고 밝혔다. "
    '관계자는 "하루 여섯 편이 오갈 예정"이라며 시민들의 이용을 당부했다.\n'
)
WESTERN = "The café owners — forty in all — met on Tuesday; “naïve,” said the mayor of Orléans.\n"

CASES = [
    ("utf-8", SIMPLIFIED),
    ("gb18030", SIMPLIFIED),
    ("gb18030", SIMPLIFIED + "𠮷野家与镕𬭊"),
    ("big5", TRADITIONAL),
    ("shift_jis", JAPANESE),
    ("euc_jp", JAPANESE),
    ("euc_kr", KOREAN),
    ("cp1252", WESTERN),
    ("utf-16-le", SIMPLIFIED),
    ("utf-16-be", TRADITIONAL),
]


@pytest.mark.parametrize(("codec", "text"), CASES)
@pytest.mark.parametrize("times", [1, 40])
def test_encodings(codec: str, text: str, times: int) -> None:
    reading = decode((text * times).encode(codec), name="x.txt")
    assert reading.text == text * times
    assert reading.encoding == codec
    assert 0.9 <= reading.confidence <= 1.0


@pytest.mark.parametrize("codec", ["big5", "cp950"])
def test_the_stroke_between_reporter_and_place_tells_the_kinds_of_big5_apart(codec: str) -> None:
    text = "【記者陳亭君／南灣報導】" + TRADITIONAL
    reading = decode(text.encode(codec), name="x.txt")
    assert reading.text == text
    assert reading.confidence >= 0.9


@pytest.mark.parametrize(("codec", "text"), CASES)
def test_short_pieces_are_right_or_refused_but_hardly_ever_wrong(codec: str, text: str) -> None:
    draw = random.Random(f"{codec}{len(text)}")
    right = wrong = 0
    for _ in range(60):
        start = draw.randrange(len(text) - 12)
        data = text[start : start + 12].encode(codec)
        try:
            right += decode(data, name="x").text == data.decode(codec)
        except InputUnreadable:
            continue
        wrong += decode(data, name="x").text != data.decode(codec)
    assert right >= 50
    assert wrong <= 1


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_mark_decides_and_is_no_character(codec: str) -> None:
    reading = decode(("\ufeff" + SIMPLIFIED + "\ufeff完").encode(codec), name="x")
    assert reading.text == SIMPLIFIED + "\ufeff完"
    assert (reading.encoding, reading.confidence) == (f"{codec}-sig", 1.0)


def test_a_named_encoding_is_believed() -> None:
    data = "中文".encode("gb18030")
    assert decode(data, name="x", encoding="GBK").text == "中文"
    assert decode(data, name="x", encoding="big5").encoding == "big5"
    with pytest.raises(InputUnreadable, match="unknown encoding"):
        decode(data, name="x", encoding="klingon-8")
    with pytest.raises(InputUnreadable, match="unknown encoding"):
        decode(data, name="x", encoding="base64")
    with pytest.raises(InputUnreadable, match="is not utf-8"):
        decode(data, name="x", encoding="utf-8")


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_named_encoding_and_its_mark(mark: str) -> None:
    data = SIMPLIFIED.encode(mark)
    reading = decode(data, name="x", encoding=mark.removesuffix("-sig"))
    assert reading.text == SIMPLIFIED


REFUSED = [
    ("cut off", SIMPLIFIED.strip().encode()[:-1], "ends in the middle of a character.*not utf-8", 1),
    ("damaged", ("一行。\n" * 9 + "坏").encode() + b"\xff" + SIMPLIFIED.encode(), r"byte 93 \(0xFF\)", 10),
    ("GB cut off", SIMPLIFIED.encode("gb18030")[:-2], "ends in the middle of a character.*gb18030", 1),
    ("Big5 cut off", TRADITIONAL.encode("big5")[:-2], "ends in the middle.*big5", 1),
    ("NUL", "第一行\n第二\0行".encode(), "NUL byte", 2),
    ("NUL in Latin text", b"one\ntwo\0three", "NUL byte", 2),
    ("UTF-16 cut off", "\ufeff中文".encode("utf-16-le")[:-1], "ends in the middle", 1),
    (
        "noise",
        random.Random(7).randbytes(3000).replace(b"\0", b"\1"),
        "this is not text",
        1,
    ),
]


@pytest.mark.parametrize(
    ("data", "message", "line"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED]
)
def test_refusals_name_the_line(data: bytes, message: str, line: int) -> None:
    with pytest.raises(InputUnreadable, match=message) as caught:
        decode(data, name="bad.txt")
    assert caught.value.where == f"bad.txt:{line}"
    assert "\n" not in str(caught.value)


def test_line_of_a_bad_byte_counts_every_kind_of_line_end() -> None:
    with pytest.raises(InputUnreadable) as caught:
        decode(b"a\r\nb\rc\nd\0", name="bad.txt")
    assert caught.value.where == "bad.txt:4"
