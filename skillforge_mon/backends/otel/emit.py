"""Environment files of services, for ``env_file`` of Docker Compose and the like.

otel/<service>.env

The variables are those of OpenTelemetry's specification ("Environment Variable Specification", "OpenTelemetry Protocol
Exporter", "Resource SDK") and Datadog's unified service tags. Applications with a client of Jaeger's own send OTLP once
they have an SDK: the clients and the agent at port 6831 are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from skillforge_mon.backends.environment_variables import HEADER, expanded
from skillforge_mon.backends.otlp_stores import OtlpStore, otlp_store
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project, Service
from skillforge_mon.model.traces import ID, Traces
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import plain_number

BACKEND: Final = "otel"
_PLAIN_VALUE: Final = "!#$&'()*+-./:<>?@[]^_`{|}~"
"""Of what is neither a letter nor a digit, what may stand in a value as it is: the octets of W3C Baggage, which the
specification refers to, without what OpenTelemetry's parsers take apart (comma, ``=``) and ``%``."""


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """One file for each service that sends traces. Agents of Elastic's own have files of theirs."""
    traces = project.traces
    if traces is None or not (traces.stores or "datadog" in traces.backends):
        return
    for service in traces.services:
        lines = [f"{name}={value}\n" for name, value in environment(project, traces, service)]
        yield Document(f"{BACKEND}/{service.name}.env", HEADER + "".join(lines), Format.TEXT, (service.id, ID))


def environment(project: Project, traces: Traces, service: Service) -> Iterator[tuple[str, str]]:
    """The variables of ``service``, in the order of the file."""
    yield "OTEL_SERVICE_NAME", service.name
    yield "OTEL_RESOURCE_ATTRIBUTES", ",".join(f"{name}={value}" for name, value in _resource(project, traces))
    if traces.stores:
        yield from _sending(project, traces, service)
    if "datadog" in traces.backends:
        yield "DD_SERVICE", service.name
        if project.environment != DEFAULT_ENVIRONMENT:
            yield "DD_ENV", project.environment
        yield "DD_VERSION", expanded(traces.spec.version)


def _resource(project: Project, traces: Traces) -> Iterator[tuple[str, str]]:
    """Attributes of everything that the service sends. A collector adds those of the project, if there is one."""
    yield "service.version", quote(expanded(traces.spec.version), safe=_PLAIN_VALUE)
    if project.environment != DEFAULT_ENVIRONMENT:
        yield "deployment.environment.name", quote(project.environment, safe=_PLAIN_VALUE)
    if project.targets.collector is None or not traces.stores:
        for name, value in traces.spec.attributes.items():
            yield name, quote(expanded(value), safe=_PLAIN_VALUE)


def _sending(project: Project, traces: Traces, service: Service) -> Iterator[tuple[str, str]]:
    collector = project.targets.collector
    if collector is not None:
        store = OtlpStore(f"{collector.address}:4317", tls=False)
    else:
        store = otlp_store(project.targets, traces.stores[0])
    yield "OTEL_EXPORTER_OTLP_ENDPOINT", f"{'https' if store.tls else 'http'}://{expanded(store.address)}"
    yield "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"
    if store.authorization is not None:
        # Values are written as those of W3C Baggage; keys of gRPC's metadata are in small letters.
        yield "OTEL_EXPORTER_OTLP_HEADERS", f"authorization={expanded(store.authorization).replace(' ', '%20')}"
    yield "OTEL_TRACES_EXPORTER", "otlp"
    # Signals without a pipeline behind the endpoint would be refused again and again.
    yield "OTEL_METRICS_EXPORTER", "none"
    yield "OTEL_LOGS_EXPORTER", "otlp" if collector is not None and _sends_logs(project, service) else "none"
    rate = traces.rate(service.name)
    if collector is not None or rate == 1:
        # What is left out is decided where whole traces are seen.
        yield "OTEL_TRACES_SAMPLER", "parentbased_always_on"
    else:
        yield "OTEL_TRACES_SAMPLER", "parentbased_traceidratio"
        yield "OTEL_TRACES_SAMPLER_ARG", plain_number(rate)


def _sends_logs(project: Project, service: Service) -> bool:
    return any(
        stream.service is service and stream.spec.source.otlp and "loki" in stream.backends
        for stream in project.logs.values()
    )
