"""Logotypes: what the layout engine works out again and again, cast in one piece.

A logotype is several letters cast as one sort, because they are needed together so often. WeasyPrint 70
is plain Python, and a tenth of its time goes into a few small functions that are asked the same thing
thousands of times. Each is replaced by one that answers the usual question at once and leaves every other
to the engine's own: the bytes that come out are the same.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from itertools import islice
from operator import itemgetter
from typing import Any

__all__ = ["cast", "solid"]

_MOST_KEPT = 20_000
"""Answers kept of one question."""
_SMALL = 1000
"""Bytes of a small stream."""


def cast() -> None:
    """Put the quicker functions in. Raises whatever a WeasyPrint raises that they do not fit."""
    for work in (_computed_styles, _page_styles, _percentages, _normal_flow, _pdf_bytes, _streams):
        work()


def _parameters(function: Callable[..., Any]) -> str:
    return " ".join(inspect.signature(function).parameters)


def _everywhere(name: str, stock: Any, quicker: Any) -> None:
    """Put a function in each module of the engine that imported it by its name."""
    for module_name, module in list(sys.modules.items()):
        if module_name.startswith("weasyprint") and getattr(module, name, None) is stock:
            setattr(module, name, quicker)


# ------------------------------------------------------------------------------------- styles


_SPECIAL = frozenset(("float", "display", "position", "page"))
_BORDERS = frozenset(f"border_{side}_width" for side in ("left", "right", "top", "bottom")) | {
    "outline_width"
}
_NO_BORDER = ("none", "hidden")
_DECORATION = "text_decoration_"


def _computed_styles() -> None:
    """Properties that no rule sets come from the parent or are initial: nine in ten that are asked for."""
    from weasyprint import css

    stock = css.ComputedStyle.__missing__
    if _parameters(stock) != "self key":
        return
    sides = css.PHYSICAL_FUNCTIONS
    logical = {side(block="ttb", inline=inline) for side in sides.values() for inline in ("ltr", "rtl")}
    ordinary = css.INITIAL_VALUES.keys() - css.INHERITED - css.INITIAL_NOT_COMPUTED - _SPECIAL
    initial = {n: css.INITIAL_VALUES[n] for n in sorted(ordinary) if not n.startswith(_DECORATION)}
    plain = {name: value for name, value in initial.items() if name not in sides}
    inherited = frozenset(css.INHERITED - sides.keys() - _SPECIAL)

    def missing(self: Any, key: str) -> Any:
        cascaded, parent = self.cascaded, self.parent_style
        if key in cascaded:
            return stock(self, key)
        if key in plain:
            value = self[key] = plain[key]
            return value
        if parent is not None and (key in inherited or key[:2] == "__" or key[:16] == _DECORATION):
            value = self[key] = parent[key]  # decoration goes on, unless something else is set
            return value
        if key in initial and logical.isdisjoint(cascaded):
            value = self[key] = initial[key]
            return value
        if key in _BORDERS and logical.isdisjoint(cascaded) and self[key[:-5] + "style"] in _NO_BORDER:
            self[key] = 0
            return 0
        return stock(self, key)

    css.ComputedStyle.__missing__ = missing


def _page_styles() -> None:
    """Pages for which the same rules hold have one style, and so have their margin boxes. The engine
    looks for those of a page among all elements of the document, and computes them for every page."""
    from weasyprint.layout import page

    stock = page.set_page_type_computed_styles
    if _parameters(stock) != "page_type html style_for":
        return

    def set_page_type_computed_styles(page_type: Any, html: Any, style_for: Any) -> None:
        cascaded, computed = style_for.get_cascaded_styles(), style_for.get_computed_styles()
        before = len(cascaded)
        style_for.add_page_declarations(page_type)
        added = list(islice(reversed(cascaded), len(cascaded) - before))[::-1]
        known = style_for.__dict__.setdefault("npp_page_keys", {}).setdefault(page_type, [])
        known += [key for key in added if key[0] == page_type and key[1]]
        cast = style_for.__dict__.setdefault("npp_page_styles", {})
        root = html.etree_element
        whole = _rules(cascaded.get((page_type, None), {}))
        for element, pseudo, parent in [(page_type, None, root), *((*key, page_type) for key in known)]:
            rules = cascaded.get((element, pseudo), {})
            key = (pseudo, whole, _rules(rules))
            if key not in cast:
                style_for.set_computed_styles(
                    element, pseudo_type=pseudo, root=root, parent=parent, base_url=html.base_url
                )
                cast[key] = computed[element, pseudo], rules
            computed[element, pseudo] = cast[key][0]

    page.set_page_type_computed_styles = set_page_type_computed_styles


def _rules(cascaded: Any) -> tuple[Any, ...]:
    """Return what can be compared of the rules for a page: the engine parses each value once."""
    return tuple((name, id(value), *weight[:2], *weight[2]) for name, (value, weight) in cascaded.items())


# ------------------------------------------------------------------------------------- layout

_SIDES = ("left", "right", "top", "bottom")
_USED = (
    *(f"{kind}_{side}" for kind in ("margin", "padding") for side in _SIDES),
    *(f"border_{side}_width" for side in _SIDES),
    *(prefix + size for prefix in ("", "min_", "max_") for size in ("width", "height")),
)
"""What `resolve_percentages` works out, from the properties of these names and two more."""


def _percentages() -> None:
    """Boxes of the same style in columns of the same width have the same margins and widths."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout import percent

    stock = percent.resolve_percentages
    if _parameters(stock) != "box containing_block":
        return
    asked = itemgetter("border_collapse", "box_sizing", *_USED)
    answer = itemgetter(*_USED)
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    box_kind, page_kind = boxes.Box, boxes.PageBox

    def resolve_percentages(box: Any, containing_block: Any) -> None:
        properties = asked(box.style)
        if isinstance(containing_block, box_kind):
            width, height = containing_block.width, containing_block.height
        else:
            width, height = containing_block
        key = (width, height, isinstance(box, page_kind), *properties)
        try:
            known = kept.get(key)
        except TypeError:  # a formula
            known = None
        if known is not None:
            box.__dict__.update(known)
            return
        stock(box, containing_block)
        if properties[0] != "collapse" and all(map(_plain, properties)):
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[key] = dict(zip(_USED, answer(box.__dict__), strict=True))

    _everywhere("resolve_percentages", stock, resolve_percentages)


def _plain(value: Any) -> bool:
    """Tell whether a value is a word, a number or a length, no formula."""
    return isinstance(value, str | int | float) or hasattr(value, "unit")


def _normal_flow() -> None:
    from weasyprint.formatting_structure import boxes

    stock = boxes.Box.is_in_normal_flow

    def is_in_normal_flow(self: Any) -> Any:
        style = self.style
        if style["float"] == "none" and style["position"] in ("static", "relative"):
            return True
        return stock(self)

    boxes.Box.is_in_normal_flow = is_in_normal_flow


# ------------------------------------------------------------------------------- writing the PDF


def _pdf_bytes() -> None:
    """Numbers and names become bytes by the kind that they are."""
    import pydyf

    stock = pydyf._to_bytes
    if _parameters(stock) != "item":
        return
    array, dictionary = pydyf.Array, pydyf.Dictionary

    def to_bytes(item: Any) -> Any:
        kind = type(item)
        if kind is bytes:
            return item
        if kind is str:
            return item.encode("ascii")
        if kind is int:
            return b"%d" % item
        if kind is float:
            return _number(item)
        if kind is array:
            return b"[" + b" ".join(map(to_bytes, item)) + b"]"
        if kind is dictionary:
            return b"<<" + b"".join([b"/%b %b" % (to_bytes(k), to_bytes(v)) for k, v in item.items()]) + b">>"
        return stock(item)

    pydyf._to_bytes = to_bytes


def _streams() -> None:
    """Small streams, such as the dots of a leader, are the same a thousand times: each is packed once."""
    import pydyf

    if not {"stream", "extra", "compress", "zlib", "compressobj"} <= set(
        pydyf.Stream.data.fget.__code__.co_names
    ):
        return
    packed: dict[bytes, bytes] = {}

    def data(self: Any) -> bytes:
        content: bytes = b"\n".join(map(pydyf._to_bytes, self.stream))
        extra = pydyf.Dictionary(self.extra.copy())
        if self.compress:
            extra["Filter"] = "/FlateDecode"
            found = packed.get(content)
            if found is None:
                packer = pydyf.zlib.compressobj(level=9)
                found = packer.compress(content) + packer.flush()
                if len(content) <= _SMALL and len(packed) < _MOST_KEPT:
                    packed[content] = found
            content = found
        extra["Length"] = len(content)
        return b"\n".join((pydyf._to_bytes(extra), b"stream", content, b"endstream"))

    pydyf.Stream.data = property(data)


def _number(value: float) -> bytes:
    if value.is_integer():
        return b"%d" % value
    return (b"%f" % value).rstrip(b"0")


def solid(_: Any, pdf: Any) -> None:
    """Work out the bytes of each object once: the engine does it for the file, and again for the digest
    that names it. In: a `finisher` of WeasyPrint; nothing may change after it."""
    import pydyf

    class Solid(pydyf.Object):  # type: ignore[misc]
        """An object of which only the bytes are left."""

        data = b""
        compressible = False

    for number, known in enumerate(pdf.objects):
        if known.free == "f":
            continue
        made = Solid()
        made.number, made.generation, made.offset = known.number, known.generation, known.offset
        made.data, made.compressible = known.data, known.compressible
        pdf.objects[number] = made
