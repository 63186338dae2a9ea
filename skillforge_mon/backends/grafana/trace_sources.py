"""Ways between data sources: from a span to its lines and its metrics, from a line or a sample to its trace.

Each way is said at both ends by uids that this compiler gives, so that none leads nowhere. Sources: Grafana, "Jaeger
data source", "Tempo data source", "Provision the data source"; "Loki data source", "Derived fields"; "Prometheus data
source", "Exemplars".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Project
from skillforge_mon.query.span_metrics import CALLS, DURATION, ERROR, SERVICE_LABEL, STATUS_LABEL, counted

KINDS: Final = ("jaeger", "tempo")
"""Kinds of data sources that show traces, in the order in which they are offered."""
TRACE_LABEL: Final = "trace_id"
"""Where Loki puts the trace of a line that came by OTLP, and the label of an exemplar that names one."""
_LOKI_SERVICE: Final = "service_name"
"""Loki gives every line this label: from ``service.name`` of OTLP, or from the label ``service`` that collectors of
logs set (``limits_config.discover_service_name``)."""
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_]")
_SHIFTS: Final[Mapping[str, Plain]] = {"spanStartTimeShift": "-5m", "spanEndTimeShift": "5m"}
"""Lines are written, and counts are scraped, a little before or after the span."""


def trace_urls(project: Project) -> dict[str, str]:
    """By kind of data source, where Grafana reaches what keeps the traces of ``project``."""
    traces, targets = project.traces, project.targets
    found = {"jaeger": targets.jaeger, "tempo": targets.tempo}
    return {
        kind: target.url
        for kind, target in found.items()
        if target is not None and traces is not None and kind in traces.backends
    }


def trace_source(uids: Mapping[str, str]) -> str | None:
    """The uid of the data source that a trace is opened in: Tempo where there are two, as its page is Grafana's own."""
    return next((uids[kind] for kind in reversed(KINDS) if kind in uids), None)


def trace_settings(project: Project, kind: str, uids: Mapping[str, str]) -> dict[str, Plain]:
    """``jsonData`` of Jaeger or Tempo; ``uids`` are those of all data sources by their kinds."""
    found: dict[str, Plain] = {}
    if "loki" in uids:
        found["tracesToLogsV2"] = _to_logs(project, uids["loki"])
    metrics = counted(project.spec)
    if metrics is not None:
        found["tracesToMetrics"] = _to_metrics(uids["prometheus"])
    found["nodeGraph"] = {"enabled": True}
    if kind == "tempo" and metrics is not None and metrics.graph:
        found["serviceMap"] = {"datasourceUid": uids["prometheus"]}
    return found


def trace_fields(project: Project) -> tuple[str, ...]:
    """What the trace of a line is called in Loki, each name once."""
    found: dict[str, None] = {}
    for stream in project.logs.values():
        if "loki" not in stream.backends:
            continue
        if stream.spec.source.otlp:
            found[TRACE_LABEL] = None
        elif stream.spec.trace_id is not None:
            found[_NOT_IN_NAMES.sub("_", stream.spec.trace_id)] = None
    return tuple(found)


def derived_fields(project: Project, uids: Mapping[str, str]) -> list[Plain]:
    """The links of Loki's lines to their traces: one for each name that a trace has there."""
    source = trace_source(uids)
    if source is None:
        return []
    return [
        {
            "name": f"Trace ({field})",
            "matcherType": "label",
            "matcherRegex": field,
            "url": "${__value.raw}",
            "datasourceUid": source,
            "urlDisplayLabel": "Trace",
        }
        for field in trace_fields(project)
    ]


def exemplars(project: Project, uids: Mapping[str, str]) -> list[Plain]:
    """The link of a sample of durations to the trace of one of its spans."""
    source = trace_source(uids)
    if source is None or counted(project.spec) is None:
        return []
    return [{"name": TRACE_LABEL, "datasourceUid": source, "urlDisplayLabel": "Trace"}]


def _to_logs(project: Project, uid: str) -> Plain:
    """The lines of the service around the span, or those of the trace itself where streams say which they are of."""
    found: dict[str, Plain] = {
        "datasourceUid": uid,
        **_SHIFTS,
        "tags": [{"key": "service.name", "value": _LOKI_SERVICE}],
        "filterByTraceID": False,
        "filterBySpanID": False,
    }
    fields = trace_fields(project)
    if fields:
        # The identifier is structured metadata: the usual filter looks for it in the text of the line.
        tests = " or ".join(f'{field}="${{__trace.traceId}}"' for field in fields)
        found |= {"customQuery": True, "query": f"{{${{__tags}}}} | {tests}"}
    return found


def _to_metrics(uid: str) -> Plain:
    calls, failed = f"{CALLS}{{$__tags}}", f'{CALLS}{{$__tags, {STATUS_LABEL}="{ERROR}"}}'
    buckets = f"{DURATION}_bucket{{$__tags}}"
    queries = {
        "Requests": f"sum(rate({calls}[$__rate_interval]))",
        "Errors": f"sum(rate({failed}[$__rate_interval])) / sum(rate({calls}[$__rate_interval]))",
        "Duration (p95)": f"histogram_quantile(0.95, sum by (le) (rate({buckets}[$__rate_interval])))",
    }
    return {
        "datasourceUid": uid,
        **_SHIFTS,
        "tags": [{"key": "service.name", "value": SERVICE_LABEL}],
        "queries": [{"name": name, "query": query} for name, query in queries.items()],
    }
