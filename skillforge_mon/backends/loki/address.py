"""Where Loki is and whose lines they are, for what cannot fill in a reference as it starts."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.loki.codes import REFERENCE_UNREAD
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.project import Project
from skillforge_mon.model.secrets import references_in

CLIENT_FIELDS = ("url", "tenant", "username")
"""What is written into the configuration of whatever sends lines."""


def report_references(project: Project, report: Report, fields: Iterable[str], reader: str) -> None:
    """Report each of ``fields`` of ``targets.loki`` that holds a reference, which ``reader`` would not fill in."""
    place = project.target_place("loki")
    for field in fields:
        value: str | None = getattr(project.targets.loki, field)
        if value is not None and references_in(value):
            report.add(
                REFERENCE_UNREAD.at(
                    place.at(field) if place is not None else None,
                    f"{reader} would take the reference in `targets.loki.{field}` for what it stands for",
                    help="write what it stands for, for each environment where it differs (`environments`)",
                )
            )
