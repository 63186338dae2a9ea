"""What goes wrong with hosts, and with the containers on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.real.stacks import shops
from tests.real.stacks.hosts import Host
from tests.real.stacks.play import Fault, of
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched


def hosts(world: Watched) -> Iterator[Fault]:
    """The faults of hosts and containers."""
    weak, strained = world.weak, world.strained

    def wrong(host: Host, conntrack: float, files: float, inodes: float) -> None:
        host.conntrack, host.files = conntrack, files
        host.disks["/srv"].free_inodes = inodes

    @contextmanager
    def troubled() -> Iterator[None]:
        weak.busy, weak.load, weak.memory, weak.clock_offset = 0.97, 20.0, 0.95, 0.2
        weak.failed_disks, weak.broken_packets = 1, 0.1
        weak.oom_kills += 3
        weak.disks["/"].free = 0.05
        weak.disks["/srv"].read_only = True
        # What is critical on one host is a warning on the other: on the same one, the critical silences the warning.
        wrong(weak, conntrack=0.97, files=0.95, inodes=0.02)
        wrong(strained, conntrack=0.85, files=0.8, inodes=0.1)
        yield
        weak.busy, weak.load, weak.memory, weak.clock_offset = 0.1, 0.5, 0.4, 0.0
        weak.failed_disks, weak.broken_packets = 0, 0.0
        weak.disks["/"].free = 0.6
        weak.disks["/srv"].read_only = False
        for host in (weak, strained):
            wrong(host, conntrack=0.1, files=0.1, inodes=0.9)

    @contextmanager
    def filling() -> Iterator[None]:
        strained.disks["/var"].filling = 0.002
        yield
        strained.disks["/var"].filling = 0.0
        strained.disks["/var"].free = 0.9

    both = ("HostInodes", "HostConntrack", "HostFileDescriptors")
    criticals = ("HostReadOnly", "HostRaid", *both)
    warnings = ("HostLoad", "HostOutOfMemory", "HostNetworkErrors", "HostClock", *both)
    yield Fault(
        "a host is in trouble, and another is strained",
        of(JAC, "critical", *criticals)
        | of(JAC, "warning", "HighCPUUsage", "HighDiskUsage", "HighMemoryUsage", *warnings)
        | of(TOOLBOXAI, "critical", "DiskSpaceLow", *criticals)
        | of(TOOLBOXAI, "warning", "HighMemoryUsage", "HostCpu", *warnings),
        troubled,
    )
    yield Fault(
        "a disk fills up",
        of(JAC, "warning", "HostDiskFullSoon") | of(TOOLBOXAI, "warning", "HostDiskFullSoon"),
        filling,
    )
    containers = world.containers

    @contextmanager
    def too_small() -> Iterator[None]:
        containers.carry(containers.rate, {shops.CFS: 0.4})
        containers.gauges |= {shops.WORKING_SET: 9.5e8, shops.OOM_EVENTS: 3.0}
        yield
        containers.carry(containers.rate, 0.0)
        containers.gauges |= {shops.WORKING_SET: 1e8}

    small = ("ContainerThrottled", "ContainerMemory", "ContainerOutOfMemory")
    yield Fault("a container is too small", of(JAC, "warning", *(f"Containers{name}" for name in small)), too_small)
