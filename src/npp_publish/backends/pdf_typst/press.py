"""The press: one child process that runs Typst and nothing else.

Typst is native code that follows symbolic links and aborts its whole process on a huge allocation,
so it never runs in ours. Called as `python press.py FONTS`, it loads Typst and the fonts, then takes
an order as JSON on standard input; the PDF goes to the named file, one JSON object to standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

__all__ = ["main"]


def main() -> int:
    """Compile one document; return 0, or 1 with `{"error": ..., "hints": [...]}` on stdout."""
    import warnings

    import typst

    warnings.simplefilter("ignore")  # missing glyphs are reported before, with their source lines
    faces = {"include_system_fonts": False, "include_embedded_fonts": False}
    fonts = typst.Fonts(font_paths=sys.argv[1:2], **faces)
    said = sys.stdin.read()
    if not said:
        return 0  # there is no order after all
    order = json.loads(said)
    _limit_memory(int(order["memory"]))
    if Path(order["fonts"]).is_dir():  # faces of this document alone
        fonts = typst.Fonts(font_paths=[sys.argv[1], order["fonts"]], **faces)
    compiler = typst.Compiler(input=order["main"], root=order["root"], font_paths=fonts)
    try:
        compiler.compile(
            output=order["output"],
            format="pdf",
            pdf_standards=order["standards"],
            timestamp=order["epoch"],
        )
    except typst.TypstError as error:
        json.dump({"error": error.message, "hints": list(error.hints)}, sys.stdout)
        return 1
    json.dump({"output": order["output"]}, sys.stdout)
    return 0


def _limit_memory(size: int) -> None:
    """Bound the address space (bytes), where the system knows how."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ImportError, ValueError, OSError):
        return


if __name__ == "__main__":
    sys.exit(main())
