"""MON3994: a variable of which several values may be chosen, where one is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.dashboard_variables import DASHBOARD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Severity
from skillforge_mon.model.project import Dashboard, Project, Query
from skillforge_mon.query.promql import Matcher, selectors

CODE = Code(
    "MON3994",
    "variable-compared-exactly",
    Severity.WARNING,
    "A query of Grafana compares a label exactly with a variable of which all or several values may be chosen.",
    'Grafana writes a regular expression for them: `region="(a|b)"` fits no series, and neither does `.+`, which stands for '
    "all of them, so that the panel is empty when it opens.",
    bad=DASHBOARD.replace('region=~"$region"', 'region="$region"'),
    good=DASHBOARD,
)
_WHOLE: Final = re.compile(r"\$(?:\{(\w+)(?::\w+)?\}|(\w+))|\[\[(\w+)(?::\w+)?\]\]")


def check(project: Project) -> Iterator[Diagnostic]:
    """Every matcher of a panel that Grafana shows."""
    for dashboard in project.dashboards.values():
        if "grafana" not in dashboard.backends:
            continue
        for row in dashboard.rows:
            for panel in row.panels:
                repeated = {row.spec.repeat, panel.spec.repeat}
                for query in panel.queries:
                    yield from _of_query(dashboard, query, repeated)


def _of_query(dashboard: Dashboard, query: Query, repeated: set[str | None]) -> Iterator[Diagnostic]:
    for selector in selectors(query.expr) if query.expr is not None else ():
        for matcher in selector.matchers:
            if matcher.op not in {"=", "!="}:
                continue
            for found in _WHOLE.finditer(matcher.value):
                name = found[1] or found[2] or found[3]
                variable = dashboard.spec.variables.get(name)
                # What is repeated for each value has one of them.
                if variable is not None and (variable.multi or variable.include_all) and name not in repeated:
                    yield _exact(query, matcher, name)


def _exact(query: Query, matcher: Matcher, name: str) -> Diagnostic:
    meant = "=~" if matcher.op == "=" else "!~"
    start = matcher.label_span[1]
    span = query.span(start, matcher.value_span[0])
    fix = Fix(span, meant, f"write `{meant}`", safe=False) if span is not None else None
    return CODE.at(
        span,
        f"`{matcher.label}` is compared exactly with `{name}`, of which several values may be chosen",
        help=f"write `{meant}`, or `multi: false` and `include_all: false` in the variable",
        fix=fix,
    )
