"""MON3140: a scenario that expects an alert or an SLO which is not there."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.scenario_examples import SCENARIO
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity, Span
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.suggest import suggestion

CODE = Code(
    "MON3140",
    "scenario-expects-unknown",
    Severity.ERROR,
    "A scenario under `tests` expects an alert or an SLO that the spec does not have.",
    "It would fail for a reason that says nothing about the rules.",
    bad=changed(("[Backlog]}", "[Backlogg]}"), text=SCENARIO),
    good=SCENARIO,
)


_MISSING = ("NoData", "TargetDown", "InstrumentationBroken")
"""What the alerts of an SLO that is not measured any more are called after its name."""


def check(project: Project) -> Iterator[Diagnostic]:
    """Every name that a scenario expects."""
    alerts = {name for alert in project.alerts for name in (alert, f"{alert}NoData")}
    alerts |= {f"{camel_case(slo)}{missing}" for slo in project.slos for missing in _MISSING}
    for scenario_name, scenario in project.spec.tests.items():
        place = project.place_of(f"tests.{scenario_name}")
        for index, expected in enumerate(scenario.expect):
            for number, alert in enumerate(expected.alerts or ()):
                if alert.name not in alerts and alert.name not in project.slos:
                    span = _place(place, index, "alerts", number)
                    yield _unknown(span, "alert or SLO", alert.name, [*project.alerts, *project.slos])
            if expected.slo is not None and expected.slo.name not in project.slos:
                span = place.at("expect", index, "slo", "name") if place is not None else None
                yield _unknown(span, "SLO", expected.slo.name, [*project.slos])


def _place(place: Place | None, index: int, field: str, number: int) -> Span | None:
    if place is None:
        return None
    whole = place.at("expect", index, field)
    if place.find("expect", index, field, number) is None:
        return whole
    named = place.find("expect", index, field, number, "name")
    return named.span if named is not None else place.at("expect", index, field, number)


def _unknown(span: Span | None, what: str, name: str, known: list[str]) -> Diagnostic:
    return CODE.at(span, f"there is no {what} `{name}`", help=suggestion(name, known) or "name one that the spec has")
