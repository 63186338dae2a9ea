"""What a spec says that prometheus.yml cannot: flags of the command line.

Sources: cmd/prometheus/main.go (flags and their defaults), and rules/manager.go for the grace period: after a restart,
the state of an alert is restored only where its ``for`` is at least ``--rules.alert.for-grace-period``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from skillforge_mon.backends.prometheus.capabilities import RETENTION_IN_CONFIGURATION, Version
from skillforge_mon.backends.prometheus.configuration import TARGET_ID
from skillforge_mon.backends.prometheus.scale import is_agent, scale_flags
from skillforge_mon.backends.prometheus.span_metrics_job import EXEMPLARS
from skillforge_mon.documents.document import Document, Format
from skillforge_mon.model.project import Project
from skillforge_mon.model.retention import samples_kept
from skillforge_mon.query import log_metrics
from skillforge_mon.query.span_metrics import counted
from skillforge_mon.spec.quantities import Duration

BACKEND: Final = "prometheus"
PATH: Final = f"{BACKEND}/prometheus.flags"
RECEIVES_SAMPLES: Final = "--web.enable-remote-write-receiver"
"""Prometheus takes what Loki makes of lines (2.33 and later)."""
_GRACE: Final = Duration.parse("10m")
"""The server's default of ``--rules.alert.for-grace-period``."""


def prometheus_flags(project: Project, version: Version, rules: Iterable[Document]) -> tuple[str, ...]:
    """The flags that the server must be started with, besides those that say where its files are."""
    target = project.targets.prometheus
    found: list[str] = []
    agent = target is not None and is_agent(target)
    kept = samples_kept(project) if not agent else None
    if kept is not None and version < RETENTION_IN_CONFIGURATION.since:
        found.append(f"--storage.tsdb.retention.time={kept.length}")
    shortest = min(_waits(rules), default=_GRACE)
    if shortest < _GRACE:
        found.append(f"--rules.alert.for-grace-period={shortest}")
    if target is not None and target.experimental_functions and not agent:
        found.append("--enable-feature=promql-experimental-functions")
    if counted(project.spec) is not None:
        found.append(EXEMPLARS)
    if any(log_metrics.counted(project.spec)):
        found.append(RECEIVES_SAMPLES)
    if target is not None:
        found += scale_flags(target, version)
    return tuple(found)


def flags_file(flags: Iterable[str]) -> Iterator[Document]:
    """One flag a line, as ``prometheus $(cat prometheus.flags)`` reads them; nothing where there are none."""
    if lines := tuple(flags):
        yield Document(PATH, "".join(f"{line}\n" for line in lines), Format.TEXT, (TARGET_ID,))


def _waits(rules: Iterable[Document]) -> Iterator[Duration]:
    """How long each alert must hold before it fires, where it must."""
    for document in rules:
        content: Any = document.content
        for group in content["groups"]:
            for rule in group["rules"]:
                if "for" in rule:
                    yield Duration.parse(str(rule["for"]))
