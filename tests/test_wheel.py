"""The built wheel, used from another folder: styles and fonts are inside, the size is bounded."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = "# 城南旧桥重新开放\n\n本报记者 王小明\n\n昨天上午，城南旧桥重新开放。市民走上桥头，感到十分高兴。\n"
MOST_BYTES = 60_000_000


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_the_wheel_is_small_and_whole(wheel: Path) -> None:
    assert wheel.stat().st_size < MOST_BYTES
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert any(name.startswith("npp_publish/shipped/fonts/") and name.endswith(".ttf") for name in names)
    assert "npp_publish/shipped/styles/briefing/theme.toml" in names
    assert not [name for name in names if name.startswith(("tests/", "seeds/"))]
    for path in (ROOT / "src" / "npp_publish").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert f"npp_publish/{path.relative_to(ROOT / 'src' / 'npp_publish')}" in names


@pytest.mark.slow
def test_it_publishes_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "site", tmp_path / "elsewhere"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", home, wheel]
    subprocess.run(command, check=True, capture_output=True)
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(home)}
    where = [sys.executable, "-c", "from npp_publish.typecase import fonts_folder; print(fonts_folder())"]
    found = subprocess.run(where, env=environment, cwd=folder, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(home))
    build = [sys.executable, "-m", "npp_publish", "build", "page.txt", "--to", "pdf,epub,html"]
    done = subprocess.run(build, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (folder / "dist").glob("page.*")} == {
        ".pdf",
        ".epub",
        ".html",
        ".md",
        ".json",
    }
