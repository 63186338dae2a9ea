"""Messages as Go templates: those of Prometheus ("Template reference"; "Alerting rules, Templating") and Grafana's.

Labels and annotations of alert rules are templates; those of recording rules are not. Grafana has the functions of
Prometheus; only the value of an alert is called otherwise there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from skillforge_mon.lower.alerts import Condition
from skillforge_mon.model.message import Message, Placeholder
from skillforge_mon.spec.quantities import Duration, plain_number

_PLAIN_LABEL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII).fullmatch

VALUE: Final = "$value"
"""What Prometheus calls the value of an alert."""


def literal(text: str) -> str:
    """``text`` so that the template engine prints it as it is. Outside of ``{{`` nothing is special, not even ``$``."""
    return text.replace("{{", '{{ "{{" }}')


def label_template(name: str) -> str:
    """The value of a label of the series: ``{{ $labels.job }}``, ``{{ index $labels "k8s.ns" }}``."""
    return f"{{{{ {label_expression(name)} }}}}"


def label_expression(name: str) -> str:
    """The same within a template: ``$labels.job``, ``index $labels "k8s.ns"``."""
    return f"$labels.{name}" if _PLAIN_LABEL(name) else f"index $labels {json.dumps(name)}"


def value_template(format_: str, unit: str, value: str = VALUE) -> str:
    """The value in ``format_`` (see model.message.FORMATS), or without one in the way that its ``unit`` is read.

    ``value`` is what the backend calls it.
    """
    chosen = format_ or _FORMAT_OF_UNIT.get(unit, "")
    if chosen == "percent" and unit == "percent":
        return f'{{{{ printf "%.4g" {value} }}}}%'
    if chosen == "duration" and unit == "milliseconds":
        return f'{{{{ printf "%.4g" {value} }}}}ms'
    function, suffix = _FUNCTIONS.get(chosen, ("", ""))
    return f"{{{{ {value}{function} }}}}{suffix}"


_FORMAT_OF_UNIT: Final = {
    "ratio": "percent",
    "percent": "percent",
    "seconds": "duration",
    "milliseconds": "duration",
    "bytes": "bytes",
}
_FUNCTIONS: Final = {
    "percent": (" | humanizePercentage", ""),
    "duration": (" | humanizeDuration", ""),
    "bytes": (" | humanize1024", "B"),
    "humanize": (" | humanize", ""),
}
"""Format -> the function that writes it, and what stands behind it."""


def threshold_text(condition: Condition, format_: str) -> str:
    """The number that the value is compared with, with its unit: ``5%``, ``500ms``, ``1.5GiB``. Empty without one.

    A threshold that stands in the spec with a unit is written as it stands there.
    """
    threshold = condition.severity.threshold
    if threshold is not None and threshold.quantity.unit and not format_:
        return str(threshold.quantity)
    if condition.comparison is None:
        return ""
    number = condition.comparison.number
    chosen = format_ or _FORMAT_OF_UNIT.get(condition.unit, "")
    if chosen == "percent":
        return f"{plain_number(number if condition.unit == 'percent' else number * 100)}%"
    if chosen == "duration":
        milliseconds = number if condition.unit == "milliseconds" else number * 1000
        whole = milliseconds == milliseconds.to_integral_value() and milliseconds >= 0
        return str(Duration(int(milliseconds))) if whole else f"{plain_number(milliseconds / 1000)}s"
    return _scaled(number, chosen)


_BINARY: Final = (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))
_METRIC: Final = (("G", 10**9), ("M", 10**6), ("k", 10**3))


def _scaled(number: Decimal, format_: str) -> str:
    units = {"bytes": _BINARY, "humanize": _METRIC}.get(format_, ())
    for unit, size in units:
        if abs(number) >= size:
            return f"{plain_number(number / size)}{unit}"
    return f"{plain_number(number)}{'B' if format_ == 'bytes' else ''}"


def render(
    message: Message,
    condition: Condition,
    known: Mapping[str, str],
    runbook: str | None,
    value: str = VALUE,
    label_name: Callable[[str], str] = str,
) -> str:
    """``message`` as a template, in which ``value`` is the value, and ``label_name`` says what series call a label.

    ``known`` are the labels that the rule itself puts on the alert: whatever the series carry under these names is
    overwritten, so they are filled in here; ``$labels`` has only the labels of the series.
    """
    return "".join(
        _filled(part, condition, known, runbook, value, label_name) if isinstance(part, Placeholder) else literal(part)
        for part in message.parts
    )


def _filled(
    placeholder: Placeholder,
    condition: Condition,
    known: Mapping[str, str],
    runbook: str | None,
    value: str,
    label_name: Callable[[str], str],
) -> str:
    if placeholder.name == "value":
        return value_template(placeholder.format, condition.unit, value)
    if placeholder.name == "labels":
        own = known.get(placeholder.label)
        return label_template(label_name(placeholder.label)) if own is None else literal(own)
    return literal(_STATIC[placeholder.name](condition, placeholder.format, runbook))


_STATIC: Final[Mapping[str, Callable[[Condition, str, str | None], str]]] = {
    "threshold": lambda condition, format_, _: threshold_text(condition, format_),
    "for": lambda condition, _, __: str(condition.severity.hold),
    "severity": lambda condition, _, __: condition.severity.severity,
    "service": lambda condition, _, __: condition.alert.service.name if condition.alert.service else "",
    "alert": lambda condition, _, __: condition.alert.name,
    "runbook": lambda _, __, runbook: runbook or "",
}
