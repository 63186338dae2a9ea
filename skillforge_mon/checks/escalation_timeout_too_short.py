"""MON3206: levels that follow each other more quickly than anybody looks."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.checks.examples import changed
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Severity
from skillforge_mon.model.policies import followers, level_path
from skillforge_mon.model.project import Alert, Escalation, Project
from skillforge_mon.spec.quantities import Duration

_PEOPLE = ("  shop: {webhook:", '  cto: {webhook: "http://hooks:8080/cto"}\n  shop: {webhook:')
CODE = Code(
    "MON3206",
    "timeout-too-short",
    Severity.WARNING,
    "A level's timeout is shorter than the interval at which Prometheus evaluates the alert.",
    "The next evaluation finds both levels due: they are told at once, as if there were no escalation.",
    bad=changed(_PEOPLE, ("[{notify: shop}]", "[{notify: shop, timeout: 10s}, {notify: cto}]")),
    good=changed(_PEOPLE, ("[{notify: shop}]", "[{notify: shop, timeout: 10m}, {notify: cto}]")),
)


def check(project: Project) -> Iterator[Diagnostic]:
    """Every timeout against the longest interval of the alerts that follow the policy."""
    for policy in project.escalation.values():
        interval = _longest_interval(project, policy)
        for level in policy.levels[:-1]:
            if interval is not None and level.timeout is not None and level.timeout < interval:
                yield CODE.at(
                    policy.place.at(*level_path(policy, level.number - 1), "timeout"),
                    f"level {level.number + 1} of `{policy.name}` is told together with level {level.number}",
                    label=f"alerts are evaluated every {interval}",
                    help=f"write a timeout of {interval} or more: people need minutes",
                )


def _longest_interval(project: Project, policy: Escalation) -> Duration | None:
    """None when nothing on Prometheus follows the policy."""
    target = project.targets.prometheus
    found = [told.object for told in followers(project, policy) if "prometheus" in told.object.backends]
    if target is None or not found:
        return None
    own = (item.spec.interval for item in found if isinstance(item, Alert))
    return max(target.evaluation_interval, *(interval for interval in own if interval is not None), Duration(0))
