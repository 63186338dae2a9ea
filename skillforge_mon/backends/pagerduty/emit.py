"""PagerDuty's files: one object each, in the form in which its REST API takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skillforge_mon.backends.pagerduty.capabilities import BACKEND
from skillforge_mon.backends.pagerduty.policies import escalation_policy, policy_verdict
from skillforge_mon.backends.pagerduty.schedules import schedule
from skillforge_mon.backends.pagerduty.services import integration, service
from skillforge_mon.backends.pagerduty.shift_schedules import shift_schedules
from skillforge_mon.backends.pagerduty.teams import team_payload
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Resource, Verdict
from skillforge_mon.documents.references import references_in
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.paging import ANY, PagerDutyService
from skillforge_mon.model.paging import on_call, paged_levels
from skillforge_mon.model.project import Escalation, Project, Team

_ANY_FILE = "_any"
"""No service of the spec is called that: names begin with a letter."""


def emit(project: Project, lowering: Lowering, _report: Report) -> Iterable[Document]:
    """Everything that alerts lead to: the policies that are handed over, with their people, and the services paged.

    The document of a policy carries its verdict. Users are not made: a document names them by their e-mail address.
    """
    target = project.targets.pagerduty
    if target is None:
        return
    paging = lowering.notifications.paging
    services: dict[Escalation, tuple[PagerDutyService, ...]] = {
        policy: paging.of_policy(policy) for policy in project.escalation.values()
    }
    services = {policy: found for policy, found in services.items() if found}
    for team in _teams(project, services):
        if target.teams:
            yield _document("team", f"teams/{team.name}", team_payload(project, team), team.id, (team.id,))
        people = team.spec.pagerduty
        if people is not None and people.schedule:
            payload_of_rotas = schedule(project, team, people.schedule)
            yield _document("schedule", f"schedules/{team.name}", payload_of_rotas, team.id, (team.id,))
    for policy in services:
        for own in shift_schedules(project, policy):
            yield _document("schedule", f"schedules/{own.path}", own.payload, own.key, (own.team.id, policy.id))
    for policy, paged in services.items():
        verdict = policy_verdict(project, policy, paged)
        objects = (policy.id, *dict.fromkeys(team.id for team in _teams(project, (policy,))))
        path = f"escalation-policies/{policy.name}"
        yield _document("escalation_policy", path, escalation_policy(project, policy), policy.id, objects, (verdict,))
        for each in paged:
            name = f"{policy.name}/{each.service or _ANY_FILE}"
            origin = (policy.id,) if each.service == ANY else (policy.id, f"services.{each.service}")
            yield _document("service", f"services/{name}", service(target, each), each.key, origin)
            yield _document("integration", f"integrations/{name}", integration(each), each.key, origin)


def _teams(project: Project, policies: Iterable[Escalation]) -> Iterator[Team]:
    """The teams on call that ``policies`` page, each once, in the order of the spec."""
    paged = {team for policy in policies for level in paged_levels(project, policy) for team in level.teams}
    return (team for team in project.teams.values() if team in paged and on_call(project, team))


def _document(
    kind: str, path: str, payload: Plain, key: str, objects: tuple[str, ...], verdicts: tuple[Verdict, ...] = ()
) -> Document:
    resource = Resource(BACKEND, kind, key, references_in(payload))
    return Document(f"{BACKEND}/{path}.json", payload, Format.JSON, objects, verdicts, resource)
