"""The cases of an SLO, whatever it counts."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.lower.slo_events import CountedEvents, NativeLatency
from skillforge_mon.lower.slo_slices import Combined
from skillforge_mon.proving.alert_cases import Proof
from skillforge_mon.proving.case import Case, Skipped
from skillforge_mon.proving.slo_cases import SloCases
from skillforge_mon.proving.slo_composite_cases import CompositeCases
from skillforge_mon.proving.slo_native_traffic import NativeTraffic
from skillforge_mon.proving.slo_time_cases import TimeCases
from skillforge_mon.proving.slo_time_traffic import TimeTraffic
from skillforge_mon.proving.slo_traffic import SloTraffic
from skillforge_mon.proving.unsupported import UnsupportedError


def slo_cases(proof: Proof, plan: SloPlan) -> Iterator[Case | Skipped]:
    """The cases of one SLO; of one whose events cannot be made up, the reason."""
    slo = plan.slo
    scenario = "all"
    try:
        cases = _cases(proof, plan)
    except (UnsupportedError, ArithmeticError, ValueError) as reason:
        yield Skipped(slo.id, scenario, slo.place.span, _said(reason))
        return
    for scenario, made_up in cases.scenarios():
        try:
            yield from made_up
        except (UnsupportedError, ArithmeticError, ValueError) as reason:
            yield Skipped(slo.id, scenario, slo.place.span, _said(reason))


def _said(reason: Exception) -> str:
    return str(reason) if isinstance(reason, UnsupportedError) else f"numbers that cannot be computed: {reason}"


def _cases(proof: Proof, plan: SloPlan) -> SloCases:
    catalogue = proof.project.catalogue
    match plan.events:
        case CountedEvents():
            return SloCases(proof, plan, SloTraffic(plan, catalogue))
        case NativeLatency():
            return SloCases(proof, plan, NativeTraffic(plan, catalogue, proof.promtool))
        case Combined():
            return CompositeCases(proof, plan)
        case _:
            return TimeCases(proof, plan, TimeTraffic(plan, catalogue, proof.version, left_open=proof.left_open))
