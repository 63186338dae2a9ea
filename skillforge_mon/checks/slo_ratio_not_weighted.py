"""MON3115: an SLO that is given as a ratio, so that a quiet hour counts as much as a busy one."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD, HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_RATIO = 'ratio: sum(rate(requests_total{code=~"5.."}[5m])) / sum(rate(requests_total[5m]))\n'
CODE = Code(
    "MON3115",
    "slo-ratio-not-weighted",
    Severity.WARNING,
    "An SLO is measured by `ratio`: an expression that is the share of bad events already.",
    "How many events there were is lost, so each moment counts the same: ten minutes of peak load with 10 % errors can be a thirtieth of what they are.",
    bad=HEAD + "  availability:\n    service: web\n    objective: 99.9%\n    " + _RATIO,
    good=GOOD,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs with ``ratio``."""
    for slo in project.slos.values():
        if slo.measured is not None and slo.spec.ratio is not None:
            yield CODE.at(
                slo.measured.whole or slo.place.span,
                f"`{slo.name}` is measured by a ratio, so that a quiet hour counts as much as a busy one",
                help="count the events with `bad` and `total`; where only a ratio exists, say so under `ignore`",
            )
