"""What is wrong about the variables of dashboards, and where it is said."""

from __future__ import annotations

import pytest

from skillforge_mon.checks import dashboard_variable_exact, dashboard_variable_source
from skillforge_mon.checks.dashboard_variables import DASHBOARD
from tests.projects import project

VARIABLE = "{metric: requests_total, values_of: region}"
MATCHER = 'region=~"$region"'


@pytest.mark.parametrize(
    ("matcher", "written"),
    [
        ('region="$region"', "=~"),
        ('region = "${region}"', "=~"),
        ('region!="${region:regex}"', "!~"),
        ('region="[[region]]"', "=~"),
        ('region="eu-$region"', "=~"),
    ],
)
def test_several_values_are_no_one_value(matcher: str, written: str) -> None:
    [problem] = dashboard_variable_exact.check(project(DASHBOARD.replace(MATCHER, matcher)))
    assert (problem.headline, problem.help) == (
        "`region` is compared exactly with `region`, of which several values may be chosen",
        f"write `{written}`, or `multi: false` and `include_all: false` in the variable",
    )
    assert problem.fix is not None
    assert (problem.fix.replacement, problem.fix.span) == (written, problem.span)
    line = DASHBOARD.replace(MATCHER, matcher).splitlines()[problem.fix.span.line - 1]
    assert line[problem.fix.span.column - 1 : problem.fix.span.end_column - 1].strip() == written[0].replace("!", "!=")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (VARIABLE, "{metric: requests_total, values_of: region, multi: false, include_all: false}"),
        ("      - panels:", "      - repeat: region\n        panels:"),
        ("{title: Requests,", "{title: Requests, repeat: region,"),
        ("  grafana: {}", "  datadog: {}"),
        ('"$region"', '"eu"'),
    ],
)
def test_one_value_may_be_compared(old: str, new: str) -> None:
    text = DASHBOARD.replace(MATCHER, 'region="$region"').replace(old, new)
    assert list(dashboard_variable_exact.check(project(text))) == []


@pytest.mark.parametrize(
    ("variable", "headline", "help_"),
    [
        (
            "{metric: request_total, values_of: region}",
            "there is no metric `request_total`",
            "did you mean `requests_total`?",
        ),
        (
            "{metric: requests_total, values_of: regoin}",
            "label `regoin` is not on metric `requests_total`",
            "did you mean `region`?",
        ),
        ("{metric: up == 1, values_of: job}", "`up == 1` is no selector of a metric", 'write `name{label="value"}`'),
    ],
)
def test_values_come_from_somewhere(variable: str, headline: str, help_: str) -> None:
    [problem] = dashboard_variable_source.check(project(DASHBOARD.replace(VARIABLE, variable)))
    assert (problem.code, problem.headline, problem.help) == ("MON3995", f"the variable `region`: {headline}", help_)


def test_a_selector_that_does_not_parse() -> None:
    text = DASHBOARD.replace(VARIABLE, "{metric: 'requests_total{', values_of: region}")
    [problem] = dashboard_variable_source.check(project(text))
    assert problem.headline.startswith("the variable `region`: ")


@pytest.mark.parametrize(
    "variable",
    [
        "{metric: 'requests_total{region=~\"eu.*\"}', values_of: instance}",
        "{metric: up, values_of: job}",
        "{options: [eu, us]}",
        "{metric: requests_total, values_of: __name__}",
    ],
)
def test_values_that_are_there(variable: str) -> None:
    assert list(dashboard_variable_source.check(project(DASHBOARD.replace(VARIABLE, variable)))) == []
