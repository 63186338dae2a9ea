"""The traces of the service that an alert is about, in every system that keeps them and has a page.

Jaeger, "Frontend/UI", "Search"; Grafana, "Tempo data source" and "Jaeger data source", queries; Kibana, "Applications";
Datadog, "Trace Explorer".
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from skillforge_mon.backends.datadog.filters import tag_text
from skillforge_mon.backends.elasticsearch.apm import service_name
from skillforge_mon.backends.ways.explore import explore
from skillforge_mon.backends.ways.pages import datadog_page, kibana_page
from skillforge_mon.backends.ways.way import Subject, Way, encoded, known_address, way
from skillforge_mon.model.project import Project, Service
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT


def trace_ways(project: Project, subject: Subject) -> Iterator[Way]:
    """To the traces of the subject's service; none where it sends none."""
    traces, service = project.traces, subject.service
    if traces is None or service is None or service not in traces.services:
        return
    for backend in traces.backends:
        address = _ADDRESSES[backend](project, service)
        if address is not None:
            yield way("traces", f"Traces of {service.name} in {_TITLES[backend]}", address)


def _jaeger(project: Project, service: Service) -> str | None:
    target = project.targets.jaeger
    page = known_address(target.public_url) if target is not None else None
    if page is not None:
        return f"{page}/search?service={encoded(service.name)}&lookback=1h"
    return explore(project, "jaeger", {"queryType": "search", "service": service.name})


def _tempo(project: Project, service: Service) -> str | None:
    query = f"{{resource.service.name={json.dumps(service.name)}}}"
    return explore(project, "tempo", {"queryType": "traceql", "query": query})


def _elastic_apm(project: Project, service: Service) -> str | None:
    kibana = kibana_page(project)
    if kibana is None:
        return None
    where = f"&environment={encoded(project.environment)}" if project.environment != DEFAULT_ENVIRONMENT else ""
    page = f"{kibana}/app/apm/services/{encoded(service_name(service))}/overview"
    return f"{page}?rangeFrom=now-1h&rangeTo=now{where}"


def _datadog(project: Project, service: Service) -> str | None:
    page = datadog_page(project)
    if page is None:
        return None
    where = f" env:{tag_text(project.environment)}" if project.environment != DEFAULT_ENVIRONMENT else ""
    return f"{page}/apm/traces?query={encoded(f'service:{tag_text(service.name)}{where}')}"


_TITLES = {"jaeger": "Jaeger", "tempo": "Tempo", "elasticsearch": "Kibana", "datadog": "Datadog"}
_ADDRESSES = {"jaeger": _jaeger, "tempo": _tempo, "elasticsearch": _elastic_apm, "datadog": _datadog}
