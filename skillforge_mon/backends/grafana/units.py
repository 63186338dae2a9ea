"""Units of the metric catalogue in the words of Grafana (``@grafana/data``, ``valueFormats/categories``)."""

from __future__ import annotations

from skillforge_mon.backends.grafana.unit_ids import is_grafana_unit

UNITS: dict[str, str] = {
    "seconds": "s",
    "milliseconds": "ms",
    "bytes": "bytes",
    "bytes_per_second": "binBps",
    "bits": "bits",
    "bits_per_second": "bps",
    "ratio": "percentunit",
    "percent": "percent",
    "celsius": "celsius",
    "volts": "volt",
    "amperes": "amp",
    "joules": "joule",
    "watts": "watt",
    "joules_per_second": "watt",
    "meters": "lengthm",
    "grams": "massg",
    "hertz": "hertz",
    "boolean": "bool_yes_no",
    "multiple": "suffix:x",
    "count": "short",
    "observations": "short",
    "requests": "short",
    "requests_per_second": "reqps",
    "operations_per_second": "ops",
    "commands_per_second": "ops",
    "queries_per_second": "ops",
    "reads_per_second": "rps",
    "writes_per_second": "wps",
    "events_per_second": "eps",
    "messages_per_second": "mps",
    "records_per_second": "recps",
    "rows_per_second": "rowsps",
    "packets_per_second": "pps",
    "count_per_second": "cps",
    "per_second": "cps",
}
_PER_SECOND = "_per_second"
_WHOLE = {"percentunit": 1, "percent": 100}


def grafana_unit(unit: str, *, written: bool) -> str:
    """The id that Grafana knows a unit by; "" for "".

    Units of counted things have no id. Jobs that a query is found to count are ``short`` (1.2 K): the title says what
    is counted. ``written`` says that the unit is the user's own word, to be read beside the number: ``suffix:jobs``,
    unless it is one of Grafana's ids. Jobs per second are ``count:jobs/s``, which is written like Grafana's ``reqps``.
    """
    if not unit or unit in UNITS:
        return UNITS.get(unit, "")
    if unit.endswith(_PER_SECOND):
        return f"count:{unit.removesuffix(_PER_SECOND)}/s"
    if not written:
        return "short"
    return unit if is_grafana_unit(unit) else f"suffix:{unit}"


def natural_maximum(unit: str) -> int | None:
    """What all of it is, in Grafana's unit: 1 for a ratio, 100 for percent, None for anything else."""
    return _WHOLE.get(unit)
