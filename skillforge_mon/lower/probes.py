"""What blackbox_exporter is asked, and how often: checks without a target, and jobs of targets that are asked alike.

A check is what is sent and what a good answer is. Probes that differ only in whom they ask share one; so do the
scrape jobs of those that are asked equally often. No file of any system is known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from skillforge_mon.model.project import Probe, Project
from skillforge_mon.spec.models.probes import BLACKBOX_KINDS
from skillforge_mon.spec.quantities import Duration

TIMEOUT_OFFSET: Final = Duration(500)
"""So much less than the scrape may take has the exporter for the probe (its ``--timeout-offset``, 0.5 s)."""
_WHOM: Final = frozenset(("url", "address", "host", "server"))
"""Fields that say whom a probe asks, and not what."""


@dataclass(frozen=True, slots=True, eq=False)
class ProbeCheck:
    """A check by its name. Every one of ``probes`` says the same of it; the first speaks for all."""

    name: str
    probes: tuple[Probe, ...]

    @property
    def example(self) -> Probe:
        return self.probes[0]


@dataclass(frozen=True, slots=True, eq=False)
class ProbeJob:
    """Probes with the same check that are asked equally often."""

    name: str
    check: ProbeCheck
    every: Duration
    timeout: Duration
    probes: tuple[Probe, ...]


def asked_by_exporter(project: Project) -> tuple[Probe, ...]:
    """The probes that blackbox_exporter asks; none where the project has no such target."""
    if project.targets.blackbox is None:
        return ()
    return tuple(
        probe for probe in project.probes.values() if "prometheus" in probe.backends and probe.kind in BLACKBOX_KINDS
    )


def probe_checks(probes: Iterable[Probe]) -> tuple[ProbeCheck, ...]:
    """The distinct checks, in the order of the probes.

    One that says nothing but its kind is called so (``http``); every other one after the first probe that has it.
    """
    found: dict[str, list[Probe]] = {}
    for probe in probes:
        found.setdefault(_what(probe), []).append(probe)
    taken: set[str] = set()
    checks = []
    for alike in found.values():
        name = wanted = alike[0].kind if _is_plain(alike[0]) else alike[0].name
        number = 2
        while name in taken:
            name, number = f"{wanted}-{number}", number + 1
        taken.add(name)
        checks.append(ProbeCheck(name, tuple(alike)))
    return tuple(checks)


def probe_jobs(checks: Iterable[ProbeCheck]) -> tuple[ProbeJob, ...]:
    """One job for each check and interval: ``probe-http``, and ``probe-http-30s`` for those asked otherwise."""
    jobs = []
    for check in checks:
        by_interval: dict[Duration, list[Probe]] = {}
        for probe in check.probes:
            by_interval.setdefault(probe.every, []).append(probe)
        for number, (every, probes) in enumerate(by_interval.items()):
            name = f"probe-{check.name}" if number == 0 else f"probe-{check.name}-{every}"
            timeout = min(every, Duration(int(check.example.timeout) + int(TIMEOUT_OFFSET)))
            jobs.append(ProbeJob(name, check, every, timeout, tuple(probes)))
    return tuple(jobs)


def asked(probe: Probe) -> str:
    """Whom a probe of blackbox_exporter asks: an address, host:port, or a host, which has no brackets."""
    spec = probe.spec
    if spec.http is not None:
        return spec.http.url
    if spec.tcp is not None:
        return spec.tcp.address
    if spec.grpc is not None:
        return spec.grpc.address
    if spec.icmp is not None:
        return spec.icmp.host.strip("[]")
    return spec.dns.server or "" if spec.dns is not None else ""


def _what(probe: Probe) -> str:
    part = getattr(probe.spec, probe.kind).model_dump(exclude=_WHOM | {"certificate"})
    if probe.spec.http is not None:
        part["status"] = probe.spec.http.statuses
    return json.dumps([probe.kind, int(probe.timeout), part], sort_keys=True, default=str)


def _is_plain(probe: Probe) -> bool:
    part = getattr(probe.spec, probe.kind)
    return not part.model_dump(exclude=_WHOM | {"certificate"}, exclude_defaults=True)
