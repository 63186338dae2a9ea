"""How long samples are kept, and where the spec says so."""

from __future__ import annotations

from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.model.project import Place, Project
from skillforge_mon.spec.quantities import Duration


@dataclass(frozen=True, slots=True)
class Kept:
    """Data is kept for ``length``; the spec says so at ``span``."""

    length: Duration
    span: Span | None


def samples_kept(project: Project) -> Kept | None:
    """How long Prometheus keeps samples: `retention.metrics`, or its target's own; None where neither says so."""
    if project.spec.retention.metrics is not None:
        return Kept(project.spec.retention.metrics, retention_span(project, "metrics"))
    target = project.targets.prometheus
    if target is None or target.retention is None:
        return None
    place = project.target_place("prometheus")
    return Kept(target.retention, place.at("retention") if place is not None else None)


def shown_kept(project: Project) -> Kept | None:
    """How long what dashboards show is kept: in the long-term store, where there is one."""
    local = samples_kept(project)
    long_term = project.spec.retention.long_term
    if long_term is None or (local is not None and long_term < local.length):
        return local
    return Kept(long_term, retention_span(project, "long_term"))


def retention_span(project: Project, *path: str) -> Span | None:
    """Where `retention` says what is at ``path``."""
    entry = project.root.entries.get("retention")
    return Place(entry).at(*path) if entry is not None else None
