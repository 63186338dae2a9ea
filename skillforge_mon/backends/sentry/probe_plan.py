"""A probe as Sentry will have it, before any wire format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from skillforge_mon.backends.sentry.plan import Notification
from skillforge_mon.documents.document import Plain
from skillforge_mon.model.project import Probe


@dataclass(frozen=True, slots=True, eq=False)
class ProbePlan:
    """``type`` is that of the detector; ``source`` and ``config`` are what it says of the probe.

    ``text`` and ``notes`` are what people read; ``marker`` is the line by which the detector is known as ours.
    """

    probe: Probe
    name: str
    organization: str
    project: str
    owner: str | None
    text: str
    notes: str
    marker: str
    type: str
    source: Mapping[str, Plain]
    config: Mapping[str, Plain]
    notification: Notification
