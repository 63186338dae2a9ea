"""The budget of an SLO over a week, month or quarter of the calendar, in UTC.

    slo:events_total:<period>    events since the period began
    slo:events_bad:<period>      bad events since then
    slo:error_ratio:<period>     what the period has come to: is it above the budget at its end, the promise is broken
    slo:error_budget_remaining:ratio

A range of Prometheus is as long as is written, so the counts of the longest such period are looked at, and those of the
present one taken: of which the number is that of now. (``@ end()`` is the time of the evaluation, also in a subquery.)
The budget is that of the whole period: its events so far, and for the rest as many per second as there were over the
longest such period. So it begins full, and one error in the first minute of a month does not spend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from skillforge_mon.lower.burn_text import float_exact, length_text
from skillforge_mon.spec.quantities import CalendarPeriod, plain_number

if TYPE_CHECKING:
    from skillforge_mon.backends.prometheus.alert_rules import Rule
    from skillforge_mon.backends.prometheus.slo_rules import SloSeries

_NOW: Final = "last_over_time(vector(time())[1s:1s] @ end())"
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
    total, bad = f"slo:events_total:{name}{selector}", f"slo:events_bad:{name}{selector}"
    yield _rule(series, f"slo:events_total:{name}", _since_begin(series, period, series.total_name))
    yield _rule(series, f"slo:events_bad:{name}", _since_begin(series, period, series.bad_name))
    yield _rule(series, f"slo:error_ratio:{name}", f"{bad} / ({total} > 0)")
    budget = plain_number(float_exact(series.plan.budget))
    usual = f"avg_over_time({series.total}[{length_text(period.longest)}:{length_text(series.plan.base)}])"
    left = f"scalar(({_DAYS_LEFT[name]}) * {_DAY} - time() % {_DAY})"
    remaining = f"1 - ({bad} / ({budget} * ({total} + {usual} * {left}) > 0) or {total} * 0)"
    yield _rule(series, "slo:error_budget_remaining:ratio", remaining)


def _rule(series: SloSeries, name: str, expr: str) -> Rule:
    return {"record": name, "expr": expr, "labels": series.labels}


def _since_begin(series: SloSeries, period: CalendarPeriod, name: str) -> str:
    """The number of events in those base windows that ended within the present period."""
    base = series.plan.base
    number = _NUMBER[period.name]
    this = number.format(time="vector(time())")
    now = number.format(time=_NOW)
    counts = f"{name}{series.selector} and on () ({this} == scalar({now}))"
    seconds = plain_number(Decimal(int(base)) / 1000)
    return f"sum_over_time(({counts})[{length_text(period.longest)}:{length_text(base)}]) * {seconds}"
