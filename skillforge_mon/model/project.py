"""The resolved project: every object with its name, its place, what the user wrote, and links to what it names.

``spec`` of each object is the validated text; the other fields are what it means once names are looked up. Objects
whose references do not resolve have None there, and the problem has been reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.model.message import Message
from skillforge_mon.spec.quantities import Duration, Quantity, Threshold
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from skillforge_mon.model.logs import LogCondition, LogQuery, LogStream
    from skillforge_mon.model.traces import Traces
    from skillforge_mon.model.working_hours import Shift
    from skillforge_mon.query.catalogue import Catalogue
    from skillforge_mon.query.promql.tree import Expr
    from skillforge_mon.spec.models.alerts import Alert as AlertSpec
    from skillforge_mon.spec.models.alerts import SeverityRule
    from skillforge_mon.spec.models.dashboards import Dashboard as DashboardSpec
    from skillforge_mon.spec.models.dashboards import Panel as PanelSpec
    from skillforge_mon.spec.models.dashboards import Row as RowSpec
    from skillforge_mon.spec.models.metrics import Recording as RecordingSpec
    from skillforge_mon.spec.models.people import Escalation as EscalationSpec
    from skillforge_mon.spec.models.people import Team as TeamSpec
    from skillforge_mon.spec.models.probes import Probe as ProbeSpec
    from skillforge_mon.spec.models.services import Maintenance as MaintenanceSpec
    from skillforge_mon.spec.models.services import Runbook as RunbookSpec
    from skillforge_mon.spec.models.services import Service as ServiceSpec
    from skillforge_mon.spec.models.slos import Slo as SloSpec
    from skillforge_mon.spec.models.spec import Spec
    from skillforge_mon.spec.models.targets import Targets


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Place:
    """Where an object, or a part of one, stands in the spec."""

    entry: Entry

    @property
    def span(self) -> Span:
        """The place of the name."""
        return self.entry.key_span

    @property
    def node(self) -> Node:
        """What stands under the name."""
        return self.entry.node

    def find(self, *path: str | int) -> Node | None:
        """The node below the object at ``path`` (``place.find("severity", "critical")``), or None."""
        node: Node | None = self.entry.node
        for segment in path:
            if isinstance(node, MappingNode) and isinstance(segment, str):
                node = node.get(segment)
            elif isinstance(node, SequenceNode) and isinstance(segment, int):
                node = node.items[segment] if segment < len(node.items) else None
            else:
                return None
        return node

    def at(self, *path: str | int) -> Span:
        """The place of the value at ``path``, or of the nearest thing above it that exists."""
        for length in range(len(path), 0, -1):
            node = self.find(*path[:length])
            if node is not None:
                return node.span
        return self.span

    def key_at(self, *path: str | int) -> Span:
        """The place of the key that ends ``path``, or the object's name when there is no such key."""
        node = self.find(*path[:-1])
        if isinstance(node, MappingNode) and path[-1] in node.entries:
            return node.key_span(str(path[-1]))
        return self.span


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A PromQL (or, in a logs panel, LogQL) text, parsed once. ``expr`` is None when it does not parse."""

    text: str
    expr: Expr | None
    node: ScalarNode | None = field(repr=False, default=None)

    def span(self, start: int, end: int) -> Span | None:
        """The place in the spec of the code points ``start`` to ``end`` of the query."""
        return self.node.text_span(start, end) if self.node is not None else None

    @property
    def whole(self) -> Span | None:
        """The place of the whole query."""
        return self.node.span if self.node is not None else None


@dataclass(frozen=True, slots=True, eq=False)
class Team:
    """People who are told together."""

    name: str
    spec: TeamSpec
    place: Place

    @property
    def id(self) -> str:
        return f"teams.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One step of a policy: who is told, ``after`` how long counted from the first, and for how long.

    ``shifts`` say who is told when; ``teams`` are all of them.
    """

    number: int
    shifts: tuple[Shift, ...]
    after: Duration
    timeout: Duration | None

    @property
    def teams(self) -> tuple[Team, ...]:
        """Everybody who may be told, each once: those of the hours first, then those outside them."""
        return tuple(dict.fromkeys(team for shift in self.shifts for team in shift.teams))


@dataclass(frozen=True, slots=True, eq=False)
class Escalation:
    """An escalation policy. Levels are numbered from 1."""

    name: str
    spec: EscalationSpec
    place: Place
    levels: tuple[Level, ...]

    @property
    def id(self) -> str:
        return f"escalation.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Runbook:
    """A runbook: a page of ours, or an address. ``spec`` is None for a bare address."""

    name: str
    spec: RunbookSpec | None
    place: Place | None
    url: str = ""

    @property
    def id(self) -> str:
        return f"runbooks.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """Something that runs and is watched."""

    name: str
    spec: ServiceSpec
    place: Place
    team: Team | None
    escalation: Escalation | None
    runbook: Runbook | None
    tickets: Escalation | None = None

    def policy(self, severity: str) -> Escalation | None:
        """The policy of its alerts of ``severity`` that name none."""
        return self.tickets if severity != "critical" and self.tickets is not None else self.escalation

    @property
    def id(self) -> str:
        return f"services.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class LatencySli:
    """Requests of ``metric`` (a histogram selector) that are answered within ``below``."""

    metric: Query
    below: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Slo:
    """A service level objective.

    Exactly one of (``bad``, ``total``), (``good``, ``total``), ``latency``, ``measured`` and ``spec.composite`` is set.
    ``measured`` is the query of ``available``, ``fresh``, ``slices`` or ``ratio``, whichever the spec has.

    ``tickets`` is the policy of its own for warnings, None when they go to the first level of ``escalation``.
    """

    name: str
    spec: SloSpec
    place: Place
    service: Service | None
    escalation: Escalation | None
    tickets: Escalation | None
    runbook: Runbook | None
    bad: Query | None
    good: Query | None
    total: Query | None
    latency: LatencySli | None
    measured: Query | None
    backends: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"slos.{self.name}"

    @property
    def parts(self) -> Mapping[str, Decimal]:
        """The SLOs that a composite one is made of, with their weights: 1 where all of them must hold."""
        composite = self.spec.composite
        if composite is None:
            return {}
        return dict.fromkeys(composite.all, Decimal(1)) | {
            name: Decimal(str(weight)) for name, weight in composite.weighted.items()
        }

    def policy(self, severity: str) -> Escalation | None:
        """The policy that its alerts of ``severity`` follow."""
        return self.tickets if severity != "critical" and self.tickets is not None else self.escalation

    def levels(self, severity: str) -> tuple[Level, ...]:
        """The levels at which its alerts of ``severity`` fire.

        A slow burn goes on for hours after its cause: without a policy of its own it must not climb the one of pages.
        """
        policy = self.policy(severity)
        if policy is None:
            return ()
        return policy.levels if severity == "critical" or self.tickets is not None else policy.levels[:1]


@dataclass(frozen=True, slots=True, eq=False)
class AlertSeverity:
    """One severity of an alert, with what it inherits from the alert filled in.

    ``threshold`` is None when the query compares itself. ``priority`` is 1 (worst) to 5.
    """

    severity: str
    spec: SeverityRule
    threshold: Threshold | None
    hold: Duration
    escalation: Escalation | None
    priority: int


@dataclass(frozen=True, slots=True, eq=False)
class Alert:
    """A condition that somebody must hear of. Severities are in order, the worst first."""

    name: str
    spec: AlertSpec
    place: Place
    service: Service | None
    runbook: Runbook | None
    query: Query | None
    lines: LogCondition | None
    severities: tuple[AlertSeverity, ...]
    summary: Message
    description: Message
    backends: tuple[str, ...]
    log_query: LogQuery | None

    @property
    def id(self) -> str:
        return f"alerts.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A precomputed query."""

    name: str
    spec: RecordingSpec
    place: Place
    query: Query
    service: Service | None

    @property
    def id(self) -> str:
        return f"recordings.{self.name}"

    @property
    def record(self) -> str:
        """The name of the new metric."""
        return self.spec.record or self.name


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """Something that is asked from outside. ``kind`` is what it is (``http``), "" for one that does not say so.

    ``backends`` are those that ask. What is told of it on Prometheus is alerts of the spec; elsewhere the object that
    asks tells people itself.
    """

    name: str
    spec: ProbeSpec
    place: Place
    kind: str
    service: Service | None
    escalation: Escalation | None
    runbook: Runbook | None
    every: Duration
    timeout: Duration
    failures: int
    backends: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"probes.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Maintenance:
    """A window in which alerts are not sent. Empty scopes mean all."""

    name: str
    spec: MaintenanceSpec
    place: Place
    services: tuple[Service, ...]
    alerts: tuple[Alert, ...]

    @property
    def id(self) -> str:
        return f"maintenance.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """One picture as the user wrote it. ``queries`` go with ``spec.query``, one each. ``place`` has the title."""

    spec: PanelSpec
    node: Node
    queries: tuple[Query, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Panels under a heading, or a ready-made set of a service."""

    spec: RowSpec
    node: Node
    service: Service | None
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Dashboard:
    """What people look at together."""

    name: str
    spec: DashboardSpec
    place: Place
    service: Service | None
    rows: tuple[Row, ...]
    backends: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"dashboards.{self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The whole project for one environment."""

    name: str
    environment: str
    spec: Spec
    root: MappingNode
    targets: Targets
    catalogue: Catalogue
    teams: Mapping[str, Team]
    escalation: Mapping[str, Escalation]
    runbooks: Mapping[str, Runbook]
    services: Mapping[str, Service]
    recordings: Mapping[str, Recording]
    slos: Mapping[str, Slo]
    alerts: Mapping[str, Alert]
    logs: Mapping[str, LogStream]
    probes: Mapping[str, Probe]
    traces: Traces | None
    maintenance: Mapping[str, Maintenance]
    dashboards: Mapping[str, Dashboard]

    @property
    def backends(self) -> tuple[str, ...]:
        """The names of the backends that the project is compiled for, in the order of the language."""
        said = (self.targets, self.spec.deploy)
        return tuple(name for each in said for name in type(each).model_fields if getattr(each, name) is not None)

    def objects(self) -> Iterator[tuple[str, Place]]:
        """The id and the place of every object of the spec."""
        for section in self.root.entries.values():
            if isinstance(section.node, MappingNode):
                for name, entry in section.node.entries.items():
                    yield f"{section.key}.{name}", Place(entry)

    def target_place(self, backend: str) -> Place | None:
        """Where ``targets.<backend>`` stands."""
        targets = self.root.get("targets")
        if isinstance(targets, MappingNode) and backend in targets.entries:
            return Place(targets.entries[backend])
        return None

    def deploy_place(self, backend: str) -> Place | None:
        """Where ``deploy.<backend>`` stands."""
        return self.place_of(f"deploy.{backend}")

    def place_of(self, object_id: str) -> Place | None:
        """The place of the object ``section.name``, or None when there is none."""
        section_name, _, name = object_id.partition(".")
        section = self.root.get(section_name)
        if isinstance(section, MappingNode) and name in section.entries:
            return Place(section.entries[name])
        return None
