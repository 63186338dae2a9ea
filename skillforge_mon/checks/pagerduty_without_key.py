"""MON3221: people in PagerDuty, and no way to page them."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import PAGED
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

CODE = Code(
    "MON3221",
    "pagerduty-without-key",
    Severity.ERROR,
    "A team is paged through PagerDuty without a routing key, and PagerDuty is no target.",
    "Without the key of a service nothing can be sent, and without the target nobody makes a service.",
    bad=changed(("  pagerduty: {}\n", ""), text=PAGED),
    good=PAGED,
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every team; with the target, those who are neither users nor on a schedule need a key too."""
    for team in project.teams.values():
        people = team.spec.pagerduty
        if people is None or people.routing_key is not None:
            continue
        if project.targets.pagerduty is None:
            yield CODE.at(
                team.place.at("pagerduty"),
                f"`{team.name}` cannot be paged: it has no `routing_key`, and PagerDuty is no target",
                help="add `pagerduty: {}` to `targets`, or the key of a service: `routing_key: ${secret:NAME}`",
            )
        elif not people.users and not people.schedule:
            yield CODE.at(
                team.place.at("pagerduty"),
                f"`{team.name}` cannot be paged: PagerDuty knows nobody of it, and it has no `routing_key`",
                help="add `users` or a `schedule`",
            )
