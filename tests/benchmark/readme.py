"""Write the table of the READMEs between its marks: `python tests/benchmark --readme`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["READMES", "renew"]

ROOT = Path(__file__).resolve().parents[2]
_BETWEEN = re.compile(r"(<!-- repair:[^>]*-->\n).*?(<!-- /repair -->)", re.DOTALL)
_SHOWN = (
    *("overall", "paragraphs", "headings", "gaps", "attached", "bounds", "credits", "boxes", "entries"),
    *("torn", "furniture", "loss", "gain"),
)
_CHINESE = (
    *("总分", "段落", "标题", "标题空格", "题文相配", "文章分界", "署名电头转版", "专栏框", "框内条目"),
    *("断段复原", "版面杂项", "丢字 %", "增字 %"),
)
_ROWS_CHINESE = {
    "nothing": "不处理",
    "pandoc": "pandoc 读写一遍",
    "unwrapping": "按行长合并（calibre 的思路）",
}

# Each README, the names of its columns, and of its rows where they have another name there.
READMES: Mapping[str, tuple[Sequence[str], Mapping[str, str]]] = {
    "README.md": (_SHOWN, {}),
    "README.zh-CN.md": (_CHINESE, _ROWS_CHINESE),
}


def renew(systems: Mapping[str, Callable[[str], float | None]]) -> list[Path]:
    """Write the table into each README that has the marks; return those that changed.

    `systems` gives for each row its name and a function from a column of the scorer to its mean.
    """
    changed = []
    for name, (heads, names) in READMES.items():
        path = ROOT / name
        old = path.read_text(encoding="utf-8")
        table = _table(systems, heads, names)
        new = _BETWEEN.sub(lambda found, table=table: f"{found[1]}{table}{found[2]}", old)
        if new != old:
            path.write_text(new, encoding="utf-8")
            changed.append(path)
    return changed


def _table(
    systems: Mapping[str, Callable[[str], float | None]], heads: Sequence[str], names: Mapping[str, str]
) -> str:
    lines = ["| | " + " | ".join(heads) + " |", "|---" + "|---:" * len(heads) + "|"]
    for system, mean in systems.items():
        figures = [(column, mean(column)) for column in _SHOWN]
        cells = ["–" if figure is None else _figure(column, figure) for column, figure in figures]
        lines.append(f"| {names.get(system, system)} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _figure(column: str, figure: float) -> str:
    return (
        f"{figure:.2f}" if column in {"loss", "gain"} else f"{figure:.3f}".lstrip("0") if figure < 1 else "1"
    )
