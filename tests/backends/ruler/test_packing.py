"""Bundles of rules in groups: none lost, none twice, no group too long, as few groups as asked for, little that moves."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skillforge_mon.backends.ruler.packing import Bundle, at_least, fewest_groups, pack

LIMIT = 20


@st.composite
def bundles(draw: st.DrawFn, most: int = 40) -> list[Bundle]:
    """Bundles with different names, in a few files."""
    sizes = draw(st.lists(st.tuples(st.integers(1, LIMIT), st.sampled_from("abc")), min_size=1, max_size=most))
    return [Bundle(f"group {number}", file, size) for number, (size, file) in enumerate(sizes)]


def of_slos(services: int = 20, slos: int = 200) -> list[list[Bundle]]:
    """The groups of SLOs as the backend of Prometheus writes them: 10 rules that are slow, 9 that are not."""
    return [
        [Bundle(f"slo {number:03}{name}", f"service-{number % services}", size) for number in range(slos)]
        for name, size in ((" slow", 10), ("", 9))
    ]


def contents(classes: Sequence[Sequence[Bundle]], groups: int) -> dict[str, frozenset[str]]:
    """The name of each group and what is in it."""
    found = pack(classes, LIMIT, groups)
    assert found is not None
    return {
        of[indices[0]].name: frozenset(of[index].name for index in indices)
        for of, of_class in zip(classes, found, strict=True)
        for indices in of_class
    }


@given(classes=st.lists(bundles(), min_size=1, max_size=3), groups=st.integers(1, 130))
def test_packing_loses_nothing_doubles_nothing_and_keeps_both_limits(classes: list[list[Bundle]], groups: int) -> None:
    found = pack(classes, LIMIT, groups)
    fewest = sum(fewest_groups(of, LIMIT) for of in classes)
    assert (found is None) == (fewest > groups)
    assume(found is not None)
    assert found is not None
    assert sum(map(len, found)) <= groups
    for of, of_class in zip(classes, found, strict=True):
        assert sorted(index for indices in of_class for index in indices) == list(range(len(of)))
        assert all(sum(of[index].size for index in indices) <= LIMIT for indices in of_class)


@given(of=bundles(), chance=st.randoms(use_true_random=False))
def test_where_bundles_stand_plays_no_part(of: list[Bundle], chance: Random) -> None:
    groups = fewest_groups(of, LIMIT)
    shuffled = list(of)
    chance.shuffle(shuffled)
    assert contents([shuffled], groups) == contents([of], groups)


@given(of=bundles(most=8))
def test_no_way_of_packing_goes_below_the_lower_bound(of: list[Bundle]) -> None:
    sizes = [bundle.size for bundle in of]

    def fits(rest: list[int], rooms: tuple[int, ...]) -> bool:
        if not rest:
            return True
        first, *others = rest
        return any(
            fits(others, tuple(sorted((*rooms[:index], rooms[index] - first, *rooms[index + 1 :]))))
            for index in range(len(rooms))
            if rooms[index] >= first and rooms[index] not in rooms[:index]
        )

    fewest = next(count for count in range(1, len(of) + 1) if fits(sorted(sizes, reverse=True), (LIMIT,) * count))
    assert at_least(of, LIMIT) <= fewest <= fewest_groups(of, LIMIT) <= fewest + 1


@pytest.mark.parametrize("groups", [399, 350, 300])
def test_those_that_are_evaluated_seldom_are_merged_first(groups: int) -> None:
    slow, quick = of_slos()
    found = contents([slow, quick], groups)
    assert len(found) == groups
    assert all(found[bundle.name] == {bundle.name} for bundle in quick)
    assert any(len(found.get(bundle.name, ())) > 1 for bundle in slow)


def test_bundles_of_one_size_fill_the_groups() -> None:
    classes = of_slos()
    assert [at_least(of, LIMIT) for of in classes] == [fewest_groups(of, LIMIT) for of in classes] == [100, 100]
    assert pack(classes, LIMIT, 199) is None
    assert len(contents(classes, 200)) == 200


def test_bundles_of_one_file_keep_company_where_there_is_room() -> None:
    file_of = {bundle.name: bundle.file for of in of_slos() for bundle in of}
    found = contents(of_slos(), 250)
    merged = [{file_of[name] for name in names} for names in found.values() if len(names) > 1]
    assert sum(len(files) == 1 for files in merged) > len(merged) / 2


@pytest.mark.parametrize(("groups", "most_changed"), [(202, 24), (220, 18), (250, 15), (300, 12), (395, 2)])
def test_most_groups_stay_as_they_are_when_an_slo_is_added(groups: int, most_changed: int) -> None:
    before = contents(of_slos(), groups)
    changed = []
    for at in range(0, 200, 5):
        classes = of_slos()
        for of, name, size in zip(classes, (" slow", ""), (10, 9), strict=True):
            of.insert(at, Bundle(f"slo {at:03}b{name}", f"service-{at % 20}", size))
        after = contents(classes, groups)
        assert len(before.keys() - after.keys()) <= 2
        changed.append(sum(before[name] != after[name] for name in before.keys() & after.keys()))
    assert max(changed) <= most_changed


@given(of=bundles(), extra=st.integers(0, 5))
def test_a_bundle_that_is_smaller_than_all_others_moves_none_of_them(of: list[Bundle], extra: int) -> None:
    larger = [Bundle(bundle.name, bundle.file, max(bundle.size, 2)) for bundle in of]
    groups = fewest_groups(larger, LIMIT) + extra
    added = [*larger, Bundle("added", "a", 1)]
    assume(groups <= len(of) and fewest_groups(added, LIMIT) <= groups)
    before, after = contents([larger], groups), contents([added], groups)
    assume(len(before) == len(after))
    assert before == {name: names - {"added"} for name, names in after.items()}
