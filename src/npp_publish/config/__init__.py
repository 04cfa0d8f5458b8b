"""Configuration: one dataclass is the schema of one table, wherever its values come from.

Precedence: command line > front matter > project (`npp.toml`) > theme > built-in. An unknown key
or a value of the wrong type is an error that names the place and suggests the likely key.

* `options`   a mapping becomes a frozen dataclass, or a clear error
* `settings`  `npp.toml`, `--set`, and what they mean for one document
* `schema`    the published JSON Schema, generated from the same dataclasses
"""

from .options import fill
from .settings import (
    Build,
    Cache,
    Limits,
    Settings,
    SourceTable,
    assignment,
    find,
    load,
    looked_for,
    options_for,
)

__all__ = [
    "Build",
    "Cache",
    "Limits",
    "Settings",
    "SourceTable",
    "assignment",
    "fill",
    "find",
    "load",
    "looked_for",
    "options_for",
]
