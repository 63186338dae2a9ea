"""Alloy's configuration syntax: blocks, attributes and references, and the one form in which they are written.

Sources: Grafana Alloy, "Alloy configuration syntax" (blocks, expressions, types); strings escape as in Go. Laid out
as in Alloy's own examples: tabs, and the equals signs of neighbouring attributes below each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FIRST_PRINTABLE: Final = 0x20


@dataclass(frozen=True, slots=True)
class Reference:
    """What another component exports: ``loki.write.default.receiver``; or a call such as ``sys.env("X")``."""

    text: str


Value: TypeAlias = "str | int | bool | Reference | Sequence[Value] | Mapping[str, Value]"


@dataclass(frozen=True, slots=True)
class Attribute:
    """``name = value``."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Block:
    """``name "label" { … }``: a component, or a part of one. ``remark`` stands above it."""

    name: str
    body: tuple[Attribute | Block, ...] = ()
    label: str = ""
    remark: str = ""

    def export(self, name: str) -> Reference:
        """What the component exports under ``name``."""
        return Reference(f"{self.name}.{self.label}.{name}")


def attributes(**values: Value) -> tuple[Attribute, ...]:
    """Attributes in the order in which they are given."""
    return tuple(Attribute(name, value) for name, value in values.items())


def component_label(*words: str) -> str:
    """A name of the spec as the label of a component, which is an identifier: ``web-1`` is ``web_1``."""
    label = "_".join(re.sub(r"[^A-Za-z0-9_]", "_", word) for word in words)
    return label if _IDENTIFIER(label) else f"_{label}"


def component_labels(names: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The label of each of ``names``, no two alike: of ``web-a`` and ``web.a`` the later one is ``web_a_2``.

    Alloy refuses a file in which two components of one kind have one label.
    """
    each = list(names)
    found: dict[tuple[str, ...], str] = {words: words[0] for words in each if words == (component_label(*words),)}
    taken = set(found.values())
    for words in each:
        label, number = component_label(*words), 1
        if words not in found:
            while (tried := label if number == 1 else f"{label}_{number}") in taken:
                number += 1
            found[words] = tried
            taken.add(tried)
    return found


def write_alloy(blocks: Iterable[Block], header: str = "") -> str:
    """The text of a file."""
    parts = [*([_comment(header, "")] if header else []), *(_block(block, "") for block in blocks)]
    return "\n\n".join(parts) + "\n"


def _comment(text: str, indent: str) -> str:
    return "\n".join(f"{indent}// {line}".rstrip() for line in text.splitlines())


def _block(block: Block, indent: str) -> str:
    head = f"{indent}{block.name}" + (f" {quoted(block.label)}" if block.label else "")
    remark = f"{_comment(block.remark, indent)}\n" if block.remark else ""
    if not block.body:
        return f"{remark}{head} {{ }}"
    inside = f"{indent}\t"
    lines: list[str] = []
    for run in _runs(block.body):
        if lines:
            lines.append("")
        if isinstance(run, Block):
            lines.append(_block(run, inside))
        else:
            width = max(len(each.name) for each in run)
            lines += [f"{inside}{each.name.ljust(width)} = {_value(each.value, inside)}" for each in run]
    return "\n".join((f"{remark}{head} {{", *lines, f"{indent}}}"))


def _runs(body: Sequence[Attribute | Block]) -> list[Block | list[Attribute]]:
    """Neighbouring attributes together, each block alone."""
    found: list[Block | list[Attribute]] = []
    for each in body:
        if isinstance(each, Block):
            found.append(each)
        elif found and isinstance(found[-1], list):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _value(value: Value, indent: str) -> str:
    if isinstance(value, Reference):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        inside = f"{indent}\t"
        keys = {key: key if _IDENTIFIER(key) else quoted(key) for key in value}
        width = max(map(len, keys.values()))
        lines = [f"{inside}{keys[key].ljust(width)} = {_value(each, inside)}," for key, each in value.items()]
        return "\n".join(("{", *lines, f"{indent}}}"))
    return f"[{', '.join(_value(each, indent) for each in value)}]"


def quoted(text: str) -> str:
    """A string literal."""
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    return f"\\u{ord(character):04x}" if ord(character) < _FIRST_PRINTABLE else character
