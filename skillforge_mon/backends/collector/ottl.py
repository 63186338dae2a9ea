"""Conditions and statements of OTTL, the language of the collector's processors (pkg/ottl, "OTTL Grammar")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from skillforge_mon.spec.models.traces import SpanFilter, TraceMask

SERVICE: Final = 'resource.attributes["service.name"]'
_CONTEXTS: Final = ("span", "spanevent")


def literal(text: str) -> str:
    """A text in quotes. Only backslashes and quotes are escaped there, besides what cannot stand in a line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def one_of(path: str, values: Iterable[str]) -> str:
    """``path`` is one of ``values``."""
    tests = [f"{path} == {literal(value)}" for value in values]
    return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"


def none_of(path: str, values: Iterable[str]) -> str:
    """``path`` is none of ``values``."""
    return " and ".join(f"{path} != {literal(value)}" for value in values)


def meant(chosen: SpanFilter) -> str:
    """The condition that a span is meant by ``chosen``; "" where it says nothing."""
    tests = []
    if chosen.services:
        tests.append(one_of(SERVICE, chosen.services))
    if chosen.name:
        tests.append(one_of("span.name", chosen.name))
    if chosen.matches is not None:
        tests.append(f"IsMatch(span.name, {literal(chosen.matches)})")
    if chosen.kind:
        kinds = [f"span.kind == SPAN_KIND_{kind.upper()}" for kind in chosen.kind]
        tests.append(kinds[0] if len(kinds) == 1 else f"({' or '.join(kinds)})")
    tests += [
        # Numbers and booleans are attributes too: `http.response.status_code` is one, and the spec has text.
        one_of(f"String(span.attributes[{literal(name)}])", values)
        for name, values in chosen.attributes.items()
    ]
    return " and ".join(tests)


def masking(masks: Iterable[TraceMask]) -> Iterator[tuple[str, list[str]]]:
    """For spans and for their events, the statements that take the texts of ``masks`` out of attributes.

    Each context has a list of its own: statements of both in one would all run once for every event, and never for a
    span without one (transform processor, "Context inference").
    """
    wanted = list(masks)
    for context in _CONTEXTS:
        yield context, [statement for mask in wanted for statement in _statements(context, mask)]


def _statements(context: str, mask: TraceMask) -> Iterator[str]:
    # In what takes a text's place, a dollar begins a reference to a group of the pattern (Go, regexp.Expand).
    pattern, by = literal(mask.matches), literal(mask.by.replace("$", "$$"))
    attributes = f"{context}.attributes"
    if not mask.attributes:
        yield f'replace_all_patterns({attributes}, "value", {pattern}, {by})'
    for name in mask.attributes:
        yield f"replace_pattern({attributes}[{literal(name)}], {pattern}, {by})"
