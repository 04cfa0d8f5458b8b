"""The structure tree, mended where the layout engine writes it differently from the standard.

ISO 32000-1 14.8.4.3.3: a list (L) holds list items (LI), an item holds its label (Lbl) and its body
(LBody). The engine puts the paragraphs of an item straight into it, and ISO 14289-1 7.2 refuses that.
"""

from __future__ import annotations

from typing import Any

__all__ = ["entries", "kids", "kind_of", "mend"]

_ITEM_PARTS = ("/Lbl", "/LBody")
_LIST_PARTS = ("/LI", "/L", "/Caption")
_PLAIN = ("/Div", "/NonStruct")


def mend(pdf: Any) -> frozenset[str]:
    """Wrap what stands loose in lists and list items of an open pikepdf document; return the types of the
    elements that are in its structure."""
    import pikepdf

    root = pdf.Root.get("/StructTreeRoot")
    pending, notes = (kids(root) if root is not None else []), 0
    kinds = set[str]()
    while pending:  # not recursive: documents nest deeper than the interpreter's stack
        element = pending.pop()
        kind = kind_of(element)
        kinds.add(kind)
        if kind == "/LI":
            _wrap(pdf, element, _ITEM_PARTS, "/LBody")
        elif kind == "/L":
            _flatten(element)
            _wrap(pdf, element, _LIST_PARTS, "/LI")
            if all(map(_leads_inside, kids(element))):
                _contents(element)
        elif kind == "/Span" and any(kind_of(kid) == "/Lbl" for kid in kids(element)[:1]):
            notes += 1
            element.S, element.ID = pikepdf.Name.Note, pikepdf.String(f"note-{notes}")
            kinds.add("/Note")
        pending.extend(kids(element))
    return frozenset(kinds)


def kids(element: Any) -> list[Any]:
    """Return the child elements; marked content and object references are left out."""
    return [kid for kid in entries(element) if _is_element(kid)]


def entries(element: Any) -> list[Any]:
    """Return the children of an element: elements, marked-content numbers, object references."""
    import pikepdf

    found = element.get("/K")
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _is_element(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def kind_of(element: Any) -> str:
    """Return the structure type of an element, `/P`."""
    return str(element.get("/S", ""))


def _leads_inside(item: Any) -> bool:
    """Tell whether a list item is made of paragraphs that are one internal link each, and of lists."""
    found = False
    pending = kids(item)
    while pending:
        element = pending.pop()
        if kind_of(element) in ("/LBody", "/L", "/LI"):
            pending.extend(kids(element))
        elif kind_of(element) == "/P" and all(_is_internal(kid) for kid in entries(element)):
            found = True
        else:
            return False
    return found


def _is_internal(link: Any) -> bool:
    if not _is_element(link) or kind_of(link) != "/Link":
        return False
    return any("/Dest" in entry.get("/Obj", {}) for entry in entries(link) if hasattr(entry, "get"))


def _contents(listing: Any) -> None:
    """Turn a list of links into a table of contents: L to TOC, LI to TOCI, item bodies dissolved."""
    import pikepdf

    pending = [listing]
    while pending:
        element = pending.pop()
        if kind_of(element) == "/L":
            element.S = pikepdf.Name.TOC
        elif kind_of(element) == "/LI":
            element.S = pikepdf.Name.TOCI
            _flatten(element)
        pending += [kid for kid in kids(element) if kind_of(kid) in ("/L", "/LI")]


def _flatten(element: Any) -> None:
    """Lift the children of plain divisions in a list (or of bodies in an entry) into it."""
    import pikepdf

    waiting = entries(element)
    lifted: list[Any] = []
    while waiting:
        kid = waiting.pop(0)
        if _is_element(kid) and kind_of(kid) in (*_PLAIN, "/LBody"):
            waiting[:0] = entries(kid)
            continue
        if _is_element(kid):
            kid.P = element
        lifted.append(kid)
    element.K = pikepdf.Array(lifted)


def _wrap(pdf: Any, element: Any, allowed: tuple[str, ...], kind: str) -> None:
    """Put each run of loose child elements into one new element of `kind`, in the same place."""
    import pikepdf

    found = entries(element)
    if all(not _is_element(kid) or kind_of(kid) in allowed for kid in found):
        return
    kept: list[Any] = []
    wrapper: Any = None
    for kid in found:
        if not _is_element(kid) or kind_of(kid) in allowed:
            wrapper = None
            kept.append(kid)
            continue
        if wrapper is None:
            wrapper = _new(pdf, kind, element)
            kept.append(wrapper)
        wrapper.K.append(kid)
        kid.P = wrapper
    element.K = pikepdf.Array(kept)


def _new(pdf: Any, kind: str, parent: Any) -> Any:
    import pikepdf

    names = {"Type": pikepdf.Name.StructElem, "S": pikepdf.Name(kind), "P": parent, "K": pikepdf.Array()}
    made = pdf.make_indirect(pikepdf.Dictionary(**names))
    if "/Pg" in parent:
        made.Pg = parent.Pg
    return made
