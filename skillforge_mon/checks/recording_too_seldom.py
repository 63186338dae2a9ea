"""MON2138: a series is recorded less often than queries look back."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.checks.queries import ProjectQuery, project_queries
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project, Recording
from skillforge_mon.query.promql import Call, Expr, MatrixSelector, Subquery, VectorSelector, metric_name
from skillforge_mon.spec.quantities import Duration

_SPEC = (
    GOOD
    + """\
recordings:
  daily: {record: "job:requests:increase1d", expr: "sum by (job) (increase(requests_total[1d]))", interval: 10m}
  least: {record: "requests:increase1d:min", expr: "min(job:requests:increase1d)"}
"""
)
CODE = Code(
    "MON2138",
    "recorded-too-seldom",
    Severity.WARNING,
    "A query reads a series that is recorded less often than Prometheus looks back, or takes a rate of fewer than two.",
    "Prometheus takes the newest sample of the last 5 minutes: in between there is none, and an alert starts anew each time.",
    bad=_SPEC,
    good=_SPEC.replace("10m", "2m"),
)
LOOKBACK = Duration.parse("5m")
"""``--query.lookback-delta`` of Prometheus, unless it is started with another."""
_OF_TWO_SAMPLES = frozenset(("rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear"))


def check(project: Project) -> Iterator[Diagnostic]:
    """Selectors of recordings with an interval of their own."""
    slow: dict[str, Recording] = {
        recording.record: recording for recording in project.recordings.values() if recording.spec.interval is not None
    }
    if not slow or (project.targets.prometheus is None and project.targets.ruler is None):
        return
    for query in project_queries(project):
        for selector, parents in query.selectors:
            recording = slow.get(metric_name(selector) or "")
            if recording is not None and recording.spec.interval is not None:
                needed = _needed(parents, recording.spec.interval)
                if needed is not None:
                    yield _report(query, selector, recording, *needed)


def _needed(parents: tuple[Expr, ...], interval: Duration) -> tuple[str, str] | None:
    """What is wrong with reading a series that is recorded every ``interval`` like this, and what helps."""
    parent = parents[-1] if parents else None
    if not isinstance(parent, MatrixSelector):
        if interval > LOOKBACK and not any(isinstance(each, Subquery) for each in parents):
            return f"is looked for in the last {LOOKBACK}", "record it more often, or take `last_over_time` of it"
        return None
    caller = parents[-2] if len(parents) > 1 else None
    if parent.range.milliseconds < interval:
        return f"is looked for in the last {parent.range}", f"take at least {Duration(2 * interval)}"
    if isinstance(caller, Call) and caller.function in _OF_TWO_SAMPLES and parent.range.milliseconds < 2 * interval:
        return f"needs two samples in {parent.range}", f"take at least {Duration(4 * interval)}"
    return None


def _report(
    query: ProjectQuery, selector: VectorSelector, recording: Recording, problem: str, helping: str
) -> Diagnostic:
    return CODE.at(
        query.query.span(*selector.span),
        f"`{recording.record}` is recorded every {recording.spec.interval}, and {problem}",
        secondary=(Label(recording.place.at("interval"), "recorded this often"),),
        help=helping,
    )
