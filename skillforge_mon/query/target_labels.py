"""The labels that scraping puts on every series, whatever the exporter says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skillforge_mon.spec.models.metrics import LabelValues
    from skillforge_mon.spec.models.spec import Spec

ALWAYS = ("job", "instance")
SERVICE = "service"
"""Every target of a service carries its name; a label of this name on the page becomes ``exported_service``."""
PROBE = "probe"
"""The name of a probe, on every series about it."""
KUBERNETES = (
    "namespace", "pod", "service", "node", "container", "endpoint", "metrics_path", "cluster", "app",
    "component", "version",
    "app_kubernetes_io_name", "app_kubernetes_io_instance", "app_kubernetes_io_component",
    "app_kubernetes_io_part_of", "app_kubernetes_io_version",
)  # fmt: skip
"""Labels that relabelling of discovered workloads makes, by custom of the usual Prometheus installations.

Which of them are there depends on the cluster, so none of them is ever called unknown where Kubernetes is discovered.
"""


@dataclass(frozen=True, slots=True, eq=False)
class TargetLabels:
    """What targets add: ``everywhere`` to series whose service is not known, ``of_service`` to those of a service."""

    everywhere: Mapping[str, LabelValues]
    of_service: Mapping[str, Mapping[str, LabelValues]]

    def of(self, service: str | None) -> Mapping[str, LabelValues]:
        """The labels on the series of ``service``; of any service when it is None or is not scraped."""
        return self.of_service.get(service, self.everywhere) if service is not None else self.everywhere

    def certain_of(self, service: str | None) -> tuple[str, ...]:
        """Those that every series carries, unless a rule of the user's takes them away."""
        return (*ALWAYS, SERVICE) if service in self.of_service else ALWAYS


def target_labels(spec: Spec) -> TargetLabels:
    """The target labels of ``spec``: ``job``, ``instance``, ``service``, those of its scrapes and of Kubernetes.

    External labels of Prometheus are not among them: they are added on the way out, not to the series of the server.
    """
    from skillforge_mon.spec.models.metrics import LabelValues
    from skillforge_mon.spec.models.probes import BLACKBOX_KINDS

    bounded = LabelValues("bounded")
    names = list(ALWAYS)
    prometheus = spec.targets.prometheus
    if prometheus is not None and prometheus.kubernetes is not None:
        names += KUBERNETES
    usual = dict.fromkeys(names, bounded)
    of_service: dict[str, dict[str, LabelValues]] = {}
    everywhere = dict(usual)
    for name, service in spec.services.items():
        if service.scrape:
            own = {label: bounded for scrape in service.scrape for label in scrape.labels}
            of_service[name] = {**usual, SERVICE: LabelValues("enum", (name,)), **own}
            everywhere |= {SERVICE: bounded, **own}
    probed = tuple(name for name, probe in spec.probes.items() if set(probe.kinds) & set(BLACKBOX_KINDS))
    if probed and spec.targets.blackbox is not None:
        everywhere |= {SERVICE: bounded, PROBE: LabelValues("enum", probed)}
    return TargetLabels(everywhere, of_service)
