"""The lines of the service that an alert is about: in Loki, by Grafana's Explore; in Kibana's Discover; in Datadog.

Kibana, "Discover", whose state is in its address, in Rison; Datadog, "Log Explorer", "Search URL".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from skillforge_mon.backends.datadog.logs.searches import of_stream, streams_in_datadog
from skillforge_mon.backends.elasticsearch.fields import kept_fields
from skillforge_mon.backends.elasticsearch.ownership import identifier
from skillforge_mon.backends.elasticsearch.searches import kql
from skillforge_mon.backends.elasticsearch.streams import streams_in_elasticsearch
from skillforge_mon.backends.ways.explore import explore
from skillforge_mon.backends.ways.pages import datadog_page, kibana_page
from skillforge_mon.backends.ways.way import Subject, Way, encoded, way
from skillforge_mon.lower.loki_streams import SERVICE, group_labels, stream_labels, streams_in_loki
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.query.logql.printer import print_selector
from skillforge_mon.query.logql.tree import Matcher


def log_ways(project: Project, subject: Subject) -> Iterator[Way]:
    """To the lines of the subject's service, in each system that keeps any."""
    yield from _loki(project, subject)
    kibana = kibana_page(project)
    datadog = datadog_page(project)
    for stream in _of(subject, streams_in_elasticsearch(project)):
        if kibana is not None:
            state = "_g=(time:(from:now-1h,to:now))&_a=" + _discover(project, stream, subject)
            yield way("logs", f"Lines of {stream.name} in Kibana", f"{kibana}/app/discover#/?{state}")
    for stream in _of(subject, streams_in_datadog(project)):
        if datadog is not None:
            query = encoded(of_stream(project, stream))
            yield way("logs", f"Lines of {stream.name} in Datadog", f"{datadog}/logs?query={query}")


def _of(subject: Subject, streams: tuple[LogStream, ...]) -> tuple[LogStream, ...]:
    return tuple(stream for stream in streams if stream.service is not None and stream.service is subject.service)


def _loki(project: Project, subject: Subject) -> Iterator[Way]:
    """One way for all streams of the service that have the same label for it."""
    together: dict[tuple[str, str], list[LogStream]] = {}
    for stream in _of(subject, streams_in_loki(project)):
        (label, value), *_ = stream_labels(project, stream).items()
        together.setdefault((label, value), []).append(stream)
    for (label, value), streams in together.items():
        matchers = [Matcher(label, "=", value), *_fields(streams, subject)]
        query = explore(project, "loki", {"expr": print_selector(tuple(matchers)), "queryType": "range"})
        if query is not None:
            yield way("logs", f"Lines of {value}", query)


def _fields(streams: list[LogStream], subject: Subject) -> Iterator[Matcher]:
    """Labels of the alert that every stream has a label for."""
    common = set.intersection(*({*group_labels(each.spec.index_by)} - {each.spec.level} for each in streams))
    if any(each.spec.source.otlp for each in streams):
        return
    for label in sorted(common - {SERVICE}):
        value = subject.value(label, "logql")
        if value is not None:
            yield Matcher(label, "=", value)


def _discover(project: Project, stream: LogStream, subject: Subject) -> str:
    asked = {
        field: value
        for field in kept_fields(stream)
        if field in stream.spec.index_by and (value := subject.value(field, "kql")) is not None
    }
    view = identifier(project, "index-pattern", stream.id)
    return f"(index:'{view}',query:(language:kuery,query:'{_query(asked)}'))"


def _query(asked: Mapping[str, str]) -> str:
    """Fields and their values as KQL within a text of Rison, percent-encoded."""
    text = " and ".join(kql(field, value) for field, value in asked.items())
    return encoded(text.replace("!", "!!").replace("'", "!'"))
