"""MON3993: a regression that is none, or that nobody can mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.checks.baseline_examples import BASELINE
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.spec.quantities import plain_number

_TOLD: Final = (
    BASELINE.replace(
        "baselines:", "teams: {shop: {webhook: 'http://hooks:8080/'}}\nservices: {web: {team: shop}}\nbaselines:"
    )
    + "    service: web\n    runbook: https://wiki.example/latency\n"
)
CODE = Code(
    "MON3993",
    "baseline-regression-out-of-range",
    Severity.ERROR,
    "What a baseline tells is no regression: it is not worse than usual, or so much worse that percent must be meant.",
    "`50` is 5000 %, fifty times as much again as usual, and is never told; 0 and less is told all the time.",
    bad=_TOLD + "    regression: 50\n",
    good=_TOLD + "    regression: 50%\n",
)
_PERCENT: Final = 10
"""From here on a number without a unit is more likely to be percent than times."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Every severity of every baseline."""
    for name, baseline in project.spec.baselines.items():
        place = project.place_of(f"baselines.{name}")
        for severity, worse in baseline.regression.items() if place is not None else ():
            assert place is not None  # noqa: S101 - there is nothing to look at otherwise
            span = place.at("regression", severity)
            if worse.base <= 0:
                headline = f"the baseline `{name}` tells a regression of {worse}, which is none"
                yield CODE.at(span, headline, help="say how much worse than usual is told: `50%`")
            elif not worse.unit and worse.value >= _PERCENT:
                percent = plain_number(worse.value * 100)
                headline = f"the baseline `{name}` tells a regression of {worse}, which is {percent} %"
                yield CODE.at(span, headline, help=f"write `{worse}%`, or `{percent}%` if that is meant")
