"""MON3022: a message writes the value in the form of another unit."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.alert_messages import alert_messages
from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project
from skillforge_mon.query.types import infer
from skillforge_mon.query.units import unit_named

CODE = Code(
    "MON3022",
    "value-in-wrong-format",
    Severity.WARNING,
    "A message writes the value of an alert as a percentage, a length of time or a size, and it is none.",
    "250 jobs that wait are announced as 25000%, or as 4m 10s.",
    bad=changed(("summary: Jobs wait", 'summary: "{{ value | percent }} jobs wait"')),
    good=changed(("summary: Jobs wait", 'summary: "{{ value | humanize }} jobs wait"')),
)
_TAKES = {
    "percent": frozenset(("ratio", "percent", "boolean")),
    "duration": frozenset(("seconds", "milliseconds")),
    "bytes": frozenset(("bytes", "bytes_per_second")),
}
"""The units that each format can write. `percent` and `milliseconds` are written as they are."""
_WORDS = {"percent": "a percentage", "duration": "a length of time", "bytes": "a size in bytes"}


def check(project: Project) -> Iterator[Diagnostic]:
    """Placeholders with a format, where the unit of the value is known; a declared `unit` counts first."""
    for alert in project.alerts.values():
        if alert.query is None or alert.query.expr is None:
            continue
        stated = unit_named(alert.spec.unit or "") or infer(alert.query.expr, project.catalogue).measure
        unit = stated.name if stated is not None else ""
        for text in alert_messages(alert):
            for placeholder in text.message.placeholders:
                takes = _TAKES.get(placeholder.format)
                if placeholder.name == "value" and takes is not None and unit and unit not in takes:
                    fitting = next((name for name, units in _TAKES.items() if unit in units), "humanize")
                    yield CODE.at(
                        text.place(placeholder),
                        f"{text.where} writes a value in {unit.replace('_per_second', ' per second')}"
                        f" as {_WORDS[placeholder.format]}",
                        help=f"write `{{{{ value | {fitting} }}}}`, or give the alert a `unit`",
                    )
