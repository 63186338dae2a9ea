"""The budget of an SLO over a week, month or quarter of the calendar, in UTC.

    slo:events_total:sum1h       events within an hour (six hours for a quarter)
    slo:events_bad:sum1h         bad events within it
    slo:events_total:<period>    events since the period began
    slo:events_bad:<period>      bad events since then
    slo:error_ratio:<period>     what the period has come to: is it above the budget at its end, the promise is broken
    slo:error_budget_remaining:ratio

A range of Prometheus is as long as is written, so the hours of the longest such period are looked at, and those of the
present one taken: of which the number is that of now; then the base windows of the hour that is not over. (``@ end()``
is the time of the evaluation, also in a subquery.) A count belongs to the moment before its time, when it ended.

The budget is that of the whole period: its events so far, and for the rest as many per second as there were over the
longest such period. So it begins full, and one error in the first minute of a month does not spend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from skillforge_mon.lower.burn_text import exact_text, length_text
from skillforge_mon.spec.quantities import CalendarPeriod, Duration, plain_number

if TYPE_CHECKING:
    from skillforge_mon.backends.prometheus.alert_rules import Rule
    from skillforge_mon.backends.prometheus.slo_rules import SloSeries

_TILE: Final = {"week": Duration.of(hours=1), "month": Duration.of(hours=1), "quarter": Duration.of(hours=6)}
"""What a period is summed up from: few enough parts that promtool, which allows 10,000 samples, can test the rules."""

_NOW: Final = "last_over_time(vector(time())[1s:1s] @ end())"
_ENDED: Final = "(vector(time()) - 1)"
_NUMBER: Final = {
    # The epoch was a Thursday, three days after the Monday of its week.
    "week": "floor(({time} / 86400 + 3) / 7)",
    "month": "month({time})",
    "quarter": "ceil(month({time}) / 3)",
}
"""The number of the period that a time is in. Those that a longest period can reach have different ones."""

_DAYS_LEFT: Final = {
    "week": "7 - (day_of_week() + 6) % 7",
    "month": "days_in_month() - day_of_month() + 1",
    # Quarters end on the days 90, 181, 273 and 365 of a year, one later in a leap year.
    "quarter": "floor(91.25 * ceil(month() / 3)) - (month() <= bool 6) + (year() % 4 == bool 0) - day_of_year() + 1",
}
"""How many days of the period are left, today included."""

_DAY: Final = "86400"


def calendar_recordings(series: SloSeries, period: CalendarPeriod) -> Iterator[Rule]:
    """The rules that record what ``period`` has come to, and what is left of its budget."""
    selector, name = series.selector, period.name
    tile = _tile(series.plan.base, period)
    total, bad = f"slo:events_total:{name}{selector}", f"slo:events_bad:{name}{selector}"
    for counted, rate in (("slo:events_total", series.total_name), ("slo:events_bad", series.bad_name)):
        if tile > series.plan.base:
            yield _rule(series, f"{counted}:sum{length_text(tile)}", _sum(series, f"{rate}{selector}", tile))
    for counted, rate in (("slo:events_total", series.total_name), ("slo:events_bad", series.bad_name)):
        yield _rule(series, f"{counted}:{name}", _since_begin(series, period, counted, rate))
    yield _rule(series, f"slo:error_ratio:{name}", f"{bad} / ({total} > 0)")
    budget = exact_text(series.plan.budget)
    usual = f"avg_over_time({series.total}[{length_text(period.longest)}:{length_text(tile)}])"
    expected = f"{total} + {usual} * scalar({seconds_left(period)})"
    remaining = f"1 - ({bad} / ({budget} * ({expected}) > 0) or {total} * 0)"
    yield _rule(series, "slo:error_budget_remaining:ratio", remaining)


def seconds_left(period: CalendarPeriod) -> str:
    """The query for how long the present ``period`` still is, as a vector of one."""
    return f"({_DAYS_LEFT[period.name]}) * {_DAY} - time() % {_DAY}"


def _rule(series: SloSeries, name: str, expr: str) -> Rule:
    return {"record": name, "expr": expr, "labels": series.labels}


def _tile(base: Duration, period: CalendarPeriod) -> Duration:
    """The parts that ``period`` is summed up from: base windows, where these do not fit into the usual parts."""
    usual = _TILE[period.name]
    return usual if base < usual and usual % base == 0 else base


def _sum(series: SloSeries, rates: str, window: Duration) -> str:
    """The number of events that ``rates``, one for each base window of ``window``, stand for."""
    base = series.plan.base
    seconds = plain_number(Decimal(int(base)) / 1000)
    return f"sum_over_time({rates}[{length_text(window)}:{length_text(base)}]) * {seconds}"


def _since_begin(series: SloSeries, period: CalendarPeriod, counted: str, rate: str) -> str:
    """The number of events since ``period`` began: in the parts of it that are over, and in the one that is not."""
    tile = _tile(series.plan.base, period)
    number = _NUMBER[period.name]
    own = f"on () ({number.format(time=_ENDED)} == scalar({number.format(time=_NOW)}))"
    nothing = f"{series.total} * 0"
    if tile == series.plan.base:
        return f"{_sum(series, f'({rate}{series.selector} and {own})', period.longest)} or {nothing}"
    parts = f"({counted}:sum{length_text(tile)}{series.selector} and {own})"
    over = f"sum_over_time({parts}[{length_text(period.longest)}:{length_text(tile)}])"
    part = f"floor({{time}} / {int(tile) // 1000})"
    last = f"on () ({part.format(time=_ENDED)} == scalar({part.format(time=_NOW)}))"
    going_on = _sum(series, f"({rate}{series.selector} and {last})", tile)
    return f"({over} or {nothing}) + ({going_on} or {nothing})"
