"""Scopes are sets of alerts: they meet and lie within each other as sets do."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.lower.scope import Scope

NAMES = ("a", "b", "c")
names = st.one_of(st.none(), st.frozensets(st.sampled_from(NAMES), min_size=1))
scopes = st.builds(Scope, names, names, names)


def members(scope: Scope) -> set[tuple[str, ...]]:
    """The alerts of ``scope``, with one name for all that none gives."""
    axes = [values or {*NAMES, "another"} for values in (scope.services, scope.alerts, scope.severities)]
    return set(product(*axes))


@given(scopes, scopes)
def test_scopes_behave_as_the_sets_of_their_alerts(left: Scope, right: Scope) -> None:
    both = left.meet(right)
    assert (members(both) if both is not None else set()) == members(left) & members(right)
    assert left.within(right) == (members(left) <= members(right))
