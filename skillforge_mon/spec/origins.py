"""The merged spec as YAML, with the place that each value came from as a comment behind it."""

from __future__ import annotations

import json
import re

from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.plain_scalars import resolve_plain

_PLAIN = re.compile(r"[A-Za-z0-9_/.$(]([A-Za-z0-9_/.$ ()%+*<>=;,^~!?'-]*[A-Za-z0-9_/.$)%])?")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_COLUMN = 60


def with_origins(root: MappingNode, only: str = "", *, origins: bool) -> str:
    """YAML of ``root``, or of the part ``section.name`` of it; with ``origins``, ``# file:line`` behind each value.

    Raises KeyError with the part that is not there.
    """
    node: Node = root
    path: list[str] = []
    for segment in _segments(root, only):
        found = node.get(segment) if isinstance(node, MappingNode) else None
        if found is None:
            raise KeyError(".".join([*path, segment]))
        path.append(segment)
        node = found
    lines: list[tuple[str, Node | None]] = []
    depth = 0
    for segment in path:
        lines.append((f"{'  ' * depth}{_scalar_text(segment)}:", None))
        depth += 1
    if isinstance(node, ScalarNode):
        lines[-1] = (f"{lines[-1][0]} {_value(node)}", node)
    else:
        _write(node, depth, lines)
    return "".join(f"{_with_origin(text, source) if origins else text}\n" for text, source in lines)


def _segments(root: MappingNode, only: str) -> list[str]:
    """``section.name.rest``: names may hold dots, so the longest name that exists wins."""
    if not only:
        return []
    section, _, rest = only.partition(".")
    node = root.get(section)
    if not rest or not isinstance(node, MappingNode):
        return [section, *([rest] if rest else [])]
    names = [name for name in node.entries if rest == name or rest.startswith(f"{name}.")]
    if not names:
        return [section, rest]
    name = max(names, key=len)
    return [section, name, *(part for part in rest[len(name) + 1 :].split(".") if part)]


def _with_origin(text: str, source: Node | None) -> str:
    if source is None:
        return text
    span = source.span
    return f"{text:<{_COLUMN}}  # {span.file}:{span.line}"


def _write(node: Node, depth: int, lines: list[tuple[str, Node | None]]) -> None:
    indent = "  " * depth
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            _item(f"{indent}{_scalar_text(key)}:", entry.node, depth + 1, lines)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            if isinstance(item, ScalarNode) or not _content(item):
                lines.append((f"{indent}- {_value(item)}", item))
                continue
            start = len(lines)
            _write(item, depth + 1, lines)
            text, source = lines[start]
            lines[start] = (f"{indent}- {text[len(indent) + 2 :]}", source)


def _item(head: str, node: Node, depth: int, lines: list[tuple[str, Node | None]]) -> None:
    block = _block(node)
    if block:
        lines.append((f"{head} {block[0]}", node))
        lines.extend((f"{'  ' * depth}{line}" if line else "", None) for line in block[1:])
    elif isinstance(node, ScalarNode) or not _content(node):
        lines.append((f"{head} {_value(node)}", node))
    else:
        lines.append((head, None))
        _write(node, depth, lines)


def _content(node: Node) -> bool:
    return bool(node.entries) if isinstance(node, MappingNode) else isinstance(node, SequenceNode) and bool(node.items)


def _value(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "{}"
    if isinstance(node, SequenceNode):
        return "[]"
    if isinstance(node.value, str):
        return _scalar_text(node.value)
    return "null" if node.value is None else node.text


def _block(node: Node) -> list[str]:
    """The header and the lines of a literal block, for a text of several lines that one can hold; else nothing."""
    text = node.value if isinstance(node, ScalarNode) else None
    if not isinstance(text, str) or "\n" not in text.rstrip("\n"):
        return []
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if body.endswith("\n") or lines[0][:1] in ("", " ") or not all(line.isprintable() for line in lines):
        return []
    return ["|" if text.endswith("\n") else "|-", *lines]


def _scalar_text(text: str) -> str:
    """``text`` on one line, quoted unless it can only be read as itself."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and resolve_plain(text) == text:
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)
