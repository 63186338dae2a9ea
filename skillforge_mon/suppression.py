"""``ignore: {MON3002: "why"}`` beside an object: what it silences, and what it says in vain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skillforge_mon.compiler_codes import IGNORED_ERROR, UNKNOWN_IGNORED_CODE, UNUSED_IGNORE
from skillforge_mon.diagnostics.catalogue import all_codes, nearest
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.spec.yaml.nodes import MappingNode


@dataclass(slots=True)
class _Scope:
    """The stretch of a file that one object takes, and the codes that it silences there, with their places."""

    file: str
    first_line: int
    last_line: int
    codes: dict[str, Span]
    used: set[str]

    def holds(self, span: Span) -> bool:
        return span.file == self.file and self.first_line <= span.line <= self.last_line


def apply_ignores(
    root: MappingNode, diagnostics: Iterable[Diagnostic], *, complete: bool = True
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """What is left to report, and what was silenced.

    Only warnings and notes can be silenced. Codes that do not exist, that are errors, or that silence nothing are
    reported in their turn; those that silence nothing only when the run was ``complete``, with every backend.
    """
    scopes = list(_scopes(root))
    if not scopes:
        return tuple(diagnostics), ()
    left: list[Diagnostic] = []
    silenced: list[Diagnostic] = []
    for diagnostic in diagnostics:
        scope = _silencer(scopes, diagnostic)
        if scope is None:
            left.append(diagnostic)
        else:
            scope.used.add(diagnostic.code)
            silenced.append(diagnostic)
    known = all_codes()
    for scope in scopes:
        for code, span in scope.codes.items():
            if code not in known:
                near = nearest(code)
                helping = f"did you mean `{near[0]}`?" if near else ""
                left.append(UNKNOWN_IGNORED_CODE.at(span, f"there is no code `{code}`", help=helping))
            elif code not in scope.used and known[code].severity is Severity.ERROR:
                left.append(IGNORED_ERROR.at(span, f"`{code}` is an error, and errors cannot be ignored"))
            elif code not in scope.used and complete:
                left.append(UNUSED_IGNORE.at(span, f"`{code}` is not reported here", help="take it out of `ignore`"))
    return tuple(left), tuple(silenced)


def _silencer(scopes: list[_Scope], diagnostic: Diagnostic) -> _Scope | None:
    if diagnostic.severity is Severity.ERROR or diagnostic.span is None:
        return None
    for scope in scopes:
        if diagnostic.code in scope.codes and scope.holds(diagnostic.span):
            return scope
    return None


def _scopes(root: MappingNode) -> Iterable[_Scope]:
    for section in root.entries.values():
        if not isinstance(section.node, MappingNode):
            continue
        for entry in section.node.entries.values():
            ignore = entry.node.get("ignore") if isinstance(entry.node, MappingNode) else None
            if isinstance(ignore, MappingNode) and ignore.entries:
                whole = entry.node.span
                codes = {code: item.key_span for code, item in ignore.entries.items()}
                yield _Scope(whole.file, entry.key_span.line, whole.end_line, codes, set())
