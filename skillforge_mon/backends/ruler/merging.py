"""More groups than a ruler takes, merged into fewer; only groups with the same settings, the slowest first.

A group that is evaluated seldom has the most time for its rules, so those are merged before others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

from skillforge_mon.backends.ruler.dependencies import in_order, rule_name, together
from skillforge_mon.backends.ruler.groups import Group, short_enough, uniquely_named
from skillforge_mon.backends.ruler.packing import Bundle, at_least, fewest_groups, pack
from skillforge_mon.query.promql.duration import duration_milliseconds


@dataclass(frozen=True, slots=True)
class Share:
    """The rules that are evaluated every ``interval``: in how many groups they are, and in how many at least."""

    interval: str
    rules: int
    groups: int
    least: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """Why merging does not help: what there is, and in how few groups it can be put.

    ``rules_per_group`` is how many rules a group would have to take, with one group left free; None where there are too
    many intervals for any number.
    """

    shares: tuple[Share, ...]
    groups: int
    rules_per_group: int | None


def merged(groups: Sequence[Group], limit: int | None, most: int) -> list[Group] | None:
    """At most ``most`` groups of at most ``limit`` rules; None where that cannot be.

    Whole groups are merged; where that is not enough, they are taken apart into rules that read each other's series,
    and these are put together anew.

    If that is possible, one group is left free, and one for each interval: a ruler that holds as many groups as it may
    refuses a change of one of them too (CreateRuleGroup in pkg/ruler/api.go of Mimir counts the one that is sent
    besides those that are there), and a push creates new groups before it deletes old ones.
    """
    for taken_apart in (False, True):
        parts = _pieces(groups) if taken_apart else groups
        classes = _classes(parts)
        for allowed in (most - 1 - len(classes), most - 1, most):
            found = pack(_bundles(classes), _capacity(groups, limit), allowed)
            if found is not None:
                return _joined(parts, classes, found, most)
    return None


def shortage(groups: Sequence[Group], limit: int | None, most: int) -> Shortage:
    """The arithmetic of groups that ``merged`` cannot merge. ``groups`` are those before any was split."""
    parts = uniquely_named(short_enough(groups, limit)[0])
    capacity = _capacity(parts, limit)
    whole, apart = _classes(parts), _classes(_pieces(parts))
    shares = tuple(
        Share(of[0].interval, sum(len(group.rules) for group in of), len(of), at_least(pieces, capacity))
        for of, pieces in zip(whole, _bundles(apart), strict=True)
    )
    fewest = min(sum(fewest_groups(of, capacity) for of in _bundles(way)) for way in (whole, apart))
    return Shortage(shares, fewest, _rules_that_suffice(groups, shares, capacity, most - 1))


def _rules_that_suffice(groups: Sequence[Group], shares: Sequence[Share], capacity: int, most: int) -> int | None:
    """With how many rules in one group ``most`` groups are enough."""
    if len(shares) > most:
        return None
    for limit in count(capacity + 1):
        if sum(-(-share.rules // limit) for share in shares) <= most:
            parts = uniquely_named(short_enough(groups, limit)[0])
            if pack(_bundles(_classes(parts)), limit, most) is not None:
                return limit
    return None


def _joined(
    parts: Sequence[Group], classes: Sequence[Sequence[Group]], packed: Sequence[Sequence[Sequence[int]]], most: int
) -> list[Group]:
    """The groups as they were packed, in the order in which the first part of each stood."""
    place = {part.name: number for number, part in enumerate(parts)}
    found: dict[int, Group] = {}
    for of, of_class in zip(classes, packed, strict=True):
        for indices in of_class:
            members = sorted((of[index] for index in indices), key=lambda member: place[member.name])
            found[place[members[0].name]] = _one(of[indices[0]], members, most)
    return [found[first] for first in sorted(found)]


def _one(named: Group, members: Sequence[Group], most: int) -> Group:
    """``members`` as one group, which has the name of ``named``."""
    if len(members) == 1:
        return named
    others = ", ".join(f"`{member.name}`" for member in members if member is not named)
    also = f"Also {others}: the ruler takes no more than {most} groups."
    return Group(
        named.name,
        named.file,
        named.settings,
        [rule for index in in_order([member.rules for member in members]) for rule in members[index].rules],
        tuple(dict.fromkeys(chain.from_iterable(member.objects for member in members))),
        f"{named.remark}\n{also}" if named.remark else also,
    )


def _classes(groups: Sequence[Group]) -> list[list[Group]]:
    """The groups by their settings, the slowest first."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(repr(sorted(group.settings.items())), []).append(group)
    return [found[key] for key in sorted(found, key=lambda key: (-_milliseconds(found[key][0]), key))]


def _milliseconds(group: Group) -> int:
    return duration_milliseconds(group.interval)


def _bundles(classes: Sequence[Sequence[Group]]) -> list[list[Bundle]]:
    return [[Bundle(group.name, group.file, len(group.rules)) for group in of] for of in classes]


def _capacity(groups: Sequence[Group], limit: int | None) -> int:
    return limit if limit is not None else sum(len(group.rules) for group in groups)


def _pieces(groups: Sequence[Group]) -> list[Group]:
    """Every group as pieces that do not read each other; the first keeps its name, the others say their first rule."""
    found: list[Group] = []
    for group in groups:
        for number, indices in enumerate(together(group.rules)):
            rules = [group.rules[index] for index in indices]
            name = f"{group.name} {rule_name(rules[0])}" if number else group.name
            found.append(Group(name, group.file, group.settings, rules, group.objects, group.remark))
    return uniquely_named(found)
