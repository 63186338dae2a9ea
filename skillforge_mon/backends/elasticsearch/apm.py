"""Elastic APM: variables of services with Elastic's agents, central configuration, and how long data is kept.

    elasticsearch/apm/SERVICE.env                         environment of the service
    elasticsearch/kibana/apm/SERVICE.json                 PUT /api/apm/settings/agent-configuration?overwrite=true
    elasticsearch/component_templates/STREAM@custom.json  PUT _component_template/STREAM@custom

Central configuration outweighs the environment (elastic/apm, ``specs/agents/configuration.md``, "Configuration Source
Precedence"); both are made from one spec. An agent that cannot reach it, or starts before it does, has the environment.

Elasticsearch itself has the templates of APM's data streams: from 8.15 on in its plugin ``apm-data``, before from the
integration of Fleet. Each is composed of a component template ``<stream>@custom``, which comes after all that say how
long data is kept and is left to the user (elastic/elasticsearch,
``x-pack/plugin/apm-data/src/main/resources/index-templates``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from skillforge_mon.backends.elasticsearch import templates
from skillforge_mon.backends.elasticsearch.ownership import meta
from skillforge_mon.backends.elasticsearch.streams import BACKEND, time_text
from skillforge_mon.backends.environment_variables import HEADER, expanded
from skillforge_mon.documents.document import Document, Format, Grade, Plain, Resource, Verdict
from skillforge_mon.model.project import Project, Service
from skillforge_mon.model.traces import ID, Traces
from skillforge_mon.spec.models.log_targets import ElasticsearchTarget
from skillforge_mon.spec.models.trace_targets import ElasticApm
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration, plain_number

TRACE_STREAMS: Final = ("traces-apm", "traces-apm.rum")
"""Spans of services and of browsers. Not ``traces-apm.sampled``: APM Server works with it and empties it by itself."""
ERROR_STREAM: Final = "logs-apm.error"
"""Errors that agents report."""
LOG_STREAM: Final = "logs-apm.app"
"""Lines that agents send."""
SMALLEST_RATE: Final = Decimal("0.0001")
"""Rates are rounded half up to four decimals, and a smaller one that is not nothing is this (elastic/apm,
``specs/agents/tracing-sampling.md``, "`transaction_sample_rate` configuration")."""
_NOT_IN_SERVICES: Final = re.compile(r"[^A-Za-z0-9 _-]")
"""What a service's name may not have (agents' configuration, ``service_name``)."""
_NOT_IN_LABELS: Final = re.compile(r'[.*"]')
"""What APM Server writes as ``_`` in the name of a label ("Metadata", "Labels")."""


def apm_documents(project: Project, target: ElasticsearchTarget) -> Iterator[Document]:
    """What is written for Elastic APM; nothing where no traces are kept by it."""
    traces, apm = project.traces, target.apm
    if traces is None or apm is None or BACKEND not in traces.backends:
        return
    yield from _lifecycles(project, target, traces)
    if not traces.elastic_agents:
        return
    for service in traces.services:
        lines = "".join(f"{name}={value}\n" for name, value in environment(project, traces, apm, service))
        ids = (service.id, ID)
        verdicts = (_verdict(traces, service),)
        yield Document(f"elasticsearch/apm/{service.name}.env", HEADER + lines, Format.TEXT, ids, verdicts)
        body = agent_configuration(project, traces, apm, service)
        # Not pushed: it has no place that says whose it is, and Kibana's own pages change the same ones.
        yield Document(f"elasticsearch/kibana/apm/{service.name}.json", body, Format.JSON, ids)


def environment(project: Project, traces: Traces, apm: ElasticApm, service: Service) -> Iterator[tuple[str, str]]:
    """The variables of ``service``, in the order of the file.

    Names: elastic/apm, ``specs/agents/configuration.md``, and the agents' pages "Configuration": every option is
    ``ELASTIC_APM_`` and its name in capitals.
    """
    yield "ELASTIC_APM_SERVICE_NAME", service_name(service)
    yield "ELASTIC_APM_SERVICE_VERSION", expanded(traces.spec.version)
    if project.environment != DEFAULT_ENVIRONMENT:
        yield "ELASTIC_APM_ENVIRONMENT", project.environment
    yield "ELASTIC_APM_SERVER_URL", expanded(apm.url.rstrip("/"))
    if apm.secret_token is not None:
        yield "ELASTIC_APM_SECRET_TOKEN", expanded(apm.secret_token)
    if apm.api_key is not None:
        yield "ELASTIC_APM_API_KEY", expanded(apm.api_key)
    labels = _labels(traces)
    if labels:
        yield "ELASTIC_APM_GLOBAL_LABELS", ",".join(f"{name}={value}" for name, value in labels.items())
    for name, value in _options(traces, apm, service).items():
        yield f"ELASTIC_APM_{name.upper()}", value


def agent_configuration(project: Project, traces: Traces, apm: ElasticApm, service: Service) -> Plain:
    """The body of the request to Kibana. All values are text; without an environment it holds for all of them.

    Kibana's API reference, "Create or update agent configuration".
    """
    found: dict[str, Plain] = {"name": service_name(service)}
    if project.environment != DEFAULT_ENVIRONMENT:
        found["environment"] = project.environment
    return {"service": found, "settings": _options(traces, apm, service)}


def service_name(service: Service) -> str:
    """The name of ``service`` in Elastic APM."""
    return _NOT_IN_SERVICES.sub("_", service.name)


def sample_rate(rate: Decimal) -> Decimal:
    """``rate`` as agents take it: four decimals, and none so small that nothing is left."""
    rounded = rate.quantize(SMALLEST_RATE, ROUND_HALF_UP)
    return max(rounded, SMALLEST_RATE) if rate else rounded


def _options(traces: Traces, apm: ElasticApm, service: Service) -> dict[str, str]:
    rate = plain_number(sample_rate(traces.rate(service.name)))
    return {"transaction_sample_rate": rate} | {name: apm.options[name] for name in sorted(apm.options)}


def _labels(traces: Traces) -> dict[str, str]:
    """Attributes of everything that is sent; a value with a comma cannot be written."""
    return {
        _NOT_IN_LABELS.sub("_", name): expanded(value)
        for name, value in traces.spec.attributes.items()
        if "," not in value
    }


def _verdict(traces: Traces, service: Service) -> Verdict:
    differences = []
    if service_name(service) != service.name:
        differences.append(f"`{service.name}` is `{service_name(service)}`, as a name there has no other characters")
    rate = traces.rate(service.name)
    if sample_rate(rate) != rate:
        differences.append(f"{plain_number(sample_rate(rate))} of the traces are kept: a rate has four decimals")
    left_out = [name for name, value in traces.spec.attributes.items() if "," in value]
    differences += [f"the attribute `{name}` is left out: its value has a comma" for name in left_out]
    if not differences:
        return Verdict(BACKEND, service.id, Grade.EXACT)
    return Verdict(BACKEND, service.id, Grade.APPROXIMATE, "; ".join(differences), field="traces")


def _lifecycles(project: Project, target: ElasticsearchTarget, traces: Traces) -> Iterator[Document]:
    """How long each of APM's data streams is kept, as far as `retention` says so."""
    logs = project.spec.retention.logs
    said: list[tuple[str, Duration | None, str]] = [(name, traces.retention, "traces") for name in TRACE_STREAMS]
    said.append((ERROR_STREAM, logs.of("error"), "logs"))
    said.append((LOG_STREAM, logs.default if logs.default is not None else logs.longest, "logs"))
    policies: dict[str, tuple[Duration, str]] = {}
    for stream, kept, what in said:
        if kept is None:
            continue
        name = f"{stream}@custom"
        template: Plain
        if target.lifecycle == "ilm":
            policy = templates.policy_name(project, kept, what if what == "traces" else "apm-logs")
            policies[policy] = (kept, what)
            template = {"settings": {"index": {"lifecycle": {"name": policy, "prefer_ilm": True}}}}
        else:
            # Where both are said, Elasticsearch's own templates prefer the policy, which they name.
            index: Plain = {"lifecycle": {"prefer_ilm": False}}
            template = {"settings": {"index": index}, "lifecycle": {"data_retention": time_text(kept)}}
        body: Plain = {"template": template, "_meta": meta(project, f"retention.{what}")}
        path = f"elasticsearch/component_templates/{name}.json"
        resource = Resource(BACKEND, "component_template", name)
        yield Document(path, body, Format.JSON, (ID,), resource=resource)
    for policy, (kept, what) in policies.items():
        path = f"elasticsearch/ilm_policies/{policy}.json"
        body = templates.policy(project, kept, what)
        yield Document(path, body, Format.JSON, (ID,), resource=Resource(BACKEND, "ilm_policy", policy))
