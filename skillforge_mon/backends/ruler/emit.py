"""The rule groups of a ruler: the rules of Prometheus, one group a file, in the form that mimirtool reads as well.

ruler/<namespace>/<group>.yaml
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from skillforge_mon.backends.prometheus.emit import rule_files
from skillforge_mon.backends.ruler import codes
from skillforge_mon.backends.ruler.splitting import Rule, TooLongError, rule_name, split
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.targets import PrometheusTarget, RulerTarget

BACKEND: Final = "ruler"
KIND: Final = "rule_group"
_OTHER: Final = re.compile(r"[^a-z0-9.]+")


@dataclass(frozen=True, slots=True)
class Group:
    """One group as the ruler gets it; ``part`` of ``parts`` of the group ``whole`` of Prometheus."""

    name: str
    interval: str
    rules: list[Rule]
    objects: tuple[str, ...]
    whole: str
    part: int
    parts: int


def emit(project: Project, lowering: Lowering, report: Report) -> Iterator[Document]:
    """The groups of ``project``; none when it has no such target."""
    target, prometheus = project.targets.ruler, project.targets.prometheus
    if target is None:
        return
    place = project.target_place(BACKEND)
    if prometheus is None:
        span = place.span if place is not None else None
        help_text = "add `prometheus:` to `targets`; nothing but its `version` and `evaluation_interval` is needed"
        report.add(codes.WITHOUT_PROMETHEUS.at(span, "a ruler is named, and no Prometheus", help=help_text))
        return
    groups = list(_groups(project, lowering, prometheus, target, report))
    if len(groups) > target.limits.groups:
        report.add(
            codes.TOO_MANY_GROUPS.at(
                place.at("limits", "groups") if place is not None else None,
                f"there are {len(groups)} rule groups, and the ruler takes {target.limits.groups}",
                help="raise the tenant's limit and `limits.groups`, or give fewer alerts an `interval` of their own",
            )
        )
    namespace = namespace_of(project, target)
    taken: Counter[str] = Counter()
    for group in groups:
        stem = _OTHER.sub("-", group.name.lower()).strip("-.") or "group"
        taken[stem] += 1
        number = f"-{taken[stem]}" if taken[stem] > 1 else ""
        yield _document(namespace, group, f"{BACKEND}/{namespace}/{stem}{number}.yaml")


def namespace_of(project: Project, target: RulerTarget) -> str:
    """Where the groups of the project and environment are kept."""
    return target.namespace or f"{project.name}-{project.environment}"


def _document(namespace: str, group: Group, path: str) -> Document:
    rules: list[Plain] = [dict(rule) for rule in group.rules]
    content: Plain = {
        "namespace": namespace,
        "groups": [{"name": group.name, "interval": group.interval, "rules": rules}],
    }
    header = "Written by monmc. Do not edit: change the spec and build again."
    if group.parts > 1:
        header += f"\nPart {group.part} of {group.parts} of `{group.whole}`, which has more rules than the ruler takes."
    resource = Resource(BACKEND, KIND, f"{namespace}/{group.name}")
    return Document(path, content, Format.YAML, group.objects, (), resource, header)


def _groups(
    project: Project, lowering: Lowering, prometheus: PrometheusTarget, target: RulerTarget, report: Report
) -> Iterator[Group]:
    """Every group, split where it is too long. Names are unique in a namespace, which takes the place of all files."""
    # What is wrong with the rules the backend of Prometheus has told already.
    files = [(PurePosixPath(each.path).stem, each) for each in rule_files(project, lowering, Report())]
    found = [(stem, file.objects, group) for stem, file in files for group in _of_file(file)]
    names = Counter(str(group["name"]) for _, _, group in found)
    used: set[str] = set()
    for stem, objects, group in found:
        name = str(group["name"])
        whole = name if names[name] == 1 else f"{stem} {name}"
        interval = str(group.get("interval") or prometheus.evaluation_interval)
        for number, rules in enumerate(parts := _split(group["rules"], whole, target, project, report), 1):
            part = _unused(whole if number == 1 else f"{whole} {number}", used)
            yield Group(part, interval, rules, objects, whole, number, len(parts))


def _of_file(file: Document) -> Sequence[Mapping[str, Any]]:
    content: Any = file.content
    groups: Sequence[Mapping[str, Any]] = content["groups"]
    return groups


def _split(rules: Sequence[Rule], name: str, target: RulerTarget, project: Project, report: Report) -> list[list[Rule]]:
    try:
        return split(rules, target.limits.rules_per_group)
    except TooLongError as error:
        place = project.target_place(BACKEND)
        report.add(
            codes.GROUP_TOO_LONG.at(
                place.at("limits", "rules_per_group") if place is not None else None,
                f"{error.count} rules of the group `{name}` belong together, and the ruler takes "
                f"{target.limits.rules_per_group} in one",
                notes=(
                    f"they read each other's series; the first is `{error.first}`, the last `{rule_name(rules[-1])}`",
                ),
                help="raise the tenant's limit and `limits.rules_per_group`, or give some of them another `interval`",
            )
        )
        return [list(rules)]


def _unused(name: str, used: set[str]) -> str:
    while name in used:
        name += " more"
    used.add(name)
    return name
