"""The faults: what each of them provokes, and how it is made.

An alert that a spec gains belongs to the fault that would provoke it, old or new; only what cannot be seen here belongs
to NOT_PROVOKED. An alert is told by its name and its receiver, and a warning is silent while its critical self fires: so
what is critical at one instance is a warning at another, or the two come one after the other.
"""

from __future__ import annotations

from tests.real.stacks.event_faults import events
from tests.real.stacks.host_faults import hosts
from tests.real.stacks.play import Fault
from tests.real.stacks.probe_faults import probes
from tests.real.stacks.service_faults import services
from tests.real.stacks.store_faults import stores
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched

NOT_PROVOKED = {
    (JAC, "AgentExceptions", "warning"): "Loki evaluates it, and no package brings Loki",
    (JAC, "SecurityBreach", "critical"): "Loki evaluates it, and no package brings Loki",
    (TOOLBOXAI, "ManyErrorLines", "warning"): "Loki evaluates it, and no package brings Loki",
}
"""Alerts that are not seen, and why."""


def faults(world: Watched) -> list[Fault]:
    """All of them."""
    return [*services(world), *probes(world), *hosts(world), *stores(world), *events(world)]
