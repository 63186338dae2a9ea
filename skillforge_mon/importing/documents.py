"""The documents of a file, each read by itself, so that a mistake in one is not a mistake in all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report, Span
from skillforge_mon.importing.codes import NOT_A_DOCUMENT
from skillforge_mon.spec import codes_yaml
from skillforge_mon.spec.yaml.decoding import decode
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.loader import load_node
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

# YAML 1.2, section 9.1.2: in the first column these are markers, whatever they stand in.
_MARKER = re.compile(r"(?:---|\.\.\.)(?=[ \t\r\n]|\Z)")
_NOTHING = re.compile(r"(?:[ \t]*(?:#[^\r\n]*)?|%[^\r\n]*|\.\.\.[^\r\n]*)")


@dataclass(frozen=True, slots=True, eq=False)
class SourceDocument:
    """One document, whose root is a map. ``above`` is how many lines of its file come before it."""

    file: str
    root: MappingNode
    above: int

    def place(self, span: Span) -> Span:
        """The place in the whole file of a place in this document."""
        return _moved(span, self.above)


def documents_of(content: bytes, file: str, report: Report) -> tuple[list[SourceDocument], str]:
    """The documents of a file that are maps, and its text. All else is reported, in places of the whole file."""
    source, sound = decode(content, file, report, Limits())
    if not sound:
        return [], source.text
    found: list[SourceDocument] = []
    empty = True
    for text, above in _parts(source.text):
        empty = False
        own = Report()
        root = load_node(text, file, own)
        for problem in own:
            report.add(
                _no_map(Span.at(file), above)
                if problem.code == codes_yaml.EMPTY_FILE.number
                else _shifted(problem, above)
            )
        nodes = _objects(root) if root is not None else ()
        if root is not None and not nodes:
            report.add(NOT_A_DOCUMENT.at(_moved(root.span, above), "this list holds no document"))
        for node in nodes:
            if isinstance(node, MappingNode):
                found.append(SourceDocument(file, node, above))
            else:
                report.add(_no_map(node.span, above))
    if empty:
        report.add(NOT_A_DOCUMENT.at(Span.at(file), f"`{file}` holds no document"))
    return found, source.text


def _objects(root: Node) -> tuple[Node, ...]:
    """The documents that one holds: itself; or those of a list, as OpenSLO allows, or of a list of Kubernetes, as
    ``kubectl get --output yaml`` writes it."""
    if isinstance(root, SequenceNode):
        return tuple(root.items)
    if isinstance(root, MappingNode):
        kind, items = root.get("kind"), root.get("items")
        if isinstance(kind, ScalarNode) and kind.text.endswith("List") and isinstance(items, SequenceNode):
            return tuple(items.items)
    return (root,)


def _parts(text: str) -> Iterator[tuple[str, int]]:
    """The texts between the markers that hold anything, each with the number of lines above it."""
    lines: list[str] = []
    first = 0
    number = 0
    for number, line in enumerate(re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)):
        marker = _MARKER.match(line)
        if marker is None:
            lines.append(line)
            continue
        if _holds(lines):
            yield "".join(lines), first
        first = number
        lines = ["   " + line[3:]]
    if _holds(lines):
        yield "".join(lines), first


def _holds(lines: list[str]) -> bool:
    return any(not _NOTHING.fullmatch(line.rstrip("\r\n")) for line in lines)


def _no_map(span: Span, above: int) -> Diagnostic:
    first = Span(span.file, span.line, span.column, span.line, span.column + 1)
    return NOT_A_DOCUMENT.at(_moved(first, above), "this document is no map", help="an SLO spec is a map of fields")


def _shifted(problem: Diagnostic, above: int) -> Diagnostic:
    """``problem`` in its place in the whole file; a fix for a part of it would be applied elsewhere."""
    return replace(
        problem,
        span=_moved(problem.span, above) if problem.span is not None else None,
        secondary=tuple(Label(_moved(label.span, above), label.text) for label in problem.secondary),
        fix=None,
    )


def _moved(span: Span, lines: int) -> Span:
    return Span(span.file, span.line + lines, span.column, span.end_line + lines, span.end_column)
