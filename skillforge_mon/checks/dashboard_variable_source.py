"""MON3995: a variable whose values come from where there are none."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.dashboard_variables import DASHBOARD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.catalogue import Catalogue
from skillforge_mon.query.labels import known_on
from skillforge_mon.query.promql import PromQLSyntaxError, VectorSelector, metric_name, parse
from skillforge_mon.spec.models.dashboards import Variable
from skillforge_mon.spec.suggest import listed, nearest

CODE = Code(
    "MON3995",
    "variable-of-unknown-label",
    Severity.ERROR,
    "The values of a variable come from a metric that does not exist, or from a label that it does not have.",
    "There is nothing to choose from, and panels that use the variable stay empty.",
    bad=DASHBOARD.replace("metric: requests_total,", "metric: request_total,"),
    good=DASHBOARD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every variable of Grafana's that has the values of a label."""
    for dashboard in project.dashboards.values():
        for name, variable in dashboard.spec.variables.items() if "grafana" in dashboard.backends else ():
            problem = _problem(variable, project.catalogue)
            if problem is not None:
                key, headline, notes, helping = problem
                span = dashboard.place.at("variables", name, key)
                yield CODE.at(span, f"the variable `{name}`: {headline}", notes=notes, help=helping)


def _problem(variable: Variable, catalogue: Catalogue) -> tuple[str, str, tuple[str, ...], str] | None:
    """The key that is wrong, what is wrong about it, the facts, and what helps."""
    if variable.metric is None or variable.values_of is None:
        return None
    try:
        selector = parse(variable.metric)
    except PromQLSyntaxError as error:
        return "metric", error.message, (), error.help
    if not isinstance(selector, VectorSelector):
        return "metric", f"`{variable.metric}` is no selector of a metric", (), 'write `name{label="value"}`'
    name = metric_name(selector)
    if name is None or not catalogue.complete:
        return None
    entry = catalogue.lookup(name)
    if entry is None:
        meant = nearest(name, catalogue.names)
        helping = f"did you mean `{meant}`?" if meant else "declare it under `metrics`"
        return "metric", f"there is no metric `{name}`", (), helping
    if known_on(entry, variable.values_of):
        return None
    meant = nearest(variable.values_of, entry.labels)
    return (
        "values_of",
        f"label `{variable.values_of}` is not on metric `{name}`",
        (f"the metric has: {listed(entry.labels)}",),
        f"did you mean `{meant}`?" if meant else "",
    )
