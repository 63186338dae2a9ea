"""MON2106: histogram_quantile of something that is not the rate of buckets."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.label_uses import dropped_by, words_for
from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import Aggregate, Call, Expr

CODE = Code(
    "MON2106",
    "quantile-without-le",
    Severity.ERROR,
    "`histogram_quantile` is taken of something else than the rates of a histogram's buckets, by `le`.",
    "Without `le` the result is empty; of buckets without `rate` it is the quantile since the process started.",
    bad=alert_spec("histogram_quantile(0.99, sum by (code) (rate(http_request_duration_seconds_bucket[5m]))) > 1"),
    good=alert_spec("histogram_quantile(0.99, sum by (code, le) (rate(http_request_duration_seconds_bucket[5m]))) > 1"),
)
_BUCKET = "_bucket"


def check(project: Project) -> Iterator[Diagnostic]:
    """Every call whose argument is known well enough; native histograms need no ``le``."""
    for query in project_queries(project):
        for node, _ in query.nodes:
            if isinstance(node, Call) and node.function == "histogram_quantile":
                yield from _of_argument(query, node, node.args[1])


def _of_argument(query: ProjectQuery, call: Call, argument: Expr) -> Iterator[Diagnostic]:
    info = query.type_of(argument)
    if info.value == "histogram":
        return
    span = query.query.span(*call.name_span)
    entries = [query.catalogue.lookup(name) for name in info.metrics]
    known = [entry for entry in entries if entry is not None and entry.origin != "recording"]
    if entries and len(known) == len(entries) and not info.buckets:
        names = ", ".join(f"`{entry.name}`" for entry in known)
        whole = next((entry.metric + _BUCKET for entry in known if entry.is_classic_histogram), "")
        yield CODE.at(
            span,
            f"{names} does not have the buckets of a histogram",
            help=f"read `{whole}`" if whole else "a quantile can only be estimated from `_bucket` series",
        )
    elif info.buckets == "classic" and info.cumulative:
        yield CODE.at(
            span,
            "the quantile is taken of buckets without `rate`",
            label="counted since the process started",
            help="put `rate(…[5m])` around the buckets",
        )
    elif not info.labels.may_have("le") and (info.buckets or any(name.endswith(_BUCKET) for name in info.metrics)):
        dropper = dropped_by(query, argument, "le")
        place = query.query.span(*dropper.span) if dropper is not None else None
        yield CODE.at(
            span,
            "the buckets have lost their label `le`",
            secondary=(Label(place, f"`{words_for(dropper)}` drops it"),) if place is not None and dropper else (),
            help=_with_le(dropper),
        )


def _with_le(dropper: Expr | None) -> str:
    if isinstance(dropper, Aggregate) and (dropper.grouping is None or not dropper.grouping.without):
        labels = [label.name for label in dropper.grouping.labels] if dropper.grouping is not None else []
        return f"write `{dropper.op} by ({', '.join([*labels, 'le'])})`"
    return "keep `le` through every aggregation"
