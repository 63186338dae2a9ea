"""Label matchers as tag filters."""

from __future__ import annotations

import pytest

from tests.backends.datadog.translating import outcome

NO_PATTERN = "Datadog filters by values, lists of values and `*` at their ends, not by patterns"


def scope(matchers: str) -> str:
    """What stands between the braces of the query for ``requests_total`` with ``matchers``."""
    text = outcome(f"sum(rate(requests_total{{{matchers}}}[5m])) > 1")
    return text.partition("{")[2].partition("}")[0] if text.startswith("avg(") else text


@pytest.mark.parametrize(
    ("matchers", "expected"),
    [
        ("", "*"),
        ('status="500"', "status:500"),
        ('status!="500"', "!status:500"),
        ('status="500",service!="web"', "status:500,!service:web"),
        ('service="GET /Users"', "service:get_/users"),
        ('service=""', "!service:*"),
        ('service!=""', "service:*"),
        ('service=~""', "!service:*"),
        ('service=~".*"', "*"),
        ('service=~".+"', "service:*"),
        ('service!~".+"', "!service:*"),
        ('service=~"a|b"', "service IN (a,b)"),
        ('service=~"(a|b)"', "service IN (a,b)"),
        ('service=~"^(?:a|b)$"', "service IN (a,b)"),
        ('service!~"a|b",status="500"', "service NOT IN (a,b) AND status:500"),
        ('service=~"a|b",status!="500"', "service IN (a,b) AND NOT status:500"),
        ('service=~"web-.*"', "service:web-*"),
        ('service=~"web_.*"', "service:web_*"),
        ('service=~".*-web"', "service:*-web"),
        ('service=~".+web.+"', "service:*web*"),
        ('service!~"web.*"', "!service:web*"),
        ('service=~"web.*|db"', "(service:web* OR service:db)"),
        ('service!~"web.*|db"', "(NOT service:web* AND NOT service:db)"),
        ('service=~"a\\\\.b"', "service:a.b"),
        ('status=~"5.."', "status:5*"),
        ('status=~"5\\\\d\\\\d"', "status:5*"),
        ('status=~"5[0-9]{2}"', "status:5*"),
        ('status=~"[45].."', "(status:4* OR status:5*)"),
        ('status!~"2..|3.."', "(NOT status:2* AND NOT status:3*)"),
        ('status=~"5.(x)"', f'untranslatable: `status=~"5.(x)"`: {NO_PATTERN}'),
        ('service=~"a|"', f'untranslatable: `service=~"a|"`: {NO_PATTERN}'),
        ('service=~"(?i)web"', f'untranslatable: `service=~"(?i)web"`: {NO_PATTERN}'),
        ('service="__"', 'untranslatable: `service="__"`: as a tag of Datadog, the value is empty'),
        ('service!~".*"', 'untranslatable: `service!~".*"`: it selects nothing'),
        ('instance="web:8000"', "endpoint:*web:8000*"),
    ],
)
def test_matchers_become_filters(matchers: str, expected: str) -> None:
    assert scope(matchers) == expected


@pytest.mark.parametrize(
    ("matcher", "expected"),
    [
        ('result=~"h.t"', "result:hit"),
        ('result=~"[b-z].*[a-z]s+|hit"', "result IN (hit,miss)"),
        ('result!~"hit|stale"', "result NOT IN (hit,stale)"),
    ],
)
def test_a_pattern_on_known_values_is_their_list(matcher: str, expected: str) -> None:
    text = outcome(f"sum(rate(hits_total{{{matcher}}}[5m])) > 1")
    assert text == f"avg(last_5m):sum:shop.hits.count{{{expected}}}.as_rate() > 1"
