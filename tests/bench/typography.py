"""The typographic audit of four engines on one text: ours, stock WeasyPrint, Typst, Chromium.

    python tests/bench/typography.py [--measures 16,22,30] [--keep FOLDER] [--cpu]

Prints one table: a line for each check, a column for each engine, then the mean gap between Han.
`--cpu` also sets 94,000 characters with and without the composer and prints the ratio of CPU time.
An engine that is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from npp_publish.typecase import fonts_folder
from npp_publish.validate.typography import Outcome, Row, audit
from npp_publish.validate.typography.gaps import mean_gap
from npp_publish.validate.typography.ink import read_sheets
from npp_publish.validate.typography.lines import read_proof

ROOT = Path(__file__).resolve().parents[2]
CHARACTERS = 94_000
HEADING, EVERY = "要闻综述", 10
"""A heading stands before each tenth paragraph."""
SAMPLE = (
    "记者从会上获悉——“全市一盘棋，不能各唱各的调”，这句话被反复提起。《甲报》、《乙报》、《丙报》（包括其网站）都作了报道："
    "“没有调查，就没有发言权……”与会者说，GDP增长5.2%，R&D投入占比达到2.36%，“十四五”以来最高。",
    "一位代表打比方：产业是“树”，创新是“根”——根深才能叶茂。（本报记者　张三）“好！”“对！”掌声响起来。",
)
"""What the other texts do not hold: dashes, runs of marks, a full-width space."""
RUNS = 3
_RUNNING = re.compile(r"[。？！…][”’』」）]*$")
_HAN, _OTHERS = re.compile("[\u4e00-\u9fff]"), re.compile("[\u3040-\u30ff\uac00-\ud7af]")


def paragraphs() -> list[str]:
    """Return the Chinese running text of the seed and of the composed benchmark pages: whole sentences, no
    rows of tables, no other languages."""
    found = []
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        found += [line.strip() for line in lines if len(line) > 60 and line.strip()[0] not in "#*"]
    for path in sorted((ROOT / "tests" / "pages" / "dev").rglob("*.gold.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["articles"]:
            found += [block["text"] for block in article["blocks"] if block["type"] == "para"]
    return [*SAMPLE, *(text for text in dict.fromkeys(found) if running(text))]


def running(text: str) -> bool:
    """Is it running text in Chinese?"""
    chinese = 2 * len(_HAN.findall(text)) > len(text) and not _OTHERS.search(text)
    return chinese and bool(_RUNNING.search(text))


def page(texts: list[str], measures: list[float]) -> str:
    """Return the HTML that three of the engines set; one chapter for each measure."""
    face = (fonts_folder() / "npp-song-regular.ttf").as_uri()
    bold = (fonts_folder() / "npp-song-bold.ttf").as_uri()
    css = f"""
@font-face {{ font-family: "NPP Song"; src: url({face}); }}
@font-face {{ font-family: "NPP Song"; font-weight: 700; src: url({bold}); }}
@page {{ size: A4; margin: 20mm; }}
html {{ font: 10pt/16pt "NPP Song"; text-align: justify; text-spacing-trim: trim-start;
  text-autospace: normal; text-wrap: pretty; line-break: strict; hanging-punctuation: none; }}
body {{ margin: 0; }} section {{ break-after: page; }}
h2 {{ font-size: 14pt; line-height: 32pt; margin: 0; break-after: avoid; }}
p {{ margin: 0; text-indent: 2em; orphans: 2; widows: 2; }}"""
    body = "".join(
        (f"<h2>{HEADING}</h2>" if k % EVERY == 0 else "") + f"<p>{html.escape(text)}</p>"
        for k, text in enumerate(texts)
    )
    parts = "".join(f'<section style="width:{measure}em">{body}</section>' for measure in measures)
    head = f'<meta charset="utf-8"><title>t</title><style>{css}</style>'
    return f'<!doctype html><html lang="zh-Hans">{head}{parts}'


_SET = """
import sys, time, logging
logging.getLogger("weasyprint").setLevel(logging.ERROR)
if sys.argv[1] == "ours":
    from npp_publish.typeset import engine
    engine.load()
import weasyprint
document = weasyprint.HTML(sys.argv[2])
begun = time.process_time()
rendered = document.render()
laid_out = time.process_time()
rendered.write_pdf(sys.argv[3])
print(laid_out - begun, time.process_time() - begun)
"""


def weasyprint(kind: str, source: Path, target: Path) -> tuple[float, float]:
    """Set `source` in a process of its own; return CPU seconds of layout and in all."""
    command = [sys.executable, "-W", "ignore", "-c", _SET, kind, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    layout, whole = map(float, done.stdout.split())
    return layout, whole


def typst(texts: list[str], measures: list[float], target: Path) -> None:
    """Set the same text with Typst."""
    import typst as engine

    escaped = [
        (f"#heading[{HEADING}]\n\n" if k % EVERY == 0 else "") + "#" + json.dumps(text, ensure_ascii=False)
        for k, text in enumerate(texts)
    ]
    lines = [
        '#set page(paper: "a4", margin: 20mm)',
        '#set text(font: "NPP Song", size: 10pt, lang: "zh", region: "cn")',
        "#set text(top-edge: 0.8em, bottom-edge: -0.2em)",
        '#show heading: it => block(height: 26pt, text(size: 14pt, weight: "bold", it.body))',
        "#show heading: set block(above: 6pt, below: 6pt)",
        "#set par(justify: true, leading: 6pt, spacing: 6pt, first-line-indent: (amount: 2em, all: true))",
    ]
    for measure in measures:
        inside = "\n\n".join(escaped)
        lines.append(f"#block(width: {measure}em, breakable: true)[\n{inside}\n]\n#pagebreak(weak: true)")
    source = target.with_suffix(".typ")
    source.write_text("\n".join(lines), encoding="utf-8")
    engine.compile(str(source), output=str(target), font_paths=[str(fonts_folder())])


def chromium(source: Path, target: Path) -> None:
    """Print the same page with Chromium."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as profile:
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
                   "--no-pdf-header-footer", f"--print-to-pdf={target}", source.as_uri()]  # fmt: skip
        subprocess.run(command, capture_output=True, check=True, timeout=180)


def engines(texts: list[str], measures: list[float], folder: Path) -> Iterator[tuple[str, Path | str]]:
    """Yield each engine with its PDF, or with the reason why there is none."""
    source = folder / "page.html"
    source.write_text(page(texts, measures), encoding="utf-8")
    makers: dict[str, Callable[[Path], object]] = {
        "npp-publish": lambda target: weasyprint("ours", source, target),
        "WeasyPrint": lambda target: weasyprint("stock", source, target),
        "Typst": lambda target: typst(texts, measures, target),
        "Chromium": lambda target: chromium(source, target),
    }
    for name, make in makers.items():
        target = folder / f"{name}.pdf"
        try:
            make(target)
            yield name, target
        except Exception as error:  # an engine that is not there is told, and the others go on
            yield name, f"{type(error).__name__}: {error}"


def cell(row: Row) -> str:
    """Return a verdict and what was measured."""
    sign = {Outcome.PASS: "P", Outcome.FAIL: "F", Outcome.ABSENT: "-"}[row.outcome]
    return sign if row.outcome is Outcome.ABSENT else f"{sign} {row.measured.replace(' at worst', '')}"


def print_table(results: dict[str, tuple[Row, ...]], means: dict[str, float]) -> None:
    """Print checks down, engines across."""
    names = list(results)
    print("| check | limit | " + " | ".join(names) + " |")
    print("|---" * (len(names) + 2) + "|")
    for rows in zip(*results.values(), strict=True):
        print(f"| {rows[0].check} | {rows[0].limit} | " + " | ".join(map(cell, rows)) + " |")
    passed = [str(sum(row.outcome is not Outcome.FAIL for row in rows)) for rows in results.values()]
    print("| **passed** | of 20 | " + " | ".join(passed) + " |")
    print("| mean gap between Han, em | | " + " | ".join(f"{means[name]:.4f}" for name in names) + " |")


def print_cpu(texts: list[str], folder: Path) -> None:
    """Print how much CPU the composer costs, against stock WeasyPrint on the same page."""
    many = texts * (CHARACTERS // sum(map(len, texts)) + 1)
    while sum(map(len, many)) > CHARACTERS:
        many.pop()
    source = folder / "long.html"
    source.write_text(page(many, [36]), encoding="utf-8")
    best: dict[str, tuple[float, float]] = {}
    for _ in range(RUNS):
        for kind in ("stock", "ours"):
            layout, whole = weasyprint(kind, source, folder / f"{kind}.pdf")
            known = best.get(kind, (layout, whole))
            best[kind] = (min(known[0], layout), min(known[1], whole))
    layout, whole = (best["ours"][n] / best["stock"][n] for n in (0, 1))
    count = sum(map(len, many))
    print(f"\n{count} characters: CPU of layout {layout:.2f}, of the whole PDF {whole:.2f} times stock's")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--measures", default="16,22,30", help="line lengths in em")
    parser.add_argument("--keep", type=Path, help="keep the PDFs in this folder")
    parser.add_argument("--cpu", action="store_true", help="measure CPU as well")
    arguments = parser.parse_args()
    measures = [float(part) for part in arguments.measures.split(",")]
    texts = paragraphs()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.keep or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        results, means = {}, {}
        for name, made in engines(texts, measures, folder):
            if isinstance(made, str):
                print(f"{name} is left out: {made}", file=sys.stderr)
                continue
            results[name] = audit(made, source="\n".join(texts))
            means[name] = mean_gap(read_proof(read_sheets(made)))
        print_table(results, means)
        if arguments.cpu:
            print_cpu(texts, folder)


if __name__ == "__main__":
    main()
