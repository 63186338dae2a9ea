"""What a ruler gets when there are more groups than it takes: groups of one interval, merged, in the right order."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.ruler.dependencies import Rule, read, written
from skillforge_mon.backends.ruler.emit import emit
from skillforge_mon.backends.ruler.groups import Group, uniquely_named
from skillforge_mon.backends.ruler.merging import merged
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.backends.ruler.specs import compiled, documents, slo_spec
from tests.projects import project

BOTH = """\
# Written by monmc. Do not edit: change the spec and build again.
# Also `web`: the ruler takes no more than 3 groups.
namespace: shop-default
groups:
  - name: recordings
    interval: 45s
    rules:
      - alert: Many
"""


def built(text: str) -> tuple[list[Document], list[Diagnostic]]:
    """The groups for the spec ``text``, and what is reported."""
    source = project(text)
    report = Report()
    return list(emit(source, Lowering(source, report), report)), list(report)


def content(document: Document) -> Any:
    """The one group of a file."""
    of_file: Any = document.content
    (group,) = of_file["groups"]
    return group


def names(found: Iterable[Document]) -> list[str]:
    """The names of the groups."""
    return [content(document)["name"] for document in found]


def test_as_many_groups_as_the_ruler_takes_are_left_as_they_are() -> None:
    assert names(documents(compiled(was="limits: {", now="limits: {groups: 4, "))) == [
        "web",
        "web Often",
        "recordings",
        "recordings 2",
    ]


def test_more_are_merged_and_say_so() -> None:
    found = documents(compiled(was="limits: {rules_per_group: 4}", now="limits: {rules_per_group: 20, groups: 3}"))
    assert names(found) == ["web", "web Often", "recordings"]
    found = documents(compiled(was="limits: {rules_per_group: 4}", now="limits: {rules_per_group: 20, groups: 2}"))
    assert names(found) == ["recordings", "web Often"]
    assert [rule.get("record", rule.get("alert")) for rule in content(found[0])["rules"]] == [
        "Many",
        "queue:jobs:rate5m",
        "other:jobs:rate5m",
        "more:jobs:rate5m",
        "jobs:mean",
        "jobs:max",
    ]
    assert render(found[0]).decode().startswith(BOTH.replace("3 groups", "2 groups"))
    assert found[0].objects == ("alerts.Many", "alerts.Often", *(f"recordings.{name}" for name in RECORDINGS))


RECORDINGS = ("rate", "other", "more", "mean", "worst")


def test_a_reader_stands_behind_what_it_reads() -> None:
    spec = """\
version: 1
project: shop
targets:
  prometheus: {}
  ruler: {url: "https://mimir.example.com", limits: {groups: 1}}
metrics:
  jobs_total: {type: counter, help: Jobs}
services:
  web: {}
alerts:
  Many: {service: web, severity: critical, expr: "jobs:rate5m > 5", for: 5m}
recordings:
  rate: {record: "jobs:rate5m", expr: "sum(rate(jobs_total[5m]))"}
"""
    (one,), reported = built(spec)
    assert reported == []
    assert [rule.get("record", rule.get("alert")) for rule in content(one)["rules"]] == ["jobs:rate5m", "Many"]


@pytest.mark.parametrize("limits", ["rules_per_group: 20, groups: 200", "rules_per_group: 60, groups: 69"])
def test_two_hundred_slos_fit_into_the_fewest_groups(limits: str) -> None:
    found, reported = built(slo_spec(200, limits))
    assert reported == []
    most_rules, most_groups = (int(part.split()[1]) for part in limits.split(", "))
    assert len(found) <= most_groups
    assert max(len(content(document)["rules"]) for document in found) <= most_rules
    assert len(set(names(found))) == len(found)
    whole, _ = built(slo_spec(200, "rules_per_group: 20, groups: 400"))
    assert len(whole) == 400
    assert sorted(map(repr, chain.from_iterable(content(document)["rules"] for document in found))) == sorted(
        map(repr, chain.from_iterable(content(document)["rules"] for document in whole))
    )


@pytest.mark.parametrize("limits", ["rules_per_group: 20, groups: 70", "rules_per_group: 20, groups: 199"])
def test_where_the_fewest_groups_are_too_many_the_arithmetic_is_told(limits: str) -> None:
    _, (problem,) = built(slo_spec(200, limits))
    most = limits.rsplit(maxsplit=1)[-1]
    assert (problem.code, problem.headline) == (
        "MON4362",
        f"3800 rules need 200 rule groups, and the ruler takes {most}",
    )
    assert problem.notes == (
        "every 2m: 2000 rules in 200 groups; at least 100 groups of at most 20 rules",
        "every 30s: 1800 rules in 200 groups; at least 100 groups of at most 20 rules",
        "only rules of one interval go into one group, and rules that read each other's series stay together",
    )
    more = {"70": 60, "199": 27}[most]
    assert problem.help == (
        "set the tenant's `ruler_max_rule_groups_per_tenant` and `limits.groups` to 201, "
        f"or its `ruler_max_rules_per_rule_group` and `limits.rules_per_group` to {more}; "
        "or divide the project, each part with a tenant of its own"
    )
    assert built(slo_spec(200, f"rules_per_group: {more}, groups: {most}"))[1] == []
    assert built(slo_spec(200, "rules_per_group: 20, groups: 201"))[1] == []


def test_groups_are_taken_apart_where_whole_ones_do_not_fit() -> None:
    whole, reported = built(slo_spec(10, "rules_per_group: 12, groups: 20"))
    assert (len(whole), reported) == (20, [])
    apart, reported = built(slo_spec(10, "rules_per_group: 12, groups: 19"))
    assert reported == []
    assert len(apart) == 19
    assert sum(len(content(document)["rules"]) for document in apart) == 190
    assert max(len(content(document)["rules"]) for document in apart) <= 12


def test_cortex_has_no_limits_unless_it_is_told() -> None:
    found, reported = built(slo_spec(40, "").replace("url:", "kind: cortex, url:"))
    assert (len(found), reported) == (80, [])
    found, reported = built(slo_spec(40, "").replace("limits: {}", "limits: {groups: 0, rules_per_group: 0}"))
    assert (len(found), reported) == (80, [])
    found, reported = built(slo_spec(40, ""))
    assert (len(found), reported) == (67, [])


def reads(rule: Rule, other: Rule) -> bool:
    """Whether ``rule`` reads what ``other`` writes."""
    return any(series.may_be(written(other)) for series in read(rule))


METRICS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
RULE = st.builds(
    lambda name, read, label: {"record": name, "expr": read, "labels": {"slo": label}},
    METRICS,
    st.builds(lambda name, label: f'{name}{{slo="{label}"}}', METRICS, st.sampled_from("xyz")),
    st.sampled_from("xyz"),
)
GROUPS = st.lists(
    st.builds(
        lambda file, interval, rules: Group("group", file, {"interval": interval}, rules, (file,)),
        st.sampled_from(["web.slos", "api.slos"]),
        st.sampled_from(["30s", "2m"]),
        st.lists(RULE, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=12,
).map(uniquely_named)


@given(groups=GROUPS, limit=st.integers(6, 12), most=st.integers(2, 12))
def test_merging_keeps_every_rule_its_interval_and_the_order_of_its_readers(
    groups: list[Group], limit: int, most: int
) -> None:
    found = merged(groups, limit, most)
    if found is None:
        return
    assert found == merged(groups, limit, most)
    assert len(found) <= most
    assert all(len(group.rules) <= limit for group in found)
    assert len({group.name for group in found}) == len(found)
    for interval in ("30s", "2m"):
        rules = [id(rule) for group in found if group.interval == interval for rule in group.rules]
        assert sorted(rules) == sorted(
            id(rule) for group in groups if group.interval == interval for rule in group.rules
        )
    place = {id(rule): (number, index) for number, group in enumerate(found) for index, rule in enumerate(group.rules)}
    for group in groups:
        for index, rule in enumerate(group.rules):
            for other in group.rules[index + 1 :]:
                if reads(other, rule) or reads(rule, other):
                    assert place[id(rule)][0] == place[id(other)][0]
                    assert place[id(rule)][1] < place[id(other)][1]
