"""YAML text to a plain tree and back: numbers as exact decimals, no key twice, one way of writing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

import yaml

from protocols.engine.mistakes import Mistake, below

WIDTH = 110

_BOOLEANS = {"true": True, "false": False}


class FlowMap(dict[str, object]):
    """A small map that is written on one line."""


class FlowList(list[object]):
    """A list of plain values that is written on one line."""


def read_tree(text: str, *, path: str, mistakes: list[Mistake]) -> object:
    """The tree of a YAML document: None, bool, str, Decimal, list, dict. Mistakes are added, not raised."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mistakes.append(Mistake(path=path, sentence=f"this is not YAML: {' '.join(str(error).split())}"))
        return None
    return None if node is None else _plain(node, path=path, mistakes=mistakes)


def _plain(node: yaml.Node, *, path: str, mistakes: list[Mistake]) -> object:
    match node:
        case yaml.MappingNode():
            return dict(_items(node, path=path, mistakes=mistakes))
        case yaml.SequenceNode():
            return [
                _plain(item, path=f"{path}[{position}]", mistakes=mistakes)
                for position, item in enumerate(node.value)
            ]
        case _:
            return _scalar(node)


def _items(node: yaml.MappingNode, *, path: str, mistakes: list[Mistake]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        here = below(path, key)
        if key in seen:
            mistakes.append(Mistake(path=here, sentence="this key stands here twice"))
        seen.add(key)
        yield key, _plain(value_node, path=here, mistakes=mistakes)


def _scalar(node: yaml.Node) -> object:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool" if text in _BOOLEANS:
            return _BOOLEANS[text]
        case "int" | "float":
            return _number(text)
        case _:
            return text


def _number(text: str) -> object:
    """The number as it is written; what only YAML takes for a number (1:30, 0x1F, .inf) stays text."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


class _Dumper(yaml.SafeDumper):
    """Writes decimals as they are, small maps on one line, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, False)  # noqa: FBT003 - lists stand indented under their key


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = format(value, "f")
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(
    FlowMap,
    lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True),
)
_Dumper.add_representer(
    FlowList, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)


def write_tree(tree: object) -> str:
    """The canonical text of a tree: the same tree always gives the same bytes."""
    return yaml.dump(
        tree, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
