"""What answers say, in the vendors' own words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.remote.words import LONGEST, told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"errors": ["Invalid query", "Unknown tag"]}, "Invalid query; Unknown tag"),
        ({"errors": [{"title": "Generic Error", "detail": "no such user", "status": "400"}]}, "Generic Error: no such user"),
        (
            {"errors": [{"detail": "is required", "source": {"pointer": "/data/attributes/schedule"}}]},
            "schedule: is required",
        ),
        (
            {"error": {"message": "Invalid Input Provided", "code": 2001, "errors": ["Name has already been taken."]}},
            "Invalid Input Provided; Name has already been taken.",
        ),
        ({"message": "Dashboard not found", "traceID": "0a1b"}, "Dashboard not found"),
        ({"status": "error", "errorType": "bad_data", "error": "parse error"}, "parse error"),
        ({"detail": "Authentication credentials were not provided."}, "Authentication credentials were not provided."),
        ({"detail": {"code": "sso-required", "message": "Must login via SSO"}}, "Must login via SSO"),
        (
            {"name": ["This field is required."], "conditions": [{"interval": ["Not a choice."]}]},
            "name: This field is required.; conditions.interval: Not a choice.",
        ),
        ({"nonFieldErrors": ["Too many rules"]}, "Too many rules"),
        ({"message": "Validation failed", "errors": {"name": "is too long"}}, "Validation failed; name: is too long"),
        (
            {
                "error": {
                    "root_cause": [{"type": "illegal_argument_exception", "reason": "unknown setting [index.x]"}],
                    "type": "illegal_argument_exception",
                    "reason": "template [a] is invalid",
                    "caused_by": {"type": "illegal_argument_exception", "reason": "unknown setting [index.x]"},
                },
                "status": 400,
            },
            "template [a] is invalid; unknown setting [index.x]; caused_by: unknown setting [index.x]",
        ),
        ("<!DOCTYPE html><html><body>Bad gateway</body></html>", "a page of HTML"),
        ("  no\n route\x1b[31m ", "no route[31m"),
        ("", ""),
        (None, ""),
        ({}, ""),
        (["a", {"message": "b"}], "a; b"),
    ],
)  # fmt: skip
def test_the_words_of_each_vendor(body: Any, words: str) -> None:
    assert told(body) == words


def test_long_answers_are_cut_after_secrets_are_gone() -> None:
    secret = "s3cr3t-" * 3
    text = told({"message": "x" * (LONGEST - 5) + secret}, lambda found: found.replace(secret, "[hidden]"))
    assert text == "x" * (LONGEST - 5) + "[hid…"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda members: st.lists(members) | st.dictionaries(st.text() | st.sampled_from(["errors", "source", "title", "detail"]), members),
)  # fmt: skip


@given(json_like)
def test_whatever_comes_makes_one_short_line(body: Any) -> None:
    text = told(body)
    assert len(text) <= LONGEST
    assert text == "" or text.isprintable()
