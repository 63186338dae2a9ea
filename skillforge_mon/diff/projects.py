"""Two resolved projects compared object by object: what people would say has changed in the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from skillforge_mon.diff.change import (
    NO_FILES,
    SPEC,
    Change,
    ChangeKind,
    ChangeSet,
    FieldChange,
    FileCounts,
    headline_of,
)
from skillforge_mon.diff.introduction import introduction
from skillforge_mon.diff.panels import row_changes
from skillforge_mon.diff.people import followers_words, level_changes, told_change
from skillforge_mon.diff.slo_words import objective_change, slo_effects
from skillforge_mon.diff.spec_fields import differences, flat
from skillforge_mon.model.project import Alert, Escalation, Project

KINDS = {
    "slos": "slo",
    "alerts": "alert",
    "probes": "probe",
    "escalation": "escalation",
    "teams": "team",
    "services": "service",
    "maintenance": "maintenance",
    "dashboards": "dashboard",
    "runbooks": "runbook",
    "metrics": "metric",
    "recordings": "recording",
}
"""Section -> what one of its objects is called, in the order in which changes are told."""

_QUERIES = {
    "slos": frozenset(
        (
            "bad",
            "good",
            "total",
            "latency.metric",
            "available",
            "available.metric",
            "fresh.metric",
            "slices.expr",
            "ratio",
        )
    ),
    "alerts": frozenset(("expr",)),
    "recordings": frozenset(("expr",)),
}
_OTHERWISE_TOLD: Mapping[str, tuple[str, ...]] = {
    "escalation": ("levels", "hours", "otherwise"),
    "dashboards": ("rows",),
}


def compare_projects(old: Project, new: Project, against: str, files: FileCounts = NO_FILES) -> ChangeSet:
    """What changed from ``old`` to ``new``, section by section, in the order of the specs.

    ``against`` says where ``old`` comes from, ``files`` how many output files differ. An object with ``was:`` is a
    rename where ``old`` has that name and ``new`` has not.
    """
    changes = [*_settings(old, new), *_targets(old, new)]
    for section in KINDS:
        changes += _section(section, old, new)
    return ChangeSet(new.name, new.environment, against, tuple(changes), files=files)


def _settings(old: Project, new: Project) -> Iterator[Change]:
    leave_out = (*KINDS, "targets", "version")
    fields = tuple(differences(flat(old.spec, leave_out), flat(new.spec, leave_out)))
    if fields:
        yield _changed("project", new.name, fields)


def _targets(old: Project, new: Project) -> Iterator[Change]:
    for name in type(new.targets).model_fields:
        before, after = getattr(old.targets, name), getattr(new.targets, name)
        if before is None and after is None:
            continue
        if before is None or after is None:
            yield Change(ChangeKind.ADD if before is None else ChangeKind.REMOVE, SPEC, "target", name)
        elif fields := tuple(differences(flat(before), flat(after))):
            yield _changed("target", name, fields)


def _changed(kind: str, name: str, fields: tuple[FieldChange, ...], was: str = "") -> Change:
    change = ChangeKind.RENAME if was else ChangeKind.CHANGE
    headline = f"was {was}" if was else headline_of(fields)
    return Change(change, SPEC, kind, name, headline, fields, was)


def _section(section: str, old: Project, new: Project) -> Iterator[Change]:
    before: Mapping[str, BaseModel] = getattr(old.spec, section)
    after: Mapping[str, BaseModel] = getattr(new.spec, section)
    renamed = renames(before, after)
    kind = KINDS[section]
    for name, spec in after.items():
        was = renamed.get(name, "")
        former = before.get(was or name)
        if former is None:
            yield Change(ChangeKind.ADD, SPEC, kind, name, introduction(new, section, name))
        elif was or former != spec or section in _WITH_EFFECTS:
            leave_out = (*_OTHERWISE_TOLD.get(section, ()), *(("was",) if was else ()))
            own = differences(
                flat(former, leave_out), flat(spec, leave_out), queries=_QUERIES.get(section, frozenset()), label=_label
            )
            fields = _in_words(section, was or name, name, old, new, tuple(own))
            if fields or was:
                yield _changed(kind, name, fields, was)
    gone = set(renamed.values())
    for name in before:
        if name not in after and name not in gone:
            yield Change(ChangeKind.REMOVE, SPEC, kind, name)


def renames(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    """New name -> former name, of the objects whose ``was:`` names one that is no longer there."""
    found: dict[str, str] = {}
    for name, spec in after.items():
        was = getattr(spec, "was", None)
        if was is not None and name not in before and was in before and was not in after and was not in found.values():
            found[name] = was
    return found


def former_ids(project: Project) -> dict[str, str]:
    """Id -> former id, of every object whose ``was:`` names one that the project does not have."""
    found = {}
    for section in KINDS:
        objects: Mapping[str, BaseModel] = getattr(project.spec, section)
        for name, spec in objects.items():
            was = getattr(spec, "was", None)
            if was is not None and was not in objects:
                found[f"{section}.{name}"] = f"{section}.{was}"
    return found


def _label(path: str) -> str:
    """``severity.critical.when`` as ``critical threshold``; other paths are the language's own words."""
    if path.startswith("severity."):
        _, severity, *field = path.split(".")
        words = {"when": "threshold", "escalation": "escalation", "for": "for", "priority": "priority"}
        return f"{severity} {words.get(field[0], field[0])}" if field else f"severity {severity}"
    return path


_Own = tuple[FieldChange, ...]
_Effects = Callable[[str, str, Project, Project, _Own], _Own]


def _in_words(section: str, was: str, name: str, old: Project, new: Project, own: _Own) -> _Own:
    effects = _WITH_EFFECTS.get(section)
    return effects(was, name, old, new, own) if effects is not None else own


def _slo(was: str, name: str, old: Project, new: Project, own: _Own) -> _Own:
    before, after = old.slos[was], new.slos[name]
    first: list[FieldChange] = []
    if before.spec.objective != after.spec.objective:
        first.append(objective_change(before.spec.objective, after.spec.objective))
    first += slo_effects(before, after)
    told = _follows(before.escalation, after.escalation)
    return (*first, *told, *(field for field in own if field.path != "objective"))


def _alert(was: str, name: str, old: Project, new: Project, own: _Own) -> _Own:
    before, after = _policies(old.alerts[was]), _policies(new.alerts[name])
    told = [field for severity in after if severity in before for field in _follows(before[severity], after[severity])]
    return (*dict.fromkeys(told), *own)


def _policies(alert: Alert) -> dict[str, Escalation | None]:
    return {severity.severity: severity.escalation for severity in alert.severities}


def _follows(old: Escalation | None, new: Escalation | None) -> Iterator[FieldChange]:
    """What another policy than before means for people, wherever the policy was named."""
    was, now = (policy.name if policy is not None else "no policy" for policy in (old, new))
    if was != now:
        people = told_change(old, new)
        if people is not None:
            yield people
        yield FieldChange("follows", was, now, f"follows {now} (was {was})")


def _escalation(was: str, name: str, old: Project, new: Project, own: _Own) -> _Own:
    levels = tuple(level_changes(old.escalation[was], new.escalation[name]))
    followers = followers_words(new, new.escalation[name])
    if levels and followers:
        levels = (*levels, FieldChange("followers", None, None, followers))
    return (*levels, *own)


def _dashboard(was: str, name: str, old: Project, new: Project, own: _Own) -> _Own:
    return (*own, *row_changes(old.dashboards[was], new.dashboards[name]))


_WITH_EFFECTS: Mapping[str, _Effects] = {
    "slos": _slo,
    "alerts": _alert,
    "escalation": _escalation,
    "dashboards": _dashboard,
}
"""Sections whose objects mean more than their fields say, or have parts that are told in other words."""
