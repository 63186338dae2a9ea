"""The texts of an alert as people get them: what its placeholders become for a value and the labels of a series.

The functions are those of Prometheus's templates ("Template reference"; util/strutil, template/template.go), written
anew: the expectation does not come from the template that is proved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from skillforge_mon.backends.prometheus.names import allowed_name
from skillforge_mon.backends.ways.way import Way, filled
from skillforge_mon.lower.alerts import AlertCondition
from skillforge_mon.lower.go_templates import threshold_text
from skillforge_mon.lower.runbooks import runbook_link
from skillforge_mon.model.message import Message, Placeholder, parse_message
from skillforge_mon.model.project import Project

_FORMAT_OF_UNIT: Final = {
    "ratio": "percent", "percent": "percent", "seconds": "duration", "milliseconds": "duration", "bytes": "bytes",
}  # fmt: skip


_LEAST_PLAIN, _FIRST_EXPONENT = -4, 6


def go_number(value: float) -> str:
    """A float as Go prints it: the shortest digits, with an exponent below 1e-4 and from 1e6 on."""
    if math.isnan(value) or math.isinf(value):
        return "NaN" if math.isnan(value) else f"{'+' if value > 0 else '-'}Inf"
    digits = Decimal(repr(float(value))).normalize()
    exponent = digits.adjusted() if value else 0
    if _LEAST_PLAIN <= exponent < _FIRST_EXPONENT:
        return f"{digits:f}"
    mantissa = digits.scaleb(-exponent)
    return f"{mantissa:f}e{exponent:+03d}"


def four_digits(value: float) -> str:
    """``%.4g``."""
    if math.isnan(value) or math.isinf(value):
        return go_number(value)
    return f"{value:.4g}"


def humanized(value: float) -> str:
    """``humanize``: 12000 is ``12k``."""
    if not value or math.isnan(value) or math.isinf(value):
        return four_digits(value)
    prefix = ""
    if abs(value) >= 1:
        for each in "kMGTPEZY":
            if abs(value) < 1000:
                break
            prefix, value = each, value / 1000
    else:
        for each in "munpfazy":
            if abs(value) >= 1:
                break
            prefix, value = each, value * 1000
    return f"{four_digits(value)}{prefix}"


def humanized_bytes(value: float) -> str:
    """``humanize1024``: 2048 is ``2ki``."""
    prefix = ""
    if abs(value) > 1 and not math.isinf(value):
        for each in ("ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"):
            if abs(value) < 1024:
                break
            prefix, value = each, value / 1024
    return f"{four_digits(value)}{prefix}"


def humanized_duration(value: float) -> str:
    """``humanizeDuration``: 90 seconds are ``1m 30s``."""
    if math.isnan(value) or math.isinf(value):
        return four_digits(value)
    if not value:
        return "0s"
    if abs(value) < 1:
        prefix = ""
        for each in "munpfazy":
            if abs(value) >= 1:
                break
            prefix, value = each, value * 1000
        return f"{four_digits(value)}{prefix}s"
    sign, value = ("-", -value) if value < 0 else ("", value)
    whole = int(value)
    seconds, minutes, hours, days = whole % 60, whole // 60 % 60, whole // 3600 % 24, whole // 86400
    if days:
        return f"{sign}{days}d {hours}h {minutes}m {seconds}s"
    if hours:
        return f"{sign}{hours}h {minutes}m {seconds}s"
    if minutes:
        return f"{sign}{minutes}m {seconds}s"
    return f"{sign}{four_digits(value)}s"


def value_text(value: float, format_: str, unit: str) -> str:
    """``{{ value | format }}`` of an alert whose value is in ``unit``."""
    chosen = format_ or _FORMAT_OF_UNIT.get(unit, "")
    if chosen == "percent":
        return f"{four_digits(value if unit == 'percent' else value * 100)}%"
    if chosen == "duration":
        return f"{four_digits(value)}ms" if unit == "milliseconds" else humanized_duration(value)
    if chosen == "bytes":
        return f"{humanized_bytes(value)}B"
    return humanized(value) if chosen == "humanize" else go_number(value)


def addresses(ways: Mapping[str, Way], labels: Mapping[str, str]) -> dict[str, str]:
    """Where an alert of a series with these ``labels`` leads."""
    return {name: way.address(lambda label: filled(label, labels.get(label.name, ""))) for name, way in ways.items()}


class AlertTexts:
    """The annotations of one alert at one severity and level. ``rule_labels`` are those that the rule sets.

    ``ways`` are where it leads, by the names of their annotations.
    """

    def __init__(
        self,
        project: Project,
        condition: AlertCondition,
        rule_labels: Mapping[str, str],
        version: tuple[int, int],
        ways: Mapping[str, Way],
    ) -> None:
        alert = condition.alert
        self.condition = condition
        self.rule_labels = rule_labels
        self.ways = ways
        self.link = runbook_link(project, alert.runbook, "prometheus")
        self.messages = {"summary": alert.summary, "description": alert.description}
        self.own = {
            allowed_name(name, version): parse_message(text)[0] for name, text in alert.spec.annotations.items()
        }

    def annotations(self, labels: Mapping[str, str], value: float) -> dict[str, str]:
        """What they say of a series with these ``labels`` and this ``value``."""
        found = {name: self._text(text, labels, value) for name, text in self.messages.items() if text}
        if self.link is not None:
            found["runbook_url"] = self.link
        found |= addresses(self.ways, labels)
        return found | {name: self._text(text, labels, value) for name, text in self.own.items()}

    def _text(self, message: Message, labels: Mapping[str, str], value: float) -> str:
        return "".join(
            self._filled(part, labels, value) if isinstance(part, Placeholder) else part for part in message.parts
        )

    def _filled(self, placeholder: Placeholder, labels: Mapping[str, str], value: float) -> str:
        condition, alert = self.condition, self.condition.alert
        match placeholder.name:
            case "value":
                return value_text(value, placeholder.format, condition.unit)
            case "labels":
                return self.rule_labels.get(placeholder.label, labels.get(placeholder.label, ""))
            case "threshold":
                return threshold_text(condition, placeholder.format)
            case "for":
                return str(condition.severity.hold)
            case "severity":
                return condition.severity.severity
            case "service":
                return alert.service.name if alert.service is not None else ""
            case "alert":
                return alert.name
            case _:
                return self.link or ""
