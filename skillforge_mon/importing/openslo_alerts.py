"""Alert policies of OpenSLO v1 as pairs of windows, and their targets as teams."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

from skillforge_mon.importing.draft import Draft
from skillforge_mon.importing.fields import Fields
from skillforge_mon.importing.openslo_measure import shorthand
from skillforge_mon.lower.burn_rate import default_tiers
from skillforge_mon.spec.quantities import Duration, plain_number

Named: TypeAlias = Callable[[str, str, Fields, str], Fields | None]
_PAGES = ("page", "critical", "sev1", "p1", "high")
_SHORT = 12
"""A short window is a twelfth of its long one (Site Reliability Workbook, chapter 5)."""
SHORTEST = Duration.of(minutes=5)
_SEVERITIES = ("critical", "warning")


def alerting(spec: Fields, window: Duration, named: Named, draft: Draft) -> dict[str, Any]:
    """What an SLO of ours says of its alerts."""
    pairs: dict[tuple[Duration, str], Decimal] = {}
    teams: list[str] = []
    for reference in spec.maps("alertPolicies"):
        reference.title = spec.title
        policy = _one(reference, "AlertPolicy", "alertPolicyRef", named)
        if policy is not None:
            policy.title = spec.title
            _policy(policy, window, named, draft, pairs, teams)
    if not pairs:
        spec.different("alertPolicies", "it has no alert policy that monmc can take over, so it does not alert")
        return {"alerting": False}
    entry: dict[str, Any] = {}
    if not _usual(pairs, window):
        entry["burn"] = [
            {
                "short": str(max(Duration.of(minutes=1), Duration(long // _SHORT // 60_000 * 60_000))),
                "long": str(long),
                "budget": _percent(factor * int(long) / int(window)),
                "severity": severity,
            }
            for (long, severity), factor in pairs.items()
        ]
    if teams:
        policy_name = draft.fitting("-and-".join(dict.fromkeys(teams)), spec.place("alertPolicies"))
        draft.escalation[policy_name] = {"levels": [{"notify": list(dict.fromkeys(teams))}]}
        entry["escalation"] = policy_name
    return entry


def _usual(pairs: dict[tuple[Duration, str], Decimal], window: Duration) -> bool:
    """Whether these are the pairs that an SLO has that says nothing of them."""
    usual = {(tier.long, tier.severity): tier.factor for tier in default_tiers(window, SHORTEST)}
    return pairs == usual


def _percent(share: Decimal) -> str:
    return f"{plain_number(round(share * 100, _DECIMALS))}%"


_DECIMALS = 9


def _one(holder: Fields, kind: str, key: str, named: Named) -> Fields | None:
    """The ``spec`` of an object that is named under ``key``, or stands here itself."""
    reference = holder.text(key)
    if reference is not None:
        return named(kind, reference, holder, key)
    holder.skip("kind", "apiVersion", "metadata")
    if not holder.has("spec"):
        holder.missing(key)
    return holder.map("spec")


def _policy(
    policy: Fields,
    window: Duration,
    named: Named,
    draft: Draft,
    pairs: dict[tuple[Duration, str], Decimal],
    teams: list[str],
) -> None:
    policy.skip("description", "alertWhenResolved")
    if policy.flag("alertWhenBreaching") is False:
        policy.different("alertWhenBreaching", "a policy that does not tell when the budget burns is left out")
        return
    if policy.flag("alertWhenNoData") is False:
        policy.different("alertWhenNoData", "monmc tells of vanished metrics as well")
    for reference in policy.maps("conditions"):
        reference.title = policy.title
        condition = _one(reference, "AlertCondition", "conditionRef", named)
        if condition is not None:
            condition.title = policy.title
            _condition(condition, window, pairs)
    for reference in policy.maps("notificationTargets"):
        reference.title = policy.title
        name = reference.text("targetRef") or _own_name(reference)
        target = _one(reference, "AlertNotificationTarget", "targetRef", named)
        if target is not None and name is not None:
            target.title = policy.title
            team = _team(name, target, draft)
            if team is not None:
                teams.append(team)


def _own_name(reference: Fields) -> str | None:
    metadata = reference.map("metadata")
    return metadata.text("name") if metadata is not None else None


def _condition(spec: Fields, window: Duration, pairs: dict[tuple[Duration, str], Decimal]) -> None:
    spec.skip("description")
    told = spec.needed("severity") or ""
    condition = spec.map("condition")
    if condition is None:
        if not spec.has("condition"):
            spec.missing("condition")
        return
    condition.title = spec.title
    kind = condition.text("kind")
    if kind is not None and kind.lower() != "burnrate":
        condition.lost("kind", f"monmc knows no condition `{kind}`")
        return
    condition.skip("op")
    threshold, lookback = condition.number("threshold"), condition.needed("lookbackWindow")
    after = condition.text("alertAfter")
    if after is not None and re.fullmatch(r"0+[mhdwMQY]", after) is None:
        condition.different("alertAfter", "instead of waiting, it asks that a short window burns as fast")
    if threshold is None or lookback is None:
        if not condition.has("threshold"):
            condition.missing("threshold")
        return
    long = shorthand(lookback)
    if long is None:
        condition.invalid("lookbackWindow", "should be a number and one of m, h, d, w")
        return
    if threshold <= 0 or threshold * int(long) > int(window):
        condition.lost("threshold", "it asks for more than the whole budget, or for nothing")
        return
    if told.lower() not in (*_PAGES, *_SEVERITIES, "ticket"):
        spec.different("severity", f"`{told}` becomes `warning`")
    pairs[long, "critical" if told.lower() in _PAGES else "warning"] = threshold


def _team(name: str, target: Fields, draft: Draft) -> str | None:
    """A team with the channel that the target names by its address."""
    target.skip("description")
    address = target.needed("target")
    if address is None:
        return None
    if address.startswith("#"):
        channel = {"slack": address}
    elif re.fullmatch(r"[^@\s]+@[^@\s]+", address):
        channel = {"email": address}
    elif re.fullmatch(r"https?://\S+", address):
        channel = {"webhook": address}
    else:
        target.lost("target", f"`{address}` is no address of a channel", "write the team and its channels by hand")
        return None
    team = draft.fitting(name, target.place("target"))
    draft.teams.setdefault(team, channel)
    return team
