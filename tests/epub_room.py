"""Editions and jobs for the tests of the EPUB backend."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from manuscript import p as p
from manuscript import t as t
from npp_publish.backends.epub import EpubBackend, EpubOptions
from npp_publish.model import (
    Article,
    Asset,
    Box,
    BoxKind,
    Byline,
    Code,
    Dateline,
    Edition,
    Element,
    Entries,
    Entry,
    Figure,
    Foreign,
    Heading,
    Jump,
    Link,
    Listing,
    Note,
    Paragraph,
    Quote,
    Reference,
    RenderJob,
    Role,
    Rowed,
    Ruby,
    Rule,
    Stated,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
)
from npp_publish.typeset import theme

EPOCH = 1_710_000_000


def tag(role: Role, text: str) -> Tagged:
    return Tagged(role, t(text))


SPEAKER = Heading(
    2, (tag(Role.POST, "全国人大代表"), tag(Role.SPEAKER, "蓝庆华"), Text("： 锚定“33618” 建设中心"))
)
TIMELINE = Box(
    BoxKind.TIMELINE,
    t("大事记"),
    (Entries((Entry(t("2023年9月"), (p("首次提到。"),)), Entry(t("2024年3月5日"), (p("强调。"),)))),),
)
FIRST = Article(
    "a1",
    title=t("培育新质生产力 推动高质量发展"),
    kicker=t("重报深一度"),
    subtitle=t("副题在此"),
    bylines=(
        Byline((Text("□"), tag(Role.AGENCY, "重庆日报"), Text("记者 "), tag(Role.AUTHOR, "张璐"), Text(" "),
                tag(Role.AUTHOR, "罗静雯"))),
    ),
    continued_to=Jump((Text("（下转"), tag(Role.PAGE, "5"), Text("版）"))),
    body=(
        Box(BoxKind.ABSTRACT, t("核心提示"), (p("提要一。"), p("提要二。"))),
        SPEAKER,
        p("“新质生产力是内生动力。”他说，围绕“4+5+M+N”体系，12日起投资1155亿元。", lines=(9,)),
        Paragraph((Text("正文"), Note((p("注文。"),)), Text("继续，"), Reference(t("见评论"), "a2"))),
        TIMELINE,
    ),
    pages=("4", "5"),
)  # fmt: skip
SECOND = Article(
    "a2",
    title=t("深刻把握实践要求"),
    bylines=(Byline((Text("□"), tag(Role.AGENCY, "新华社"), tag(Role.ROLE, "评论员"))),),
    dateline=Dateline((Text("（"), tag(Role.AGENCY, "新华社"), tag(Role.PLACE, "北京"),
                       tag(Role.DATE, "3月6日"), Text("电）"))),
    body=(p("评论的第一段。"), p("评论的第二段。")),
    pages=("4",),
    keywords=("新质生产力",),
)  # fmt: skip
EDITION = Edition(
    "培育新质生产力 推动高质量发展",
    "zh-Hans",
    (FIRST, SECOND),
    metadata=(
        ("date", Stated("2024-03-06", printed=False, evidence="文内“3月6日”")),
        ("news.paper", Stated("重庆日报")),
        ("news.page", Stated("4")),
        ("subject", Stated("要闻")),
        ("description", Stated("两会特别报道")),
    ),
)


def nested(levels: int) -> Element:
    block: Element = p("最里层的文字")
    for level in range(levels):
        block = Listing(((block,),)) if level % 2 else Quote((block,))
    return block


def hostile(figures: tuple[str, ...] = ()) -> Edition:
    """An edition of everything that has ever broken an e-book."""
    table = Table(
        (Rowed(((p("项目"),), (p("数值"),)), header=True), Rowed(((p("投资"),), (p("1155亿元"),)))),
        "lr",
        t("表一"),
        id="表一",
    )
    inline = Paragraph(
        (
            Text("注"),
            Note((p("第一段。"), p("第二段。"))),
            Reference(t("别处"), '不存在 "x"'),
            Link(t("外链"), 'https://example.com/?a=1&b="2"<>'),
            Link(t("坏链"), "javascript:alert(1)"),
            Link(t("破链"), "https://[::1"),
            Ruby("重庆", "chóngqìng"),
            Styled(Style.DOTS, t("着重")),
            Styled(Style.STRONG, t("粗")),
            Styled(Style.EMPHASIS, t("斜")),
            Code("x<y"),
        )
    )
    body: tuple[Element, ...] = (
        Heading(2, (), id="重复"),
        *(Heading(2, t("同名"), id="重复") for _ in range(400)),
        Heading(6, t("跳级")),
        p("控制\x00\x01\x0b字符、\ufffe、\ud800；<script>alert(1)</script> & {{ 7*7 }} ]]>"),
        inline,
        table,
        Rule(),
        Verbatim("  预排\n  文字"),
        nested(400),
        Foreign("{}", "外来\n文字"),
        Box(BoxKind.NOTE, (), (p("无题框"),)),
        p("生僻字：𫖯龘㛃 한국어 🎉"),
        *(Figure(src, "图", t(f"图说{n}")) for n, src in enumerate(figures)),
    )
    articles = (
        Article('ü"x', t("很长的标题" * 240), body=body, pages=("A04\x02", "5")),
        Article('ü"x', body=(p("没有标题，" * 30),), pages=("5",)),
        Article("", t("   ")),
        Article("d", t("繁體"), kicker=t("\x02"), body=(p("第12期"),), lang="zh-Hant"),
    )
    metadata = tuple(
        (key, Stated(f"值 \x03<b>&{key}"))
        for key in ("author", "subject", "rights", "description", "publisher", "news.paper", "date")
    )
    return Edition("标题\x00" + "长" * 1500, "zh-Hans", articles, metadata)


def job(edition: Edition, work: Path, assets: tuple[Asset, ...] = (), **more: Any) -> RenderJob:
    work.mkdir(parents=True, exist_ok=True)
    values = {"stem": "page", "epoch": EPOCH, "source_name": "page.txt"} | more
    return RenderJob(edition, "{}", theme.load("briefing"), work=work, assets=assets, **values)


def book(edition: Edition, work: Path, assets: tuple[Asset, ...] = (), **options: Any) -> dict[str, bytes]:
    """Render, ask the quick judge, and return the entries of the book."""
    backend, task = EpubBackend(), job(edition, work, assets)
    artifact = backend.render(task, EpubOptions(**options))
    assert backend.validate(artifact, task) == ()
    return entries(artifact.path.read_bytes())


def entries(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
