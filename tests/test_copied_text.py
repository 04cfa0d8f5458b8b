"""What pdf.js, the viewer of Firefox, copies from a finished PDF is the text, tagged or not."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from npp_publish.typecase import fonts_folder
from npp_publish.typeset import engine
from npp_publish.validate.tools import node_module

PDFJS = node_module("pdfjs-dist")
SCRIPT = Path(__file__).with_name("copied_by_pdfjs.mjs")
TEXTS = (
    "“新质生产力是强大动力。”全国人大代表、市经信委主任蓝庆华说，以科技创新为引领的“33618”现代制造业集群体系"
    "与目标要求方向一致——“全市一盘棋，不能各唱各的调”。《甲报》、《乙报》（包括其网站）都作了报道……他说：“好！”“对！”",
    "2024年3月6日，GDP增长6.1%，R&D投入超过1000亿元；新建管网1 280公里，见https://example.org/a/b/c?d=e，"
    "拨打400-000-0000。<b>《甲》</b>、<i>《乙》</i>，增长<b>5%</b>以上，达到<i>33618</i>个；对<b>现代化</b>（<b>建设</b>）很重要。",
)

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(
        not (PDFJS / "package.json").is_file() or not shutil.which("node"), reason="no pdf.js"
    ),
]


def copied(path: Path) -> str:
    command = [str(shutil.which("node")), str(SCRIPT), str(PDFJS), str(path)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("width", [12, 17, 23, 30, 38])
def test_pdfjs_copies_the_text(tmp_path: Path, width: int, tagged: bool) -> None:
    face = (fonts_folder() / "npp-song-regular.ttf").as_uri()
    body = "".join(f"<p>{text}</p>" for text in TEXTS)
    page = f"""<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>t</title><style>
@font-face{{font-family:Song;src:url({face})}} @page{{size:A4}} i{{font-style:normal}}
body{{font:10pt/16pt Song;width:{width}em;text-align:justify;overflow-wrap:anywhere}}
p{{margin:0;text-indent:2em}}</style><body>{body}"""
    path = tmp_path / "a.pdf"
    engine.load().HTML(string=page).write_pdf(path, pdf_tags=tagged)
    wanted = [html.unescape(re.sub("<[^>]*>", "", text)) for text in TEXTS]
    found = copied(path)
    assert re.sub(r"\n", "", found) == "".join(wanted)
