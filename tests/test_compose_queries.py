"""Every query has a page that raises it, with the right line; metadata says how it is known."""

from __future__ import annotations

import pytest

from npp_publish.compose import normalize
from npp_publish.model import Normalized, Stated
from npp_publish.source import from_text
from npp_publish.source.lines import Decoded, bind

BODY = "新桥今天上午通车，全长一千二百米，双向六车道，设计时速六十公里，市民出行更方便了。"
TITLE = "# 城东新桥通车\n\n本报记者 王小明\n\n"


def made(text: str) -> Normalized:
    return normalize(from_text(text))


STRAY = (  # a paragraph of the article below, wrapped in two lines
    TITLE + BODY + "\n\n茶芽采下来，先在竹匾上摊凉。制茶师傅白露的手从锅底翻上来，\n掌心全是水泡，她说杀青的火候只有茶芽知道。\n\n"  # noqa: E501
    + BODY.replace("今天", "昨天") + "\n\n# 云上的茶园开园\n\n本报记者 苏禾\n\n白露的茶园在云雾里。茶芽一斤要采三万个，采茶的姑娘天不亮就上山。\n\n"  # noqa: E501
    + "制茶师傅不看温度计。今年杀青换成了电锅，白露还是坐在锅边，一坐就是十个钟头。\n"
)  # fmt: skip


CASES = {
    "NPP201": ("12345\n\n67890\n", 1),
    "NPP202": (TITLE + "".join(f"{BODY}\n\n欢迎关注城东\n\n{n}日，{BODY}\n\n{n}时，{BODY}\n\n" for n in range(1, 9)), 7),  # noqa: E501
    "NPP301": (TITLE + BODY + "\n\n" + BODY[:-2] + "\n\n## 一、下一节\n\n" + BODY + "\n", 7),
    "NPP302": (TITLE + "他说：“" + BODY + "\n\n## 一、下一节\n\n" + BODY + "\n", 5),
    "NPP303": (TITLE + BODY + "\n\n## 云浦铁马客场逆转 升至积分榜第二\n\n" + BODY + "\n", 7),
    "NPP304": (TITLE + "连曰来，犬家都在等雨停，种粮犬户更是着急。" + BODY + "\n", 5),
    "NPP305": (TITLE + BODY + "\n\n文化周刊\n\n本报记者 叶知秋\n\n修复室里，古籍修复师把一页纸铺开，慢慢修复。\n\n灯下一页纸 古籍修复师的慢功夫\n", 13),  # noqa: E501
    "NPP306": (TITLE + "一桥飞架，\n两岸人家三十万，从此天天见面不用船，\n五分钟到，\n六车道宽，\n八月通车。\n", 5),  # noqa: E501
    "NPP307": (STRAY, 7),
    "NPP411": (BODY + "\n", 1),
    "NPP412": ("（上接1版）\n\n" + BODY + "\n", 1),
    "NPP413": (TITLE + BODY + "（下转5版）\n", 5),
    "NPP414": (TITLE + "新华社北京3月6日电 2024年3月5日，" + BODY + "\n", 5),
}  # fmt: skip


@pytest.mark.parametrize("code", sorted(CASES))
def test_every_query_has_its_page(code: str) -> None:
    text, line = CASES[code]
    found = [d for d in made(text).diagnostics if d.code == code]
    assert found and found[0].line == line, [str(d) for d in made(text).diagnostics]


def test_a_finding_names_its_article() -> None:
    (going,) = (d for d in made(CASES["NPP413"][0]).diagnostics if d.code == "NPP413")
    (coming,) = (d for d in made(CASES["NPP412"][0]).diagnostics if d.code == "NPP412")
    assert going.message.startswith("“城东新桥通车” is continued")
    assert coming.message.startswith("article a1 continues")


def test_a_clean_page_raises_nothing() -> None:
    assert made(TITLE + BODY + "\n").diagnostics == ()


def test_printed_and_inferred_metadata() -> None:
    page = "江南晚报\n\n2023年11月8日 星期三 A05 城事\n\n" + TITLE + BODY + "\n"
    edition = made(page).edition
    assert edition.stated("news.paper") == Stated("江南晚报", lines=(1,))
    assert edition.stated("date") == Stated("2023-11-08", lines=(3,))
    assert edition.stated("author") == Stated("王小明", lines=(7,))
    inferred = made(CASES["NPP414"][0]).edition.stated("date")
    assert (
        inferred
        and not inferred.printed
        and inferred.value == "2024-03-06"
        and "2024-03-05" in inferred.evidence
    )


def test_pages_of_one_issue_meet() -> None:
    first = (
        TITLE
        + "市民说，以前过江要绕半个小时，现在只要三（下转5版）\n\n# 菜市场改造完成\n\n本报记者 赵四\n\n"
        + BODY
        + "\n"
    )
    second = "（上接4版）\n\n分钟，方便多了。\n\n# 图书馆延长开放\n\n本报记者 钱五\n\n" + BODY + "\n"
    parts = [
        Decoded(f"{page}.txt", text, "", "utf-8", 1.0, "text/plain", page)
        for page, text in (("4", first), ("5", second))
    ]
    edition = normalize(bind(parts)).edition
    assert [article.pages for article in edition.articles] == [("4", "5"), ("4",), ("5",)]
    assert "现在只要三分钟，方便多了。" in str(edition.articles[0].body)
