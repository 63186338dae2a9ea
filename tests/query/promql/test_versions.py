"""Which Prometheus an expression needs."""

from __future__ import annotations

import pytest

from skillforge_mon.query.promql import Requirement, parse, requirements
from tests.query.promql.corpus import GOOD, OLDEST, Accepted


@pytest.mark.parametrize("case", GOOD, ids=[case.text for case in GOOD])
def test_the_corpus_needs_what_it_says(case: Accepted) -> None:
    needs = requirements(parse(case.text))
    assert max([OLDEST, *(need.since for need in needs)]) == case.since
    assert any(need.experimental for need in needs) == case.experimental
    assert min((need.removed for need in needs if need.removed), default=None) == case.before


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("sum(rate(x[5m])) > 1", []),
        (
            "1 + holt_winters(x[1h], 0.5, 0.3)",
            [Requirement("holt_winters()", (2, 0), (4, 16), False, (3, 0), "double_exponential_smoothing")],
        ),
        ("mad_over_time(x[1h])", [Requirement("mad_over_time()", (2, 49), (0, 13), True)]),
        (
            "limitk(1, rate(x[300] offset -1h)) > 5m",
            [
                Requirement("limitk()", (2, 54), (0, 6), True),
                Requirement("a number as a duration", (2, 54), (17, 20), printed=False),
                Requirement("a negative offset", (2, 33), (29, 32)),
                Requirement("a duration as a number", (2, 54), (37, 39), printed=False),
            ],
        ),
        (
            '{"a.b", "c.d"="e"} @ 5 * on ("f.g") x',
            [
                Requirement("a UTF-8 metric name", (3, 0), (1, 6)),
                Requirement("a UTF-8 label name", (3, 0), (8, 13)),
                Requirement("the @ modifier", (2, 33), (19, 22)),
                Requirement("a quoted label name in a list", (3, 0), (29, 34)),
            ],
        ),
        ("a atan2 1_000", [
            Requirement("atan2", (2, 31), (2, 7)),
            Requirement("`_` between digits", (2, 54), (8, 13), printed=False),
        ]),
    ],
)  # fmt: skip
def test_requirements_name_the_feature_the_version_and_the_place(text: str, needs: list[Requirement]) -> None:
    assert requirements(parse(text)) == needs


def test_a_requirement_is_met_from_the_version_that_brought_it_to_the_one_that_removed_it() -> None:
    removed = requirements(parse("holt_winters(x[1h], 0.5, 0.3)"))[0]
    brought = requirements(parse("histogram_avg(x)"))[0]
    assert [removed.met_by(version) for version in ((2, 37), (2, 55), (3, 0), (3, 5))] == [True, True, False, False]
    assert [brought.met_by(version) for version in ((2, 50), (2, 51), (3, 0))] == [False, True, True]
