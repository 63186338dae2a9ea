"""One runbook as a page: what it is about, what to do, and who is told."""

from __future__ import annotations

from collections.abc import Iterable

from skillforge_mon.backends.runbooks.capabilities import SECTIONS
from skillforge_mon.backends.runbooks.lookups import Lookups
from skillforge_mon.backends.runbooks.markdown import bullets, code, link, numbered, one_line, quoted
from skillforge_mon.backends.runbooks.pointers import Pointers
from skillforge_mon.backends.runbooks.titles import titled
from skillforge_mon.backends.runbooks.where import where_to_look
from skillforge_mon.backends.runbooks.words import burn, condition, levels, plain, reached
from skillforge_mon.lower.burn_text import percentage
from skillforge_mon.lower.slo import SloPlan
from skillforge_mon.model.project import Alert, Project, Runbook, Service, Slo


def title(runbook: Runbook) -> str:
    """The title of a runbook: its own, else made from its name; an address is its own title."""
    if runbook.spec is None:
        return runbook.name
    return one_line(runbook.spec.title) if runbook.spec.title else titled(runbook.name)


def page(project: Project, pointers: Pointers, lookups: Lookups) -> str:
    """The whole page of a runbook that is written in the spec."""
    spec = pointers.runbook.spec
    assert spec is not None  # noqa: S101 - a bare address has no page
    triggers = (
        *(_alert(alert, lookups) for alert in pointers.alerts),
        *(_slo(slo, lookups.plans.get(slo.name)) for slo in pointers.slos),
    )
    links = (link(one.title or one.url, one.url) for one in spec.links)
    sections = [
        ("", quoted(spec.description) if spec.description else ""),
        ("When it is needed", bullets(triggers)),
        *(
            (heading, numbered(spec.sections[name]) if steps else bullets(spec.sections[name]))
            for name, (heading, steps) in SECTIONS.items()
            if name in spec.sections
        ),
        ("Where to look", where_to_look(project, pointers, lookups, links)),
        ("Owner and escalation", _people(pointers)),
    ]
    written = (f"## {heading}\n\n{body}" if heading else body for heading, body in sections if body)
    return "\n\n".join((f"# {title(pointers.runbook)}", *written))


def _alert(alert: Alert, lookups: Lookups) -> str:
    severities = (
        f"{severity.severity}: {condition(alert, severity, lookups.conditions.get((alert.name, severity.severity)))}"
        for severity in alert.severities
    )
    return _with_details(f"{code(alert.name)}{_of(alert.service)}", plain(alert), severities)


def _slo(slo: Slo, plan: SloPlan | None) -> str:
    promise = f"objective {code(slo.name)}{_of(slo.service)}, {percentage(slo.spec.objective)} over {slo.spec.window}"
    burns = (f"{alert.severity}: {burn(alert)}" for alert in plan.alerts) if plan is not None else ()
    return _with_details(promise, one_line(slo.spec.description or ""), burns)


def _of(service: Service | None) -> str:
    return f" of {code(service.name)}" if service is not None else ""


def _with_details(head: str, text: str, details: Iterable[str]) -> str:
    return "\n".join((f"{head}: {text}" if text else head, bullets(details))).rstrip()


def _people(pointers: Pointers) -> str:
    """Who owns the services, and who is told after how long."""
    owners = [
        f"{code(service.name)} belongs to {reached(service.team)}"
        for service in pointers.services.values()
        if service.team is not None
    ]
    parts = [bullets(owners)] if owners else []
    for policy in pointers.policies:
        again = f" While it goes on, people are told again every {policy.spec.repeat}." if policy.spec.repeat else ""
        parts += [f"Policy {code(policy.name)}:{again}", numbered(levels(policy))]
    return "\n\n".join(parts)
