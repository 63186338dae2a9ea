"""MON1302 to MON1304: names of metrics that break Prometheus's conventions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import HEAD
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.yaml.nodes import MappingNode

_WHY = 'People and tools read type and unit from the name (Prometheus, "Metric and label naming").'
COUNTER_NAME = Code(
    "MON1302",
    "counter-without-total",
    Severity.WARNING,
    "The name of a counter does not end in `_total`.",
    _WHY,
    bad=HEAD + "metrics:\n  http_requests: {type: counter, help: Requests}\n",
    good=HEAD + "metrics:\n  http_requests_total: {type: counter, help: Requests}\n",
)
TYPE_IN_NAME = Code(
    "MON1303",
    "suffix-of-another-type",
    Severity.WARNING,
    "A metric that is no counter ends in `_total`, or one ends in `_count`, `_sum` or `_bucket`.",
    _WHY,
    bad=HEAD + "metrics:\n  sessions_total: {type: gauge, help: Open sessions}\n",
    good=HEAD + "metrics:\n  sessions: {type: gauge, help: Open sessions}\n",
)
NOT_BASE_UNIT = Code(
    "MON1304",
    "name-without-base-unit",
    Severity.WARNING,
    "A metric is named in a unit that is not a base unit, such as milliseconds or kilobytes.",
    _WHY,
    bad=HEAD + "metrics:\n  query_time_milliseconds: {type: gauge, help: Time of a query}\n",
    good=HEAD + "metrics:\n  query_time_seconds: {type: gauge, help: Time of a query}\n",
)
NOT_SNAKE_CASE = Code(
    "MON1305",
    "metric-name-not-snake-case",
    Severity.WARNING,
    "The name of a metric is not in snake_case.",
    _WHY,
    bad=HEAD + "metrics:\n  queryCount_total: {type: counter, help: Queries}\n",
    good=HEAD + "metrics:\n  queries_total: {type: counter, help: Queries}\n",
)
CODES = (COUNTER_NAME, TYPE_IN_NAME, NOT_BASE_UNIT, NOT_SNAKE_CASE)

_BASE = {
    "milliseconds": "seconds", "ms": "seconds", "microseconds": "seconds", "minutes": "seconds", "hours": "seconds",
    "kilobytes": "bytes", "megabytes": "bytes", "gigabytes": "bytes", "kb": "bytes", "mb": "bytes", "gb": "bytes",
    "fahrenheit": "celsius",
}  # fmt: skip


def check(project: Project) -> Iterator[Diagnostic]:
    """The metrics that the spec declares; those of packaged catalogues are what they are."""
    section = project.root.get("metrics")
    if not isinstance(section, MappingNode):
        return
    for name, metric in project.spec.metrics.items():
        span = Place(section.entries[name]).span
        stem = name.removesuffix("_total")
        if metric.type == "counter" and stem == name:
            yield COUNTER_NAME.at(span, f"the counter `{name}` does not end in `_total`", help=f"`{name}_total`")
        if metric.type != "counter" and stem != name:
            yield TYPE_IN_NAME.at(span, f"`{name}` is a {metric.type}, but ends as a counter does")
        for suffix in ("_count", "_sum", "_bucket"):
            if name.endswith(suffix):
                yield TYPE_IN_NAME.at(span, f"`{name}` ends as a part of a histogram does (`{suffix}`)")
        unit = stem.rpartition("_")[2].casefold()
        if unit in _BASE:
            yield NOT_BASE_UNIT.at(span, f"`{name}` is in {unit}", help=f"measure it in {_BASE[unit]}")
        if not re.fullmatch(r"[a-z_:][a-z0-9_:.]*", name):
            yield NOT_SNAKE_CASE.at(span, f"`{name}` is not in snake_case")
