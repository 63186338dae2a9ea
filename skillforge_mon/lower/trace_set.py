"""``use: traces``: rate, errors and duration as the spans of a service tell them, with the way to its traces."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from skillforge_mon.lower.layout import PanelLink
from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft, rate_of, sum_by
from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import Binary, Call, Expr, Matcher, NumberLiteral, Paren, VectorSelector
from skillforge_mon.query.span_metrics import (
    CALLS,
    DURATION,
    ERROR,
    KIND_LABEL,
    SERVICE_LABEL,
    SPAN_LABEL,
    STATUS_LABEL,
    counted,
)

_QUANTILES: Final = (("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"))
_REQUESTS: Final = Matcher(KIND_LABEL, "=~", "SPAN_KIND_(SERVER|CONSUMER)")
"""Spans that begin in a service what was asked of it: a request that it answers, or a message that it takes. Those
within it and those of what it asks of others would count the same request again."""


def trace_set(project: Project, service: Service | None) -> PanelSet:
    """What is asked of ``service``, by the names of its spans; where none is named, of every service by their names."""
    title = "Traces" if service is None else f"{service.name}: traces"
    if counted(project.spec) is None:
        help_ = "count spans: `span_metrics: {}` under `traces`, with `collector` and `prometheus` under `targets`"
        return PanelSet(title, (), (Missing("Requests", help_),))
    by = SERVICE_LABEL if service is None else SPAN_LABEL
    legend = f"{{{{ labels.{by} }}}}"
    total = sum_by(rate_of(_spans(CALLS, service)), by)
    panels = (
        draft("timeseries", "Requests", [(total, legend)], description="Requests per second, from spans.", min=0),
        _errors(service, by, legend),
        _durations(service),
    )
    links = tuple(_links(project, service))
    return PanelSet(title, tuple(replace(each, panel=replace(each.panel, links=links)) for each in panels))


def _spans(metric: str, service: Service | None, *more: Matcher) -> VectorSelector:
    own = () if service is None else (Matcher(SERVICE_LABEL, "=", service.name),)
    return VectorSelector(metric, (*own, _REQUESTS, *more))


def _errors(service: Service | None, by: str, legend: str) -> Draft:
    """The share of requests that failed. Drawn, no error at all is 0."""
    total = sum_by(rate_of(_spans(CALLS, service)), by)
    bad = sum_by(rate_of(_spans(CALLS, service, Matcher(STATUS_LABEL, "=", ERROR))), by)
    filled = Paren(Binary("or", bad, Binary("*", NumberLiteral(0.0, "0"), total)))
    made = draft(
        "timeseries",
        "Errors",
        [(Binary("/", filled, total), legend)],
        description="Share of requests that failed, from spans.",
        min=0,
    )
    return Draft(made.panel, (Binary("/", bad, total),))


def _durations(service: Service | None) -> Draft:
    buckets = rate_of(_spans(f"{DURATION}_bucket", service))
    queries: list[tuple[Expr, str]] = [
        (Call("histogram_quantile", (NumberLiteral(float(quantile), quantile), sum_by(buckets, "le"))), name)
        for quantile, name in _QUANTILES
    ]
    description = "Half, 95 % and 99 % of requests take no longer than this. The points lead to a trace each."
    return draft("timeseries", "Duration", queries, description=description, min=0)


def _links(project: Project, service: Service | None) -> list[PanelLink]:
    """To the traces on Jaeger's own page, where people reach it; Tempo has none, and is reached by the points."""
    jaeger, traces = project.targets.jaeger, project.traces
    if jaeger is None or jaeger.public_url is None or traces is None or "jaeger" not in traces.backends:
        return []
    of_service = f"?service={quote(service.name, safe='')}" if service is not None else ""
    return [PanelLink("Traces in Jaeger", f"{jaeger.public_url.rstrip('/')}/search{of_service}")]
