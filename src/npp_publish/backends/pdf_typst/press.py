"""The press: one child process that runs Typst and nothing else.

Typst is native code that follows symbolic links and aborts its whole process on a huge allocation,
so it never runs in ours. Called as `python -m npp_publish.backends.pdf_typst.press`; the order comes
as JSON on standard input, the PDF goes to the named file, one JSON object to standard output.
"""

from __future__ import annotations

import json
import sys

__all__ = ["main"]


def main() -> int:
    """Compile one document; return 0, or 1 with `{"error": ..., "hints": [...]}` on stdout."""
    import warnings

    import typst

    order = json.load(sys.stdin)
    _limit_memory(int(order["memory"]))
    warnings.simplefilter("ignore")  # missing glyphs are reported before, with their source lines
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=order["fonts"])
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
