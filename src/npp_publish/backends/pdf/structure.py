"""The structure tree, mended where the layout engine writes it differently from the standard.

ISO 32000-1 14.8.4.3.3: a list (L) holds list items (LI), an item holds its label (Lbl) and its body
(LBody). The engine puts the paragraphs of an item straight into it, and ISO 14289-1 7.2 refuses that.
"""

from __future__ import annotations

from typing import Any

__all__ = ["mend"]

_ITEM_PARTS = ("/Lbl", "/LBody")
_LIST_PARTS = ("/LI", "/L", "/Caption")
_PLAIN = ("/Div", "/NonStruct")


def mend(pdf: Any) -> None:
    """Wrap what stands loose in lists and list items of an open pikepdf document."""
    root = pdf.Root.get("/StructTreeRoot")
    pending = _kids(root) if root is not None else []
    while pending:  # not recursive: documents nest deeper than the interpreter's stack
        element = pending.pop()
        kind = str(element.get("/S", ""))
        if kind == "/LI":
            _wrap(pdf, element, _ITEM_PARTS, "/LBody")
        elif kind == "/L":
            _flatten(element)
            _wrap(pdf, element, _LIST_PARTS, "/LI")
        pending.extend(_kids(element))


def _kids(element: Any) -> list[Any]:
    """Return the child elements; marked content and object references are left out."""
    return [kid for kid in _entries(element) if _is_element(kid)]


def _entries(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _is_element(kid: Any) -> bool:
    import pikepdf

    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _flatten(element: Any) -> None:
    """Lift the children of plain divisions in a list into the list itself."""
    import pikepdf

    entries = _entries(element)
    lifted: list[Any] = []
    while entries:
        kid = entries.pop(0)
        if _is_element(kid) and str(kid.get("/S")) in _PLAIN:
            entries[:0] = _entries(kid)
            continue
        if _is_element(kid):
            kid.P = element
        lifted.append(kid)
    element.K = pikepdf.Array(lifted)


def _wrap(pdf: Any, element: Any, allowed: tuple[str, ...], kind: str) -> None:
    """Put each run of loose child elements into one new element of `kind`, in the same place."""
    import pikepdf

    entries = _entries(element)
    if all(not _is_element(kid) or str(kid.get("/S")) in allowed for kid in entries):
        return
    kept: list[Any] = []
    wrapper: Any = None
    for kid in entries:
        if not _is_element(kid) or str(kid.get("/S")) in allowed:
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
