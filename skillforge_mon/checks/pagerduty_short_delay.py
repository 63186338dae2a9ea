"""MON3228: levels that follow each other sooner than PagerDuty can."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from skillforge_mon.checks.examples import changed
from skillforge_mon.checks.pagerduty_examples import ON_CALL, PAGED
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.paging import paged_levels
from skillforge_mon.model.policies import level_path
from skillforge_mon.model.project import Project
from skillforge_mon.spec.quantities import Duration

_CTO = (f"  shop: {ON_CALL}\n", f"  shop: {ON_CALL}\n  cto: {{pagerduty: {{users: cto@example.com}}}}\n")
_CRITICAL = ("severity: warning", "severity: critical")
MINUTE = Duration.of(minutes=1)
CODE = Code(
    "MON3228",
    "delay-below-a-minute",
    Severity.ERROR,
    "A level that PagerDuty pages has less than a minute before the next one.",
    "PagerDuty counts whole minutes, and waits one at least.",
    bad=changed(_CTO, _CRITICAL, ("[{notify: shop}]", "[{notify: shop, timeout: 45s}, {notify: cto}]"), text=PAGED),
    good=changed(_CTO, _CRITICAL, ("[{notify: shop}]", "[{notify: shop, timeout: 1m}, {notify: cto}]"), text=PAGED),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """From each level that PagerDuty pages to the next one."""
    for policy in project.escalation.values():
        for level, following in pairwise(paged_levels(project, policy)):
            delay = Duration(following.after - level.after)
            if delay < MINUTE:
                yield CODE.at(
                    policy.place.at(*level_path(policy, level.number - 1), "timeout"),
                    f"level {following.number} of `{policy.name}` comes {delay} after level {level.number}",
                    label="PagerDuty waits a minute at least",
                    help=f"write a timeout of {MINUTE} or more",
                )
