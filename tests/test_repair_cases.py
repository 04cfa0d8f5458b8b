"""Case files: one phenomenon a file, each case `@@@ title / input / . / outline`.

`NPP_ACCEPT=1 pytest tests/test_repair_cases.py` rewrites the outlines; look at the difference before
you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from npp_publish.compose import normalize
from npp_publish.source import from_text
from outline import outline

FOLDER = Path(__file__).parent / "cases"
CASE = re.compile(r"^@@@ (?P<title>[^\n]*)\n(?P<input>.*?)^\.\n(?P<expected>.*?)(?=^@@@ |\Z)", re.M | re.S)


def cases(path: Path) -> list[tuple[str, str, str]]:
    text = path.read_text(encoding="utf-8")
    return [(m["title"], m["input"], m["expected"].rstrip("\n")) for m in CASE.finditer(text)]


def read(text: str) -> str:
    return outline(normalize(from_text(text)).edition)


ALL = [(path, *case) for path in sorted(FOLDER.glob("*.md")) for case in cases(path)]


@pytest.mark.parametrize(
    ("path", "title", "text", "expected"), ALL, ids=[f"{p.stem}: {t}" for p, t, _, _ in ALL]
)
def test_case(path: Path, title: str, text: str, expected: str) -> None:
    made = read(text)
    if os.environ.get("NPP_ACCEPT") and made != expected:
        whole = path.read_text(encoding="utf-8")
        old = f"@@@ {title}\n{text}.\n{expected}"
        assert whole.count(old) == 1
        path.write_text(whole.replace(old, f"@@@ {title}\n{text}.\n{made}\n"), encoding="utf-8")
        return
    assert made == expected


def test_every_rule_module_has_its_case_file() -> None:
    """A docstring that names a case file must have it, with at least two cases."""
    import npp_publish

    for module in Path(npp_publish.__file__).parent.glob("*/*.py"):
        for name in re.findall(r"tests/cases/(\w+)\.md", module.read_text(encoding="utf-8")):
            assert len(cases(FOLDER / f"{name}.md")) >= 2, f"{module.name} names {name}.md"
