"""What a program that reads logs must see and may ask, by where the streams of the project say that lines are.

Sources: Grafana Alloy, "loki.source.kubernetes" (it needs no DaemonSet: each instance reads the pods of every node; the
rules of its role), "loki.source.docker", "loki.source.journal"; Loki, "Configure Promtail".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from skillforge_mon.backends.deployment.system import GIB, Site, System
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.loki_streams import streams_in_loki
from skillforge_mon.spec.models.logs import LogSource

_LOGS: Final = "/var/log"
_SOCKET: Final = "/var/run/docker.sock"
_MACHINE: Final = "/etc/machine-id"
"""By it a journal is told from those of other machines."""
_ALLOY_USER: Final = 473
"""The user of Alloy's image (grafana/alloy, Dockerfile), who may read no logs of the machine."""
_PODS: Final[tuple[Plain, ...]] = (
    {"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": ["get", "list", "watch"]},
    {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get", "list", "watch"]},
)


def _sources(site: Site) -> list[LogSource]:
    return [stream.spec.source for stream in streams_in_loki(site.project)]


def reads_pods(site: Site) -> bool:
    """Whether lines of pods are read."""
    return any(source.kubernetes is not None for source in _sources(site))


def reads_machine(site: Site) -> bool:
    """Whether lines are read that only the machine has on which they were written."""
    return any(source.files or source.docker or source.journal for source in _sources(site))


def fitted(site: Site, system: System) -> System:
    """``system`` with the folders of the machine that it reads, and what it may ask of the cluster."""
    fit = replace(system, host_paths={path: path for path in sorted({*system.host_paths, *_paths(site)})})
    return replace(fit, rules=lambda _site: _PODS) if site.kubernetes and reads_pods(site) else fit


def fitted_alloy(site: Site, system: System) -> System:
    """Alloy: of one that only asks the cluster for lines of pods, one is enough, and it needs nothing of a machine."""
    fit = fitted(site, system)
    if not site.kubernetes or not reads_pods(site) or reads_machine(site):
        return fit
    return replace(fit, per_node=False, host_paths={}, user=_ALLOY_USER, group=_ALLOY_USER, size=GIB)


def _paths(site: Site) -> Iterator[str]:
    for source in _sources(site):
        if source.docker:
            yield _SOCKET
        if source.journal:
            yield _MACHINE
        for path in source.files:
            folder = _folder(path)
            if folder not in {"/", _LOGS} and not folder.startswith(f"{_LOGS}/"):
                yield folder


def _folder(path: str) -> str:
    """The folder of ``path`` as far as it is known: what stands before the first ``*``."""
    parts = PurePosixPath(path).parts[:-1]
    known = next((number for number, part in enumerate(parts) if "*" in part), len(parts))
    return str(PurePosixPath(*parts[:known]))
