"""Maintenance windows, which are not compiled for Datadog."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.datadog.differences import BACKEND
from skillforge_mon.documents.document import Grade, Verdict
from skillforge_mon.lower.unmuted import unmuted_windows
from skillforge_mon.model.project import Alert, Project
from skillforge_mon.spec.suggest import listed


def unmuted(project: Project, alerts: Iterable[Alert]) -> Iterator[Verdict]:
    """One verdict on every maintenance window that should mute any of ``alerts``."""
    for window, names in unmuted_windows(project, alerts):
        yield Verdict(
            BACKEND,
            window.id,
            Grade.APPROXIMATE,
            f"no downtime is made in Datadog, which notifies during this window as well: {listed(names)}",
            "schedule a downtime there by hand for the tag `managed_by:monmc`",
        )
