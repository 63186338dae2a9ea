"""Traces, resolved: who sends them, how many of them are kept, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from skillforge_mon.model.project import Place, Project, Service
from skillforge_mon.spec.models.targets import Targets
from skillforge_mon.spec.models.traces import Traces as TracesSpec
from skillforge_mon.spec.quantities import Duration

TRACE_BACKENDS: Final = ("jaeger", "tempo", "elasticsearch", "datadog")
"""Backends that keep traces."""
TIMED_BACKENDS: Final = ("jaeger", "tempo", "elasticsearch")
"""Those that `retention.traces` speaks of. How long Datadog keeps spans is said by its retention filters."""
ID: Final = "traces"


def keeps_traces(targets: Targets, backend: str) -> bool:
    """Whether ``backend`` is a target that is there for traces. Elasticsearch is with Elastic APM alone."""
    if backend == "elasticsearch":
        return targets.elasticsearch is not None and targets.elasticsearch.apm is not None
    return getattr(targets, backend) is not None


def without_traces(project: Project) -> bool:
    """Whether the spec has no section ``traces``, not even one that is wrong."""
    return project.traces is None and ID not in project.root.entries


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """The section ``traces``. ``services`` send them; ``retention`` is None where nothing is said.

    ``own_rates`` are the shares of services that have one of their own, from 0 to 1. ``elastic_agents``: the services
    have agents of Elastic's own, beside or in place of OpenTelemetry.
    """

    spec: TracesSpec
    place: Place
    services: tuple[Service, ...]
    own_rates: Mapping[str, Decimal]
    retention: Duration | None
    backends: tuple[str, ...]
    elastic_agents: bool

    def rate(self, service: str) -> Decimal:
        """The share of the traces of ``service`` that are kept, from 0 to 1."""
        return self.own_rates.get(service, self.spec.sampling.default)

    @property
    def all_are_kept(self) -> bool:
        """Whether no trace is left out."""
        return self.spec.sampling.default == 1 and all(rate == 1 for rate in self.own_rates.values())

    @property
    def timed(self) -> tuple[str, ...]:
        """The backends that keep traces for as long as the spec says."""
        return tuple(name for name in self.backends if name in TIMED_BACKENDS)

    @property
    def stores(self) -> tuple[str, ...]:
        """The backends to which OTLP is sent."""
        return tuple(name for name in self.timed if not (name == "elasticsearch" and self.elastic_agents))
