"""The user's own scenarios: loads over time, and what must come of them.

The rules that take part are those that read what is given: what a scenario does not speak of is not missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from skillforge_mon.model.project import Place, Project
from skillforge_mon.proving.alert_cases import Proof
from skillforge_mon.proving.case import Case, Check, Skipped, ValueCheck
from skillforge_mon.proving.drivers import bucket_bounds
from skillforge_mon.proving.loads import load_pieces
from skillforge_mon.proving.traffic import InputSeries, series_text
from skillforge_mon.proving.unsupported import UnsupportedError
from skillforge_mon.query.promql import PromQLSyntaxError, VectorSelector, metric_name, parse
from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.query.promql.tree import METRIC_NAME_LABEL
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.load_shapes import parse_piece
from skillforge_mon.spec.models.tests import Expectation, ExpectedAlert, ExpectedSlo, Scenario
from skillforge_mon.spec.quantities import plain_number

_FIRING: Final = 'group by (alertname) (ALERTS{alertstate="firing"})'
_MOST_STEPS: Final = 5_000


def scenario_case(proof: Proof, name: str, scenario: Scenario) -> Case | Skipped:
    """The case of one scenario under ``tests``."""
    place = proof.project.place_of(f"tests.{name}")
    try:
        return _case(proof, name, scenario, place)
    except UnsupportedError as reason:
        return Skipped(f"tests.{name}", "scenario", place.span if place is not None else None, str(reason))


def _case(proof: Proof, name: str, scenario: Scenario, place: Place | None) -> Case:
    end = max(int(each.at) for each in scenario.expect)
    step = proof.scrape
    while end // step > _MOST_STEPS and step < 60_000:
        step *= 2
    steps = end // step + 2
    series = tuple(
        each for text, pieces in scenario.given.items() for each in _series(proof, text, pieces, step, steps)
    )
    return Case(
        f"tests.{name}",
        "scenario",
        place.span if place is not None else None,
        "",
        proof.rules.reading(each.labels for each in series),
        series,
        (),
        tuple(check for each in scenario.expect for check in _checks(proof.project, each)),
        step,
        proof.evaluation,
        steps,
        alone=True,
    )


def _series(proof: Proof, text: str, pieces: list[str], step: int, steps: int) -> Iterator[InputSeries]:
    labels = series_labels(text)
    if labels is None:
        raise UnsupportedError(f"`{text}` is not one series")
    loads = [parse_piece(piece) for piece in pieces]
    if all(load.at is None for load in loads):
        yield InputSeries(labels, load_pieces(loads, step, steps))
        return
    metric = labels[METRIC_NAME_LABEL]
    for le, bound in bucket_bounds(proof.project.catalogue, metric, proof.version).items():
        parts = [
            replace(load, begin=load.begin if _fits(load.at, bound) else Decimal(0),
                    end=load.end if _fits(load.at, bound) else Decimal(0))
            for load in loads
        ]  # fmt: skip
        yield InputSeries({**labels, METRIC_NAME_LABEL: f"{metric}_bucket", "le": le}, load_pieces(parts, step, steps))
    yield InputSeries({**labels, METRIC_NAME_LABEL: f"{metric}_count"}, load_pieces(loads, step, steps))
    sums = [replace(load, begin=load.begin * (load.at or 0), end=load.end * (load.at or 0)) for load in loads]
    yield InputSeries({**labels, METRIC_NAME_LABEL: f"{metric}_sum"}, load_pieces(sums, step, steps))


def _fits(observed: Decimal | None, bound: float) -> bool:
    return observed is None or float(observed) <= bound


def series_labels(text: str) -> Mapping[str, str] | None:
    """The labels, with the name, of a series as PromQL writes it; None when ``text`` is no single series."""
    try:
        parsed = parse(text)
    except PromQLSyntaxError:
        return None
    if not isinstance(parsed, VectorSelector) or parsed.offset is not None or parsed.at is not None:
        return None
    name = metric_name(parsed)
    if name is None or any(matcher.op != "=" for matcher in parsed.matchers):
        return None
    found = {matcher.label: matcher.value for matcher in parsed.matchers if matcher.value}
    return found | {METRIC_NAME_LABEL: name}


def _checks(project: Project, expected: Expectation) -> Iterator[Check]:
    time = int(expected.at)
    if expected.slo is not None:
        yield from _slo_checks(expected.slo, time)
        return
    alerts = expected.alerts or []
    names = dict.fromkeys(_alert_name(project, each) for each in alerts)
    samples = {series_text({"alertname": name}): 1.0 for name in names}
    yield ValueCheck(time, _FIRING, samples, f"{', '.join(names) or 'no alert'} fires")
    for each in alerts:
        if each.severity is not None or each.labels:
            wanted = {"alertname": _alert_name(project, each), "alertstate": "firing", **each.labels}
            if each.severity is not None:
                wanted["severity"] = each.severity
            labels = series_text({METRIC_NAME_LABEL: "ALERTS", **wanted})
            yield ValueCheck(time, f"group({labels})", {"{}": 1.0}, f"{labels} fires")


def _alert_name(project: Project, expected: ExpectedAlert) -> str:
    if expected.name in project.alerts or expected.name not in project.slos:
        return expected.name
    return f"{camel_case(expected.name)}BudgetBurn"


def _slo_checks(expected: ExpectedSlo, time: int) -> Iterator[Check]:
    for metric, number in (
        ("slo:error_budget_remaining:ratio", expected.budget_remaining),
        ("slo:current_burn_rate:ratio", expected.burn_rate),
    ):
        if number is not None:
            digits = Decimal(repr(number))
            exponent = digits.as_tuple().exponent
            half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
            value = f"min({metric}{{slo={quote_string(expected.name)}}})"
            # What is not as expected is returned, so that it is seen; NaN stands for nothing at all.
            near = f"abs({value} - {plain_number(digits)}) <= {plain_number(half)}"
            words = f"{metric} of {expected.name} is {plain_number(digits)}"
            yield ValueCheck(time, f"({value} or vector(NaN)) unless ({near})", {}, words)
