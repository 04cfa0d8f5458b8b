"""Likeness: asking once for elements that look alike gives what asking each of them gives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from npp_publish.typeset.likeness import Lens, Rulebook, rulebook

ALIKE = """
p { } .a { } div .a { } div > p { } .a.b { } #x { } [lang] { } a:link { } :is(p, b) .a { } p:not(.b) { }
:root > * { } [data-k="v"] b { } p::before { } :hover { } :where(.b) i { }
"""
AROUND = (
    "p + p {}",
    "p ~ .a {}",
    "p:first-child {}",
    "div:has(.a) {}",
    "b:nth-child(2) {}",
    ":empty {}",
    "p:lang(zh) {}",
)


def book(css: str) -> Rulebook:
    import tinycss2

    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return rulebook(((rule.prelude, tinycss2.serialize(rule.prelude).strip()) for rule in rules), {})


def path(payloads: list[Any], element: Any, above: tuple[str, ...]) -> tuple[str, ...]:
    return (*above[-6:], element.tag, *payloads)


names = st.sampled_from(["p", "div", "b", "a", "i"])
marks = st.dictionaries(
    st.sampled_from(["class", "id", "lang", "href", "data-k", "title"]),
    st.sampled_from(["a", "b", "a b", " b a", "x", "v", "zh"]),
    max_size=3,
)
trees = st.recursive(
    st.builds(lambda *parts: (*parts, []), names, marks),
    lambda inner: st.tuples(names, marks, st.lists(inner, max_size=4)),
    max_leaves=12,
)


def grown(tree: Any) -> Any:
    name, attributes, children = tree
    element = html.Element(name, attributes)
    element.extend([grown(child) for child in children])
    return element


@settings(max_examples=60, deadline=None)
@given(st.lists(trees, min_size=1, max_size=3))
def test_elements_that_look_alike_are_in_the_same_state(plans: list[Any]) -> None:
    rules = book(ALIKE)
    assert rules.seen == {"id", "lang", "href", "data-k"}
    quick, slow = Lens(rules, path, ()), Lens(replace(rules, seen=None), path, ())
    for root in map(grown, plans):  # one lens for several documents
        asked = {element: rest for element, *rest in slow.states(root)}
        assert {element: rest for element, *rest in quick.states(root)} == asked


@pytest.mark.parametrize("css", AROUND)
def test_rules_that_look_around_have_every_element_asked(css: str) -> None:
    assert book(ALIKE + css).seen is None


def test_selectors_that_the_reader_does_not_know_are_left_out() -> None:
    rules = book("[*|x] { } b:later(2) { } i { }")
    assert rules.seen == frozenset() and [*rules.matcher.lower_local_name_selectors] == ["i"]


def test_what_never_matches_or_sets_no_element_does_not_count() -> None:
    rules = book("p:first-child::before { } p + :hover { } b { }")
    assert rules.seen == frozenset()
    (state,) = (state for *_, state, _ in Lens(rules, path, ()).states(grown(("b", {}, []))))
    assert state == ("b", "b")


def test_what_is_kept_of_endless_classes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from npp_publish.typeset import likeness

    monkeypatch.setattr(likeness, "_MOST", 10)
    lens = Lens(book(".c3 p { }"), path, ())
    for number in range(60):
        root = grown(("div", {"class": f"c{number}"}, [("p", {}, [])]))
        said = [state for _, state, _ in lens.states(root)]
        assert said[1][-1] == (".c3 p" if number == 3 else "p")
    assert len(lens._known) <= 12
