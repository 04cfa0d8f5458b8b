"""The HTML page: whole text, self-contained, safe with any text, the same bytes twice, its own judge."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import html as lxml_html

from manuscript import p, t
from npp_publish.backends.html import HtmlBackend, HtmlOptions
from npp_publish.backends.html.card import linked_data, properties
from npp_publish.backends.html.paper import Sheet, css_string, sheet_css
from npp_publish.backends.html.pauses import eased, phrases, with_pauses
from npp_publish.backends.html.words import words_for
from npp_publish.model import (
    Article,
    Asset,
    Box,
    BoxKind,
    Byline,
    Edition,
    Entries,
    Entry,
    Figure,
    Heading,
    Link,
    Note,
    Paragraph,
    RenderJob,
    Role,
    Stated,
    Style,
    Styled,
    Tagged,
    Text,
    Theme,
)
from npp_publish.typecase import styles_folder
from npp_publish.typeset.anchors import anchored
from npp_publish.typeset.galley import article_text
from npp_publish.typeset.slug import characters
from npp_publish.validate.screen import judge_html
from strategies import editions

BRIEFING = Theme("briefing", styles_folder() / "briefing")
TRAP = "<script>alert(1)</script> {{ 7*7 }} {% raw %}{# x #} </style> ]]> &amp; <!-- \u2028 \"'"


def job(edition: Edition, work: Path, *assets: Asset) -> RenderJob:
    return RenderJob(edition, "", BRIEFING, "页", work, 0, assets=assets)


def made(edition: Edition, work: Path, *assets: Asset, **options: object) -> tuple[str, RenderJob, Path]:
    task = job(edition, work, *assets)
    path = HtmlBackend().render(task, HtmlOptions(**options)).path  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8"), task, path


def sample(**changes: object) -> Edition:
    byline = Byline(
        (Text("□"), Tagged(Role.AGENCY, t("新华社")), Text("记者 "), Tagged(Role.AUTHOR, t("张三")))
    )
    timeline = Box(BoxKind.TIMELINE, t("大事记"), (Entries((Entry(t("2024年3月5日"), (p("开会。"),)),)),))
    first = Article(
        "a1",
        t("培育新质生产力 推动重庆经济高质量发展"),
        t("深一度"),
        bylines=(byline,),
        body=(p("“正文”第一段，2024年。"), Heading(2, t("把接力跑跑好")), p("第二段。"), timeline),
    )
    second = Article("a2", t("第二篇"), body=(Paragraph((Text("有注"), Note((p("注文。"),)), Text("。"))),))
    metadata = (
        ("news.paper", Stated("重庆日报")),
        ("news.edition-date", Stated("2024年3月7日", False, "正文说 3月6日")),
        ("news.page", Stated("4")),
    )
    edition = Edition("培育新质生产力", "zh-Hans", (first, second), metadata)
    return replace(edition, **changes)  # type: ignore[arg-type]


def shown(element: lxml_html.HtmlElement) -> str:
    """The text of an article as a reader sees it, without notes, readings and what the page adds."""
    for extra in element.xpath(".//*[@data-added] | .//rt | .//*[@class='notes']"):
        extra.drop_tree()
    return "".join(str(element.text_content()).split())


def expected(article: Article) -> str:
    return "".join(html.unescape(characters("".join(article_text(article)))).split())


# --------------------------------------------------------------------------- the page


def test_the_page_is_whole_and_its_judge_content(tmp_path: Path) -> None:
    text, task, path = made(sample(), tmp_path)
    assert judge_html(path, task) == ()
    assert HtmlBackend().validate(HtmlBackend().render(task, HtmlOptions()), task) == ()
    tree = lxml_html.fromstring(text)
    assert tree.get("lang") == "zh-Hans"
    assert tree.findtext(".//title") == "培育新质生产力 · 重庆日报"
    assert [e.tag for e in tree.body.iter("h1", "h2", "h3", "h4")] == ["h1", "h2", "h3", "h4", "h2"]
    for article in anchored(sample()).articles:
        assert shown(tree.get_element_by_id(article.id)) == expected(article)


def test_one_article_is_the_first_heading(tmp_path: Path) -> None:
    text, _, _ = made(sample(articles=sample().articles[:1]), tmp_path)
    tree = lxml_html.fromstring(text)
    assert "".join(tree.find(".//h1").itertext()) == "培育新质生产力 推动重庆经济高质量发展"


def test_an_inferred_date_is_marked_with_its_evidence(tmp_path: Path) -> None:
    text, _, _ = made(sample(), tmp_path)
    line = lxml_html.fromstring(text).find(".//header//time")
    assert line.text == "2024年3月7日（推定）"
    assert line.get("datetime") == "2024-03-07"
    assert line.getparent().get("title") == "正文说 3月6日"
    assert "datePublished" not in text
    assert "published_time" not in text


def test_a_nameplate_that_only_repeats_the_title_is_not_shown(tmp_path: Path) -> None:
    def plate(**changes: object) -> str:
        return str(lxml_html.fromstring(made(sample(**changes), tmp_path)[0]).find(".//header").get("class"))

    assert plate() == "nameplate"
    assert plate(metadata=()) == "nameplate"
    assert plate(metadata=(), title="培育新质生产力 推动重庆经济高质量发展") == "unseen"


def test_a_paper_that_was_inferred_says_from_what_and_dates_are_printed_in_chinese(tmp_path: Path) -> None:
    facts = (("news.paper", Stated("重庆日报", False, "署名")), ("date", Stated("2024-03-06", False, "电头")))
    header = lxml_html.fromstring(made(sample(metadata=facts), tmp_path)[0]).find(".//header")
    assert header.find("h1").get("title") == "署名（推定）"
    assert header.findtext(".//time") == "2024年3月6日（推定）"
    english = made(sample(metadata=facts, lang="en"), tmp_path)[0]
    assert "2024-03-06 (inferred)" in english


def test_a_character_that_no_face_has_is_told_and_stands_in(tmp_path: Path) -> None:
    edition = sample(articles=(Article("a1", t("题\ue123")),))
    artifact = HtmlBackend().render(job(edition, tmp_path), HtmlOptions())
    assert [d.code for d in artifact.diagnostics] == ["NPP701"]
    assert 'font-family: "NPP Geta"' in artifact.path.read_text(encoding="utf-8")


def test_all_authors_are_named(tmp_path: Path) -> None:
    edition = sample(metadata=(("author", Stated("张三")), ("author", Stated("李四"))))
    assert '<meta name="author" content="张三、李四">' in made(edition, tmp_path)[0]


def test_contents_lead_to_articles_sections_and_boxes(tmp_path: Path) -> None:
    text, _, _ = made(sample(), tmp_path)
    tree = lxml_html.fromstring(text)
    links = {a.get("href"): a.text_content() for a in tree.iterfind(".//nav//a")}
    assert list(links.values()) == [
        "培育新质生产力 推动重庆经济高质量发展",
        "把接力跑跑好",
        "大事记",
        "第二篇",
    ]
    assert all(tree.get_element_by_id(href[1:]) is not None for href in links)
    assert "<nav" not in made(sample(), tmp_path, contents=False)[0]


def test_same_job_same_bytes(tmp_path: Path) -> None:
    assert made(sample(), tmp_path)[0] == made(sample(), tmp_path)[0]


def test_fonts_are_inside_and_cut_to_the_text(tmp_path: Path) -> None:
    text, _, path = made(sample(), tmp_path)
    assert path.stat().st_size < 300_000
    assert text.count("@font-face") >= 5
    assert "data:font/woff2;base64," in text
    bare, task, path = made(sample(), tmp_path, embed="none")
    assert "@font-face" not in bare
    assert judge_html(path, task) == ()


def test_heads_and_numbers_that_only_the_sheet_prints_have_glyphs(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    text, _, _ = made(sample(title="龘"), tmp_path)
    faces = re.findall(r'font-family: "NPP Hei"; font-weight: 400.*?base64,([^"]+)"', text)
    from io import BytesIO

    with TTFont(BytesIO(base64.b64decode(faces[0]))) as font:
        assert ord("龘") in font.getBestCmap()


# --------------------------------------------------------------------------- any text


def test_text_is_never_template_markup_style_or_script(tmp_path: Path) -> None:
    nasty = Article(
        "a1",
        t(TRAP),
        t(TRAP),
        bylines=(Byline((Tagged(Role.AUTHOR, t(TRAP)),)),),
        body=(
            p(TRAP),
            Heading(2, t(TRAP)),
            Box(BoxKind.NOTE, t(TRAP), (p(TRAP),)),
            Figure("x.png", TRAP, t(TRAP)),
            Paragraph((Link(t(TRAP), "javascript:alert(1)"), Link(t("链接"), 'https://a.b/"><script>'))),
            p("body { display: none } @import url(http://evil/x.css);"),
        ),
        keywords=(TRAP,),
    )
    metadata = tuple(
        (key, Stated(TRAP)) for key in ("news.paper", "description", "rights", "date", "news.page")
    )
    edition = Edition(TRAP, "zh-Hans", (nasty,), metadata)
    text, task, path = made(edition, tmp_path)
    assert judge_html(path, task) == ()
    tree = lxml_html.fromstring(text)
    assert len(tree.findall(".//script")) == 1
    assert tree.find(".//script").get("type") == "application/ld+json"
    assert len(tree.findall(".//style")) == 1
    assert not [a for a in tree.iter("a") if "javascript" in a.get("href", "")]
    assert shown(tree.get_element_by_id("a1")) == expected(anchored(edition).articles[0])
    data = json.loads(tree.findtext(".//script"))
    assert data["headline"] == " ".join(TRAP.split())


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant-TW", "en", 'x" onload="alert(1)'])
def test_any_language_tag_is_only_a_value(lang: str, tmp_path: Path) -> None:
    text, _, _ = made(sample(lang=lang), tmp_path)
    assert lxml_html.fromstring(text).get("lang") == lang


BAD = {
    "no article": Edition("空", "zh-Hans", ()),
    "no title": Edition("", "zh-Hans", (Article("a1", body=(p("正文。"),)),)),
    "nothing at all": Edition("", "zh-Hans", (Article("a1"),)),
    "empty headings": sample(articles=(Article("a1", t(""), body=(Heading(2, ()), Heading(2, ()), p(""))),)),
    "1,200 characters in a title": sample(title="长" * 1200, articles=(Article("a1", t("长题" * 600)),)),
    "equal headings": sample(
        articles=(Article("a1", t("题"), body=tuple(Heading(2, t("同题"), id="同") for _ in range(400))),)
    ),
    "equal ids": sample(articles=tuple(Article("同 id", t("题")) for _ in range(5))),
    "controls": sample(
        articles=(Article("a1", t("题\x00\x0b\ufffe\ud800"), body=(p("\x1b[31m文\ufdd0\x85"),)),)
    ),
    "a deep nest": sample(
        articles=(
            Article(
                "a1", t("题"), body=(Paragraph((Styled(Style.STRONG, (Styled(Style.DOTS, t("深")),)),)),)
            ),
        )
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_editions_make_sound_pages(name: str, tmp_path: Path) -> None:
    text, task, path = made(BAD[name], tmp_path)
    assert judge_html(path, task) == ()
    tree = lxml_html.fromstring(text)
    for article in anchored(BAD[name]).articles:
        assert shown(tree.get_element_by_id(article.id)) == expected(article)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edition=editions())
def test_every_edition_keeps_its_text(edition: Edition, tmp_path: Path) -> None:
    task = job(edition, tmp_path)
    artifact = HtmlBackend().render(task, HtmlOptions(embed="none"))
    assert HtmlBackend().validate(artifact, task) == ()


# --------------------------------------------------------------------------- pictures


def test_pictures_are_inside_and_missing_ones_leave_their_caption(tmp_path: Path) -> None:
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    file = tmp_path / "x.png"
    file.write_bytes(png)
    asset = Asset("x.png", file, "image/png", hashlib.sha256(png).hexdigest(), 1, 1)
    body = (Figure("x.png", "一点", t("图一")), Figure("../../etc/passwd", "", t("图二")))
    text, task, path = made(sample(articles=(Article("a1", t("题"), body=body),)), tmp_path, asset)
    assert judge_html(path, task) == ()
    images = lxml_html.fromstring(text).findall(".//img")
    assert [image.get("alt") for image in images] == ["一点"]
    assert images[0].get("src") == "data:image/png;base64," + base64.b64encode(png).decode()
    assert "图二" in text
    assert "passwd" not in text


# --------------------------------------------------------------------------- calling card


def test_linked_data_says_what_the_edition_states() -> None:
    printed = (("news.edition-date", Stated("2024年3月7日")), ("news.paper", Stated("重庆日报")))
    edition = sample(metadata=printed)
    data = json.loads(linked_data(edition))
    assert data["@context"] == "https://schema.org"
    first = data["@graph"][0]
    assert first["@type"] == "NewsArticle"
    assert first["headline"] == "培育新质生产力 推动重庆经济高质量发展"
    assert first["datePublished"] == "2024-03-07"
    assert first["author"] == [
        {"@type": "NewsMediaOrganization", "name": "新华社"},
        {"@type": "Person", "name": "张三"},
    ]
    assert first["isPartOf"] == {"@type": "Newspaper", "name": "重庆日报"}
    graph = dict(properties(edition, "题"))
    assert graph["og:locale"] == "zh_CN"
    assert graph["article:published_time"] == "2024-03-07"


def test_linked_data_cannot_leave_its_element() -> None:
    text = linked_data(sample(articles=(Article("a1", t("</script><!--\u2029&")),)))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["headline"].startswith("</script><!--")


# --------------------------------------------------------------------------- paper


def test_sheet_without_marks() -> None:
    css = sheet_css(Sheet("A4", ("重庆日报", "题")))
    assert "size: 210mm 297mm" in css
    assert 'content: "重庆日报"' in css
    assert "corner" not in css


def test_bleed_and_marks_grow_the_sheet() -> None:
    css = sheet_css(Sheet("A5", bleed=3, marks=True))
    assert "size: 172mm 234mm" in css
    assert css.count("-corner") == 4
    assert "margin: 36mm 34mm 34mm 34mm" in css
    assert "size: 154mm 216mm" in sheet_css(Sheet("A5", bleed=3))


@pytest.mark.parametrize("text", ['"; } body { display: none', "</style><script>", "\\", "行\n行", "题"])
def test_a_title_in_a_style_sheet_is_only_a_string(text: str) -> None:
    import tinycss2

    token, *rest = tinycss2.parse_component_value_list(css_string(text))
    assert token.type == "string"
    assert token.value == " ".join(text.split())
    assert not rest
    assert "<" not in css_string(text)


@pytest.mark.parametrize(("bleed", "count"), [(-1.0, 1), (0.0, 0), (3.0, 0), (21.0, 1)])
def test_a_bleed_that_is_none_is_refused(bleed: float, count: int) -> None:
    found = HtmlBackend().check(HtmlOptions(bleed=bleed))
    assert [diagnostic.code for diagnostic in found] == ["NPP840"] * count


# --------------------------------------------------------------------------- words and pauses


def test_headings_break_between_phrases() -> None:
    title = "科技成果转换成新质生产力 要把“接力跑”跑好"
    assert "".join(phrases(title)) == title
    assert len(phrases(title)) > 2
    marked = with_pauses(f'<h2 class="title" id="a1-title">{title}</h2><p>科技成果转换</p>')
    assert "<wbr>" in marked
    assert re.sub("<wbr>|</?span[^>]*>", "", marked).count(title) == 1
    assert marked.endswith("<p>科技成果转换</p>")


def test_parts_of_a_headline_that_a_gap_sets_apart_stay_together() -> None:
    marked = with_pauses('<h1 class="title">立起标准 跑好“接力”</h1><h2 class="section">甲 <em>乙</em></h2>')
    bare = marked.replace("<wbr>", "")
    assert '<span class="part">立起标准</span> <span class="part">跑好“接力”</span>' in bare
    assert '<h2 class="section">甲 <em>乙</em></h2>' in bare


def test_a_line_may_end_at_quotation_marks_beside_latin() -> None:
    marked = eased(
        "<p>完善“4+5+M+N”创新，<code>用“A”型</code>与“<em>B</em>”为<ruby>字<rt>读“c”音</rt></ruby></p>"
    )
    assert marked == (
        "<p>完善<wbr>“4+5+M+N”<wbr>创新，<code>用“A”型</code>与“<em>B</em>”为<ruby>字<rt>读“c”音</rt></ruby></p>"
    )
    assert eased("<h2>谈“AI”与人</h2><p>“A”。</p>") == "<h2>谈“AI”与人</h2><p>“A”。</p>"


def test_pauses_do_not_cut_references_or_elements() -> None:
    inner = "甲&amp;乙<strong>丙丁发展</strong>&lt;戊&gt;推动高质量发展"
    marked = with_pauses(f'<h3 class="section" id="x">{inner}</h3>')
    assert marked.replace("<wbr>", "") == f'<h3 class="section" id="x">{inner}</h3>'


def test_the_theme_may_change_words_but_not_take_their_places() -> None:
    words = words_for("zh-Hans", {"contents": "今日要目", "inferred": "推定", "page": "版"})
    assert words.contents == "今日要目"
    assert words.page.format("4") == "第4版"
    assert words_for("zh-TW", {}).contents == "目錄"
    assert words_for("en-GB", {}).contents == "Contents"


def test_another_theme_lends_only_what_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "html.css").write_text("body { font-family: sans-serif }", encoding="utf-8")
    task = replace(job(sample(), tmp_path), theme=Theme("plain", folder, overrides=("p { color: red }",)))
    path = HtmlBackend().render(task, HtmlOptions()).path
    text = path.read_text(encoding="utf-8")
    assert judge_html(path, task) == ()
    assert "p { color: red }" in text
    assert "NPP Kai" not in text


# --------------------------------------------------------------------------- the quick judge


def _policy(style: str, data: str) -> str:
    digests = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (style, data))
    return "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:".format(*digests)


def page(
    body: str, *, style: str = "p { margin: 0 }", data: str = "{}", head: str = "", lang: str = "zh"
) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, data)}"><title>题</title>'
        f'<script type="application/ld+json">{data}</script><style>{style}</style></head>\n'
        f"<body>{body}</body></html>"
    )


DEFECTS = {
    "sound": (page("<p>文<br>文</p>"), []),
    "unclosed": (page("<p>文"), ["NPP841"]),
    "crossed": (page("<b><i>文</b></i>"), ["NPP841", "NPP841"]),
    "foreign element": (page("<iframe></iframe>"), ["NPP841"]),
    "twice the same id": (page('<p id="a">文</p><p id="a">文</p>'), ["NPP841"]),
    "twice the same attribute": (page('<p id="a" id="b">文</p>'), ["NPP841"]),
    "a script": (page("<script>alert(1)</script>"), ["NPP842", "NPP841", "NPP843"]),
    "a handler": (page('<p onclick="x()">文</p>'), ["NPP842"]),
    "a style attribute": (page('<p style="color:red">文</p>'), ["NPP842"]),
    "a picture from outside": (page('<img src="https://a.b/x.png" alt="">'), ["NPP842"]),
    "a script as a picture": (page('<img src="data:text/html;base64,AA" alt="">'), ["NPP842"]),
    "a link to a file": (page('<a href="file:///etc/passwd">文</a>'), ["NPP842"]),
    "a link to a script": (page('<a href="javascript:x()">文</a>'), ["NPP842"]),
    "a font from outside": (page("", style="@font-face { src: url(//a.b/x.woff2) }"), ["NPP842"]),
    "an import": (page("", style='@import "x.css";'), ["NPP842"]),
    "a refresh": (page("", head='<meta http-equiv="refresh" content="0;url=x">'), ["NPP842"]),
    "no policy": (re.sub("<meta http.*?>", "", page("文")), ["NPP843"]),
    "a policy for another style": (page("文").replace("margin: 0", "margin: 1px"), ["NPP843"]),
    "an open policy": (page("文").replace("'none'", "*"), ["NPP843", "NPP843"]),
    "no language": (page("文", lang=""), ["NPP844"]),
    "no title": (page("文").replace("题", ""), ["NPP844"]),
    "broken data": (page("文", data="{"), ["NPP841"]),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_the_judge_catches(name: str, tmp_path: Path) -> None:
    text, codes = DEFECTS[name]
    path = tmp_path / "x.html"
    path.write_text(text, encoding="utf-8")
    found = judge_html(path, job(sample(), tmp_path))
    assert [diagnostic.code for diagnostic in found] == codes, [str(d) for d in found]


def test_the_judge_notes_a_large_and_refuses_an_unreadable_page(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(page("字" * 600_000), encoding="utf-8")
    (found,) = judge_html(path, job(sample(), tmp_path))
    assert (found.code, found.severity) == ("NPP845", "info")
    assert "the text is long" in found.hint
    picture = f'<p><img src="data:image/png;base64,{"A" * 2_000_000}" alt="x"></p></body>'
    path.write_text(path.read_text("utf-8").replace("</body>", picture), encoding="utf-8")
    assert "smaller pictures" in judge_html(path, job(sample(), tmp_path))[-1].hint
    path.write_bytes(b"\xff\xfe\x00")
    assert [d.code for d in judge_html(path, job(sample(), tmp_path))] == ["NPP841"]


@pytest.mark.parametrize("name", ["newspaper", "gongwen", "book"])
def test_a_theme_lays_its_own_sheet_over_the_common_one(name: str, tmp_path: Path) -> None:
    from npp_publish.typeset import theme

    backend = HtmlBackend()
    task = replace(job(sample(), tmp_path), theme=theme.load(name))
    artifact = backend.render(task, HtmlOptions())
    assert backend.validate(artifact, task) == ()
    page = artifact.path.read_text(encoding="utf-8")
    own = (styles_folder() / name / "html.css").read_text(encoding="utf-8").strip()
    assert page.index(".skip:focus") < page.index(own[-60:])
