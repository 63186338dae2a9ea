"""MON1301: an alert name that is not in CamelCase."""

from __future__ import annotations

import re
from collections.abc import Iterator

from skillforge_mon.checks.examples import GOOD, changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON1301",
    "alert-name-not-camel-case",
    Severity.WARNING,
    "The name of an alert is not in CamelCase.",
    "Names of alerts are read by people and matched by silences; one form makes them easy to find.",
    bad=changed(("  Backlog:", "  queue_backlog:")),
    good=GOOD,
)
_CAMEL_CASE = re.compile(r"[A-Z][A-Za-z0-9]*")


def check(project: Project) -> Iterator[Diagnostic]:
    """As the monitoring mixins name theirs."""
    for name, alert in project.alerts.items():
        if not _CAMEL_CASE.fullmatch(name):
            parts = [part for part in re.split(r"[^A-Za-z0-9]+", name) if part]
            better = "".join(part[:1].upper() + part[1:] for part in parts)
            yield CODE.at(alert.place.span, f"`{name}` is not in CamelCase", help=f"write `{better}`")
