"""SLOs to recording rules: two counts that read raw series, and everything else made from these two.

    slo:events_total:rate5m          all events per second, one series whatever the labels of the counter
    slo:events_bad:rate5m            bad events per second, 0 when there are events but never were bad ones
    slo:error_ratio:rate<window>     bad by all events over each window in use, absent while there are no events
    slo:objective:ratio              0.999
    slo:error_budget:ratio           0.001
    slo:current_burn_rate:ratio      how many times faster than allowed the budget burns now; 0 without events
    slo:error_budget_remaining:ratio what is left of the budget of the SLO's window: 1 unspent, below 0 overspent
    slo:info                         1, with labels that describe the SLO

All of them carry ``slo`` and ``service``, the labels of ``group_by`` where they differ between groups, and nothing
else, so that they always match each other; the labels of the spec are on ``slo:info`` and on the alerts.

A window longer than the base is the sum of its counts, not the mean of its ratios: a busy minute weighs more than a
quiet hour. Over TILED_WINDOWS base windows and more, the sum takes one count per base window, laid side by side, and
not every one that was recorded: the same events at a tenth of the samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import Rule
from skillforge_mon.backends.prometheus.capabilities import Version
from skillforge_mon.backends.prometheus.names import allowed_names
from skillforge_mon.backends.prometheus.slo_calendar import calendar_recordings
from skillforge_mon.lower.burn_text import exact_text, length_text, percentage
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.query.promql import Matcher, VectorSelector, print_expr
from skillforge_mon.query.promql.strings import quote_string
from skillforge_mon.spec.quantities import Duration

TILED_WINDOWS: Final = 72
"""From 6 hours on for a base of 5 minutes: there, that the last base window may just have begun no longer matters."""

LONG_WINDOW: Final = Duration.of(days=1)
"""Windows from here on change so slowly that they are evaluated less often."""

MINUTE: Final = Duration.of(minutes=1)

LONG_INTERVAL: Final = Duration.of(minutes=2)
"""How often: well below the 5 minutes after which a series counts as gone."""


class SloSeries:
    """The names and texts of one SLO's series. Expressions are put together from pieces that are printed once."""

    def __init__(self, plan: SloPlan, evaluation: Duration) -> None:
        self.plan = plan
        self.evaluation = evaluation
        self.selector = f"{{slo={quote_string(plan.slo.name)}}}"
        self.labels = {"slo": plan.slo.name}
        if plan.slo.service is not None:
            self.labels["service"] = plan.slo.service.name
        self.total_name = f"slo:events_total:rate{length_text(plan.base)}"
        self.bad_name = f"slo:events_bad:rate{length_text(plan.base)}"

    @property
    def total(self) -> str:
        """All events per second, as recorded."""
        return self.total_name + self.selector

    def ratio(self, window: Duration) -> str:
        """The error ratio over ``window``, as recorded."""
        return f"slo:error_ratio:rate{length_text(window)}{self.selector}"

    def ratio_expression(self, window: Duration) -> str:
        """The error ratio over ``window``, from the counts; absent while there are no events."""
        if window == self.plan.base:
            return f"{self.bad_name}{self.selector} / ({self.total} > 0)"
        bad, total = self.over(self.bad_name, window), self.over(self.total_name, window)
        return f"sum_over_time({bad}) / (sum_over_time({total}) > 0)"

    def over(self, name: str, window: Duration, step: Duration | None = None) -> str:
        """The range of ``name`` whose sum is that of its counts over ``window``, one for each ``step``.

        Without a step it is one per base window where the window is tiled, else every one that was recorded.
        """
        step = step or (self.plan.base if self.tiled(window) else None)
        return f"{name}{self.selector}[{length_text(window)}{f':{length_text(step)}' if step else ''}]"

    def tiled(self, window: Duration) -> bool:
        """Whether the sum over ``window`` takes one count per base window."""
        return window >= TILED_WINDOWS * self.plan.base and window % self.plan.base == 0

    def bad_events(self, window: Duration) -> str:
        """The number of bad events within ``window``: counts per second times the seconds between two of them."""
        return self._number(self.bad_name, window)

    def allowed_events(self, window: Duration) -> str:
        """How many events may be bad within ``window``: all of them times the budget.

        No more than one count per minute: which events the last of it had hardly matters to the square root of what
        changes slowly, and it costs a quarter of the samples that are recorded every 15 seconds. One per base window
        would cost less, but a series that is new would not be there until one has ended, and so would no alert.
        """
        fewer = not self.tiled(window) and self.evaluation < MINUTE and window % MINUTE == 0
        budget = exact_text(self.plan.budget)
        return f"{self._number(self.total_name, window, MINUTE if fewer else None)} * {budget}"

    def _number(self, name: str, window: Duration, step: Duration | None = None) -> str:
        between = step or (self.plan.base if self.tiled(window) else self.evaluation)
        seconds = exact_text(Decimal(int(between)) / 1000)
        counts = f"sum_over_time({self.over(name, window, step)})"
        return counts if seconds == "1" else f"{counts} * {seconds}"


def quick_recordings(series: SloSeries) -> list[Rule]:
    """The rules that are evaluated at every evaluation: counts, ratios below LONG_WINDOW, the burn rate."""
    plan, labels = series.plan, series.labels
    recorded = VectorSelector(series.total_name, (Matcher("slo", "=", plan.slo.name),))
    budget = exact_text(plan.budget)
    rules: list[Rule] = [
        {"record": series.total_name, "expr": print_expr(plan.events.total_rate(plan.base)), "labels": labels},
        {"record": series.bad_name, "expr": print_expr(plan.events.bad_rate(plan.base, recorded)), "labels": labels},
        *(_ratio(series, window) for window in plan.windows if window < LONG_WINDOW),
    ]
    burning = f"({series.ratio(plan.base)} or {series.total} * 0) / {budget}"
    rules.append({"record": "slo:current_burn_rate:ratio", "expr": burning, "labels": labels})
    return rules


def slow_recordings(series: SloSeries, version: Version) -> list[Rule]:
    """The rules that are evaluated every LONG_INTERVAL: ratios from LONG_WINDOW on, the budget, the description."""
    plan, labels = series.plan, series.labels
    budget = exact_text(plan.budget)
    objective = exact_text(plan.slo.spec.objective)
    return [
        *(_ratio(series, window) for window in plan.windows if window >= LONG_WINDOW),
        {"record": "slo:objective:ratio", "expr": f"vector({objective})", "labels": labels},
        {"record": "slo:error_budget:ratio", "expr": f"vector({budget})", "labels": labels},
        *_remaining(series, budget),
        {"record": "slo:info", "expr": "vector(1)", "labels": _description(series, version)},
    ]


def _remaining(series: SloSeries, budget: str) -> Iterator[Rule]:
    plan = series.plan
    if plan.calendar is not None:
        yield from calendar_recordings(series, plan.calendar)
        return
    expr = f"1 - ({series.ratio(plan.window)} or {series.total} * 0) / {budget}"
    yield {"record": "slo:error_budget_remaining:ratio", "expr": expr, "labels": series.labels}


def _ratio(series: SloSeries, window: Duration) -> Rule:
    expr = series.ratio_expression(window)
    return {"record": f"slo:error_ratio:rate{length_text(window)}", "expr": expr, "labels": series.labels}


def _description(series: SloSeries, version: Version) -> dict[str, str]:
    slo = series.plan.slo
    service = dict(slo.service.spec.labels) if slo.service is not None else {}
    calendar = series.plan.calendar
    own = {
        "objective": percentage(slo.spec.objective),
        "window": calendar.name if calendar is not None else str(slo.spec.window),
    }
    if slo.service is not None and slo.service.team is not None:
        own["team"] = slo.service.team.name
    return allowed_names(service | slo.spec.labels, version) | series.labels | own
