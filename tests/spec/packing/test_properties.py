"""What holds for every pack and every spec: the user wins, null deletes, and the order of uses decides nothing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.packing.laying import laid_together, laid_under
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import MappingNode, to_plain
from tests.spec.packing.expanding import expanded

KEYS = st.sampled_from(["a", "b", "c", "d"])
LEAVES = st.one_of(st.integers(0, 3), st.sampled_from(["x", "y"]), st.lists(st.integers(0, 1), max_size=2))
MAPS = st.recursive(
    st.dictionaries(KEYS, LEAVES, max_size=3), lambda inner: st.dictionaries(KEYS, st.one_of(LEAVES, inner), max_size=3)
)
WITH_NULLS = st.recursive(
    st.dictionaries(KEYS, st.one_of(LEAVES, st.none()), max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(LEAVES, st.none(), inner), max_size=3),
)


def tree(data: dict[str, Any]) -> MappingNode:
    """``data`` as a tree with places."""
    root = load_text(json.dumps({"root": data}), "t.yaml", Report())
    assert root is not None
    node = root.get("root")
    assert isinstance(node, MappingNode)
    return node


def by_the_rule(below: Any, above: Any) -> Any:
    """Maps merge deep, scalars and lists replace, null deletes what is below and stays where there is nothing."""
    if not isinstance(below, dict) or not isinstance(above, dict):
        return above
    result = {}
    for key in {**above, **below}:
        if key not in above:
            result[key] = below[key]
        elif key not in below:
            result[key] = above[key]
        elif above[key] is not None:
            result[key] = by_the_rule(below[key], above[key])
    return result


@given(MAPS, WITH_NULLS)
def test_a_fragment_is_laid_under_by_the_one_rule(fragment: dict[str, Any], user: dict[str, Any]) -> None:
    assert to_plain(laid_under(tree(fragment), tree(user))) == by_the_rule(fragment, user)


@given(MAPS, MAPS)
def test_every_value_of_the_user_is_there_afterwards(fragment: dict[str, Any], user: dict[str, Any]) -> None:
    def holds(result: Any, wanted: Any) -> bool:
        if isinstance(wanted, dict):
            # An empty map says nothing, so whatever is below it stays.
            return isinstance(result, dict) and all(key in result and holds(result[key], wanted[key]) for key in wanted)
        return bool(result == wanted)

    assert holds(to_plain(laid_under(tree(fragment), tree(user))), user)


@given(MAPS, MAPS, MAPS)
def test_fragments_come_together_alike_in_every_order(
    first: dict[str, Any], second: dict[str, Any], user: dict[str, Any]
) -> None:
    def together(one: dict[str, Any], other: dict[str, Any]) -> tuple[Any, list[tuple[str, ...]]]:
        clashes: list[tuple[str, ...]] = []
        over = tree(user)
        joined = laid_together([tree(one), tree(other)], (over,), lambda path, *_: clashes.append(path))
        return to_plain(laid_under(joined, over)), sorted(clashes)

    result, clashes = together(first, second)
    other_result, other_clashes = together(second, first)
    assert clashes == other_clashes
    if not clashes:
        assert sorted_lists(result) == sorted_lists(other_result)


def sorted_lists(data: Any) -> Any:
    """``data`` with lists at the top sorted: packaged catalogues add up in the order of their uses."""
    return {key: sorted(value) if isinstance(value, list) else value for key, value in data.items()}


USED = ("cache", "celery", "django", "go", "grpc", "http", "redis", "websocket")


@settings(max_examples=25, deadline=None)
@given(st.permutations(USED))
def test_the_order_of_uses_decides_nothing(order: list[str]) -> None:
    def using(names: tuple[str, ...] | list[str]) -> dict[str, Any]:
        plain = expanded(f"targets: {{grafana: {{}}}}\nservices:\n  web: {{use: [{', '.join(names)}]}}\n")
        plain.pop("services")
        plain["use"] = sorted(plain["use"])
        return plain

    assert using(order) == using(USED)


ALERTS = sorted(expanded("services:\n  web: {use: [http, redis]}\n")["alerts"])


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(ALERTS)), st.dictionaries(st.sampled_from(ALERTS), st.sampled_from(["1m", "2h"])))
def test_every_alert_of_a_pack_can_be_changed_or_deleted(deleted: set[str], changed: dict[str, str]) -> None:
    said = {**{name: {"for": hold} for name, hold in changed.items()}, **dict.fromkeys(deleted)}
    plain = expanded(f"services:\n  web: {{use: [http, redis]}}\nalerts: {json.dumps(said)}\n")
    assert set(plain["alerts"]) == set(ALERTS) - deleted
    assert all(plain["alerts"][name]["for"] == hold for name, hold in changed.items() if name not in deleted)
