"""What a pack brings, in words: for ``monmc packs show`` and for the reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.spec.packing.pack import KINDS, Pack, Parameter
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class BroughtAlert:
    """An alert of a pack: its severities with their thresholds, and how long it must hold, as they are written."""

    name: str
    when: str
    hold: str
    summary: str


def described(pack: Pack) -> str:
    """What ``pack`` brings, as text for people."""
    lines = [f"{pack.name}: {pack.description}"]
    if pack.exporter is not None:
        port = f", usually on port {pack.exporter.port}" if pack.exporter.port is not None else ""
        lines.append(f"\n`exporters` may be of this kind: {pack.exporter.program}{port}")
    if pack.parameters:
        lines.append("\nParameters:")
        width = max(len(name) for name in pack.parameters)
        for name, parameter in pack.parameters.items():
            lines.append(f"  {name:<{width}}  {parameter.description} ({parameter_note(parameter)})")
    for section, title in (
        ("use", "Packaged metric catalogues"),
        ("metrics", "Metrics"),
        ("recordings", "Recordings"),
        ("slos", "SLOs"),
    ):
        names = brought(pack, section)
        if names:
            lines += [f"\n{title}:", *(f"  {name}" for name in names)]
    alerts = list(brought_alerts(pack))
    if alerts:
        lines.append("\nAlerts:")
        for alert in alerts:
            hold = f", for {alert.hold}" if alert.hold else ""
            lines += [f"  {alert.name}: {alert.when}{hold}", f"    {alert.summary}"]
    for section, title in (("dashboards", "Dashboards"), ("runbooks", "Runbooks")):
        names = brought(pack, section)
        if names:
            lines += [f"\n{title}:", *(f"  {name}" for name in names)]
    return "\n".join(lines) + "\n"


def parameter_note(parameter: Parameter) -> str:
    """The kind of a parameter and its default, or what it means that it has none."""
    kind = KINDS.get(parameter.kind, parameter.kind)
    if parameter.required:
        return f"{kind}; required"
    if parameter.default is None:
        return f"{kind}; no default"
    return f"{kind}; default: {plain_text(parameter.default)}"


def plain_text(node: Node) -> str:
    """A value on one line."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return ", ".join(plain_text(item) for item in node.items)
    return ", ".join(f"{key}: {plain_text(entry.node)}" for key, entry in node.entries.items())


def brought(pack: Pack, section: str) -> list[str]:
    """The names of what ``pack`` brings in ``section``, with their placeholders."""
    node = pack.spec.get(section)
    if isinstance(node, SequenceNode):
        return [plain_text(item) for item in node.items]
    return list(node.entries) if isinstance(node, MappingNode) else []


def brought_alerts(pack: Pack) -> Iterator[BroughtAlert]:
    """The alerts of ``pack``."""
    section = pack.spec.get("alerts")
    for name, entry in section.entries.items() if isinstance(section, MappingNode) else ():
        severity = entry.node.get("severity") if isinstance(entry.node, MappingNode) else None
        yield BroughtAlert(name, _when(severity), _field(entry.node, "for"), _field(entry.node, "summary"))


def _field(node: Node, key: str) -> str:
    found = node.get(key) if isinstance(node, MappingNode) else None
    return plain_text(found) if found is not None else ""


def _when(severity: Node | None) -> str:
    if not isinstance(severity, MappingNode):
        return plain_text(severity) if severity is not None else ""
    parts = []
    for name in _SEVERITIES:
        rule = severity.get(name)
        if rule is not None:
            when = rule.get("when") if isinstance(rule, MappingNode) else rule
            parts.append(f"{name} {plain_text(when)}".strip() if when is not None else name)
    return ", ".join(parts)
