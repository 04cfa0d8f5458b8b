"""The galley: text is never changed, levels never skip, ids are safe and unique."""

from __future__ import annotations

from itertools import pairwise

import pytest
from lxml import etree

from manuscript import p, t
from npp_publish.model import (
    Article,
    Box,
    BoxKind,
    Break,
    Byline,
    Code,
    Dateline,
    Edition,
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
    Role,
    Rowed,
    Ruby,
    Rule,
    Style,
    Styled,
    Table,
    Tagged,
    Text,
    Verbatim,
    plain,
)
from npp_publish.typeset.anchors import Landmark, anchored, outline, walk
from npp_publish.typeset.dates import machine_date
from npp_publish.typeset.galley import article_text, set_article
from npp_publish.typeset.slug import Medium, Setting

SPEAKER = Heading(
    2,
    (Tagged(Role.POST, t("全国人大代表")), Tagged(Role.SPEAKER, t("蓝庆华")), Text("： 锚定目标")),
    id="发言",
)
KITCHEN_SINK = Article(
    id="文章一",
    title=(Text("标题<script>&"), Styled(Style.STRONG, t("粗"))),
    kicker=t("重报深一度"),
    subtitle=t("副题"),
    bylines=(
        Byline(
            (Tagged(Role.AGENCY, t("新华社")), Tagged(Role.ROLE, t("记者")), Tagged(Role.AUTHOR, t("张璐")))
        ),
    ),
    dateline=Dateline(
        (Text("（"), Tagged(Role.AGENCY, t("新华社")), Tagged(Role.DATE, t("3月6日")), Text("电）"))
    ),
    continued_from=Jump((Text("（上接"), Tagged(Role.PAGE, t("4")), Text("版）"))),
    continued_to=Jump((Text("（下转"), Tagged(Role.PAGE, t("5")), Text("版）"))),
    body=(
        Box(BoxKind.ABSTRACT, t("核心提示"), (p("提要"),)),
        SPEAKER,
        Paragraph(
            (
                Text("正文"),
                Styled(Style.DOTS, t("着重，号")),
                Ruby("重庆", "chóngqìng"),
                Code("x<y"),
                Link(t("站点"), "https://example.org/?a=1&b=2"),
                Link(t("坏链"), "javascript:alert(1)"),
                Reference(t("大事记"), "时间轴"),
                Note((p("脚注文字"),)),
                Break(),
                Styled(Style.SUPERSCRIPT, t("2")),
            )
        ),
        Box(
            BoxKind.TIMELINE,
            t("大事记"),
            (Entries((Entry(t("2023年9月"), (p("首次提到"),)), Entry(t("2024年3月5日"), (p("强调"),)))),),
            id="时间轴",
        ),
        Heading(5, t("深一级")),
        Listing(((p("一"),), (p("二"), p("三"))), start=3),
        Quote((p("引文"),)),
        Table(
            (Rowed((t_cell := (p("表头"),), t_cell), header=True), Rowed(((p("甲"),), (p("乙"),)))),
            "lr",
            t("表题"),
        ),
        Figure("a.png", "图", (Text("图片说明"), Tagged(Role.CREDIT, t("张三 摄")))),
        Figure("", "", t("没有图的说明")),
        Rule(),
        Verbatim("a\n  b"),
        Foreign("{}", "外来\n文字"),
    ),
)
EDITION = anchored(Edition("标题", "zh-Hans", (KITCHEN_SINK, KITCHEN_SINK)))


def tree(article: Article, medium: Medium) -> etree._Element:
    xhtml = set_article(article, Setting(medium, picture=lambda figure: "data:," if figure.src else None))
    return etree.fromstring(f'<x xmlns:epub="http://www.idpf.org/2007/ops">{xhtml}</x>')


@pytest.mark.parametrize("medium", Medium)
def test_text_is_that_of_the_edition(medium: Medium) -> None:
    root = tree(EDITION.articles[0], medium)
    added = "//*[@data-added] | //rt | //*[contains(@class,'footnote')] | //*[@class='notes']"
    for extra in root.xpath(added):
        extra.text = None
        for child in list(extra):
            extra.remove(child)
    shown = "".join("".join(root.itertext()).split())
    assert shown == "".join("".join(article_text(EDITION.articles[0])).split())


@pytest.mark.parametrize("medium", Medium)
def test_heading_levels_never_skip(medium: Medium) -> None:
    levels = [
        int(e.tag[1]) for e in tree(EDITION.articles[0], medium).iter("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("top", [1, 2])
def test_without_a_title_the_first_heading_takes_its_level(top: int) -> None:
    box = Box(BoxKind.ABSTRACT, t("导读"), (p("内文"),))
    article = Article("a1", body=(box, Heading(2, t("小标题"), id="h"), p("内文")))
    root = etree.fromstring(set_article(article, Setting(Medium.PAGED, top=top)))
    assert [node.tag for node in root.iter() if str(node.tag)[:1] == "h" and str(node.tag)[1:].isdigit()] == [
        f"h{top}", f"h{top}",
    ]  # fmt: skip


def test_ids_are_ascii_and_unique_and_references_follow() -> None:
    ids = [e.get("id") for a in EDITION.articles for e in tree(a, Medium.PAGED).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert all(name.isascii() for name in ids)
    links = tree(EDITION.articles[0], Medium.PAGED).xpath("//a[@class='xref']/@href")
    assert links == [
        "#"
        + next(b.id for b in EDITION.articles[0].body if isinstance(b, Box) and b.kind is BoxKind.TIMELINE)
    ]


def test_notes_stand_at_the_end_and_link_back() -> None:
    root = tree(EDITION.articles[0], Medium.REFLOW)
    reference = root.xpath("//a[@class='noteref']")[0]
    note = root.xpath(f"//aside[@id='{reference.get('href')[1:]}']")[0]
    assert "脚注文字" in "".join(note.itertext())
    assert note.xpath("a/@href") == ["#" + reference.get("id")]


def test_no_script_and_no_bad_link_gets_through() -> None:
    root = tree(EDITION.articles[0], Medium.SCREEN)
    assert not root.xpath("//script")
    assert all(h.startswith(("https://", "#")) for h in root.xpath("//@href"))


def test_control_characters_do_not_break_xml() -> None:
    article = Article(id="a1", title=t("坏\x00字\x0b"), body=(p("\ud800甲"),))
    assert "坏\ufffd字\ufffd" in "".join(tree(article, Medium.PAGED).itertext())


def test_outline_nests_sections_and_boxes() -> None:
    entry = outline(EDITION.articles[0])
    assert [c.landmark for c in entry.children] == [Landmark.BOX, Landmark.SECTION]
    assert plain(entry.children[1].title).startswith("全国人大代表蓝庆华")
    assert [c.landmark for c in entry.children[1].children] == [Landmark.BOX, Landmark.SECTION]


def test_walk_reaches_every_block() -> None:
    assert sum(isinstance(block, Paragraph) for block in walk(EDITION.articles[0].body)) == 12


@pytest.mark.parametrize(
    ("printed", "machine"),
    [
        ("2024年3月6日", "2024-03-06"),
        ("2023年9月", "2023-09"),
        ("2023年", "2023"),
        ("3月6日", "03-06"),
        ("２０２４年３月６日", "2024-03-06"),
        ("2024年13月6日", ""),
        ("二月", ""),
        ("昨天", ""),
    ],
)
def test_machine_date(printed: str, machine: str) -> None:
    assert machine_date(printed) == machine


def test_no_line_of_a_heading_parts_a_name() -> None:
    body = (
        Heading(2, t("许洪斌谈牛鼻子"), id="h"),
        p("“要抓住牛鼻子。”区委书记许洪斌说，许洪斌还说。"),
        p("贺兰山说不尽，花爆竹表演不断。"),
    )
    byline = Byline((Tagged(Role.AUTHOR, t("欧阳庆华")),))
    article = Article(id="a", title=t("欧阳庆华看贺兰山 兰山花爆竹"), bylines=(byline,), body=body)
    for medium in Medium:
        tree = etree.fromstring(set_article(article, Setting(medium, top=1)).replace("epub:type", "kind"))
        names = [
            (span.getparent().tag, span.text) for span in tree.iter("span") if span.get("class") == "person"
        ]
        assert names[0] == ("h1", "欧阳庆华")
        assert ("h2", "许洪斌") in names
        assert not {"兰山", "花爆竹"} & {name for _, name in names}


def test_lines_of_verse_are_no_paragraphs_with_an_indent() -> None:
    lines = Paragraph((Text("月落乌啼霜满天，"), Break(), Text("江枫渔火对愁眠。")))
    article = Article(id="a1", title=t("题"), body=(lines, Quote((lines, p("引文")))))
    shown = set_article(article, Setting(Medium.PAGED))
    assert shown.count('<p class="verse">月落乌啼霜满天，<br/>') == 1, "two lines are verse if quoted"
    long = Paragraph((*lines.content, Break(), Text("姑苏城外寒山寺，")))
    article = Article(id="a1", title=t("题"), body=(long,))
    assert '<p class="verse">' in set_article(article, Setting(Medium.PAGED))
