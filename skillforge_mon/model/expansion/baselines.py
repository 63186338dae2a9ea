"""A baseline: what a quantile usually is, how it is now over two windows, and by how much both are worse.

Two windows as in burn-rate alerts (SRE workbook, chapter 5): the long one makes sure that the regression lasts, the
short one that it still does. The smaller of the two is what counts. What is usual is the median of the short window's
values over days, which a few bad hours do not move.

baseline:<name>:p95_<short>, baseline:<name>:p95_<long>   the quantile over each window
baseline:<name>:p95_usual                                 the median of the short one over days, or what somebody said
baseline:<name>:p95_regression                            0.5 where both windows are half as much again as usual
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from skillforge_mon.model.expansion.made import Fragment, Made
from skillforge_mon.model.expansion.names import percentile, sentence, series_part, spoken
from skillforge_mon.query.promql import PromQLSyntaxError, VectorSelector, parse, print_expr
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.models.baselines import Baseline
from skillforge_mon.spec.quantities import Duration, plain_number

SLOW: Final = "5m"
"""How often what changes slowly is evaluated: the long window, and what is usual."""
HOLD: Final = "5m"
"""How long a regression must be seen: the windows see to it that it lasts, this that no gap in the data counts."""
_PARTS: Final = ("_bucket", "_count", "_sum")
TypeOf: TypeAlias = Callable[[str], "str | None"]
"""The type that a metric is declared with; None where it is not declared."""
RESOLUTION: Final = "1m"
"""The step at which the values of an expression are taken."""


def baseline_series(name: str, quantile: Decimal, what: str) -> str:
    """``baseline:api_latency:p95_usual``; ``what`` is a window, ``usual`` or ``regression``."""
    return f"baseline:{series_part(name)}:{percentile(quantile)}_{what}"


def regression_alert(name: str) -> str:
    """``ApiLatencyRegression`` for ``api-latency``."""
    return f"{camel_case(name)}Regression"


def recorded_quantiles(baseline: Baseline) -> tuple[Decimal, ...]:
    """The quantiles that are recorded, ascending: those that are asked for, and the one that is watched."""
    return tuple(sorted({*baseline.quantiles, baseline.watch}))


def is_said(baseline: Baseline, quantile: Decimal) -> bool:
    """Whether it is known what is usual of ``quantile``: it is learned, or said of some group."""
    return not baseline.usual or any(usual.of(quantile) is not None for usual in baseline.usual)


def baseline_fragment(name: str, baseline: Baseline, type_of: TypeOf) -> Fragment:
    """The recordings of the baseline ``name``, and its alert. ``type_of`` tells the declared types.

    Nothing where its query is unclear or does not parse; checks and validation say why.
    """
    if (baseline.metric is None) == (baseline.expr is None):
        return {}
    measured = _Measured(baseline, type_of)
    if not measured.is_readable:
        return {}
    recordings: dict[str, Made] = {}
    for quantile in recorded_quantiles(baseline):
        short = baseline_series(name, quantile, str(baseline.short))
        _record(recordings, name, baseline, short, measured.quantile(quantile, baseline.short))
        if baseline.usual:
            _record_said(recordings, name, baseline, quantile)
        else:
            lag = f" offset {baseline.lag}" if baseline.lag else ""
            usual = f"quantile_over_time(0.5, {short}[{baseline.over}:{SLOW}]{lag})"
            _record(recordings, name, baseline, baseline_series(name, quantile, "usual"), usual, SLOW)
        if quantile == baseline.watch and is_said(baseline, quantile):
            long = baseline_series(name, quantile, str(baseline.long))
            _record(recordings, name, baseline, long, measured.quantile(quantile, baseline.long), SLOW)
            worse = _regression(short, long, baseline_series(name, quantile, "usual"), measured.enough())
            _record(recordings, name, baseline, baseline_series(name, quantile, "regression"), worse, unit="ratio")
    fragment: Fragment = {"recordings": recordings}
    if baseline.regression and is_said(baseline, baseline.watch):
        fragment["alerts"] = {regression_alert(name): _alert(name, baseline)}
    return fragment


@lru_cache(maxsize=256)
def histogram_selector(text: str) -> VectorSelector | None:
    """``text`` as a selector of one metric; None where it is none, or does not parse."""
    try:
        parsed = parse(text)
    except PromQLSyntaxError:
        return None
    return parsed if isinstance(parsed, VectorSelector) and parsed.name is not None else None


def wrong_metric(name: str, type_of: TypeOf) -> str:
    """What the metric ``name`` is instead of a histogram; "" where it is one, or where nobody says what it is."""
    type_ = type_of(name)
    if type_ is not None:
        return "" if type_ in {"histogram", "native_histogram"} else f"a {type_}"
    whole = next((name.removesuffix(suffix) for suffix in _PARTS if name.endswith(suffix)), "")
    return f"a part of the histogram `{whole}`" if type_of(whole) == "histogram" else ""


class _Measured:
    """The queries of one baseline."""

    def __init__(self, baseline: Baseline, type_of: TypeOf) -> None:
        self._baseline = baseline
        self._by = ", ".join(baseline.by)
        self._histogram: VectorSelector | None = None
        self._native = False
        self.is_readable = baseline.expr is not None
        selector = histogram_selector(baseline.metric) if baseline.metric is not None else None
        if selector is not None and selector.name is not None and not wrong_metric(selector.name, type_of):
            self._histogram, self._native = selector, type_of(selector.name) == "native_histogram"
            self.is_readable = True

    def quantile(self, quantile: Decimal, window: Duration) -> str:
        """The quantile over ``window``."""
        number = plain_number(quantile)
        if self._histogram is None:
            return f"quantile_over_time({number}, ({self._baseline.expr})[{window}:{RESOLUTION}])"
        if self._native:
            return f"histogram_quantile({number}, {self._sum(f'rate({print_expr(self._histogram)}[{window}])')})"
        buckets = self._suffixed("_bucket")
        labels = ", ".join(("le", *self._baseline.by))
        return f"histogram_quantile({number}, sum by ({labels}) (rate({buckets}[{window}])))"

    def enough(self) -> str:
        """The condition that the short window has events enough to say something; "" where it does not count any."""
        least, window = self._baseline.min_events, self._baseline.short
        if self._histogram is None or not least:
            return ""
        if self._native:
            counted = f"histogram_count({self._sum(f'increase({print_expr(self._histogram)}[{window}])')})"
        else:
            counted = self._sum(f"increase({self._suffixed('_count')}[{window}])")
        return f"{counted} >= {least}"

    def _sum(self, text: str) -> str:
        return f"sum by ({self._by}) ({text})" if self._by else f"sum({text})"

    def _suffixed(self, suffix: str) -> str:
        assert self._histogram is not None  # noqa: S101 - only asked of histograms
        return print_expr(replace(self._histogram, name=f"{self._histogram.name}{suffix}"))


def _regression(short: str, long: str, usual: str, enough: str) -> str:
    """By how much the smaller of the two windows is above what is usual: 0.5 for half as much again.

    Each is compared with the other, so that there is nothing where one of them is not a number: a mean of nothing,
    after a slow hour, must not leave the word to the long window.
    """
    smaller = f"{short} < {long} or {long} <= {short}"
    worse = f"({smaller}) / {usual} - 1"
    return f"({worse})\nand {enough}" if enough else worse


def _record(
    recordings: dict[str, Made],
    name: str,
    baseline: Baseline,
    series: str,
    expr: str,
    interval: str = "",
    unit: str = "",
) -> None:
    recording: dict[str, Made] = {"record": series, "expr": expr}
    if interval:
        recording["interval"] = interval
    if baseline.service is not None:
        recording["service"] = baseline.service
    if unit:
        recording["unit"] = unit
    recordings[f"baseline-{name}-{series.rpartition(':')[2].replace('_', '-')}"] = recording


def _record_said(recordings: dict[str, Made], name: str, baseline: Baseline, quantile: Decimal) -> None:
    """What the user says is usual: a constant for each group."""
    series = baseline_series(name, quantile, "usual")
    for number, usual in enumerate(baseline.usual, 1):
        if (said := usual.of(quantile)) is None:
            continue
        recording: dict[str, Made] = {
            "record": series,
            "expr": f"vector({plain_number(said.base)})",
            "interval": SLOW,
            **({"unit": said.base_unit} if said.base_unit else {}),
            **({"labels": dict(usual.labels)} if usual.labels else {}),
            **({"service": baseline.service} if baseline.service is not None else {}),
        }
        recordings[f"baseline-{name}-{series.rpartition(':')[2].replace('_', '-')}-{number}"] = recording


def _alert(name: str, baseline: Baseline) -> Made:
    watched = percentile(baseline.watch).replace("_", ".")
    of = "".join(f" of {label} {{{{ labels.{label} }}}}" for label in baseline.by)
    lag = f", less the latest {baseline.lag}" if baseline.lag else ""
    usual = "what was said to be usual" if baseline.usual else f"the median of the last {baseline.over}{lag}"
    said = f"{sentence(baseline.description)} " if baseline.description else ""
    alert: dict[str, Made] = {
        "expr": baseline_series(name, baseline.watch, "regression"),
        "severity": {severity: f"> {worse}" for severity, worse in baseline.regression.items()},
        "for": HOLD,
        "summary": f"{watched} of {spoken(name)}{of} is {{{{ value | percent }}}} above what is usual",
        "description": f"{said}Both the last {baseline.short} and the last {baseline.long} are that much above "
        f"{usual}.",
    }
    if baseline.service is not None:
        alert["service"] = baseline.service
    for key in ("escalation", "runbook"):
        if (value := getattr(baseline, key)) is not None:
            alert[key] = value
    if baseline.labels:
        alert["labels"] = dict(baseline.labels)
    return alert
