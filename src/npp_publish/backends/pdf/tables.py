"""Tables that run over pages, joined again in the structure tree.

The engine repeats the head of a table on every page, which is right on paper, but it also writes a
table of its own for every page, with the repeated head as text and its identifiers given twice. In
the structure tree a table is one (ISO 32000-1 14.8.4.3.4), and what is repeated by the paging is an
artifact (14.8.2.2), so that it is neither read aloud nor copied again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from .structure import entries, kids, kind_of

__all__ = ["join_tables"]


def join_tables(pdf: Any) -> None:
    """Join the parts of each table of an open pikepdf document.

    A part goes on with a table where nothing is read between the two and the heads show the same.
    """
    root = pdf.Root.get("/StructTreeRoot")
    pairs = list(_neighbours(root)) if root is not None else []
    shown = _Shown(pdf)
    whole: dict[tuple[int, int], Any] = {}
    repeated: list[Any] = []
    for before, part in pairs:
        table = whole.get(before.objgen, before)
        head = _head(part)
        if head is None or _head(table) is None or shown.text(head) != shown.text(_head(table)):
            continue
        whole[part.objgen] = table
        repeated.append(head)
        _move_rows(part, head, table)
    if repeated:
        _make_artifacts(pdf, root, repeated)


def _neighbours(root: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the pairs of tables that follow one another without anything to read between them."""
    pending: list[tuple[Any, Any]] = [(kid, None) for kid in kids(root)[::-1]]
    last: Any = None
    while pending:
        element, table = pending.pop()
        if kind_of(element) == "/Note":
            continue  # stands at the foot of a page, between the parts
        if kind_of(element) == "/Table" and table is None:
            if last is not None and _head(element) is not None:
                yield last, element
            table = element
        if any(isinstance(entry, int) for entry in entries(element)):
            last = table
        pending += [(kid, table) for kid in kids(element)[::-1]]


def _head(table: Any) -> Any:
    return next((kid for kid in kids(table) if kind_of(kid) == "/THead"), None)


class _Shown:
    """The strings that pages show, by marked content; pages are read when they are asked for."""

    def __init__(self, pdf: Any) -> None:
        self.pages = {page.obj.objgen: page for page in pdf.pages}
        self.known: dict[tuple[int, int], dict[int, list[bytes]]] = {}

    def text(self, element: Any) -> list[list[bytes]]:
        """Return the strings that an element shows, one list for each marked content."""
        return [self.page(page).get(number, []) for page, number in sorted(_marks(element))]

    def page(self, name: tuple[int, int]) -> dict[int, list[bytes]]:
        if name not in self.known:
            self.known[name] = dict(_strings(self.pages[name])) if name in self.pages else {}
        return self.known[name]


def _strings(page: Any) -> Iterator[tuple[int, list[bytes]]]:
    import pikepdf

    open_marks: list[int | None] = []
    found: dict[int, list[bytes]] = defaultdict(list)
    for instruction in pikepdf.parse_content_stream(page, "BDC BMC EMC Tj TJ"):
        operands, operator = list(instruction.operands), str(instruction.operator)
        if operator in ("BDC", "BMC"):
            mark = operands[1].get("/MCID") if operator == "BDC" and hasattr(operands[1], "get") else None
            open_marks.append(None if mark is None else int(mark))
        elif operator == "EMC" and open_marks:
            open_marks.pop()
        elif operator in ("Tj", "TJ"):
            number = next((mark for mark in reversed(open_marks) if mark is not None), None)
            parts = list(operands[0]) if isinstance(operands[0], pikepdf.Array) else [operands[0]]
            if number is not None:
                found[number] += [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    yield from found.items()


def _move_rows(part: Any, head: Any, table: Any) -> None:
    """Give the rows of a later `part` to the `table`, and take the part out of the tree."""
    import pikepdf

    names = dict(zip(_identifiers(head), _identifiers(_head(table)), strict=False))
    for kid in kids(part):
        if kid.objgen != head.objgen:
            kid.P = table
            table.K.append(kid)
            _rename_headers(kid, names)
    parent = part.P
    parent.K = pikepdf.Array([e for e in entries(parent) if getattr(e, "objgen", None) != part.objgen])


def _identifiers(head: Any) -> list[bytes]:
    found, pending = [], kids(head)[::-1]
    while pending:
        element = pending.pop()
        if "/ID" in element:
            found.append(bytes(element.ID))
        pending += kids(element)[::-1]
    return found


def _rename_headers(rows: Any, names: dict[bytes, bytes]) -> None:
    """Let the cells of joined rows name the header cells that are left."""
    import pikepdf

    pending = kids(rows)
    while pending:
        element = pending.pop()
        pending += kids(element)
        headers = element.get("/A", {}).get("/Headers") if kind_of(element) == "/TD" else None
        if headers is not None:
            renamed = [pikepdf.String(names.get(bytes(name), bytes(name))) for name in headers]
            element.A.Headers = pikepdf.Array(renamed)


def _make_artifacts(pdf: Any, root: Any, heads: list[Any]) -> None:
    """Turn the marked content of some elements into artifacts, on the pages and in the parent tree."""
    import pikepdf

    marks: dict[tuple[int, int], set[int]] = defaultdict(set)
    for head in heads:
        for page, number in _marks(head):
            marks[page].add(number)
    for page in pdf.pages:
        numbers = marks.get(page.obj.objgen)
        if not numbers:
            continue
        content = [_silenced(instruction, numbers) for instruction in pikepdf.parse_content_stream(page)]
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(content))
        for number in numbers:
            _forget(root, int(page.StructParents), number)


def _marks(element: Any) -> Iterator[tuple[tuple[int, int], int]]:
    """Yield page and number of all marked content below an element."""
    pending = [(element, element.get("/Pg"))]
    while pending:
        node, page = pending.pop()
        for entry in entries(node):
            if isinstance(entry, int):
                yield page.objgen, entry
            elif "/S" in entry:
                pending.append((entry, entry.get("/Pg", page)))


def _silenced(instruction: Any, numbers: set[int]) -> Any:
    import pikepdf

    operands, operator = instruction.operands, str(instruction.operator)
    if operator == "BDC" and isinstance(operands[1], pikepdf.Dictionary):
        number = operands[1].get("/MCID")
        if number is not None and int(number) in numbers:
            return pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
    return instruction


def _forget(root: Any, page: int, number: int) -> None:
    nums = root.ParentTree.get("/Nums", [])
    for index in range(0, len(nums), 2):
        if int(nums[index]) == page and number < len(nums[index + 1]):
            nums[index + 1][number] = None
