"""``use: red``: rate, errors and duration of a service that answers requests (Tom Wilkie's RED method)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft, rate_of, sum_by
from skillforge_mon.lower.red_metrics import RedMetrics, Requests, red_metrics
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import Binary, Call, Expr, NumberLiteral, Paren
from skillforge_mon.query.series import MetricEntry

QUANTILES = (("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"))


def red_set(project: Project, service: Service) -> PanelSet:
    """Requests per second, the share of errors, and durations, from the metrics with the labels of ``service``."""
    metrics = red_metrics(project, service)
    drafts: list[Draft] = []
    missing: list[Missing] = []
    for panel, help_, found in (
        ("Requests", "declare a counter such as `http_requests_total` with the labels of the service", _rate(metrics)),
        (
            "Errors",
            "give the request counter a label `status` or `code`, or declare a counter of errors",
            _errors(metrics),
        ),
        ("Duration", "declare a histogram such as `http_request_duration_seconds`", _durations(metrics)),
    ):
        own = tuple(found)
        drafts += own
        if not own:
            missing.append(Missing(panel, help_))
    return PanelSet(f"{service.name}: requests, errors, duration", tuple(drafts), tuple(missing))


def _rate(metrics: RedMetrics) -> Iterator[Draft]:
    description = "Requests per second."
    counters = metrics.requests
    if len(counters) == 1 and counters[0].errors is not None:
        label = counters[0].errors.label
        expr = sum_by(rate_of(counters[0].selector), label)
        yield draft(
            "timeseries", "Requests", [(expr, f"{{{{ labels.{label} }}}}")], description=description, stack=True, min=0
        )
    elif counters:
        queries = [(sum_by(rate_of(each.selector)), each.metric) for each in counters]
        yield draft("timeseries", "Requests", queries, description=description, min=0)
    elif metrics.durations:
        queries = [(_observations(entry, metrics), entry.metric) for entry in metrics.durations]
        yield draft("timeseries", "Requests", queries, description=description, min=0)


def _errors(metrics: RedMetrics) -> Iterator[Draft]:
    ratios = [_error_ratio(each) for each in metrics.requests if each.errors is not None]
    description = "Share of requests that failed."
    if ratios:
        names = [each.metric for each in metrics.requests if each.errors is not None]
        legends = ["errors"] if len(names) == 1 else names
        queries = [(shown, legend) for (shown, _), legend in zip(ratios, legends, strict=True)]
        made = draft("timeseries", "Errors", queries, description=description, min=0)
        yield Draft(made.panel, tuple(watched for _, watched in ratios))
    elif metrics.failures:
        queries = [(sum_by(rate_of(selector)), selector.name or "") for selector in metrics.failures]
        yield draft("timeseries", "Errors", queries, description="Errors per second.", min=0)


def _error_ratio(requests: Requests) -> tuple[Expr, Expr]:
    """The share of failed requests, as it is drawn and as an alert says it. Drawn, no error at all is 0."""
    total = sum_by(rate_of(requests.selector))
    assert requests.errors is not None  # noqa: S101 - asked before
    failed = replace(requests.selector, matchers=(*requests.selector.matchers, requests.errors))
    bad = sum_by(rate_of(failed))
    filled = Paren(Binary("or", bad, Binary("*", NumberLiteral(0.0, "0"), total)))
    return Binary("/", filled, total), Binary("/", bad, total)


def _durations(metrics: RedMetrics) -> Iterator[Draft]:
    for entry in metrics.durations:
        title = "Duration" if len(metrics.durations) == 1 else f"Duration ({entry.metric})"
        queries = [(_quantile(quantile, entry, metrics), name) for quantile, name in QUANTILES]
        description = "Half, 95 % and 99 % of requests are answered within these times."
        yield draft("timeseries", title, queries, description=description, min=0)


def _quantile(quantile: str, entry: MetricEntry, metrics: RedMetrics) -> Expr:
    number = NumberLiteral(float(quantile), quantile)
    selector = metrics.selector(entry, "_bucket" if entry.is_classic_histogram else "")
    labels = ("le",) if entry.is_classic_histogram else ()
    return Call("histogram_quantile", (number, sum_by(rate_of(selector), *labels)))


def _observations(entry: MetricEntry, metrics: RedMetrics) -> Expr:
    if entry.is_classic_histogram:
        return sum_by(rate_of(metrics.selector(entry, "_count")))
    return Call("histogram_count", (sum_by(rate_of(metrics.selector(entry))),))
