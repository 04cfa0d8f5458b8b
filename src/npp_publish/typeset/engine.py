"""The layout engine, loaded when a PDF is made and not before."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

__all__ = ["load"]


def load() -> ModuleType:
    """Import WeasyPrint, let the Chinese composer in, and return the module."""
    weasyprint = import_module("weasyprint")

    from . import hooks

    hooks.install()
    return weasyprint
