"""``use: use``: utilisation and saturation of hosts (Brendan Gregg's USE method), from node_exporter."""

from __future__ import annotations

from dataclasses import replace

from skillforge_mon.lower.panel_sets import Draft, Missing, PanelSet, draft
from skillforge_mon.model.project import Project
from skillforge_mon.query.adaptive_window import ADAPTIVE_WINDOW
from skillforge_mon.query.promql import Expr, Matcher, PromQLSyntaxError, VectorSelector, selectors, transform

_WINDOW = str(ADAPTIVE_WINDOW)
_REAL_DISKS = 'fstype!~"tmpfs|ramfs|overlay|squashfs|nsfs|fuse.*"'
_REAL_CARDS = 'device!~"lo|veth.*|docker.*|br-.*|cni.*|cali.*|flannel.*"'
_HOST_PANELS: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "CPU",
        "Share of the processors' time that is not idle.",
        "ratio",
        ((f'1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{_WINDOW}]))', "{{ labels.instance }}"),),
    ),
    (
        "Load per CPU",
        "Processes that run or wait to run, for each processor; above 1 they wait.",
        "",
        (
            (
                (
                    "max by (instance) (node_load1)"
                    ' / count by (instance) (count by (instance, cpu) (node_cpu_seconds_total{mode="idle"}))'
                ),
                "{{ labels.instance }}",
            ),
        ),
    ),
    (
        "Memory",
        "Share of the memory that processes could not get without swapping.",
        "ratio",
        (("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes", "{{ labels.instance }}"),),
    ),
    (
        "Disk space",
        "Share of each file system that is taken.",
        "ratio",
        (
            (
                (
                    f"1 - max by (instance, mountpoint) (node_filesystem_avail_bytes{{{_REAL_DISKS}}})"
                    f" / max by (instance, mountpoint) (node_filesystem_size_bytes{{{_REAL_DISKS}}})"
                ),
                "{{ labels.instance }} {{ labels.mountpoint }}",
            ),
        ),
    ),
    (
        "Disk time",
        "Share of the time in which each disk was busy.",
        "ratio",
        ((f"rate(node_disk_io_time_seconds_total[{_WINDOW}])", "{{ labels.instance }} {{ labels.device }}"),),
    ),
    (
        "Network",
        "Bytes per second over all network cards but virtual ones.",
        "bytes_per_second",
        (
            (
                f"sum by (instance) (rate(node_network_receive_bytes_total{{{_REAL_CARDS}}}[{_WINDOW}]))",
                "{{ labels.instance }} in",
            ),
            (
                f"sum by (instance) (rate(node_network_transmit_bytes_total{{{_REAL_CARDS}}}[{_WINDOW}]))",
                "{{ labels.instance }} out",
            ),
        ),
    ),
)
"""Title, description, unit and queries (with legends) of each panel; all metrics are those of node_exporter 1.x."""


def host_set(project: Project, matchers: tuple[Matcher, ...]) -> PanelSet:
    """CPU, memory, disk and network of hosts, from node_exporter. ``matchers`` limit which hosts."""
    drafts: list[Draft] = []
    missing: list[Missing] = []
    for title, description, unit, texts in _HOST_PANELS:
        queries = [(_limited(_parsed(project, text), matchers), legend) for text, legend in texts]
        names = {selector.name or "" for expr, _ in queries for selector in selectors(expr)}
        unknown = sorted(name for name in names if project.catalogue.lookup(name) is None)
        if unknown and project.catalogue.complete:
            missing.append(Missing(title, f"add `node` to `use`: it needs {', '.join(unknown)}"))
            continue
        highest = 1 if unit == "ratio" else None
        drafts.append(draft("timeseries", title, queries, description=description, unit=unit, min=0, max=highest))
    return PanelSet("Hosts", tuple(drafts), tuple(missing))


def _parsed(project: Project, text: str) -> Expr:
    found = project.catalogue.texts.of(text)
    assert not isinstance(found, PromQLSyntaxError)  # noqa: S101 - a text of ours
    return found


def _limited(expr: Expr, matchers: tuple[Matcher, ...]) -> Expr:
    def limit(node: Expr) -> Expr:
        if not isinstance(node, VectorSelector):
            return node
        return replace(node, matchers=(*matchers, *node.matchers))

    return transform(expr, limit) if matchers else expr
