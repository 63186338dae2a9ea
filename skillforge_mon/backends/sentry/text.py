"""Summaries and descriptions in Sentry: texts without placeholders, filled in when they are written."""

from __future__ import annotations

from collections.abc import Callable

from skillforge_mon.backends.sentry.differences import Differences
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.message import Message, Placeholder
from skillforge_mon.model.project import Alert, AlertSeverity


def filled(message: Message, alert: Alert, link: str | None, differences: Differences, field: str) -> str:
    """``message`` as plain text. Sentry fills in nothing, so only what is known now can be said.

    With several severities, what differs between them is listed, the worst first. Values and labels that only exist
    when the alert fires are named in brackets and reported as a difference in ``field``.
    """
    parts: list[str] = []
    for part in message.parts:
        if isinstance(part, str):
            parts.append(part)
            continue
        known = _known(part, alert, link)
        if known is None:
            name = part.label or part.name
            written = "{{ labels." + name + " }}" if part.label else "{{ " + name + " }}"
            differences.approximate(
                f"Sentry cannot fill in `{written}`: its text is the same each time, and says `({name})`",
                at=field,
                instead="say it without the placeholder, or accept it with `approximate: [sentry]`",
            )
            known = f"({name})"
        parts.append(known)
    return "".join(parts).strip()


def _known(placeholder: Placeholder, alert: Alert, link: str | None) -> str | None:
    if placeholder.label:
        return _listed(alert, lambda severity: condition_labels(alert, severity).get(placeholder.label))
    match placeholder.name:
        case "alert":
            return alert.name
        case "service":
            return alert.service.name if alert.service is not None else None
        case "runbook":
            return link
        case "severity":
            return _listed(alert, lambda severity: severity.severity)
        case "threshold":
            return _listed(alert, lambda severity: str(severity.threshold.quantity) if severity.threshold else None)
        case "for":
            return _listed(alert, lambda severity: str(severity.hold))
    return None


def _listed(alert: Alert, of: Callable[[AlertSeverity], str | None]) -> str | None:
    """The value of each severity, each once, as ``100 or 50``; None when any is not known."""
    values = [of(severity) for severity in alert.severities]
    if not values or any(value is None for value in values):
        return None
    return " or ".join(dict.fromkeys(value for value in values if value is not None))
