"""Maintenance windows, which Sentry does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.sentry.differences import BACKEND
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
            f"Sentry has no maintenance windows, and notifies during this one as well: {listed(names)}",
            "mute the alerts by hand in Sentry, or keep them where windows exist",
        )
