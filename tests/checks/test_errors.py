"""What is said of the set-up of errors, and where."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.checks import (
    errors_dsn_in_clear,
    errors_fingerprint_rule,
    errors_owner_unknown,
    errors_ownership_rule,
    errors_platform_unknown,
    errors_profiles_without_traces,
    errors_project_twice,
    errors_spans_not_sent,
    errors_times,
)
from skillforge_mon.checks.errors_examples import SET_UP
from skillforge_mon.checks.sentry_platforms import PLATFORMS
from tests.projects import project

CHECKS = (
    errors_dsn_in_clear, errors_platform_unknown, errors_times, errors_ownership_rule, errors_owner_unknown,
    errors_profiles_without_traces, errors_spans_not_sent, errors_project_twice, errors_fingerprint_rule,
)  # fmt: skip
PATH_RULE = '{path: "src/payments/*", owners: shop}'
LIMIT = "{server: {rate_limit: {count: 1000, within: 1m}}}"


def said(text: str) -> list[tuple[str, str, str, str]]:
    """Code, place, headline and help of everything that the checks say."""
    found = project(text)
    return [
        (each.code, str(each.span).removeprefix("spec.yaml:"), each.headline, each.help)
        for check in CHECKS
        for each in check.check(found)
    ]


def changed(old: str, new: str) -> str:
    assert old in SET_UP
    return SET_UP.replace(old, new)


def test_the_example_earns_nothing() -> None:
    assert said(SET_UP) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "python-fastapi",
            "python-fast-api",
            ("MON3661", "12:17", "Sentry has no platform `python-fast-api`", "did you mean `python-fastapi`?"),
        ),
        (
            "python-fastapi",
            "python-litestar-on-mars",
            ("MON3661", "12:17", "Sentry has no platform `python-litestar-on-mars`", "write `python`, or `other`"),
        ),
        ("python-fastapi", "cobol", ("MON3661", "12:17", "Sentry has no platform `cobol`", "write `other`")),
        (
            "within: 1m",
            "within: 25h",
            (
                "MON3662",
                "14:57",
                "the limit of the key `server` counts over 1d1h",
                "write whole seconds, and at most 1d",
            ),
        ),
        (
            "within: 1m",
            "within: 1500ms",
            (
                "MON3662",
                "14:57",
                "the limit of the key `server` counts over 1s500ms",
                "write whole seconds, and at most 1d",
            ),
        ),
        (
            "resolve_age: 14d",
            "resolve_age: 90m",
            ("MON3662", "13:20", "Sentry counts the age of issues in hours, and 1h30m are none", "write `2h`"),
        ),
        (
            PATH_RULE,
            "{owners: shop}",
            (
                "MON3663",
                "16:11",
                "this rule does not say which errors it is about",
                "write one of `path`, `module`, `url` and `tag`",
            ),
        ),
        (
            PATH_RULE,
            "{tag: {a: x, b: y}, owners: shop}",
            (
                "MON3663",
                "16:11",
                "this rule asks for tag and tag at once",
                "write a rule for each: the last that matches counts",
            ),
        ),
        (
            PATH_RULE,
            '{tag: {"a:b": x}, owners: shop}',
            ("MON3663", "16:11", "`a:b` cannot be the name of a tag", "write letters, digits, `.`, `-` and `_`"),
        ),
        (
            PATH_RULE,
            '{path: "a\\nb", owners: shop}',
            (
                "MON3663",
                "16:11",
                "this pattern has a line break, or another character that cannot be seen",
                "write it on one line",
            ),
        ),
        (
            "owners: shop",
            "owners: [shop, shopp]",
            (
                "MON3664",
                "16:51",
                "`shopp` is no team of this spec, and no e-mail address",
                "did you mean `shop`?",
            ),
        ),
        (
            "sentry: shop}\nservices",
            "sentry: shop}\n  mute: {slack: '#mute'}\nservices",
            None,
        ),
        (
            "traces: 10%",
            "profiles: 10%",
            (
                "MON3665",
                "18:32",
                "`web` sends no traces, so it sends no profiles either",
                "write `traces: …` beside it",
            ),
        ),
        (
            "error.type:ReadTimeout -> timeout",
            "ReadTimeout",
            (
                "MON3668",
                "17:21",
                "`ReadTimeout` is no fingerprint rule",
                'write it as `error.type:ReadTimeout message:"*upstream*" -> timeout`',
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(old: str, new: str, expected: tuple[str, str, str, str] | None) -> None:
    assert said(changed(old, new)) == ([expected] if expected is not None else [])


def test_rules_under_their_name_are_found_too() -> None:
    text = changed(f"ownership:\n        - {PATH_RULE}", "ownership: {rules: [{path: x, owners: nobody}]}")
    assert [(code, place) for code, place, _, _ in said(text)] == [("MON3664", "15:45")]


def test_a_team_without_a_word_for_sentry_owns_nothing() -> None:
    text = changed("teams:\n", "teams:\n  mute: {slack: '#mute'}\n").replace("owners: shop", "owners: mute")
    assert said(text) == [
        (
            "MON3664",
            "17:44",
            "the team `mute` has no team in Sentry, and no e-mail address",
            "write `sentry: …` on the team `mute`",
        )
    ]


@pytest.mark.parametrize("secret", ["", ":fedcba9876543210fedcba9876543210"])
@pytest.mark.parametrize("host", ["o1.ingest.us.sentry.io", "sentry.example.com:9000/below"])
def test_a_dsn_is_found_wherever_it_stands(secret: str, host: str) -> None:
    dsn = f"https://0123456789abcdef0123456789abcdef{secret}@{host}/42"
    for text in (
        changed("team: shop\n", f"team: shop\n    description: It is {dsn}.\n"),
        SET_UP + f"runbooks: {{a: {{resolve: ['{dsn}']}}}}\n",
    ):
        assert [(code, headline) for code, _, headline, _ in said(text)] == [("MON3660", "this is a DSN of Sentry")]


def test_a_second_set_up_of_a_project_is_told_of_and_a_mere_name_is_not() -> None:
    twice = SET_UP + "  worker: {team: shop, errors: {sentry_project: web, name: Web}}\n"
    assert [(code, headline) for code, _, headline, _ in said(twice)] == [
        ("MON3667", "the project `web` is set up by `web` already")
    ]
    assert said(twice.replace(", name: Web", "")) == []


@pytest.mark.parametrize(
    "rule",
    [
        "error.type:DatabaseUnavailable -> system-down",
        'message:"could not connect *" -> no-connection, {{ default }}',
        "!logger:sentry.* level:error -> one two three",
        'family:javascript -> {{ transaction }} title="A title"',
        '"tags.server:name":web-1 -> web',
    ],
)
def test_what_sentry_reads_is_no_problem(rule: str) -> None:
    quoted = rule.replace("'", "''")
    assert said(changed('"error.type:ReadTimeout -> timeout"', f"'{quoted}'")) == []


@given(st.text(max_size=200))
def test_a_fingerprint_rule_that_passes_has_an_arrow_and_a_matcher(rule: str) -> None:
    if errors_fingerprint_rule._RULE.fullmatch(rule):
        assert re.match(r" *!?[^:]+:.+ -> *\S", rule)


def test_a_long_line_is_judged_at_once() -> None:
    for rule in ("a:b " * 5000, "a:b -> " + "c " * 5000 + "{", 'a:"' + "\\" * 10_001, "a:b -> " + "c" * 10_000 + "{"):
        assert errors_fingerprint_rule._RULE.fullmatch(rule) is None


def test_platforms_are_names() -> None:
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", platform) for platform in PLATFORMS)
