"""An SLO's numbers as text: tables, and burn rate against time to page as bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.prometheus.slo_times import Between
from skillforge_mon.documents.document import Grade
from skillforge_mon.explaining.slo import Outage, SloExplanation, TimeToTell, is_measured
from skillforge_mon.lower.burn_text import percentage, rounded, spaced
from skillforge_mon.spec.quantities import Duration, plain_number

CURVE: Final = tuple(
    map(Decimal, ("1", "1.5", "2", "3", "4", "6", "8", "10", "14.4", "20", "50", "100", "1000", "10000"))
)
"""The burn rates of the plot: those of the workbook's pairs, and round ones around them."""

_BAR: Final = 40


def slo_text(found: SloExplanation, curve: TimeToTell) -> str:
    """Everything that ``found`` says, and ``curve`` (burn rate, time to page) as a plot."""
    blocks = [_head(found), _tiers(found), _outages(found), _plot(curve), _cost(found), _verdicts(found)]
    return "\n".join("".join(f"{line}\n" for line in block) for block in map(list, blocks) if block)


def _head(found: SloExplanation) -> Iterator[str]:
    slo = found.plan.slo
    service = f" of {slo.service.name}" if slo.service is not None else ""
    days = f" (taken for {found.plan.nominal})" if found.plan.calendar is not None else ""
    yield f"{slo.name}{service}: {percentage(slo.spec.objective)} over {slo.spec.window}{days}"
    if slo.spec.description:
        yield f"  {slo.spec.description}"
    per = ", of each group" if found.plan.by else ""
    events = _number(found.per_million)
    noun = found.plan.noun
    yield f"  budget  {spaced(found.budget_time)} of a total outage{per}, or {events} of a million {noun}"


def _tiers(found: SloExplanation) -> Iterator[str]:
    if not found.tiers:
        why = ": none of its pairs of windows can be reached (`monmc check` says why)"
        yield f"It does not alert{why if found.plan.slo.spec.alerting else ''}."
        return
    measured = is_measured(found.plan)
    noun, minimum = found.plan.noun, found.plan.minimum
    by_traffic = measured and found.plan.slice is None and minimum.events > 0
    traffic = ["needs traffic of", *(["or waits for"] if minimum.computed else [])] if by_traffic else []
    rows = [["told as", "windows", "faster than", f"bad {noun}", "budget spent", *traffic]]
    for each in found.tiers:
        tier = each.tier
        least = [f"{_number(each.least_rate)}/s"] if each.least_rate is not None and by_traffic else []
        number = str(each.least) if each.least == each.most else f"{each.least} to {each.most}"
        waits = [f"{number} bad"] if by_traffic and minimum.computed else []
        rows.append(
            [
                tier.severity,
                f"{tier.long} and {tier.short}",
                f"{plain_number(rounded(tier.factor))} times" if tier.factor != 1 else "even pace",
                f"> {percentage(each.threshold)}",
                f"{percentage(tier.budget)} in {tier.long}",
                *least,
                *waits,
            ]
        )
    yield from _table(rows)
    if not measured:
        yield "  (Prometheus does not get it: what becomes of these pairs elsewhere is told below)"
    elif minimum.computed:
        number = f"{minimum.events} + {minimum.deviations} * sqrt(m)"
        yield f"  (with less traffic, it waits until {number} {noun} have gone bad within the long window,"
        yield "   in which the objective allows m)"
    elif minimum.events:
        until = "with less traffic, it waits until" if by_traffic else "in any case, it waits until"
        yield f"  ({until} {minimum.events} {noun} have gone bad within the long window)"


def _outages(found: SloExplanation) -> Iterator[str]:
    if not found.outages or not found.tiers:
        return
    rows = [
        ("when this share fails", "burns", *(word for alert in found.plan.alerts for word in _told(alert.severity)))
    ]
    rows.extend(
        (percentage(each.errors), f"{_number(each.burn_rate)} times", *_moments(found, each)) for each in found.outages
    )
    yield from _table(rows)


def _told(severity: str) -> tuple[str, str]:
    return f"{severity} after", "over after its end by"


def _moments(found: SloExplanation, outage: Outage) -> Iterator[str]:
    for alert in found.plan.alerts:
        yield _between(outage.fires[alert.severity])
        yield _between(outage.ends[alert.severity])


def _between(moment: Between | None) -> str:
    if moment is None:
        return "never"
    early, late = _coarse(moment.earliest), _coarse(moment.latest)
    return early if early == late else f"{early} - {late}"


def _coarse(length: Duration) -> str:
    """To the second below an hour, to the minute below two days, to the hour from there on."""
    unit = 1000 if length < Duration.of(hours=1) else 60_000 if length < Duration.of(days=2) else 3_600_000
    return spaced(Duration(round(length / unit) * unit))


def _plot(curve: TimeToTell) -> Iterator[str]:
    told = [length for _, length in curve if length is not None]
    if not told:
        return
    yield "  burns   somebody is told after, at the latest (the scale is logarithmic)"
    least, most = math.log(min(told)), math.log(max(told))
    for rate, length in curve:
        head = f"  {plain_number(rate):>5}x "
        if length is None:
            yield f"{head} never"
            continue
        share = (math.log(length) - least) / (most - least) if most > least else 1.0
        yield f"{head} {'█' * (1 + round(share * (_BAR - 1)))} {_coarse(length)}"


def _cost(found: SloExplanation) -> Iterator[str]:
    cost = found.cost
    if not cost.rules:
        return
    yield (
        f"  cost    {cost.rules} rules, {cost.series} series, {_number(cost.samples)} samples read per second, and "
        f"{cost.raw_windows} samples of each raw series per evaluation"
    )


def _verdicts(found: SloExplanation) -> Iterator[str]:
    for verdict in found.verdicts:
        reason = f": {verdict.reason}" if verdict.grade is not Grade.EXACT else ""
        yield f"  {verdict.backend:<12} {verdict.grade.value}{reason}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _number(number: Decimal) -> str:
    """Three significant digits, or all those before the point."""
    if not number:
        return "0"
    digits = max(0, 2 - number.adjusted())
    return plain_number(round(number, digits))
