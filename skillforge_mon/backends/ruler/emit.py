"""The rule groups of a ruler: the rules of Prometheus, one group a file, in the form that mimirtool reads as well.

ruler/<namespace>/<group>.yaml
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from skillforge_mon.backends.ruler import codes
from skillforge_mon.backends.ruler.capabilities import Limits, limits_of
from skillforge_mon.backends.ruler.dependencies import rule_name
from skillforge_mon.backends.ruler.groups import Group, TooLong, prometheus_groups, short_enough, uniquely_named
from skillforge_mon.backends.ruler.merging import Shortage, merged, shortage
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.targets import RulerTarget

BACKEND: Final = "ruler"
KIND: Final = "rule_group"
_OTHER: Final = re.compile(r"[^a-z0-9.]+")


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The groups of ``project``; none when it has no such target."""
    target, prometheus = project.targets.ruler, project.targets.prometheus
    if target is None:
        return
    if prometheus is None:
        place = project.target_place(BACKEND)
        span = place.span if place is not None else None
        help_text = "add `prometheus:` to `targets`; nothing but its `version` and `evaluation_interval` is needed"
        report.add(codes.WITHOUT_PROMETHEUS.at(span, "a ruler is named, and no Prometheus", help=help_text))
        return
    namespace = namespace_of(project, target)
    taken: Counter[str] = Counter()
    for group in _fitting(project, prometheus_groups(project, lowering, prometheus), target, report):
        stem = _OTHER.sub("-", group.name.lower()).strip("-.") or "group"
        taken[stem] += 1
        number = f"-{taken[stem]}" if taken[stem] > 1 else ""
        yield _document(namespace, group, f"{BACKEND}/{namespace}/{stem}{number}.yaml")


def namespace_of(project: Project, target: RulerTarget) -> str:
    """Where the groups of the project and environment are kept."""
    return target.namespace or f"{project.name}-{project.environment}"


def _fitting(project: Project, groups: Sequence[Group], target: RulerTarget, report: Report) -> Sequence[Group]:
    """The groups within the limits of the ruler; as they are where that cannot be, which is reported."""
    limits = limits_of(target)
    parts, too_long = short_enough(groups, limits.rules_per_group)
    for problem in too_long:
        report.add(_cannot_be_split(project, problem, limits))
    parts = uniquely_named(parts)
    if too_long or limits.groups is None or len(parts) <= limits.groups:
        return parts
    found = merged(parts, limits.rules_per_group, limits.groups)
    if found is None:
        missing = shortage(groups, limits.rules_per_group, limits.groups)
        report.add(_too_many(project, missing, limits.rules_per_group, limits.groups))
        return parts
    return found


def _document(namespace: str, group: Group, path: str) -> Document:
    rules: list[Plain] = [dict(rule) for rule in group.rules]
    content: Plain = {"namespace": namespace, "groups": [{"name": group.name, **group.settings, "rules": rules}]}
    header = "Written by monmc. Do not edit: change the spec and build again."
    if group.remark:
        header += f"\n{group.remark}"
    resource = Resource(BACKEND, KIND, f"{namespace}/{group.name}")
    return Document(path, content, Format.YAML, group.objects, (), resource, header)


def _cannot_be_split(project: Project, problem: TooLong, limits: Limits) -> Diagnostic:
    place = project.target_place(BACKEND)
    return codes.GROUP_TOO_LONG.at(
        place.at("limits", "rules_per_group") if place is not None else None,
        f"{problem.count} rules of the group `{problem.name}` belong together, and the ruler takes "
        f"{limits.rules_per_group} in one",
        notes=(f"they read each other's series; the first is `{problem.first}`, the last `{rule_name(problem.last)}`",),
        help="raise the tenant's limit and `limits.rules_per_group`, or give some of them another `interval`",
    )


def _too_many(project: Project, missing: Shortage, rules_per_group: int | None, groups: int) -> Diagnostic:
    """The arithmetic: how many rules, how many groups at least, and which limits would do, one group left free."""
    place = project.target_place(BACKEND)
    together = f" of at most {_counted(rules_per_group, 'rule')}" if rules_per_group is not None else ""
    rules = _counted(sum(share.rules for share in missing.shares), "rule")
    ways = [f"the tenant's `ruler_max_rule_groups_per_tenant` and `limits.groups` to {missing.groups + 1}"]
    if missing.rules_per_group is not None:
        ways.append(
            f"its `ruler_max_rules_per_rule_group` and `limits.rules_per_group` to {missing.rules_per_group}",
        )
    return codes.TOO_MANY_GROUPS.at(
        place.at("limits", "groups") if place is not None else None,
        f"{rules} need {_counted(missing.groups, 'rule group')}, and the ruler takes {groups}",
        notes=(
            *(
                f"every {share.interval}: {_counted(share.rules, 'rule')} in {_counted(share.groups, 'group')}; "
                f"at least {_counted(share.least, 'group')}{together}"
                for share in missing.shares
            ),
            "only rules of one interval go into one group, and rules that read each other's series stay together",
        ),
        help=f"set {', or '.join(ways)}; or divide the project, each part with a tenant of its own",
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
