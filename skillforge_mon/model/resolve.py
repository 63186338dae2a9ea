"""From validated text to the resolved project: names looked up, queries parsed once, messages taken apart."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.project import Place, Project, Team
from skillforge_mon.model.resolving.alerts import alert
from skillforge_mon.model.resolving.dashboards import dashboard
from skillforge_mon.model.resolving.logs import log_stream
from skillforge_mon.model.resolving.maintenance import window
from skillforge_mon.model.resolving.people import policy
from skillforge_mon.model.resolving.probes import probe
from skillforge_mon.model.resolving.resolver import Resolver
from skillforge_mon.model.resolving.services import dependencies, recording, runbook, service
from skillforge_mon.model.resolving.slos import slo
from skillforge_mon.model.resolving.traces import resolved_traces
from skillforge_mon.query.catalogue import build_catalogue
from skillforge_mon.spec.models.spec import Spec
from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
from skillforge_mon.spec.yaml.nodes import MappingNode


def resolve(spec: Spec, root: MappingNode, environment: str | None, report: Report) -> Project:
    """The project that ``spec`` describes; all that does not resolve is reported.

    ``root`` is the tree that ``spec`` was validated from: it gives the places, and the names of objects that were left
    out because they are wrong (naming one of those is not reported again).
    """
    resolver = Resolver(spec, root, report)
    teams = {name: Team(name, team, resolver.place("teams", name)) for name, team in spec.teams.items()}
    policies = {name: policy(resolver, name, teams) for name in spec.escalation}
    runbooks = {name: runbook(resolver, name) for name in spec.runbooks}
    services = {name: service(resolver, name, teams, policies, runbooks) for name in spec.services}
    dependencies(resolver, services)
    recordings = {name: recording(resolver, name, services) for name in spec.recordings}
    slos = {name: slo(resolver, name, services, policies, runbooks) for name in spec.slos}
    logs = {name: log_stream(resolver, name, services) for name in spec.logs}
    alerts = {name: alert(resolver, name, services, policies, runbooks, logs) for name in spec.alerts}
    probes = {name: probe(resolver, name, services, policies, runbooks) for name in spec.probes}
    maintenance = {name: window(resolver, name, services, alerts) for name in spec.maintenance}
    dashboards = {name: dashboard(resolver, name, services) for name in spec.dashboards}
    default_team = spec.targets.alertmanager.default_team if spec.targets.alertmanager else None
    if default_team is not None and default_team not in teams:
        targets = Place(root.entries["targets"])
        resolver.reference(targets, ("alertmanager", "default_team"), "team", default_team, "teams", teams)
    traces = resolved_traces(resolver, services)
    resolver.report_missing_targets()
    catalogue = build_catalogue(spec, root, report, resolver.texts)
    return Project(
        name=spec.project,
        environment=environment or DEFAULT_ENVIRONMENT,
        spec=spec,
        root=root,
        targets=spec.targets,
        catalogue=catalogue,
        teams=teams,
        escalation=policies,
        runbooks=runbooks,
        services=services,
        recordings=recordings,
        slos=slos,
        alerts=alerts,
        logs=logs,
        probes=probes,
        traces=traces,
        maintenance=maintenance,
        dashboards=dashboards,
    )
