"""What the tests of the text layer share: loading a text and showing what was said about it."""

from __future__ import annotations

from typing import Any

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode, to_plain


def load(text: str | bytes) -> MappingNode:
    """The tree of a text that must be without a problem."""
    report = Report()
    root = load_text(text, "spec.yaml", report)
    assert list(report) == []
    assert root is not None
    return root


def plain(text: str | bytes) -> Any:
    """The plain data of a text that must be without a problem."""
    return to_plain(load(text))


def problems(text: str | bytes) -> list[tuple[str, str, str]]:
    """Code, place and headline of everything that is wrong with ``text``."""
    report = Report()
    load_text(text, "spec.yaml", report)
    return [shown(diagnostic) for diagnostic in report]


def shown(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """Code, place (``line:column-end``, or ``line:column-line:column``) and headline."""
    span = diagnostic.span
    if span is None:
        return diagnostic.code, "", diagnostic.headline
    end = f"{span.end_column}" if span.end_line == span.line else f"{span.end_line}:{span.end_column}"
    return diagnostic.code, f"{span.line}:{span.column}-{end}", diagnostic.headline


def scalars(node: Node) -> list[ScalarNode]:
    """Every scalar below ``node``."""
    if isinstance(node, ScalarNode):
        return [node]
    below = node.items if isinstance(node, SequenceNode) else [entry.node for entry in node.entries.values()]
    return [scalar for child in below for scalar in scalars(child)]
