"""Traces, resolved: who sends them, how many of them are kept, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from skillforge_mon.model.project import Place, Project, Service
from skillforge_mon.spec.models.traces import Traces as TracesSpec
from skillforge_mon.spec.quantities import Duration

TRACE_BACKENDS: Final = ("jaeger", "tempo", "datadog")
"""Backends that keep traces."""
TIMED_BACKENDS: Final = ("jaeger", "tempo")
"""Those that `retention.traces` speaks of. How long Datadog keeps spans is said by its retention filters."""
ID: Final = "traces"


def without_traces(project: Project) -> bool:
    """Whether the spec has no section ``traces``, not even one that is wrong."""
    return project.traces is None and ID not in project.root.entries


@dataclass(frozen=True, slots=True, eq=False)
class Traces:
    """The section ``traces``. ``services`` send them; ``retention`` is None where nothing is said.

    ``own_rates`` are the shares of services that have one of their own, from 0 to 1.
    """

    spec: TracesSpec
    place: Place
    services: tuple[Service, ...]
    own_rates: Mapping[str, Decimal]
    retention: Duration | None
    backends: tuple[str, ...]

    def rate(self, service: str) -> Decimal:
        """The share of the traces of ``service`` that are kept, from 0 to 1."""
        return self.own_rates.get(service, self.spec.sampling.default)

    @property
    def all_are_kept(self) -> bool:
        """Whether no trace is left out."""
        return self.spec.sampling.default == 1 and all(rate == 1 for rate in self.own_rates.values())

    @property
    def stores(self) -> tuple[str, ...]:
        """The backends to which OTLP is sent."""
        return tuple(name for name in self.backends if name in TIMED_BACKENDS)
