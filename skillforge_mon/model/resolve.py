"""From validated text to the resolved project: names looked up, queries parsed once, messages taken apart."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Mapping
from typing import TypeVar

from skillforge_mon.diagnostics.diagnostic import Fix, Report
from skillforge_mon.model import codes
from skillforge_mon.model.conditions import compares
from skillforge_mon.model.message import Message, parse_message
from skillforge_mon.model.project import (
    Alert,
    AlertSeverity,
    Dashboard,
    Escalation,
    LatencySli,
    Level,
    Maintenance,
    Panel,
    Place,
    Project,
    Query,
    Recording,
    Row,
    Runbook,
    Service,
    Slo,
    Team,
)
from skillforge_mon.model.working_hours import hours_of, shared_hours, shifts, shifts_of_teams
from skillforge_mon.query.catalogue import build_catalogue
from skillforge_mon.query.promql import Expr, PromQLSyntaxError, parse
from skillforge_mon.spec.models.base import BACKENDS, SEVERITIES
from skillforge_mon.spec.models.dashboards import Panel as PanelSpec
from skillforge_mon.spec.models.spec import Spec
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.quantities import Duration
from skillforge_mon.spec.suggest import listed, nearest
from skillforge_mon.spec.yaml.nodes import MappingNode, Node, ScalarNode

_PRIORITIES = {"critical": 1, "warning": 2, "info": 3}
_SETS_OF_A_SERVICE = {"red"}
_WAYS_TO_MEASURE = ("bad", "good", "latency", "available", "fresh", "slices", "ratio", "composite")
T = TypeVar("T")


def resolve(spec: Spec, root: MappingNode, environment: str | None, report: Report) -> Project:
    """The project that ``spec`` describes; all that does not resolve is reported.

    ``root`` is the tree that ``spec`` was validated from: it gives the places, and the names of objects that were left
    out because they are wrong (naming one of those is not reported again).
    """
    return _Resolver(spec, root, report).project(environment or DEFAULT_ENVIRONMENT)


class _Resolver:
    def __init__(self, spec: Spec, root: MappingNode, report: Report) -> None:
        self.spec = spec
        self.root = root
        self.report = report
        self.parsed: dict[str, Expr | PromQLSyntaxError] = {}
        self.without_target: dict[str, list[Place]] = {}
        self.inline_runbooks: dict[str, Runbook] = {}

    def project(self, environment: str) -> Project:
        spec = self.spec
        teams = {name: Team(name, team, self.place("teams", name)) for name, team in spec.teams.items()}
        policies = {name: self.policy(name, teams) for name in spec.escalation}
        runbooks = {name: self.runbook(name) for name in spec.runbooks}
        services = {name: self.service(name, teams, policies, runbooks) for name in spec.services}
        self.dependencies(services)
        recordings = {name: self.recording(name, services) for name in spec.recordings}
        slos = {name: self.slo(name, services, policies, runbooks) for name in spec.slos}
        alerts = {name: self.alert(name, services, policies, runbooks) for name in spec.alerts}
        maintenance = {name: self.window(name, services, alerts) for name in spec.maintenance}
        dashboards = {name: self.dashboard(name, services) for name in spec.dashboards}
        default_team = spec.targets.alertmanager.default_team if spec.targets.alertmanager else None
        if default_team is not None and default_team not in teams:
            targets = self.root.entries["targets"]
            self.reference(Place(targets), ("alertmanager", "default_team"), "team", default_team, "teams", teams)
        self.report_missing_targets()
        catalogue = build_catalogue(spec, self.root, self.report)
        return Project(
            name=spec.project,
            environment=environment,
            spec=spec,
            root=self.root,
            targets=spec.targets,
            catalogue=catalogue,
            teams=teams,
            escalation=policies,
            runbooks=runbooks | self.inline_runbooks,
            services=services,
            recordings=recordings,
            slos=slos,
            alerts=alerts,
            maintenance=maintenance,
            dashboards=dashboards,
        )

    def place(self, section: str, name: str) -> Place:
        node = self.root.get(section)
        assert isinstance(node, MappingNode)  # noqa: S101 - validated
        return Place(node.entries[name])

    def names(self, section: str) -> Iterable[str]:
        """All names of the section, those of wrong objects too."""
        node = self.root.get(section)
        return node.entries if isinstance(node, MappingNode) else ()

    def reference(
        self,
        place: Place,
        path: tuple[str | int, ...],
        kind: str,
        name: str | None,
        section: str,
        known: Mapping[str, T],
    ) -> T | None:
        """The object ``name`` of ``section``, or None; an unknown one is reported at ``path`` below ``place``."""
        if name is None:
            return None
        if name in known:
            return known[name]
        names = list(self.names(section))
        if name not in names:
            meant = nearest(name, names)
            span = place.at(*path)
            self.report.add(
                codes.UNKNOWN_REFERENCE.at(
                    span,
                    f"there is no {kind} `{name}`",
                    label=f"not in `{section}`",
                    notes=(f"`{section}` has: {listed(names)}",) if names else (f"the spec has no `{section}`",),
                    help=f"did you mean `{meant}`?" if meant else f"declare it under `{section}`",
                    fix=Fix(span, meant, f"write `{meant}`", safe=False) if meant else None,
                )
            )
        return None

    def query(self, text: str | None, node: Node | None) -> Query | None:
        """``text`` parsed; a text that was parsed before is not parsed again."""
        if text is None:
            return None
        scalar = node if isinstance(node, ScalarNode) else None
        parsed = self.parsed.get(text)
        if parsed is None:
            try:
                parsed = parse(text)
            except PromQLSyntaxError as error:
                parsed = error
            self.parsed[text] = parsed
        query = Query(text, None if isinstance(parsed, PromQLSyntaxError) else parsed, scalar)
        if isinstance(parsed, PromQLSyntaxError):
            end = len(text.rstrip())
            helping = parsed.help
            if text.rstrip().endswith("%") and not helping:
                helping = "PromQL has no percent sign: write 0.05, or give the severity the threshold `> 5%`"
            span = query.span(min(parsed.start, end), min(parsed.end, end))
            self.report.add(codes.PROMQL_SYNTAX.at(span, parsed.message, help=helping))
        return query

    def message(self, text: str | None, place: Place, field: str) -> Message:
        message, problems = parse_message(text)
        node = place.find(field)
        for problem in problems:
            span = node.text_span(problem.start, problem.end) if isinstance(node, ScalarNode) else place.span
            fix = Fix(span, problem.meant, f"write `{problem.meant}`") if problem.meant else None
            self.report.add(codes.BAD_PLACEHOLDER.at(span, problem.text, help=problem.help, fix=fix))
        return message

    def backends(self, place: Place, named: list[str] | None, usual: Iterable[str]) -> tuple[str, ...]:
        """The backends of an object, in the order of the language; unknown ones are reported."""
        chosen: list[str] = []
        for index, name in enumerate(named if named is not None else usual):
            if name not in BACKENDS:
                self.report.add(
                    codes.UNKNOWN_BACKEND.at(
                        place.at("backends", index),
                        f"there is no backend `{name}`",
                        notes=(f"backends are: {', '.join(BACKENDS)}",),
                        help=f"did you mean `{meant}`?" if (meant := nearest(name, BACKENDS)) else "",
                    )
                )
            elif getattr(self.spec.targets, name) is None:
                if named is not None and self.targets_known(name):
                    self.without_target.setdefault(name, []).append(place)
            else:
                chosen.append(name)
        return tuple(name for name in BACKENDS if name in chosen)

    def taking(self, kind: str, able: tuple[str, ...], place: Place, named: list[str] | None) -> tuple[str, ...]:
        """The backends of an object of a kind that only some backends take, by default the first of them."""
        chosen = self.backends(place, named, able[:1])
        for index, name in enumerate(named or ()):
            if name in BACKENDS and name not in able:
                self.report.add(
                    codes.KIND_NOT_TAKEN.at(
                        place.at("backends", index),
                        f"{kind} are not compiled for `{name}`",
                        notes=(f"they are compiled for: {', '.join(able)}",),
                        help=f"take `{name}` out of `backends`",
                    )
                )
        return tuple(name for name in chosen if name in able)

    def targets_known(self, backend: str) -> bool:
        """False when the target is there but wrong: that has been reported, and says nothing about its users."""
        targets = self.root.get("targets")
        return not (isinstance(targets, MappingNode) and backend in targets.entries)

    def report_missing_targets(self) -> None:
        for backend, places in self.without_target.items():
            first = places[0]
            count = "one object names" if len(places) == 1 else f"{len(places)} objects name"
            self.report.add(
                codes.BACKEND_WITHOUT_TARGET.at(
                    first.at("backends"),
                    f"{count} `{backend}`, which `targets` does not have",
                    label="first here",
                    help=f"add `{backend}:` to `targets`, or take it out of `backends`",
                )
            )

    def policy(self, name: str, teams: Mapping[str, Team]) -> Escalation:
        spec = self.spec.escalation[name]
        place = self.place("escalation", name)
        prefix: tuple[str | int, ...] = ("levels",) if isinstance(place.node, MappingNode) else ()
        otherwise = self.teams_named(place, ("otherwise",), spec.otherwise, teams)
        levels = []
        after = 0
        for index, level in enumerate(spec.levels):
            told = self.teams_named(place, (*prefix, index, "notify"), level.notify, teams)
            others = self.teams_named(place, (*prefix, index, "otherwise"), level.otherwise, teams)
            stated = level.hours or spec.hours
            if stated:
                found = shifts(told, hours_of(stated), others or (otherwise if not level.hours else ()))
            else:
                found = shifts(told, shared_hours(told), others) if others else shifts_of_teams(told)
            levels.append(Level(index + 1, found, Duration(after), level.timeout))
            after += level.timeout or 0
        return Escalation(name, spec, place, tuple(levels))

    def teams_named(
        self, place: Place, path: tuple[str | int, ...], names: Iterable[str], teams: Mapping[str, Team]
    ) -> tuple[Team, ...]:
        found = (
            self.reference(place, (*path, position), "team", team, "teams", teams)
            for position, team in enumerate(names)
        )
        return tuple(team for team in found if team is not None)

    def runbook(self, name: str) -> Runbook:
        spec = self.spec.runbooks[name]
        place = self.place("runbooks", name)
        if spec.url is not None and (spec.sections or spec.description):
            self.report.add(
                codes.RUNBOOK_TWICE.at(
                    place.at("url"),
                    f"the runbook `{name}` is kept elsewhere and written here",
                    help="leave out `url`, or everything else",
                )
            )
        return Runbook(name, spec, place, spec.url or "")

    def runbook_named(self, name: str | None, place: Place, runbooks: Mapping[str, Runbook]) -> Runbook | None:
        """A runbook by its name, or a bare address."""
        if name is not None and "://" in name:
            return Runbook(name, None, None, name)
        return self.reference(place, ("runbook",), "runbook", name, "runbooks", runbooks)

    def service(
        self,
        name: str,
        teams: Mapping[str, Team],
        policies: Mapping[str, Escalation],
        runbooks: Mapping[str, Runbook],
    ) -> Service:
        spec = self.spec.services[name]
        place = self.place("services", name)
        return Service(
            name,
            spec,
            place,
            self.reference(place, ("team",), "team", spec.team, "teams", teams),
            self.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies),
            self.runbook_named(spec.runbook, place, runbooks),
        )

    def dependencies(self, services: Mapping[str, Service]) -> None:
        """Every dependency exists, and none leads back to where it came from."""
        for service in services.values():
            for index, name in enumerate(service.spec.depends_on):
                self.reference(service.place, ("depends_on", index), "service", name, "services", services)
        done: set[str] = set()
        for start in services:
            if start not in done:
                self.circles_from(start, services, done)

    def circles_from(self, start: str, services: Mapping[str, Service], done: set[str]) -> None:
        """Depth first from ``start``, without recursion; what was searched is added to ``done``."""
        path = [start]
        stack = [iter(services[start].spec.depends_on)]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                stack.pop()
                done.add(path.pop())
            elif following in path:
                place = services[path[-1]].place
                circle = [*path[path.index(following) :], following]
                self.report.add(
                    codes.DEPENDENCY_CYCLE.at(
                        place.at("depends_on", services[path[-1]].spec.depends_on.index(following)),
                        f"services depend on each other in a circle: {' -> '.join(circle)}",
                        help="take one of these dependencies out",
                    )
                )
            elif following in services and following not in done:
                path.append(following)
                stack.append(iter(services[following].spec.depends_on))

    def recording(self, name: str, services: Mapping[str, Service]) -> Recording:
        spec = self.spec.recordings[name]
        place = self.place("recordings", name)
        query = self.query(spec.expr, place.find("expr"))
        assert query is not None  # noqa: S101 - the text is required
        return Recording(
            name, spec, place, query, self.reference(place, ("service",), "service", spec.service, "services", services)
        )

    def slo(
        self,
        name: str,
        services: Mapping[str, Service],
        policies: Mapping[str, Escalation],
        runbooks: Mapping[str, Runbook],
    ) -> Slo:
        spec = self.spec.slos[name]
        place = self.place("slos", name)
        self.one_way_to_measure(name, place)
        service = self.reference(place, ("service",), "service", spec.service, "services", services)
        policy = self.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
        runbook = self.runbook_named(spec.runbook, place, runbooks)
        latency = None
        if spec.latency is not None:
            metric = self.query(spec.latency.metric, place.find("latency", "metric"))
            assert metric is not None  # noqa: S101 - the text is required
            latency = LatencySli(metric, spec.latency.below)
        return Slo(
            name=name,
            spec=spec,
            place=place,
            service=service,
            escalation=policy or (service.escalation if service else None),
            tickets=self.reference(place, ("tickets",), "policy", spec.tickets, "escalation", policies),
            runbook=runbook or (service.runbook if service else None),
            bad=self.query(spec.bad, place.find("bad")),
            good=self.query(spec.good, place.find("good")),
            total=self.query(spec.total, place.find("total")),
            latency=latency,
            measured=self.measured(name, place),
            backends=self.taking("SLOs", ("prometheus", "datadog"), place, self.slo_backends(name)),
        )

    def slo_backends(self, name: str) -> list[str] | None:
        """Where an SLO says that it goes, and Datadog when it has words for that; None when it says nothing."""
        spec = self.spec.slos[name]
        if spec.datadog is None or "datadog" in (spec.backends or ()):
            return spec.backends
        usual = ["prometheus"] if self.spec.targets.prometheus is not None else []
        return [*(spec.backends if spec.backends is not None else usual), "datadog"]

    def one_way_to_measure(self, name: str, place: Place) -> None:
        """Report an SLO that is measured in no way, or in several; and parts of a composite one that do not exist."""
        spec = self.spec.slos[name]
        composite = spec.composite
        ways = [field for field in _WAYS_TO_MEASURE if getattr(spec, field) is not None]
        by_events = bool({"bad", "good"} & {*ways})
        unclear = composite is not None and bool(composite.all) == bool(composite.weighted)
        if len(ways) != 1 or by_events != (spec.total is not None) or unclear:
            self.report.add(
                codes.SLI_UNCLEAR.at(
                    place.at("composite") if unclear else place.span,
                    f"the SLO `{name}` does not say in one way how it is measured",
                    notes=(f"it says {listed(ways)}",) if len(ways) > 1 else (),
                    help="write `all` or `weighted`, with the SLOs that it is made of"
                    if unclear
                    else "write `bad` and `total`, `good` and `total`, or one of "
                    f"{listed([f'`{field}`' for field in _WAYS_TO_MEASURE[2:]], len(_WAYS_TO_MEASURE))}",
                )
            )
        if composite is not None:
            known = dict.fromkeys(self.spec.slos, name)
            for index, part in enumerate(composite.all):
                self.reference(place, ("composite", "all", index), "SLO", part, "slos", known)
            for part in composite.weighted:
                self.reference(place, ("composite", "weighted", part), "SLO", part, "slos", known)

    def measured(self, name: str, place: Place) -> Query | None:
        """The query of an SLO that counts time."""
        spec = self.spec.slos[name]
        if spec.available is not None:
            whole = place.find("available")
            return self.query(
                spec.available.metric, whole if isinstance(whole, ScalarNode) else place.find("available", "metric")
            )
        if spec.fresh is not None:
            return self.query(spec.fresh.metric, place.find("fresh", "metric"))
        if spec.slices is not None:
            return self.query(spec.slices.expr, place.find("slices", "expr"))
        return self.query(spec.ratio, place.find("ratio"))

    def alert(
        self,
        name: str,
        services: Mapping[str, Service],
        policies: Mapping[str, Escalation],
        runbooks: Mapping[str, Runbook],
    ) -> Alert:
        spec = self.spec.alerts[name]
        place = self.place("alerts", name)
        service = self.reference(place, ("service",), "service", spec.service, "services", services)
        runbook = self.runbook_named(spec.runbook, place, runbooks)
        policy = self.reference(place, ("escalation",), "policy", spec.escalation, "escalation", policies)
        policy = policy or (service.escalation if service else None)
        query = self.query(spec.expr, place.find("expr"))
        severities = []
        for severity in SEVERITIES:
            rule = spec.severity.get(severity)  # type: ignore[call-overload]  # a literal of this very list
            if rule is None:
                continue
            own = self.reference(
                place, ("severity", severity, "escalation"), "policy", rule.escalation, "escalation", policies
            )
            hold = rule.for_ if rule.for_ is not None else spec.for_
            priority = int(rule.priority[1:]) if rule.priority else _PRIORITIES[severity]
            severities.append(AlertSeverity(severity, rule, rule.when, hold or Duration(0), own or policy, priority))
        self.thresholds(name, place, query, severities)
        return Alert(
            name=name,
            spec=spec,
            place=place,
            service=service,
            runbook=runbook or (service.runbook if service else None),
            query=query,
            severities=tuple(severities),
            summary=self.message(spec.summary, place, "summary"),
            description=self.message(spec.description, place, "description"),
            backends=self.alert_backends(name, place),
        )

    def alert_backends(self, name: str, place: Place) -> tuple[str, ...]:
        """Where an alert goes: where it says, and wherever it has words of its own."""
        spec = self.spec.alerts[name]
        own = [backend for backend in ("datadog", "sentry") if getattr(spec, backend) is not None]
        if spec.expr is None and not own:
            self.report.add(
                codes.NO_CONDITION.at(
                    place.span, f"the alert `{name}` has no condition", help="write `expr:`, `datadog:` or `sentry:`"
                )
            )
            return ()
        usual: list[str] = []
        if spec.expr is not None:
            usual = ["prometheus"] if self.spec.targets.prometheus is not None or own else ["datadog"]
        grafana = self.spec.targets.grafana
        alerting = grafana is not None and grafana.alerting
        if spec.expr is not None and alerting:
            usual = [*(["prometheus"] if self.spec.targets.prometheus is not None else []), "grafana"]
        named = spec.backends
        if named is not None:
            named = [*named, *(backend for backend in own if backend not in named)]
        chosen = self.backends(place, named if named is not None or not own else [*usual, *own], usual)
        for backend in chosen:
            has = {
                "prometheus": spec.expr is not None,
                "datadog": spec.expr is not None or spec.datadog is not None,
                "sentry": spec.sentry is not None,
                "grafana": spec.expr is not None and alerting,
            }.get(backend, False)
            if not has:
                words = "a query (`expr`)" if backend in {"prometheus", "grafana"} else f"words for it (`{backend}:`)"
                if backend in {"alertmanager", "pagerduty"} or (backend == "grafana" and not alerting):
                    words = "a place there: alerts are compiled for Prometheus, Datadog and Sentry"
                    words += ", and for Grafana with `alerting: true` in its target"
                self.report.add(
                    codes.NO_BACKEND_CONDITION.at(
                        place.at("backends"),
                        f"the alert `{name}` is to be on `{backend}`, but has not {words}",
                        help=f"add it, or take `{backend}` out of `backends`",
                    )
                )
        return chosen

    def thresholds(self, name: str, place: Place, query: Query | None, severities: list[AlertSeverity]) -> None:
        """Several severities need a threshold each; a query that compares itself takes none."""
        without = [severity for severity in severities if severity.threshold is None]
        if len(severities) > 1 and without:
            first = without[0]
            self.report.add(
                codes.THRESHOLD_MISSING.at(
                    place.key_at("severity", first.severity),
                    f"the severity `{first.severity}` of `{name}` has no threshold",
                    help=f'write `{first.severity}: "> 5%"`, and leave the comparison out of the query',
                )
            )
        if query is None or query.expr is None or not compares(query.expr):
            return
        for severity in severities:
            if severity.threshold is not None:
                self.report.add(
                    codes.THRESHOLD_TWICE.at(
                        place.at("severity", severity.severity),
                        f"`{name}` compares its value in the query and here again",
                        label=f"and `{severity.threshold}` here",
                        help="leave the comparison out of the query",
                    )
                )

    def window(self, name: str, services: Mapping[str, Service], alerts: Mapping[str, Alert]) -> Maintenance:
        spec = self.spec.maintenance[name]
        place = self.place("maintenance", name)
        if bool(spec.every) == (spec.on is not None):
            self.report.add(
                codes.BAD_RECURRENCE.at(
                    place.span,
                    f"the maintenance window `{name}` must either recur or happen once",
                    help="write `every: saturday`, or `on: 2026-12-24`",
                )
            )
        if spec.on is not None:
            try:
                datetime.date.fromisoformat(spec.on)
            except ValueError:
                self.report.add(codes.BAD_RECURRENCE.at(place.at("on"), f"`{spec.on}` is not a day of the calendar"))
        try:
            zoneinfo.ZoneInfo(spec.timezone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            zones = zoneinfo.available_timezones()
            self.report.add(
                codes.BAD_TIME_ZONE.at(
                    place.at("timezone"),
                    f"there is no time zone `{spec.timezone}`",
                    help=f"did you mean `{meant}`?" if (meant := nearest(spec.timezone, sorted(zones))) else "",
                )
            )
        scope_services = [
            self.reference(place, ("services", index), "service", service, "services", services)
            for index, service in enumerate(spec.services)
        ]
        scope_alerts = [
            self.reference(place, ("alerts", index), "alert", alert, "alerts", alerts)
            for index, alert in enumerate(spec.alerts)
        ]
        return Maintenance(
            name,
            spec,
            place,
            tuple(service for service in scope_services if service is not None),
            tuple(alert for alert in scope_alerts if alert is not None),
        )

    def dashboard(self, name: str, services: Mapping[str, Service]) -> Dashboard:
        spec = self.spec.dashboards[name]
        place = self.place("dashboards", name)
        rows = []
        for index, row in enumerate(spec.rows):
            node = place.find("rows", index)
            assert node is not None  # noqa: S101 - validated
            service = self.reference(
                place, ("rows", index, "service"), "service", row.service or spec.service, "services", services
            )
            wants_service = row.use in _SETS_OF_A_SERVICE and (row.service or spec.service) is None
            if (row.use is None and not row.panels) or wants_service:
                self.report.add(
                    codes.EMPTY_ROW.at(
                        node.span,
                        f"row {index + 1} of the dashboard `{name}` shows nothing",
                        help="name its `service`" if wants_service else "add `panels`, or `use`",
                    )
                )
            panels = []
            for position, panel in enumerate(row.panels):
                panel_node = place.find("rows", index, "panels", position)
                assert panel_node is not None  # noqa: S101 - validated
                panels.append(self.panel(panel, panel_node, place, (index, position)))
            rows.append(Row(row, node, service, tuple(panels)))
        return Dashboard(
            name,
            spec,
            place,
            self.reference(place, ("service",), "service", spec.service, "services", services),
            tuple(rows),
            self.taking("dashboards", ("grafana",), place, spec.backends),
        )

    def panel(self, spec: PanelSpec, node: Node, place: Place, where: tuple[int, int]) -> Panel:
        row, position = where
        if (spec.type == "text" and spec.content is None) or (
            spec.type not in {"text", "alertlist"} and not spec.query
        ):
            self.report.add(
                codes.EMPTY_PANEL.at(
                    node.span,
                    f"the panel `{spec.title}` has nothing to show",
                    help="add `content`" if spec.type == "text" else "add `query`",
                )
            )
        queries = []
        path = ("rows", row, "panels", position, "query")
        for index, query in enumerate(spec.query):
            found = place.find(*path)
            item = place.find(*path, index) or found
            if isinstance(item, MappingNode):
                item = item.get("expr")
            if spec.type == "logs":
                queries.append(Query(query.expr, None, item if isinstance(item, ScalarNode) else None))
            else:
                parsed = self.query(query.expr, item)
                assert parsed is not None  # noqa: S101 - the text is required
                queries.append(parsed)
        return Panel(spec, node, tuple(queries))
