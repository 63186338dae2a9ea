"""The rule groups of Prometheus as those of a ruler: names that are unique in a namespace, none too long."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from skillforge_mon.backends.prometheus.emit import rule_files
from skillforge_mon.backends.ruler.dependencies import Rule
from skillforge_mon.backends.ruler.splitting import TooLongError, split
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document, Plain
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.targets import PrometheusTarget


@dataclass(frozen=True, slots=True)
class Group:
    """One group. ``settings`` are its fields but the name and the rules; ``file`` is where Prometheus has it.

    ``remark`` says in the written file what was done to it.
    """

    name: str
    file: str
    settings: Mapping[str, Plain]
    rules: Sequence[Rule]
    objects: tuple[str, ...]
    remark: str = ""

    @property
    def interval(self) -> str:
        """How often it is evaluated."""
        return str(self.settings["interval"])


@dataclass(frozen=True, slots=True)
class TooLong:
    """Rules of the group ``name`` that belong together are more than the ruler takes: ``count``, from ``first`` on."""

    name: str
    first: str
    last: Rule
    count: int


def prometheus_groups(project: Project, lowering: Lowering, prometheus: PrometheusTarget) -> list[Group]:
    """The groups of all files, with names that are unique in a namespace, which takes the place of all files."""
    # What is wrong with the rules the backend of Prometheus has told already.
    files = [(PurePosixPath(each.path).stem, each) for each in rule_files(project, lowering, Report())]
    found = [(stem, file.objects, group) for stem, file in files for group in _of_file(file) if group["rules"]]
    names = Counter(str(group["name"]) for _, _, group in found)
    usual = {"interval": str(prometheus.evaluation_interval)}
    return [
        Group(
            name=str(group["name"]) if names[group["name"]] == 1 else f"{stem} {group['name']}",
            file=stem,
            settings={**usual, **{key: group[key] for key in group if key not in ("name", "rules")}},
            rules=group["rules"],
            objects=objects,
        )
        for stem, objects, group in found
    ]


def short_enough(groups: Sequence[Group], limit: int | None) -> tuple[list[Group], list[TooLong]]:
    """The groups with at most ``limit`` rules each, and those that cannot be divided so; they stay whole."""
    found: list[Group] = []
    problems: list[TooLong] = []
    for group in groups:
        try:
            parts = split(group.rules, limit)
        except TooLongError as error:
            problems.append(TooLong(group.name, error.first, group.rules[-1], error.count))
            parts = [list(group.rules)]
        found.extend(_parts(group, parts))
    return found, problems


def uniquely_named(groups: Sequence[Group]) -> list[Group]:
    """The groups, a name that an earlier one has with ``more`` behind it."""
    used: set[str] = set()
    found: list[Group] = []
    for group in groups:
        name = group.name
        while name in used:
            name += " more"
        used.add(name)
        found.append(Group(name, group.file, group.settings, group.rules, group.objects, group.remark))
    return found


def _parts(group: Group, parts: Sequence[Sequence[Rule]]) -> Iterator[Group]:
    if len(parts) == 1:
        yield group
        return
    for number, rules in enumerate(parts, 1):
        name = group.name if number == 1 else f"{group.name} {number}"
        remark = f"Part {number} of {len(parts)} of `{group.name}`, which has more rules than the ruler takes."
        yield Group(name, group.file, group.settings, rules, group.objects, remark)


def _of_file(file: Document) -> Sequence[Mapping[str, Any]]:
    content: Any = file.content
    groups: Sequence[Mapping[str, Any]] = content["groups"]
    return groups
