"""Units of the metric catalogue, and ids of Grafana's, in the words of Datadog.

docs.datadoghq.com, "Metrics Units" (Unit list); [api] WidgetNumberFormat; [P] the recordings that ``rules.py`` names.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.documents.document import Plain

_CANONICAL: Final = {
    "seconds": "second", "milliseconds": "millisecond", "bytes": "byte", "bits": "bit", "percent": "percent",
    "celsius": "degree celsius", "volts": "volt", "amperes": "ampere", "watts": "watt", "joules_per_second": "watt",
    "hertz": "hertz", "attempts": "attempt", "commands": "command", "connections": "connection", "errors": "error",
    "events": "event", "hits": "hit", "invocations": "invocation", "jobs": "job", "messages": "message",
    "misses": "miss", "operations": "operation", "packets": "packet", "pages": "page", "processes": "process",
    "queries": "query", "reads": "read", "records": "record", "requests": "request", "rows": "row",
    "sessions": "session", "tasks": "task", "threads": "thread", "transactions": "transaction", "users": "user",
    "writes": "write", "euros": "euro", "dollars": "dollar", "cents": "cent",
}  # fmt: skip
"""The catalogue's unit -> Datadog's."""

_OF_GRAFANA: Final = {
    "s": "seconds", "ms": "milliseconds", "decbytes": "bytes", "decbits": "bits", "percentunit": "ratio",
    "Bps": "bytes_per_second", "binBps": "bytes_per_second", "bps": "bits_per_second", "reqps": "requests_per_second",
    "ops": "operations_per_second", "rps": "reads_per_second", "wps": "writes_per_second", "eps": "events_per_second",
    "mps": "messages_per_second", "pps": "packets_per_second", "volt": "volts", "amp": "amperes", "watt": "watts",
    "currencyEUR": "euros", "currencyUSD": "dollars", "%": "percent", "short": "", "none": "",
}  # fmt: skip
"""Ids of ``@grafana/data`` that a spec may use -> the catalogue's unit."""

_PER_SECOND: Final = "_per_second"
_LABELS: Final = ("suffix:", "prefix:")


def number_format(unit: str, *, written: bool) -> Plain | None:
    """How numbers in ``unit`` are written; None for the order of magnitude alone.

    A ratio stays the number that it is, so that thresholds and limits do, and is shown at the scale of percent: both
    are units of the family PERCENTAGE. A fraction at another scale of that family is in [P]
    test_create_a_new_dashboard_with_timeseries_widget_with_custom_unit.

    ``written`` says that the unit is the user's own word: one that Datadog does not have stands beside the number.
    """
    named = _OF_GRAFANA.get(unit, unit)
    if not named:
        return None
    if named == "ratio":
        percent: Plain = {"type": "canonical_unit", "unit_name": "percent"}
        return {"unit": {"type": "canonical_unit", "unit_name": "fraction"}, "unit_scale": percent}
    if named in _CANONICAL:
        return {"unit": {"type": "canonical_unit", "unit_name": _CANONICAL[named]}}
    counted = named.removesuffix(_PER_SECOND)
    if counted != named and counted in _CANONICAL:
        return {"unit": {"type": "canonical_unit", "unit_name": _CANONICAL[counted], "per_unit_name": "second"}}
    if not written:
        return None
    for prefix in _LABELS:
        named = named.removeprefix(prefix)
    return {"unit": {"type": "custom_unit_label", "label": named.replace(_PER_SECOND, "/s")}}
