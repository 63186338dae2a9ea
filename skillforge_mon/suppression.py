"""``ignore: {MON3002: "why"}`` beside an object or at the top of a spec: what it silences, and what it says in vain.

Which day it is decides only what is reported, never what is written: the same spec gives the same files on every day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from skillforge_mon.compiler_codes import EXPIRED_IGNORE, IGNORED_ERROR, UNKNOWN_IGNORED_CODE, UNUSED_IGNORE
from skillforge_mon.diagnostics.catalogue import all_codes, nearest
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.spec.quantities import QuantityError, parse_day
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode


@dataclass(slots=True, eq=False)
class _Entry:
    """One code under an ``ignore``, which may be laid under many objects; what it silences, or would."""

    code: str
    place: Span
    until: datetime.date | None
    until_place: Span
    is_over: bool
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is ``left`` to report, what was ``silenced``, and where the entries stand that silenced, or would have."""

    left: tuple[Diagnostic, ...]
    silenced: tuple[Diagnostic, ...] = ()
    used: frozenset[Span] = frozenset()


@dataclass(frozen=True, slots=True)
class _Scope:
    """The lines that one object takes, and what it silences there; without ``lines``, all of a project.

    ``lines`` has the first and the last line in each file: an object may come from a pack, and be changed in the spec.
    """

    lines: dict[str, tuple[int, int]] | None
    entries: dict[str, _Entry]

    def holds(self, span: Span | None) -> bool:
        if self.lines is None:
            return True
        if span is None:
            return False
        first, last = self.lines.get(span.file, (1, 0))
        return first <= span.line <= last


def apply_ignores(
    root: MappingNode,
    diagnostics: Iterable[Diagnostic],
    *,
    complete: bool = True,
    today: datetime.date | None = None,
) -> Suppressed:
    """Take out of ``diagnostics`` what the spec ignores.

    Only warnings and notes can be silenced. Codes that do not exist, that are errors, that silence nothing, or whose
    last day was before ``today`` are reported in their turn; those that silence nothing only when the run was
    ``complete``, with every backend and nothing that would be needed elsewhere. Without ``today`` nothing expires.
    """
    entries: dict[Span, _Entry] = {}
    scopes = list(_scopes(root, today, entries))
    if not scopes:
        return Suppressed(tuple(diagnostics))
    left: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for diagnostic in diagnostics:
        (silenced if _is_silenced(scopes, diagnostic) else left).append(diagnostic)
    left += filter(None, (_problem(entry, complete=complete) for entry in entries.values()))
    used = frozenset(entry.place for entry in entries.values() if entry.uses)
    return Suppressed(tuple(left), tuple(silenced), used)


def _is_silenced(scopes: list[_Scope], diagnostic: Diagnostic) -> bool:
    """True when a scope silences it, the nearest first; one that is over counts the use and silences nothing."""
    if diagnostic.severity is Severity.ERROR:
        return False
    for scope in scopes:
        entry = scope.entries.get(diagnostic.code)
        if entry is not None and scope.holds(diagnostic.span):
            entry.uses += 1
            if not entry.is_over:
                return True
    return False


def _problem(entry: _Entry, *, complete: bool) -> Diagnostic | None:
    """What is wrong with one code of an ``ignore``."""
    code, known = entry.code, all_codes()
    if code not in known:
        near = nearest(code)
        helping = f"did you mean `{near[0]}`?" if near else ""
        return UNKNOWN_IGNORED_CODE.at(entry.place, f"there is no code `{code}`", help=helping)
    if not entry.uses and known[code].severity is Severity.ERROR:
        return IGNORED_ERROR.at(entry.place, f"`{code}` is an error, and errors cannot be ignored")
    if not entry.uses and complete:
        return UNUSED_IGNORE.at(entry.place, f"`{code}` is not reported here", help="take it out of `ignore`")
    if entry.is_over:
        return EXPIRED_IGNORE.at(
            entry.until_place,
            f"`{code}` was to be ignored until {entry.until}, and that is over",
            help="put right what it silenced and take it out of `ignore`, or give it a later day",
        )
    return None


def _scopes(root: MappingNode, today: datetime.date | None, known: dict[Span, _Entry]) -> Iterator[_Scope]:
    """The scopes of all objects, and last that of the project. ``known`` is filled with what they silence."""
    for section in root.entries.values():
        if not isinstance(section.node, MappingNode):
            continue
        for entry in section.node.entries.values():
            ignore = entry.node.get("ignore") if isinstance(entry.node, MappingNode) else None
            if isinstance(ignore, MappingNode) and ignore.entries:
                yield _Scope(_lines(entry), _entries(ignore, today, known))
    ignore = root.get("ignore")
    if isinstance(ignore, MappingNode) and ignore.entries:
        yield _Scope(None, _entries(ignore, today, known))


def _entries(ignore: MappingNode, today: datetime.date | None, known: dict[Span, _Entry]) -> dict[str, _Entry]:
    found = {}
    for code, item in ignore.entries.items():
        node = item.node.get("until") if isinstance(item.node, MappingNode) else None
        until = _day(node) if isinstance(node, ScalarNode) else None
        place = item.key_span
        is_over = until is not None and today is not None and today > until
        entry = _Entry(code, place, until, node.span if node is not None else place, is_over)
        found[code] = known.setdefault(place, entry)
    return found


def _day(node: ScalarNode) -> datetime.date | None:
    """The day that ``node`` names; None for what is none, which has been reported."""
    try:
        return parse_day(node.text)
    except QuantityError:
        return None


def _lines(entry: Entry) -> dict[str, tuple[int, int]]:
    """The lines of an object: from its name to its end, and in other files those of the parts that come from there."""
    whole = entry.node.span
    lines: dict[str, tuple[int, int]] = {}
    waiting: list[Entry | Node] = [entry.node]
    while waiting:
        part = waiting.pop()
        span = part.key_span if isinstance(part, Entry) else part.span
        if span.file != whole.file:
            first, last = lines.get(span.file, (span.line, span.end_line))
            lines[span.file] = (min(first, span.line), max(last, span.end_line))
        if isinstance(part, Entry):
            waiting.append(part.node)
        elif isinstance(part, MappingNode):
            waiting += part.entries.values()
        elif isinstance(part, SequenceNode):
            waiting += part.items
    return lines | {whole.file: (entry.key_span.line, whole.end_line)}
