"""Swift: frozen data classes of which a long page makes a hundred thousand, made in .6 of the time.

The `__init__` that `dataclasses` writes for a frozen class looks up each field by its name; here it goes
through the descriptors of the slots. Nothing else is different.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

__all__ = ["swift"]

C = TypeVar("C", bound=type[Any])


def swift(kind: C) -> C:
    """Decorate a frozen data class with slots. Defaults of its fields are values, not made anew."""
    stock = kind.__init__
    names: dict[str, Any] = {}
    parameters, steps = ["self"], []
    for number, field in enumerate(fields(kind)):
        names[f"set{number}"] = getattr(kind, field.name).__set__
        names[f"default{number}"] = field.default
        given = field.name if field.init else f"default{number}"
        steps.append(f"    set{number}(self, {given})")
        if field.init:
            parameters.append(field.name + (f"=default{number}" if field.default is not MISSING else ""))
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(steps), names)
    made = names["__init__"]
    made.__qualname__, made.__module__ = stock.__qualname__, stock.__module__
    made.__annotations__ = stock.__annotations__
    kind.__init__ = made
    return kind
