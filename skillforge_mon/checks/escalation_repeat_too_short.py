"""MON3211: a policy that wants to repeat more often than Alertmanager looks."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.project import Project

_TARGETS = ("  prometheus: {}\n", "  prometheus: {}\n  alertmanager: {}\n")
CODE = Code(
    "MON3211",
    "repeat-too-short",
    Severity.WARNING,
    "A policy's `repeat` is shorter than the `group_interval` of Alertmanager.",
    "Alertmanager looks at a group once per `group_interval`: people are told again later than the policy says.",
    bad=changed(_TARGETS, ("page: [{notify: shop}]", "page: {levels: [{notify: shop}], repeat: 1m}")),
    good=changed(_TARGETS, ("page: [{notify: shop}]", "page: {levels: [{notify: shop}], repeat: 1h}")),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every policy that says how often it repeats."""
    target = project.targets.alertmanager
    for policy in project.escalation.values():
        repeat = policy.spec.repeat
        if target is not None and repeat is not None and repeat < target.group_interval:
            yield CODE.at(
                policy.place.at("repeat"),
                f"`{policy.name}` repeats every {target.group_interval}, not every {repeat}",
                help=f"write {target.group_interval} or more, or a shorter `group_interval` in `targets.alertmanager`",
            )
