"""MON3105: a window that reaches further back than Prometheus keeps samples."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.slo_example import GOOD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import samples_kept
from skillforge_mon.spec.quantities import CalendarPeriod

CODE = Code(
    "MON3105",
    "slo-window-beyond-retention",
    Severity.WARNING,
    "The window of an SLO is longer than Prometheus keeps samples (`retention.metrics`).",
    "Older errors are forgotten before they should be, so the budget looks fuller than it is.",
    bad=GOOD.replace("99.9%\n", "99.9%\n    window: 90d\n"),
    good=GOOD.replace("99.9%\n", "99.9%\n    window: 28d\n"),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """SLOs on Prometheus with a window beyond its retention."""
    kept = samples_kept(project)
    if kept is None:
        return
    for slo in project.slos.values():
        window = slo.spec.window
        longest = window.longest if isinstance(window, CalendarPeriod) else window
        if "prometheus" in slo.backends and longest > kept.length:
            yield CODE.at(
                slo.place.at("window"),
                f"`{slo.name}` looks back {longest}, and Prometheus keeps {kept.length}",
                help=f"keep samples for at least {longest}, or promise over a shorter window",
            )
