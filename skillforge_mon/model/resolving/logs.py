"""``logs``: streams with their services, and conditions on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from skillforge_mon.model.logs import LOG_BACKENDS, LogCondition, LogMetric, LogQuery, LogStream
from skillforge_mon.model.project import Place, Service
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.spec.models.logs import LogCondition as LogConditionSpec
from skillforge_mon.spec.models.logs import LogStream as LogStreamSpec


def log_stream(resolver: Resolver, name: str, services: Mapping[str, Service]) -> LogStream:
    """The stream ``name``: kept by every target that keeps logs, where it does not say by which."""
    spec = resolver.spec.logs[name]
    place = resolver.place("logs", name)
    targets = resolver.spec.targets
    stores = [backend for backend in LOG_BACKENDS if getattr(targets, backend) is not None]
    # Datadog's logs are paid for by the line: a target that is there for metrics is no wish to send them.
    usual = [backend for backend in stores if backend != "datadog"] or stores
    named = spec.backends if spec.backends is not None else usual
    return LogStream(
        name,
        spec,
        place,
        resolver.reference(place, ("service",), "service", spec.service, "services", services),
        spec.retention.over(resolver.spec.retention.logs) if spec.retention else resolver.spec.retention.logs,
        resolver.taking("logs", LOG_BACKENDS, place, named),
        tuple(_metrics(resolver, spec, place)),
    )


def _metrics(resolver: Resolver, spec: LogStreamSpec, place: Place) -> Iterator[LogMetric]:
    for name, metric in spec.metrics.items():
        query: LogQuery | None = None
        if metric.query is not None:
            node = place.find("metrics", name, "query") or place.find("metrics", name)
            query = resolver.log_query(metric.query, node, variables=False)
        yield LogMetric(name, metric, query)


def log_condition(
    resolver: Resolver, spec: LogConditionSpec | None, place: Place, streams: Mapping[str, LogStream]
) -> LogCondition | None:
    """What an alert counts; None where it counts no lines, or names a stream that does not exist."""
    if spec is None:
        return None
    stream = resolver.reference(place, ("logs", "of"), "stream of logs", spec.of, "logs", streams)
    return LogCondition(spec, stream) if stream is not None else None
