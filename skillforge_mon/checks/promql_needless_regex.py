"""MON2118: a regular expression that matches one text, or is anchored twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity
from skillforge_mon.model.project import Project, Query
from skillforge_mon.query.promql import Matcher

CODE = Code(
    "MON2118",
    "needless-regex",
    Severity.NOTE,
    "A matcher has a regular expression without any special character, or one that is anchored by hand.",
    "It reads as if more were meant. Prometheus anchors every regular expression at both ends, and `=` is quicker than `=~`.",
    bad=alert_spec('sum(rate(http_requests_total{code=~"500"}[5m])) > 10'),
    good=alert_spec('sum(rate(http_requests_total{code="500"}[5m])) > 10'),
)
_SPECIAL = re.compile(r"[.*+?^${}()\[\]|\\]")
_PLAIN_INSIDE = re.compile(r"\^?[^\\\"'`$^]*\$?")


def check(project: Project) -> Iterator[Diagnostic]:
    """Every matcher with ``=~`` or ``!~``; values with a dashboard's variables are not looked at."""
    for query in project_queries(project):
        for selector, _ in query.selectors:
            for matcher in selector.matchers:
                if matcher.op not in {"=~", "!~"}:
                    continue
                if matcher.value and not _SPECIAL.search(matcher.value):
                    yield _plain(query.query, matcher)
                elif matcher.value.startswith("^") or re.search(r"(?<!\\)\$$", matcher.value):
                    yield from _anchored(query.query, matcher)


def _plain(query: Query, matcher: Matcher) -> Diagnostic:
    op = "=" if matcher.op == "=~" else "!="
    span = query.span(matcher.label_span[1], matcher.value_span[0])
    return CODE.at(
        query.span(*matcher.span),
        f"`{matcher.op}` matches one text only",
        help=f"write `{op}`",
        fix=Fix(span, op, f"write `{op}`") if span is not None else None,
    )


def _anchored(query: Query, matcher: Matcher) -> Iterator[Diagnostic]:
    bare = matcher.value.removeprefix("^").removesuffix("$")
    if not bare or not _PLAIN_INSIDE.fullmatch(matcher.value):
        return
    start, end = matcher.value_span
    span = query.span(start + 1, end - 1)
    yield CODE.at(
        query.span(*matcher.value_span),
        f"`{matcher.value}` is anchored twice",
        notes=("Prometheus anchors every regular expression at both ends",),
        help=f"write `{bare}`",
        fix=Fix(span, bare, f"write `{bare}`") if span is not None else None,
    )
