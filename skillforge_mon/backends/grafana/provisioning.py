"""The file from which Grafana provisions alerting (``pkg/services/provisioning/alerting``).

In every value but a query's model and the annotations ``$`` begins a reference, and is doubled; keys are written in the
styles that the file has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from skillforge_mon.backends.grafana.sources import escaped, provisioned
from skillforge_mon.documents.document import Plain
from skillforge_mon.spec.quantities import Duration

_AS_THEY_ARE = ("data", "annotations")
_OTHER_NAMES = {"keep_firing_for": "keepFiringFor"}
_OF_API = ("uid", "type", "settings", "disableResolveMessage")


def alerting_file(
    org_id: int,
    folder: str,
    groups: Iterable[tuple[str, Duration, Sequence[Mapping[str, Plain]]]],
    receivers: Iterable[Any],
    mute_timings: Iterable[Mapping[str, Plain]],
) -> Plain:
    """The groups of rules in the folder with that title, the contact points, and the mute timings."""
    points: dict[str, list[Plain]] = {}
    for each in receivers:
        points.setdefault(each["name"], []).append({key: escaped(each[key]) for key in _OF_API})
    found: dict[str, Plain] = {
        "apiVersion": 1,
        "groups": [
            {
                "orgId": org_id,
                "name": name,
                "folder": provisioned(folder),
                "interval": str(interval),
                "rules": [_rule(rule) for rule in rules],
            }
            for name, interval, rules in groups
        ],
    }
    if points:
        found["contactPoints"] = [{"orgId": org_id, "name": name, "receivers": each} for name, each in points.items()]
    timings: list[Plain] = [{"orgId": org_id, **each} for each in mute_timings]
    if timings:
        found["muteTimes"] = timings
    return found


def _rule(rule: Mapping[str, Plain]) -> Plain:
    return {_OTHER_NAMES.get(key, key): value if key in _AS_THEY_ARE else escaped(value) for key, value in rule.items()}
