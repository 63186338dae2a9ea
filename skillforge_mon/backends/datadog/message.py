"""The message of a monitor: what people read, who is told, and the line by which the monitor is known as ours.

Blocks such as ``{{#is_alert}}`` and variables such as ``{{value}}`` are those of docs.datadoghq.com, "Variables" and
"Template Variable Evaluation".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.backends.datadog.differences import Differences
from skillforge_mon.backends.datadog.filters import tag_of, tag_text
from skillforge_mon.backends.datadog.renotification import Renotification
from skillforge_mon.lower.alerts import condition_labels
from skillforge_mon.model.message import Message, Placeholder
from skillforge_mon.model.project import Alert, AlertSeverity

_FORMATS = {
    "percent": '{{{{eval "{0}*100"}}}}%',
    "bytes": '{{{{eval "humanize_bytes({0})"}}}}',
    "duration": "{{{{{0}}}}} s",
}


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Who hears of a severity: at once, and at later notifications (number of the notification, handles)."""

    severity: AlertSeverity
    first: tuple[str, ...]
    later: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def everyone(self) -> tuple[str, ...]:
        """All that may have been told, each once."""
        return tuple(dict.fromkeys((*self.first, *(handle for _, handles in self.later for handle in handles))))


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """What the placeholders of an alert can be filled with.

    ``by`` are the tags that the monitor is grouped by, ``fixed`` the labels that its query limits to one value.
    ``value`` is Datadog's variable for what is compared.
    """

    alert: Alert
    by: tuple[str, ...]
    fixed: Mapping[str, str]
    runbook: str | None
    differences: Differences
    value: str = "value"


def message_text(
    context: Context, told: tuple[Told, ...], renotify: Renotification | None, marker: str, *, no_data: bool
) -> str:
    """The whole message: a block for each state, then what holds in all of them, then the marker.

    ``told`` is the severity of the critical threshold, and that of the warning threshold when there is one.
    """
    alert = context.alert
    own = alert.spec.datadog.message if alert.spec.datadog is not None else None
    parts = []
    for index, entry in enumerate(told):
        state = "alert" if index == 0 else "warning"
        lines = []
        if index > 0:
            lines.append(f"{{{{override_priority 'P{entry.severity.priority}'}}}}")
        threshold = "threshold" if index == 0 else "warn_threshold"
        summary = filled(alert.summary, context, entry.severity, threshold) if own is None else ""
        lines.append(" ".join(filter(None, (summary, _first(entry, renotify)))))
        lines += _later(entry, renotify)
        parts.append(_block(f"is_{state}", "\n".join(filter(None, lines))))
    everyone = " ".join(dict.fromkeys(handle for entry in told for handle in entry.everyone))
    if no_data:
        parts.append(_block("is_no_data", f"There is no data for {alert.name}. {everyone}"))
    over = [_told_of_the_end(entry) for entry in told]
    if len(told) > 1 and over[0] != over[1]:
        for state, handles in zip(("alert", "warning"), over, strict=True):
            parts.append(_block(f"is_{state}_recovery", f"{alert.name} is over. {' '.join(handles)}"))
    else:
        parts.append(_block("is_recovery", f"{alert.name} is over. {' '.join(over[0])}"))
    text = ["\n".join(parts)]
    if own is not None:
        text.insert(0, own.strip())
    else:
        text.append(filled(alert.description, context, told[0].severity, "threshold"))
    text += [_plain(f"{name}: {value}") for name, value in alert.spec.annotations.items()]
    text.append(f"Runbook: {context.runbook}" if context.runbook else "")
    return "\n\n".join([*filter(None, text), marker])


def filled(message: Message, context: Context, severity: AlertSeverity, threshold: str) -> str:
    """``message`` in Datadog's words; ``threshold`` is the variable of the threshold that was crossed.

    What Datadog cannot fill in is named in brackets, and told to the context's differences.
    """
    text = ""
    for part in message.parts:
        piece = _plain(part) if isinstance(part, str) else _placeholder(part, context, severity, threshold)
        # Three braces in a row mean something else to Datadog.
        text += f" {piece}" if text.endswith("{") or (text.endswith("}}") and piece.startswith("}")) else piece
    return text.strip()


def _placeholder(part: Placeholder, context: Context, severity: AlertSeverity, threshold: str) -> str:
    if part.label:
        return _label(part.label, context, severity)
    match part.name:
        case "threshold" if not part.format and severity.threshold is not None:
            return str(severity.threshold.quantity)
        case "value" | "threshold":
            variable = context.value if part.name == "value" else threshold
            return _FORMATS.get(part.format, "{{{{{0}}}}}").format(variable)
        case "for":
            return str(severity.hold)
        case "severity":
            return severity.severity
        case "alert":
            return context.alert.name
        case "service" if context.alert.service is not None:
            return context.alert.service.name
        case "runbook" if context.runbook:
            return context.runbook
    context.differences(f"the placeholder `{part.name}` stands for nothing here: the message says `({part.name})`")
    return f"({part.name})"


def _label(label: str, context: Context, severity: AlertSeverity) -> str:
    """A label that the alert always has, that the query fixes, or that the monitor is grouped by."""
    known = condition_labels(context.alert, severity).get(label) or context.fixed.get(label)
    if known is not None:
        return _plain(known)
    tag = next((name for name in (tag_text(label), tag_of(label), f"@{label}") if name in context.by), None)
    if tag is not None:
        return f"{{{{[{tag}].name}}}}" if "." in tag else f"{{{{{tag}.name}}}}"
    grouped = ", ".join(f"`{each}`" for each in context.by) or "nothing"
    context.differences(
        f"the message says `({label})` for `labels.{label}`: Datadog fills in tags that a monitor is grouped by, and "
        f"this one is grouped by {grouped}"
    )
    return f"({label})"


def _plain(text: str) -> str:
    """``text`` without anything that Datadog would take for a variable."""
    while "{{" in text or "}}" in text:
        text = text.replace("{{", "{ {").replace("}}", "} }")
    return text


def _first(entry: Told, renotify: Renotification | None) -> str:
    """Those who are told at once; where the policy says nothing of repeating, not again with the later levels."""
    names = " ".join(entry.first)
    once = entry.later and renotify is not None and renotify.occurrences is not None
    return f"{{{{^is_renotify}}}}{names} {{{{/is_renotify}}}}" if once and names else names


def _told_of_the_end(entry: Told) -> list[str]:
    """The first level, and later ones with an incident to close; the others would hear of every blip."""
    keeping = [handle for handle in entry.everyone if handle.startswith(("@pagerduty", "@opsgenie"))]
    return list(dict.fromkeys((*entry.first, *keeping)))


def _later(entry: Told, renotify: Renotification | None) -> list[str]:
    """Each later level, from the notification on at which it joins."""
    lines = []
    for number, names in entry.later if renotify is not None else ():
        told = f"{' '.join(names)} "
        if number > 1 and renotify is not None:
            before = " ".join(f'"{earlier}"' for earlier in range(number))
            elapsed = f'(eval "round(triggered_duration_sec/{renotify.minutes * 60})")'
            told = f"{{{{^is_exact_match {elapsed} {before}}}}}{told}{{{{/is_exact_match}}}}"
        lines.append(f"{{{{#is_renotify}}}}{told}{{{{/is_renotify}}}}")
    return lines


def _block(name: str, text: str) -> str:
    return f"{{{{#{name}}}}}\n{text.strip()}\n{{{{/{name}}}}}"
