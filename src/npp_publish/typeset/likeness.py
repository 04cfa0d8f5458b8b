"""Likeness: elements that no rule can tell apart are asked about once.

A long edition has ten thousand paragraphs to which the same rules apply. What a selector sees of an
element are its name, its class, some attributes and the elements around it; two elements that are
alike in all of that are in the same state. Rules that look further (at neighbours, at the number of a
child) have every element asked, as ever.
Source: Selectors 4, sections 3-14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

__all__ = ["Lens", "Rulebook", "rulebook"]

S = TypeVar("S")
Payloads = list[Any]
_UPWARDS = (" ", ">")
_MOST = 20_000  # states; documents that come from anywhere may name their classes as they like


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What matches elements with the payloads of rules, and the attributes that its selectors look at
    besides the class; None where they look at neighbours too."""

    matcher: Any
    seen: frozenset[str] | None


def rulebook(rules: Iterable[tuple[Any, Any]], spaces: dict[Any, str]) -> Rulebook:
    """Make a rulebook of (prelude, payload) pairs. Selectors of pseudo-elements, and those of a later level
    than this reader knows, are left out."""
    import cssselect2
    from cssselect2 import parser

    matcher = cssselect2.Matcher()
    seen: set[str] | None = set()
    for prelude, payload in rules:
        try:
            compiled = cssselect2.compile_selector_list(prelude, spaces)
            parsed = list(parser.parse(prelude, spaces))
        except (cssselect2.SelectorError, NotImplementedError):
            continue
        for test, tree in zip(compiled, parsed, strict=True):
            matcher.add_selector(test, payload)  # counted, whatever it is
            if test.pseudo_element is None and not test.never_matches and seen is not None:
                looks = _looks(tree.parsed_tree)
                seen = None if looks is None else seen | looks
    for rows in _rows(matcher):
        rows[:] = [row for row in rows if row[3] is None]
    return Rulebook(matcher, None if seen is None else frozenset(seen - {"class"}))


def _rows(matcher: Any) -> Iterator[list[Any]]:
    for table in (
        matcher.id_selectors,
        matcher.class_selectors,
        matcher.lower_local_name_selectors,
        matcher.namespace_selectors,
    ):
        yield from table.values()
    yield from (matcher.lang_attr_selectors, matcher.other_selectors)


def _looks(node: Any) -> set[str] | None:
    """Return the attributes that a part of a selector looks at; None if it looks at neighbours or children,
    or at what is not known here."""
    kind = type(node).__name__
    if kind in ("LocalNameSelector", "NamespaceSelector", "ClassSelector"):
        return set()
    if kind == "IDSelector":
        return {"id"}
    if kind == "AttributeSelector":
        return None if node.namespace else {node.name, node.lower_name}
    if kind == "PseudoClassSelector":
        return {"link": {"href"}, "any-link": {"href"}, "root": set[str]()}.get(node.name)
    if kind == "CombinedSelector":
        parts = [node.left, node.right] if node.combinator in _UPWARDS else [None]
    elif kind == "CompoundSelector":
        parts = node.simple_selectors
    elif kind in ("NegationSelector", "MatchesAnySelector", "SpecificityAdjustmentSelector"):
        parts = [inner.parsed_tree for inner in node.selector_list]
    else:
        return None
    found = [_looks(part) for part in parts]
    return None if None in found else set().union(*(looks for looks in found if looks))


@dataclass(slots=True)
class Lens(Generic[S]):
    """Looks at documents with a rulebook: what state each element is in.

    `change` makes the state of an element from the payloads of the rules that match it, in the order of the
    cascade, the element itself, and the state above; beyond what the rules look at it may look at the
    attributes `also`. `start` is the state above the root.
    """

    rules: Rulebook
    change: Callable[[Payloads, Any, S], S]
    start: S
    also: tuple[str, ...] = ()
    _known: dict[tuple[Any, ...], tuple[int, S]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def states(self, root: Any) -> Iterator[tuple[Any, S, S]]:
        """Yield every element with and below `root` (lxml), its state and the state above it."""
        return self._each(root) if self.rules.seen is None else self._alike(root, self.rules.seen)

    def _each(self, root: Any) -> Iterator[tuple[Any, S, S]]:
        import cssselect2

        stack = [(cssselect2.ElementWrapper.from_html_root(root), self.start)]
        while stack:
            wrapped, above = stack.pop()
            state = self._asked(wrapped, above)
            yield wrapped.etree_element, state, above
            stack += [(child, state) for child in wrapped.iter_children()]

    def _alike(self, root: Any, seen: frozenset[str]) -> Iterator[tuple[Any, S, S]]:
        if len(self._known) > _MOST:
            self._known.clear()  # numbers go on, so that none is taken for another
        known, names = self._known, tuple(sorted({*seen, *self.also}))
        stack = [(root, 0, self.start)]
        while stack:
            element, place, above = stack.pop()
            look: tuple[Any, ...] = (place, element.tag, element.get("class"))
            if names:
                look += tuple([element.get(name) for name in names])
            found = known.get(look)
            if found is None:
                found = known[look] = next(self._numbers), self._asked(_wrapped(element, root), above)
            number, state = found
            yield element, state, above
            for child in element:
                if isinstance(child.tag, str):
                    stack.append((child, number, state))

    def _asked(self, wrapped: Any, above: S) -> S:
        payloads = [payload for *_, payload in self.rules.matcher.match(wrapped)]
        return self.change(payloads, wrapped.etree_element, above)


def _wrapped(element: Any, root: Any) -> Any:
    """Return an element as the matcher wants it, with those above it; neighbours are not looked at."""
    from cssselect2 import ElementWrapper

    path = [element]
    while path[-1] is not root:
        path.append(path[-1].getparent())
    wrapped = ElementWrapper.from_html_root(path.pop())
    while path:
        wrapped = ElementWrapper(path.pop(), wrapped, 0, None, True)
    return wrapped
