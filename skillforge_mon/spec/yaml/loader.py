"""A text becomes the tree of a spec, or diagnostics that say where and why it cannot.

Reads the events of libyaml; where PyYAML was built without it, those of its pure Python parser, which are the same but
several times slower.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from yaml.error import YAMLError
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from skillforge_mon.diagnostics.diagnostic import Report, Span
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.composer import Composer, CompositionStoppedError, EventParser
from skillforge_mon.spec.yaml.decoding import decode
from skillforge_mon.spec.yaml.limits import Limits
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.recovery import without_block
from skillforge_mon.spec.yaml.source import SourceFile
from skillforge_mon.spec.yaml.syntax_errors import explain

try:
    from yaml._yaml import CParser
except ImportError:
    CParser = None  # type: ignore[assignment,misc]  # PyYAML without libyaml

_MOST_SYNTAX_ERRORS = 20
_DEFAULT_LIMITS = Limits()


class PureParser(Reader, Scanner, Parser):
    """The parser of PyYAML that needs no libyaml."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def load_text(
    content: bytes | str,
    name: str,
    report: Report,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    sources: dict[str, SourceFile] | None = None,
) -> MappingNode | None:
    """The root map of the spec text ``content``; ``name`` is what diagnostics call the file.

    Every problem goes to ``report``; this never raises for any content. None when the text cannot be read as one map.
    With lesser errors (a key twice, an unknown tag) the tree is returned all the same, so that later stages can find
    more: of a key that stands twice, the first counts. ``sources``, if given, receives the text under its name, for
    showing lines of it, also when loading fails.
    """
    node = load_node(content, name, report, limits, sources=sources)
    if node is None or isinstance(node, MappingNode):
        return node
    found = "a list" if isinstance(node, SequenceNode) else "a single value"
    report.add(
        codes.NOT_A_MAP.at(
            Span(name, node.span.line, node.span.column, node.span.line, node.span.column + 1),
            f"a spec must be a map of sections, not {found}",
            help="a spec begins with `version: 1` and `project: <name>`",
        )
    )
    return None


def load_node(
    content: bytes | str,
    name: str,
    report: Report,
    limits: Limits = _DEFAULT_LIMITS,
    *,
    sources: dict[str, SourceFile] | None = None,
) -> Node | None:
    """The root of the text ``content``, whatever it is; the rest as for ``load_text``. An empty text is reported."""
    source, sound = decode(content, name, report, limits)
    if sources is not None:
        sources[name] = source
    if not sound and not source.text:
        return None
    with _garbage_collection_off():
        node, whole = _compose(source, report, limits)
    if not (whole and sound):
        return None
    if node is None or (isinstance(node, ScalarNode) and node.text == "" and not node.style):
        report.add(
            codes.EMPTY_FILE.at(
                Span.at(name),
                f"`{name}` is empty",
                help="a spec begins with `version: 1` and `project: <name>`",
            )
        )
        return None
    return node


def _parser(text: str) -> EventParser:
    return PureParser(text) if CParser is None else CParser(text)


def _compose(source: SourceFile, report: Report, limits: Limits) -> tuple[Node | None, bool]:
    """The root node, and whether the whole text could be read.

    After a syntax error the part around it is taken out and the rest is read again, only to report what else is wrong.
    """
    text = source
    budget = limits.reparsed_characters
    for attempt in range(_MOST_SYNTAX_ERRORS):
        found = Report()
        composer = Composer(text, found, limits)
        error: YAMLError | None = None
        root: Node | None = None
        try:
            root = composer.compose(_parser(text.text))
        except CompositionStoppedError:
            report.extend(found)
            return None, False
        except YAMLError as problem:
            error = problem
        report.extend(
            diagnostic for diagnostic in found if attempt == 0 or diagnostic.code not in _MAYBE_CAUSED_BY_RECOVERY
        )
        if error is None:
            return root, attempt == 0
        number = _report_syntax_error(error, text, composer, report)
        budget -= len(text.text)
        rest = without_block(text, number) if budget > 0 else None
        if rest is None:
            break
        text = rest
    return None, False


_MAYBE_CAUSED_BY_RECOVERY = frozenset((codes.UNKNOWN_ALIAS.number, codes.BAD_MERGE_KEY.number))
"""What a part that was taken out may have caused, by taking an anchor with it."""


def _report_syntax_error(error: YAMLError, source: SourceFile, composer: Composer, report: Report) -> int:
    """Report ``error``, unless an unquoted template on its line is the cause; its line."""
    diagnostic = explain(error, source, composer.last_scalar)
    number = diagnostic.span.line if diagnostic.span else 1
    if number not in composer.template_lines:
        tabs = codes.TAB_INDENTATION.number
        if diagnostic.code != tabs or all(other.code != tabs for other in report):
            report.add(diagnostic)
    return number


@contextmanager
def _garbage_collection_off() -> Iterator[None]:
    """Nodes form no cycles, and looking for some in half a million new objects takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
