"""What a ruler gets: the rules of Prometheus, in groups that it takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skillforge_mon.backends.prometheus.emit import emit as prometheus_files
from skillforge_mon.backends.ruler.emit import emit
from skillforge_mon.backends.ruler.splitting import TooLongError, split
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.backends.ruler.specs import SPEC, compiled, documents
from tests.projects import resolved

MANY = """\
# Written by monmc. Do not edit: change the spec and build again.
namespace: shop-default
groups:
  - name: web
    interval: 45s
    rules:
      - alert: Many
        expr: sum by (queue) (rate(jobs_total[5m])) > 5
        for: 1m30s
        keep_firing_for: 10m
        labels:
          severity: critical
          priority: P1
          service: web
"""


def test_a_group_is_a_file_that_other_tools_read_too() -> None:
    found = {document.path: document for document in documents(compiled())}
    assert list(found) == [
        "ruler/shop-default/web.yaml",
        "ruler/shop-default/web-often.yaml",
        "ruler/shop-default/recordings.yaml",
        "ruler/shop-default/recordings-2.yaml",
    ]
    assert render(found["ruler/shop-default/web.yaml"]).decode() == MANY
    keys = [document.resource.key for document in found.values() if document.resource is not None]
    assert keys == [f"shop-default/{name}" for name in ("web", "web Often", "recordings", "recordings 2")]


def test_rules_that_read_each_other_stay_together_when_a_group_is_split() -> None:
    records = [
        [rule["record"] for rule in group["rules"]]
        for group in (content(document) for document in documents(compiled()))
        if group["name"].startswith("recordings")
    ]
    assert records == [
        ["queue:jobs:rate5m", "other:jobs:rate5m", "jobs:mean", "jobs:max"],
        ["more:jobs:rate5m"],
    ]
    assert documents(compiled())[-1].header.endswith(
        "Part 2 of 2 of `recordings`, which has more rules than the ruler takes."
    )


def content(document: Any) -> Any:
    """The one group of a file."""
    (group,) = document.content["groups"]
    return group


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (
            "rules_per_group: 4",
            "rules_per_group: 2",
            (
                "MON4361",
                "3 rules of the group `recordings` belong together, and the ruler takes 2 in one",
                ("they read each other's series; the first is `queue:jobs:rate5m`, the last `jobs:max`",),
            ),
        ),
        (
            "limits: {rules_per_group: 4}",
            "limits: {rules_per_group: 4, groups: 2}",
            (
                "MON4362",
                "8 rules need 3 rule groups, and the ruler takes 2",
                (
                    "every 2m: 2 rules in 1 group; at least 1 group of at most 4 rules",
                    "every 45s: 6 rules in 3 groups; at least 2 groups of at most 4 rules",
                    "only rules of one interval go into one group, and rules that read each other's series stay together",
                ),
            ),
        ),
        ("  prometheus: {evaluation_interval: 45s}\n", "", ("MON4360", "a ruler is named, and no Prometheus", ())),
    ],
)
def test_what_the_ruler_would_refuse_is_told(was: str, now: str, expected: tuple[str, str, tuple[str, ...]]) -> None:
    source, _ = resolved(SPEC.replace("KIND", "mimir").replace("URL", "http://127.0.0.1:1").replace(was, now))
    assert source is not None
    report = Report()
    list(emit(source, Lowering(source, report), report))
    (problem,) = report
    assert (problem.code, problem.headline, problem.notes) == expected
    assert problem.span is not None


def test_prometheus_does_not_evaluate_what_a_ruler_does() -> None:
    source = compiled()
    report = Report()
    first = next(iter(prometheus_files(source, Lowering(source, report), report)))
    config: Any = first.content
    assert "rule_files" not in config


def test_groups_of_one_name_in_two_files_have_two_names() -> None:
    source = compiled(was="  web: {}\n", now="  web: {}\n  recordings: {}\n")
    plain = [content(document)["name"] for document in documents(source)]
    again = compiled(
        was="  web: {}\nalerts:\n",
        now="  web: {}\n  recordings: {}\nalerts:\n  Few: {service: recordings, severity: info, for: 5m, expr: jobs:mean < 1}\n",
    )
    named = [content(document)["name"] for document in documents(again)]
    assert plain == ["web", "web Often", "recordings", "recordings 2"]
    assert named == [
        "recordings.alerts recordings",
        "web",
        "web Often",
        "recordings recordings",
        "recordings recordings 2",
    ]


NAMES = st.sampled_from(["a", "b", "c", "d", "e", "f", "g"])
RULES = st.lists(
    st.builds(
        lambda name, read, alert: {"alert" if alert else "record": name, "expr": read},
        NAMES,
        st.one_of(
            NAMES, st.just("x"), st.just("ALERTS"), st.just('{job="x"}'), st.tuples(NAMES, NAMES).map(" + ".join)
        ),
        st.booleans(),
    ),
    max_size=14,
)


@given(rules=RULES, limit=st.integers(1, 8))
def test_splitting_loses_nothing_and_parts_no_reader_from_its_writer(rules: list[dict[str, str]], limit: int) -> None:
    try:
        parts = split(rules, limit)
    except TooLongError:
        assume(False)
    assert all(len(part) <= limit for part in parts if len(rules) > limit)
    numbered = [[next(index for index, one in enumerate(rules) if one is rule) for rule in part] for part in parts]
    assert sorted(index for part in numbered for index in part) == list(range(len(rules)))
    assert all(part == sorted(part) for part in numbered)
    for part in numbered:
        written = {rules[index].get("record", "ALERTS") for index in part}
        for other in (index for others in numbered if others is not part for index in others):
            read = rules[other]["expr"]
            assert not set(read.replace(" + ", " ").split()) & written
            assert "{" not in read


def test_a_split_that_cannot_be_says_how_many_belong_together() -> None:
    with pytest.raises(TooLongError) as caught:
        split([{"record": "a", "expr": "x"}, {"record": "b", "expr": "a"}, {"record": "c", "expr": "b"}], 2)
    assert (caught.value.first, caught.value.count) == ("a", 3)
