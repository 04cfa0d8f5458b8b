"""Stage 5, front matter: the metadata at the head of `edition.md` as YAML.

pandoc's names stand at the top, news fields under `news`, and how each value is known under
`news.evidence`: `date: {inferred: 正文"3月6日", lines: 12}`, `author: [13, 13]` (printed, in these lines).
A value without such a row was printed.
Scalars of known names are taken as they are typed (`2024-03-06`, `no`, `007` are words). Keys that
are not ours are kept as they are and belong to the backends.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import yaml

from ..model import Edition, Stated
from .columns import ranges
from .foreign import canonical, numbers
from .makeready import FRONT
from .proof import Reader

__all__ = ["Masthead", "dump", "load"]

_MOST = 200_000  # characters of front matter; it is metadata, not content
_EMPTY = ("", "~", "null")
_TOP = ("title", *FRONT, "lang")
_MAP = "tag:yaml.org,2002:map"
_LIST = "tag:yaml.org,2002:seq"
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Masthead:
    """What the front matter says; `rest` is the number of lines that it takes."""

    title: str = ""
    lang: str = ""
    metadata: tuple[tuple[str, Stated], ...] = ()
    extra: str = "{}"
    rest: int = 0


_SCALARS: Mapping[str, Any] = {
    "null": lambda _: None,
    "bool": lambda value: value.lower() == "true",
    "int": int,
    "float": float,
}


class _Dumper(yaml.SafeDumper):
    """Block style, lists indented below their key, no aliases."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _quoted(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """PyYAML's other styles change control characters and U+0085."""
    return dumper.represent_scalar(_TEXT, value, style=None if value.isprintable() else '"')


_Dumper.add_representer(str, _quoted)


class _Loader(yaml.SafeLoader):
    """YAML 1.2 core types only: no dates, no `yes`/`no`, no sexagesimal numbers."""


def _is_core(tag: str, first: str) -> bool:
    kind = tag.rpartition(":")[2]
    return kind in ("null", "int", "float") or (kind == "bool" and first in "tTfF")


_Loader.yaml_implicit_resolvers = {
    first: [(tag, rule) for tag, rule in rules if _is_core(tag, first)]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


# --------------------------------------------------------------------------- writing


def dump(edition: Edition) -> str:
    """Return the front matter with its two fences."""
    dumper = _dumper()
    top: list[tuple[str, yaml.Node]] = [("title", _scalar(dumper, edition.title))]
    groups: dict[str, list[Stated]] = {}
    for name, stated in edition.metadata:
        groups.setdefault(name, []).append(stated)
    for name, values in groups.items():
        if name in FRONT:
            top.append((name, _values(dumper, values)))
    top.append(("lang", _scalar(dumper, edition.lang)))
    extra = json.loads(edition.extra)
    ours = extra.pop("news", {})
    news = [(name[5:], _values(dumper, v)) for name, v in groups.items() if name.startswith("news.")]
    evidence = [(name, made) for name, v in groups.items() if (made := _known(dumper, name, v)) is not None]
    if evidence:
        news.append(("evidence", _mapping(evidence)))
    news += [(name, dumper.represent_data(value)) for name, value in ours.items()]
    if news:
        top.append(("news", _mapping(news)))
    top += [(name, dumper.represent_data(value)) for name, value in extra.items()]
    options: dict[str, Any] = {"allow_unicode": True, "width": 1_000_000, "Dumper": _Dumper}
    return "---\n" + str(yaml.serialize(_mapping(top), **options)) + "---\n"


def _dumper() -> yaml.SafeDumper:
    return _Dumper(StringIO(), allow_unicode=True)


def _mapping(items: Iterable[tuple[str, yaml.Node]], *, flow: bool = False) -> yaml.Node:
    dumper = _dumper()
    return yaml.MappingNode(_MAP, [(_scalar(dumper, key), value) for key, value in items], flow_style=flow)


def _scalar(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """Plain where YAML allows it: the reader takes `2024-03-06` and `4` of known names as words."""
    if value in _EMPTY or value == "=" or not value.isprintable():
        return yaml.ScalarNode(_TEXT, value, style='"')
    tag = dumper.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return yaml.ScalarNode(tag, value)


def _values(dumper: yaml.SafeDumper, values: list[Stated]) -> yaml.Node:
    made = [_scalar(dumper, stated.value) for stated in values]
    return made[0] if len(made) == 1 else yaml.SequenceNode(_LIST, made, flow_style=False)


def _known(dumper: yaml.SafeDumper, name: str, values: list[Stated]) -> yaml.Node | None:
    """Return how the values of one name are known; None where all are simply printed.

    A value printed as it stands has the numbers of its lines and nothing else.
    """
    own = name in ("title", "lang")
    if all(stated.printed and not stated.evidence and not stated.lines for stated in values) and not own:
        return None
    made: list[yaml.Node] = []
    for stated in values:
        if stated.printed and not stated.evidence and stated.lines:
            made.append(_scalar(dumper, ranges(stated.lines)))
            continue
        rows = [("printed" if stated.printed else "inferred", _scalar(dumper, stated.evidence))]
        if stated.lines:
            rows.append(("lines", _scalar(dumper, ranges(stated.lines))))
        made.append(_mapping(rows, flow=True))
    plain = all(isinstance(node, yaml.ScalarNode) for node in made)
    return made[0] if len(made) == 1 else yaml.SequenceNode(_LIST, made, flow_style=plain)


# --------------------------------------------------------------------------- reading


def load(text: str, reader: Reader) -> Masthead:
    """Read the front matter at the head of a text; without one, everything is empty.

    Bad YAML is reported (NPP501) with its line, and nothing is taken from it.
    """
    block = _block(text, reader)
    if block is None:
        return Masthead()
    height = block.count("\n") + 2
    try:
        root = _compose(block)
        return _Front(reader, height).masthead(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 1
        reader.note("NPP501", f"the front matter is not YAML: {error.problem or error.context}", line)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reader.note("NPP501", f"the front matter is not YAML: {' '.join(str(error).split())[:120]}", 1)
    return Masthead(rest=height)


def _block(text: str, reader: Reader) -> str | None:
    """Return the lines between `---` on the first line and the next `---` or `...`."""
    if not text.startswith("---\n"):
        return None
    at = 4
    while at <= len(text):
        end = text.find("\n", at)
        line = text[at:] if end < 0 else text[at:end]
        if line.rstrip() in ("---", "..."):
            return text[4:at]
        if end < 0 or end > _MOST:
            break
        at = end + 1
    reader.note("NPP501", "the front matter that starts here is not closed by a line of ---", 1)
    return None


def _compose(block: str) -> yaml.Node | None:
    loader = _Loader(block)
    try:
        for token in yaml.scan(block, Loader=_Loader):
            if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
                raise yaml.MarkedYAMLError(problem="anchors are not used here", problem_mark=token.start_mark)
        return loader.get_single_node()
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Front:
    """Takes the tree of the front matter apart."""

    reader: Reader
    height: int
    extra: dict[str, Any] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    known: dict[str, list[Stated]] = field(default_factory=dict)

    def masthead(self, root: yaml.Node | None) -> Masthead:
        if root is None:
            return Masthead(rest=self.height)
        for key, value in self._items(root, "the front matter"):
            if key == "news":
                self._news(value)
            elif key in _TOP:
                self._take(key, value, key in FRONT)
            else:
                self.extra[key] = _data(value)
        title, lang = (self.values.pop(name, [""])[0] for name in ("title", "lang"))
        own = {"title": title, "lang": lang}
        self.values = {name: [own[name]] for name in own if name in self.known} | self.values
        return Masthead(title, lang, tuple(self._metadata()), canonical(self.extra), self.height)

    def _items(self, node: yaml.Node, what: str) -> Iterable[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self.reader.note("NPP507", f"{what} is no list of `name: value`", node.start_mark.line + 2)
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not isinstance(key, yaml.ScalarNode) or name in seen:
                line = key.start_mark.line + 2
                self.reader.note("NPP507", f"the name {name!r} is given twice or is none", line)
                continue
            seen.add(name)
            yield name, value

    def _news(self, node: yaml.Node) -> None:
        for key, value in self._items(node, "`news`"):
            if key == "evidence":
                for name, rows in self._items(value, "`news.evidence`"):
                    self._evidence(name, rows)
            elif not self._take(f"news.{key}", value, True, report=False):
                self.extra.setdefault("news", {})[key] = _data(value)

    def _take(self, name: str, node: yaml.Node, several: bool, *, report: bool = True) -> bool:
        nodes: list[Any] = node.value if isinstance(node, yaml.SequenceNode) and several else [node]
        if not all(isinstance(item, yaml.ScalarNode) for item in nodes) or (several and nodes == []):
            if report:
                line = node.start_mark.line + 2
                self.reader.note("NPP507", f"`{name}` is not a word or a list of words", line)
                self.extra[name] = _data(node)
            return False
        values = [item.value for item in nodes if item.style or item.value not in _EMPTY]
        if values:
            self.values[name] = values
        return True

    def _evidence(self, name: str, node: yaml.Node) -> None:
        made = []
        rows: list[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for each in rows:
            if isinstance(each, yaml.ScalarNode):
                made.append(Stated("", True, "", numbers(each.value)))
                continue
            items = self._items(each, "`news.evidence`")
            pairs = {key: str(value.value) for key, value in items if isinstance(value, yaml.ScalarNode)}
            printed = "inferred" not in pairs
            said = pairs.get("printed" if printed else "inferred", "")
            made.append(Stated("", printed, said, numbers(pairs.get("lines", ""))))
        self.known[name] = made

    def _metadata(self) -> Iterable[tuple[str, Stated]]:
        for name, values in self.values.items():
            rows = self.known.get(name, [])
            for index, value in enumerate(values):
                how = rows[index] if index < len(rows) else Stated("")
                yield name, Stated(value, how.printed, how.evidence, how.lines)


def _data(node: yaml.Node) -> Any:
    """Return plain JSON data; keys are words, numbers that JSON does not know are words too."""
    match node:
        case yaml.MappingNode():
            return {str(key.value): _data(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_data(item) for item in node.value]
        case _:
            return _datum(node)


def _datum(node: Any) -> Any:
    kind = str(node.tag).rpartition(":")[2]
    try:
        value = _SCALARS.get(kind, str)(node.value)
    except ValueError:
        return str(node.value)
    return str(node.value) if isinstance(value, float) and not abs(value) < float("inf") else value
