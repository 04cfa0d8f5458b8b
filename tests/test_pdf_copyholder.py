"""The tree that the copyholder reads is the tree that a parser of HTML makes, or it reads none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_publish.backends.pdf.copyholder import tree

HEAD = """<!DOCTYPE html>
<html lang="zh-Hans" class="x">
<head>
<meta charset="utf-8">
<title>报 &amp; 纸</title>
</head>
<body>
"""
FOOT = "\n</body>\n</html>\n"

READ = r"""
<p>新闻</p>
<p>一<br/>二<br>三 &lt;四&gt; &quot;五&quot;</p>
<article id="a1"><header><h1 class="t">题</h1></header><p>文</p></article>
<ol class="x">\n<li><p><a href="#a"><span class="post">代表</span>：名</a></p>\n<ol><li>一</li></ol></li></ol>
<dl class="entries"><div class="entry"><dt>时</dt><dd><p>事</p></dd></div></dl>
<div><dl><dt>时</dt><dd>事</dd></dl></div>
<table><caption>表</caption>\n<thead>\n<tr><th>甲</th></tr>\n</thead>\n<tbody><tr><td>1</td></tr></tbody></table>
<figure><img src="a:b" alt="图"><figcaption>图</figcaption></figure>
<p><ruby>字<rt>zì</rt></ruby>和<strong>重<strong>重<strong>重<strong>重</strong></strong></strong></strong></p>
<pre>一\n二</pre>
<p>号<span class="footnote"><a href="#x">注</a>文</span></p>
<hr/>
"""

LEFT = r"""
<p>一<p>二</p></p>
<p><div>块</div></p>
<p><span><ul><li>项</li></ul></span></p>
<a href="#a">一<a href="#b">二</a></a>
<table><tr><td>1</td></tr></table>
<table>字<tbody><tr><td>1</td></tr></tbody></table>
<p>一<br></br>二</p>
<p>一<span/>二</p>
<p title="a>b">一</p>
<p>&nbsp;&eacute;</p>
<p>&#128;</p>
<p>一<!-- 注 -->二</p>
<pre>\n一</pre>
<P>一</P>
<p CLASS="x">一</p>
<p class="a\nb">一</p>
<p xml:lang="zh">一</p>
<dd>一<div><dd>二</dd></div></dd>
<ul><p>一</p></ul>
<script>1 &lt; 2</script>
<style>p > b {}</style>
<form><input></form>
<p>一\r\n二</p>
<svg><p>一</p></svg>
<p>一<b>二</p>三</b>
<select><option>一</select>
<h1><h2>题</h2></h1>
"""


def flat(element: Any, depth: int = 0) -> Iterator[tuple[Any, ...]]:
    """Yield all that can be seen of a tree."""
    yield depth, element.tag, list(element.attrib.items()), element.text or "", element.tail or ""
    for child in element:
        yield from flat(child, depth + 1)


def same(html: str) -> bool:
    """Tell whether a tree was read; it must be the one that the engine's parser makes."""
    import tinyhtml5

    read = tree(html)
    if read is None:
        return False
    assert list(flat(read)) == list(flat(tinyhtml5.parse(html, namespace_html_elements=False)))
    return True


@pytest.mark.parametrize("body", READ.strip().split("\n"))
def test_the_galley_s_elements_are_read(body: str) -> None:
    assert same(HEAD + body.replace("\\n", "\n") + FOOT)


@pytest.mark.parametrize("body", LEFT.strip().split("\n"))
def test_what_html_reads_otherwise_is_left_to_it(body: str) -> None:
    assert not same(HEAD + body.replace("\\n", "\n").replace("\\r", "\r") + FOOT)


@pytest.mark.parametrize(
    "html", ["", "<p>文</p>", "<!DOCTYPE html><p>文</p>", "<!DOCTYPE html><html><body></body></html>"]
)
def test_a_document_that_is_not_whole(html: str) -> None:
    assert not same(html)


def test_white_space_after_the_body() -> None:
    assert same(HEAD + FOOT + "\n \n")
    assert same(HEAD + "文" + FOOT.replace("</html>", " </html>"))


TAGS = (
    *("p", "div", "span", "a", "strong", "em", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody"),
    *("tr", "td", "caption", "figure", "figcaption", "h2", "pre", "ruby", "rt", "article", "header", "nav"),
    *("br", "hr", "img", "blockquote", "section", "b", "code", "address"),
)
elements = st.recursive(
    st.sampled_from(["文", " ", "\n", "&amp;", "&lt;", "“"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(TAGS),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(elements)
def test_any_tree_is_read_as_html_or_not_at_all(body: str) -> None:
    for tag in ("br", "hr", "img"):
        body = body.replace(f"<{tag}></{tag}>", f"<{tag}>")
    same(HEAD + body + FOOT)
