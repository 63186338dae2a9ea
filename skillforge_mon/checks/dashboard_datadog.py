"""MON4400 to MON4403: what a panel says in Datadog's words, where that shows nothing, or another thing than meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Dashboard, Panel, Project
from skillforge_mon.spec.models.dashboards import DatadogPanel
from skillforge_mon.spec.suggest import listed, suggestion

_DASHBOARD = (
    HEAD
    + """\
targets:
  datadog: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {region: bounded}}
dashboards:
  home:
    rows:
      - panels:
          - title: Requests
            query: changes(requests_total[5m])
            datadog: {queries: {a: "sum:shop.requests{*}.as_count()"}, formulas: [a * 2]}
"""
)
_WORDS = '{queries: {a: "sum:shop.requests{*}.as_count()"}, formulas: [a * 2]}'


def _bad(words: str) -> str:
    assert _WORDS in _DASHBOARD  # noqa: S101 - a slip in an example must not go unseen
    return _DASHBOARD.replace(_WORDS, words)


UNCLEAR = Code(
    "MON4400",
    "unclear-datadog-panel",
    Severity.ERROR,
    "A panel's `datadog` does not say in one way what is shown: one `query`, or `queries`, or the reason to `omit` it.",
    "One of two ways would be dropped, and nobody would see which.",
    bad=_bad('{query: "sum:shop.requests{*}.as_count()", formulas: [a * 2]}'),
    good=_DASHBOARD,
)
MALFORMED = Code(
    "MON4401",
    "malformed-datadog-panel-query",
    Severity.ERROR,
    "A panel's query in Datadog's words is no metric query.",
    "Datadog would refuse the dashboard in the middle of a push, or the panel would stay empty.",
    bad=_bad("'avg(last_5m):sum:shop.requests{*} > 5'"),
    good=_bad("'sum:shop.requests{*}.as_count()'"),
)
UNKNOWN_QUERY = Code(
    "MON4402",
    "unknown-query-in-datadog-formula",
    Severity.ERROR,
    "A formula of a panel names a query that the panel does not have.",
    "Datadog would refuse the dashboard in the middle of a push.",
    bad=_bad('{queries: {a: "sum:shop.requests{*}.as_count()"}, formulas: [a / b]}'),
    good=_DASHBOARD,
)
UNUSED_WORDS = Code(
    "MON4403",
    "datadog-words-unused",
    Severity.WARNING,
    "A panel says what it shows on Datadog, and its dashboard is not compiled for Datadog.",
    "It looks as if the panel were there.",
    bad=_DASHBOARD.replace("  datadog: {}\n", "  prometheus: {}\n  grafana: {}\n  datadog: {}\n"),
    good=_DASHBOARD,
)
CODES = (UNCLEAR, MALFORMED, UNKNOWN_QUERY, UNUSED_WORDS)

_METRIC = re.compile(r"(?:^|[\s(,])(?:avg|sum|min|max|count|histogram|p\d+)(?:\([^)]*\))?:[A-Za-z][\w.]*\{")
_OF_MONITORS = re.compile(r"^\w+\((?:last|next|current)_\w+[^)]*\):|[<>]=?\s*-?[\d.]+\s*$")
_NAME = re.compile(r"'[^']*'|\"[^\"]*\"|([A-Za-z_][A-Za-z0-9_]*)\s*(\()?")


def check(project: Project) -> Iterator[Diagnostic]:
    """Every panel that has words for Datadog."""
    for dashboard in project.dashboards.values():
        for index, row in enumerate(dashboard.rows):
            for position, panel in enumerate(row.panels):
                if panel.spec.datadog is not None:
                    yield from _of_panel(project, dashboard, (index, position), panel, panel.spec.datadog)


def _of_panel(
    project: Project, dashboard: Dashboard, where: tuple[int, int], panel: Panel, words: DatadogPanel
) -> Iterator[Diagnostic]:
    path = ("rows", where[0], "panels", where[1], "datadog")
    if "datadog" not in dashboard.backends and project.targets.datadog is not None:
        yield UNUSED_WORDS.at(
            dashboard.place.key_at(*path),
            f"the panel `{panel.spec.title}` has words for Datadog, and `{dashboard.name}` does not go there",
            help="add `backends: [grafana, datadog]` to the dashboard, or take `datadog` out of the panel",
        )
    ways = [words.query is not None, bool(words.queries), words.omit is not None]
    beside = (words.formulas and not words.queries) or (words.over is not None and words.omit is not None)
    shown = panel.spec.type not in {"text", "alertlist"} or words.omit is not None
    if sum(ways) != 1 or beside or not shown or (panel.spec.type == "logs" and words.queries):
        yield UNCLEAR.at(
            dashboard.place.key_at(*path),
            f"it is not clear what the panel `{panel.spec.title}` shows on Datadog",
            help=_instead(panel),
        )
        return
    if panel.spec.type == "logs":
        return
    texts = {"query": words.query} if words.query is not None else {}
    for key, text in (*texts.items(), *((f"queries.{name}", text) for name, text in words.queries.items())):
        if _METRIC.search(text) is None or _OF_MONITORS.search(text):
            yield MALFORMED.at(
                dashboard.place.at(*path, *key.split(".")),
                f"`{text}` is no metric query of Datadog's",
                help="write one such as `sum:shop.requests{env:prod} by {service}.as_count()`, without window and "
                "comparison",
            )
    for number, formula in enumerate(words.formulas):
        for found in _NAME.finditer(formula.formula):
            if found[1] is not None and found[2] is None and found[1] not in words.queries:
                yield UNKNOWN_QUERY.at(
                    dashboard.place.at(*path, "formulas", number),
                    f"the panel `{panel.spec.title}` has no query `{found[1]}`",
                    notes=(f"it has: {listed(words.queries)}",),
                    help=suggestion(found[1], words.queries) or f"add `{found[1]}` to `queries`",
                )


def _instead(panel: Panel) -> str:
    if panel.spec.type in {"text", "alertlist"}:
        return "it needs no query there; write `omit` with the reason to leave it out"
    if panel.spec.type == "logs":
        return "write one log search as `query`, or `omit` with the reason"
    return "write one `query`, or `queries` and `formulas` of their names, or `omit` with the reason"
