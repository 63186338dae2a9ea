"""MON3408: a legend that names a label which the query cannot return."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project, Query
from skillforge_mon.query.types import infer
from skillforge_mon.spec.suggest import listed
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode

_SPEC = (
    HEAD
    + """\
targets:
  prometheus: {}
  grafana: {}
metrics:
  requests_total: {type: counter, help: Requests, labels: {region: bounded}}
dashboards:
  home:
    rows:
      - panels:
          - title: Requests
            query:
              expr: sum by (region) (rate(requests_total[5m]))
              legend: "{{ labels.region }}"
"""
)
CODE = Code(
    "MON3408",
    "legend-label-lost",
    Severity.WARNING,
    "The legend of a panel names a label that its query cannot return.",
    "All lines get the same, empty name.",
    bad=_SPEC.replace("sum by (region) (", "sum("),
    good=_SPEC,
)
_LABEL = re.compile(r"\{\{\s*labels\.([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}")


def check(project: Project) -> Iterator[Diagnostic]:
    """The legends that the user wrote; logs have labels of their own."""
    for dashboard in project.dashboards.values():
        for row in dashboard.rows:
            for panel in row.panels:
                if panel.spec.type == "logs":
                    continue
                for index, (asked, query) in enumerate(zip(panel.spec.query, panel.queries, strict=True)):
                    if asked.legend is not None and query.expr is not None:
                        yield from _of_query(project, query, asked.legend, _legend(panel.node, index))


def _of_query(project: Project, query: Query, legend: str, node: ScalarNode | None) -> Iterator[Diagnostic]:
    assert query.expr is not None  # noqa: S101 - the caller's
    labels = infer(query.expr, project.catalogue).labels
    for found in _LABEL.finditer(legend):
        if not labels.may_have(found[1]):
            yield CODE.at(
                node.text_span(*found.span()) if node is not None else query.whole,
                f"the query cannot return the label `{found[1]}`",
                notes=(f"it returns: {listed(sorted(labels.names))}",) if labels.names else ("it returns no labels",),
                help=f"add `{found[1]}` to the `by` of the query, or take it out of the legend",
            )


def _legend(panel: Node, index: int) -> ScalarNode | None:
    query = panel.get("query") if isinstance(panel, MappingNode) else None
    if query is not None and not isinstance(query, MappingNode | ScalarNode):
        query = query.items[index]
    legend = query.get("legend") if isinstance(query, MappingNode) else None
    return legend if isinstance(legend, ScalarNode) else None
