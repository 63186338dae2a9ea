"""MON3009: a critical threshold that is reached before the warning's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Severity
from skillforge_mon.model.project import Project

_SEVERAL = (("severity: warning", 'severity: {critical: "> 500", warning: "> 100"}'), (" > 100\n", "\n"))
CODE = Code(
    "MON3009",
    "thresholds-out-of-order",
    Severity.ERROR,
    "A lesser severity has the stricter threshold, or the two compare in opposite directions.",
    "The warning would come after the page, or never.",
    bad=changed(*_SEVERAL).replace("> 500", "> 50"),
    good=changed(*_SEVERAL),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Neighbouring severities of one alert, the worse against the lesser."""
    for alert in project.alerts.values():
        given = [(item.severity, item.threshold) for item in alert.severities if item.threshold is not None]
        for (worse, upper), (lesser, lower) in pairwise(given):
            if upper.quantity.base_unit != lower.quantity.base_unit:
                continue
            rising = upper.op in {">", ">="}
            if upper.op[0] != lower.op[0]:
                problem = f"`{worse}` and `{lesser}` of `{alert.name}` compare in opposite directions"
            elif upper.op in {"==", "!="}:
                continue
            elif (upper.quantity.base < lower.quantity.base) is rising and upper.quantity.base != lower.quantity.base:
                problem = f"`{worse}` of `{alert.name}` is reached before `{lesser}`"
            elif upper == lower:
                problem = f"`{worse}` and `{lesser}` of `{alert.name}` have the same threshold"
            else:
                continue
            yield CODE.at(
                alert.place.at("severity", worse),
                problem,
                label=f"`{upper}` here",
                secondary=(Label(alert.place.at("severity", lesser), f"`{lower}` here"),),
            )
