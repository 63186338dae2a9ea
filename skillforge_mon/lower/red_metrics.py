"""Which metrics of a service count its requests, tell errors, and measure durations: found by type, name and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from skillforge_mon.model.project import Project, Service
from skillforge_mon.query.promql import Matcher, PromQLSyntaxError, VectorSelector, parse
from skillforge_mon.query.series import MetricEntry

_REQUEST_WORDS = (
    frozenset(("request", "requests")),
    frozenset(("rpc", "rpcs", "call", "calls", "handled", "queries", "query")),
    frozenset(("task", "tasks", "job", "jobs", "message", "messages")),
)
"""What a service may answer, the usual first; the first kind that it has any metric of is taken."""
_FAILURE_WORDS = frozenset(("error", "errors", "failure", "failures", "failed", "exception", "exceptions"))
_PART_WORDS = _FAILURE_WORDS | {"rejected", "dropped", "retries", "retried", "cancelled", "timeouts", "limited"}
_DURATION_WORDS = frozenset(("duration", "latency", "time", "seconds"))
_HTTP_LABELS = (
    "status", "code", "status_code", "http_status", "http_status_code", "http_code", "response_code",
    "http_response_status_code", "status_class",
)  # fmt: skip
_OUTCOME_LABELS = ("outcome", "result", "status", "state")
_FAILED_OUTCOMES = ("error", "errors", "failure", "failed", "fail", "timeout", "FAILURE", "ERROR", "SERVER_ERROR")
_GRPC_LABEL = "grpc_code"
_GRPC_SERVER_ERRORS = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"
"""The codes of gRPC that are the server's fault (go-grpc-middleware's Prometheus mixin)."""


@dataclass(frozen=True, slots=True)
class Requests:
    """A counter of requests; ``errors`` is the matcher that selects the failed ones, None when there is none."""

    metric: str
    selector: VectorSelector
    errors: Matcher | None


@dataclass(frozen=True, slots=True)
class RedMetrics:
    """The metrics of a service. ``failures`` are counters of errors alone, only where requests do not tell them."""

    service: Service
    requests: tuple[Requests, ...]
    failures: tuple[VectorSelector, ...]
    durations: tuple[MetricEntry, ...]

    def selector(self, entry: MetricEntry, suffix: str = "") -> VectorSelector:
        """The series of ``entry`` that are the service's."""
        return VectorSelector(entry.metric + suffix, service_matchers(self.service, entry) or ())


def red_metrics(project: Project, service: Service) -> RedMetrics:
    """What ``service`` counts and measures of its requests."""
    own = [entry for entry in project.catalogue.entries() if _is_of(entry, service)]
    counters = [entry for entry in own if entry.type == "counter" and not _words(entry) & _PART_WORDS]
    counted = _of_one_kind(counters)
    requests = [_requests(entry, service) for entry in counted]
    telling = [each for each in requests if each.errors is not None]
    failures = [entry for entry in own if entry.type == "counter" and _words(entry) & _FAILURE_WORDS]
    measured = [entry for entry in own if entry.observed_unit in {"seconds", "milliseconds"} and _is_histogram(entry)]
    durations = _of_one_kind(measured) or [entry for entry in measured if _words(entry) & _DURATION_WORDS][:1]
    metrics = RedMetrics(service, tuple(telling or requests), (), tuple(durations))
    if telling:
        return metrics
    return RedMetrics(service, metrics.requests, tuple(map(metrics.selector, failures)), metrics.durations)


def service_matchers(service: Service, entry: MetricEntry | None) -> tuple[Matcher, ...] | None:
    """The matchers that select the series of ``service``; None when ``entry`` cannot carry them.

    They are the service's ``selector``; else ``service="NAME"`` where the metric has that label; else its scrape jobs.
    """
    if service.spec.selector is not None:
        matchers = _parsed(service.spec.selector)
    elif entry is not None and "service" in entry.labels:
        matchers = (Matcher("service", "=", service.name),)
    elif entry is not None and entry.service == service.name and not service.spec.scrape:
        matchers = ()
    else:
        jobs = sorted({scrape.job or service.name for scrape in service.spec.scrape}) or [service.name]
        one = len(jobs) == 1
        matchers = (Matcher("job", "=", jobs[0]) if one else Matcher("job", "=~", "|".join(map(re.escape, jobs))),)
    if entry is None or entry.open_labels or all(matcher.label in entry.labels for matcher in matchers):
        return matchers
    return None


@lru_cache(maxsize=1024)
def _parsed(selector: str) -> tuple[Matcher, ...]:
    """The matchers of a text such as ``service="backend"``, with or without braces; none when it does not parse."""
    text = selector.strip()
    try:
        expr = parse(text if text.startswith("{") else f"{{{text}}}")
    except PromQLSyntaxError:
        return ()
    return expr.matchers if isinstance(expr, VectorSelector) else ()


def _is_of(entry: MetricEntry, service: Service) -> bool:
    """Metrics that the service exports, or that any may. Those of an exporter belong to the service of its name."""
    if entry.service:
        return entry.service == service.name
    return entry.origin in {"spec", service.name} and service_matchers(service, entry) is not None


def _is_histogram(entry: MetricEntry) -> bool:
    return entry.is_classic_histogram or entry.series == "native_histogram"


def _words(entry: MetricEntry) -> frozenset[str]:
    return frozenset(entry.metric.lower().split("_"))


def _of_one_kind(entries: Iterable[MetricEntry]) -> list[MetricEntry]:
    entries = list(entries)
    for words in _REQUEST_WORDS:
        found = [entry for entry in entries if _words(entry) & words]
        if found:
            return found
    return []


def _requests(entry: MetricEntry, service: Service) -> Requests:
    selector = VectorSelector(entry.metric, service_matchers(service, entry) or ())
    return Requests(entry.metric, selector, next(_error_matchers(entry), None))


def _error_matchers(entry: MetricEntry) -> Iterator[Matcher]:
    """How failed requests can be told, the likeliest way first."""
    if _GRPC_LABEL in entry.labels:
        yield Matcher(_GRPC_LABEL, "=~", _GRPC_SERVER_ERRORS)
    answers = bool(_words(entry) & _REQUEST_WORDS[0])
    for label in _HTTP_LABELS:
        known = entry.labels.get(label)
        if known is None:
            continue
        if known.cardinality != "enum":
            if answers:
                yield Matcher(label, "=~", "5..")
        elif "5xx" in known.values:
            yield Matcher(label, "=", "5xx")
        elif any(re.fullmatch(r"5\d\d", value) for value in known.values):
            yield Matcher(label, "=~", "5..")
    for label in _OUTCOME_LABELS:
        known = entry.labels.get(label)
        failed = [value for value in known.values if value in _FAILED_OUTCOMES] if known is not None else []
        if failed:
            yield Matcher(label, "=~", "|".join(failed))
