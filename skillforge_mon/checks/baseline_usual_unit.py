"""MON3991: what is usual is said in another unit than the one in which it is measured."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from skillforge_mon.checks.baseline_examples import BASELINE
from skillforge_mon.checks.promql_threshold_unit import unit_mismatch
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.expansion.baselines import baseline_series, recorded_quantiles
from skillforge_mon.model.expansion.names import percentile
from skillforge_mon.model.project import Project
from skillforge_mon.query.promql import VectorSelector
from skillforge_mon.query.type_info import TypeInfo
from skillforge_mon.query.types import infer
from skillforge_mon.spec.models.baselines import Baseline
from skillforge_mon.spec.quantities import Quantity, plain_number

CODE = Code(
    "MON3991",
    "baseline-usual-in-another-unit",
    Severity.ERROR,
    "What is usual is said in another unit, or in another scale of it, than the one in which it is measured.",
    "It is compared with what is measured: beside 800 milliseconds, 0.8 seconds are nothing, and everything is a regression.",
    bad=BASELINE.replace("    short", "    usual: {p50: 5%, p95: 9%, p99: 12%}\n    short"),
    good=BASELINE.replace("    short", "    usual: {p50: 50ms, p95: 90ms, p99: 120ms}\n    short"),
)
_SCALES: Final = {("seconds", "milliseconds"): 1000, ("ratio", "percent"): 100, ("bytes", "bits"): 8}
"""How many of the second unit one of the first is."""


def check(project: Project) -> Iterator[Diagnostic]:
    """What is usual, of every quantile that is recorded, where the unit of what is measured is known."""
    for name, baseline in project.spec.baselines.items():
        place = project.place_of(f"baselines.{name}")
        if place is None:
            continue
        for index, key, said, info in _said(project, name, baseline):
            problem = _scaled(info, said) or unit_mismatch(info, "", said)
            if problem is not None:
                headline, helping = problem
                yield CODE.at(place.at("usual", index, key), f"{headline} (`{key}` of `{name}`)", help=helping)


def _said(project: Project, name: str, baseline: Baseline) -> Iterator[tuple[int, str, Quantity, TypeInfo]]:
    for quantile in recorded_quantiles(baseline):
        measured = VectorSelector(baseline_series(name, quantile, str(baseline.short)))
        for index, usual in enumerate(baseline.usual):
            said = usual.of(quantile)
            if said is not None:
                yield index, percentile(quantile).replace("_", "."), said, infer(measured, project.catalogue)


def _scaled(info: TypeInfo, said: Quantity) -> tuple[str, str] | None:
    factor = _SCALES.get((said.base_unit, info.unit))
    if factor is None:
        return None
    number = plain_number(said.base * Decimal(factor))
    return f"{said} is said of a value in {info.unit}", f"write `{number}`, without a unit"
