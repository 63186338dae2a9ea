"""Hosts that the test makes up, behind the real node_exporter: its /proc is a folder, written twice a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.exporters import _process, page_at
from tests.real.servers import free_port
from tests.real.stacks.again import again

CPUS = 2
MEMORY_KB = 8_000_000
TICK_SECONDS = 0.5
SIZE = 100_000_000_000
"""Bytes of each file system, and its number of inodes divided by a thousand."""
PACKETS_PER_SECOND = 1000
_COLLECTORS = ("cpu", "loadavg", "meminfo", "vmstat", "netdev", "conntrack", "filefd", "mdadm", "textfile")
_HERTZ = 100


@dataclass(slots=True)
class Disk:
    """A file system: the shares of its space and of its inodes that are free, and whether it takes no writes."""

    free: float = 0.6
    free_inodes: float = 0.9
    read_only: bool = False
    filling: float = 0.0
    """The share of its space that each second takes away."""


@dataclass(slots=True)
class Host:
    """What is true of a host; a fault changes it."""

    folder: Path
    port: int = field(default_factory=free_port)
    busy: float = 0.1
    load: float = 0.5
    memory: float = 0.4
    oom_kills: int = 0
    broken_packets: float = 0.0
    conntrack: float = 0.1
    files: float = 0.1
    failed_disks: int = 0
    clock_offset: float = 0.0
    disks: dict[str, Disk] = field(default_factory=lambda: {"/": Disk(), "/srv": Disk(), "/var": Disk()})
    _idle: float = 0.0
    _used: float = 0.0
    _packets: float = 0.0
    _errors: float = 0.0

    @property
    def address(self) -> str:
        """``host:port`` of its exporter."""
        return f"127.0.0.1:{self.port}"

    def pass_seconds(self, seconds: float) -> None:
        """Count what happens in that time, and write it down."""
        self._idle += (1 - self.busy) * seconds
        self._used += self.busy * seconds
        self._packets += PACKETS_PER_SECOND * seconds
        self._errors += PACKETS_PER_SECOND * self.broken_packets * seconds
        for disk in self.disks.values():
            disk.free = max(disk.free - disk.filling * seconds, 0.01)
        for name, text in (self._proc() | self._sys() | {"text/host.prom": self._text()}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            # The exporter reads at any moment, and must never see half a file.
            whole = path.with_name(f".{path.name}.new")
            whole.write_text(text, encoding="utf-8")
            whole.rename(path)

    def _proc(self) -> dict[str, str]:
        """The files below /proc that the collectors read (proc(5))."""
        used, idle = (int(seconds * _HERTZ) for seconds in (self._used, self._idle))
        cpus = [f"cpu{number} {used} 0 0 {idle} 0 0 0 0 0 0" for number in range(CPUS)]
        failed = self.failed_disks
        raid = "sdb1[1](F) sda1[0]\n      1000 blocks super 1.2 [2/1] [U_]" if failed else (
            "sdb1[1] sda1[0]\n      1000 blocks super 1.2 [2/2] [UU]"
        )  # fmt: skip
        return {
            "proc/stat": "\n".join([f"cpu {used * CPUS} 0 0 {idle * CPUS} 0 0 0 0 0 0", *cpus, ""]),
            "proc/cpuinfo": "",
            "proc/loadavg": f"{self.load} {self.load} {self.load} 1/100 5\n",
            "proc/meminfo": f"MemTotal: {MEMORY_KB} kB\nMemAvailable: {round(MEMORY_KB * (1 - self.memory))} kB\n",
            "proc/vmstat": f"oom_kill {self.oom_kills}\n",
            "proc/net/dev": (
                "Inter-|   Receive  |  Transmit\n"
                " face |bytes packets errs drop fifo frame compressed multicast"
                "|bytes packets errs drop fifo colls carrier compressed\n"
                f"  eth0: 0 {self._packets:.0f} {self._errors:.0f} 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
            ),
            "proc/net/stat/nf_conntrack": "entries searched found\n",
            "proc/sys/net/netfilter/nf_conntrack_count": f"{self.conntrack * 1000:.0f}\n",
            "proc/sys/net/netfilter/nf_conntrack_max": "1000\n",
            "proc/sys/fs/file-nr": f"{self.files * 1000:.0f}\t0\t1000\n",
            "proc/mdstat": f"Personalities : [raid1]\nmd0 : active raid1 {raid}\n\nunused devices: <none>\n",
        }

    def _sys(self) -> dict[str, str]:
        """The CPUs that are online."""
        cpus = {f"sys/devices/system/cpu/cpu{number}/online": "1\n" for number in range(CPUS)}
        return {"sys/devices/system/cpu/online": f"0-{CPUS - 1}\n", **cpus}

    def _text(self) -> str:
        """What the exporter asks the kernel for, and here reads in the text format."""
        lines = [f"node_timex_offset_seconds {self.clock_offset}"]
        for mountpoint, disk in self.disks.items():
            labels = f'{{device="/dev/sda1",fstype="ext4",mountpoint="{mountpoint}"}}'
            values = {
                "avail_bytes": SIZE * disk.free,
                "size_bytes": SIZE,
                "files_free": SIZE * disk.free_inodes / 1000,
                "files": SIZE / 1000,
                "readonly": int(disk.read_only),
            }
            lines += [f"node_filesystem_{name}{labels} {value}" for name, value in values.items()]
        # The text format wants the series of a metric side by side.
        return "".join(f"{line}\n" for line in sorted(lines))


@contextmanager
def watched(program: Path, host: Host, log: Path) -> Iterator[None]:
    """node_exporter watches the host, for which time passes."""
    host.pass_seconds(1)
    command = [
        str(program), f"--web.listen-address={host.address}", "--collector.disable-defaults",
        *(f"--collector.{name}" for name in _COLLECTORS), "--no-collector.netdev.netlink",
        f"--path.procfs={host.folder / 'proc'}", f"--path.sysfs={host.folder / 'sys'}",
        f"--collector.textfile.directory={host.folder / 'text'}",
    ]  # fmt: skip
    last = time.monotonic()

    def live() -> None:
        nonlocal last
        now = time.monotonic()
        host.pass_seconds(now - last)
        last = now

    with _process(command, log, {}), again(live, TICK_SECONDS):
        page_at(f"http://{host.address}/metrics")
        yield
