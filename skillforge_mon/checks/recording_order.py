"""MON2137: a recording reads one that is evaluated after it."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project, Recording
from skillforge_mon.query.promql import Expr, MatrixSelector, Subquery, VectorSelector, metric_name, walk_with_parents

_RATE = '  rate: {record: "job_code:requests:rate5m", expr: "sum by (job, code) (rate(requests_total[5m]))"}\n'
_MOST = '  most: {record: "job:requests:rate5m", expr: "sum by (job) (job_code:requests:rate5m)"}\n'

CODE = Code(
    "MON2137",
    "recording-read-too-early",
    Severity.WARNING,
    "A recording reads another one that stands behind it in the same group.",
    "Rules of a group are evaluated one after the other: it always sees the values of the evaluation before.",
    bad=f"{GOOD}recordings:\n{_MOST}{_RATE}",
    good=f"{GOOD}recordings:\n{_RATE}{_MOST}",
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Recordings with the same interval are one group, in the order of the spec. One sample of a range matters little."""
    if project.targets.prometheus is None and project.targets.ruler is None:
        return
    groups: dict[int | None, list[Recording]] = {}
    for recording in project.recordings.values():
        groups.setdefault(recording.spec.interval, []).append(recording)
    for group in groups.values():
        position = {recording.record: index for index, recording in enumerate(group)}
        for index, recording in enumerate(group):
            if recording.query.expr is None:
                continue
            for node, parents in walk_with_parents(recording.query.expr):
                if not isinstance(node, VectorSelector) or any(map(_looks_back, (*parents, node))):
                    continue
                read = metric_name(node)
                if read is not None and position.get(read, -1) > index:
                    later = group[position[read]]
                    yield CODE.at(
                        recording.query.span(*node.span),
                        f"`{recording.name}` reads `{read}`, which is recorded after it",
                        label="the value of the evaluation before",
                        secondary=(Label(later.place.span, "recorded here"),),
                        help=f"move `{recording.name}` behind `{later.name}`",
                    )


def _looks_back(node: Expr) -> bool:
    match node:
        case MatrixSelector() | Subquery():
            return True
        case VectorSelector():
            return node.offset is not None or node.at is not None
    return False
