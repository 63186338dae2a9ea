"""MON1220: objects that reach no backend at all."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Alert, Dashboard, Project, Slo

CODE = Code(
    "MON1220",
    "compiled-for-nothing",
    Severity.WARNING,
    "An alert, SLO or dashboard is compiled for no backend, because `targets` has none that it could go to.",
    "It looks like protection, and is nowhere.",
    bad=changed(("targets:\n  prometheus: {}\n", "")),
    good=GOOD,
)
_USUAL = {"alerts": "prometheus", "slos": "prometheus", "dashboards": "grafana"}


def check(project: Project) -> Iterator[Diagnostic]:
    """Objects that name their backends have been reported already; one diagnostic for each section."""
    sections: dict[str, list[Alert | Slo | Dashboard]] = {
        "alerts": list(project.alerts.values()),
        "slos": list(project.slos.values()),
        "dashboards": list(project.dashboards.values()),
    }
    for section, objects in sections.items():
        lost = [item for item in objects if not item.backends and item.spec.backends is None]
        usual = _USUAL[section]
        if not lost or getattr(project.targets, usual) is not None or project.target_place(usual) is not None:
            continue
        count = "one is" if len(lost) == 1 else f"{len(lost)} are"
        yield CODE.at(
            lost[0].place.span,
            f"of `{section}`, {count} compiled for no backend",
            label="first here",
            help=f"add `{usual}:` to `targets`",
        )
