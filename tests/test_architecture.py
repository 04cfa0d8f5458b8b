"""The house rules that can be read off the code: layers, sizes, who prints, what is said of it."""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import npp_publish

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "npp_publish"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION, MEDIAN_FUNCTION = 400, 60, 10


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in a module, the module itself first."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@cache
def layers() -> dict[str, int]:
    """The layers as the package docstring draws them: rooms between two arrows share a layer."""
    doc = npp_publish.__doc__ or ""
    drawn = doc[doc.index("makeready -> errors") :]
    return {
        room: level for level, rooms in enumerate(drawn.split("->")) for room in re.findall(r"[a-z_]+", rooms)
    }


def room_of(path: Path) -> str:
    """The room a module belongs to: its first name below the package."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, room) for every import of our own, wherever it stands in the module."""
    package = ("npp_publish", *path.relative_to(PACKAGE).with_suffix("").parts)[:-1]
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            names = [*base, *([""] if node.module else [])]
            names = [name for name in names if name]
            if len(names) > 1:
                yield node.lineno, names[1]
            else:
                yield from ((node.lineno, alias.name) for alias in node.names)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield (name, lines) of every function, its docstring not counted."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            talk = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - talk


def test_every_room_has_a_layer() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms == set(layers()), "the package docstring and the rooms differ"


def test_imports_go_to_the_left() -> None:
    order = layers()
    wrong = [
        f"{name_of(path)}:{line}: {other}"
        for path in MODULES
        if (room := room_of(path)) not in ("__init__", "__main__")
        for line, other in imported(path)
        if other not in (room, "__version__") and order[other] >= order[room] and not same_layer(room, other)
    ]
    assert wrong == []


def same_layer(room: str, other: str) -> bool:
    """Rooms of one layer may know each other, except that stages never import a later one."""
    stages = ("source", "detect", "repair", "compose")
    if room in stages and other in stages:
        return stages.index(other) < stages.index(room)
    return layers()[room] == layers()[other]


def test_no_backend_imports_another() -> None:
    for path in (PACKAGE / "backends").rglob("*.py"):
        parts = path.relative_to(PACKAGE / "backends").parts
        mine = parts[0].removesuffix(".py")
        text = path.read_text(encoding="utf-8")
        others = {
            p.stem
            for p in (PACKAGE / "backends").iterdir()
            if p.stem not in ("__init__", "contract", "features", "word", mine)
        }
        for other in others - {"__pycache__"}:
            assert not re.search(rf"from \.+(backends\.)?{other}\b|backends\.{other} import", text), (
                path,
                other,
            )


def test_modules_are_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").split("\n")) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE + 1} == {}


def test_functions_are_short() -> None:
    found = [(name_of(path), name, lines) for path in MODULES for name, lines in functions(path)]
    assert [row for row in found if row[-1] > LONGEST_FUNCTION] == []
    assert statistics.median(lines for *_, lines in found) <= MEDIAN_FUNCTION


def test_only_the_command_line_prints_and_exits() -> None:
    forbidden = {"print", "input", "exit", "quit"}
    found = [
        f"{name_of(path)}:{node.lineno}: {node.func.id}"
        for path in MODULES
        if room_of(path) not in ("cli", "__main__") and "__main__" not in path.read_text(encoding="utf-8")
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in forbidden
    ]
    assert found == []


def test_lines_are_never_split_where_unicode_would() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "splitlines"
    ]
    assert found == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(nodes(path)[0])]  # type: ignore[arg-type]
    assert silent == []
    vague = {"utils", "util", "helpers", "common", "misc"}
    assert [name_of(path) for path in MODULES if path.stem in vague] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_the_same_architecture(name: str) -> None:
    doc = npp_publish.__doc__ or ""
    drawing = doc[doc.index("     bytes\n") : doc.index("      v\n")].rstrip()
    readme = (ROOT / name).read_text(encoding="utf-8")
    assert drawing in readme


def test_importing_the_command_line_imports_no_engine() -> None:
    import subprocess

    code = (
        "import sys; from npp_publish.cli import main; import npp_publish.newsroom, npp_publish.cli.build\n"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('weasyprint','ebooklib','pypandoc','jieba','lxml','fontTools','uharfbuzz','pikepdf','jinja2','typst')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
