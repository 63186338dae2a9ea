"""What is taken away before two objects are compared, and what is not."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.grafana import normalise, normalise_alerting
from skillforge_mon.backends.grafana.ownership import (
    TAG_LENGTH,
    marker_tag,
    message,
    owner_of_tags,
    revision_of,
    tags_of_owner,
    without_marks,
)
from skillforge_mon.remote.live import Owner
from tests.projects import project

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 10) | st.floats(-10, 10) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_is_plain_stays_so_and_may_be_written_and_read_again(value: Any) -> None:
    once = normalise.plain(value)
    assert normalise.plain(once) == once
    assert normalise.plain(json.loads(json.dumps(once))) == once


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (1.0, 1),
        (Decimal("0.10"), 0.1),
        (True, True),
        ({"a": None, "b": [None, {"c": None}]}, {"b": [None, {}]}),
    ],
)
def test_numbers_and_nulls_have_one_form(value: Any, plain: Any) -> None:
    found = normalise.plain(value)
    assert (found, type(found)) == (plain, type(plain))


@pytest.mark.parametrize("folder", ["", "0", "general"])
def test_the_root_has_several_names(folder: str) -> None:
    assert normalise.dashboard({"id": 4, "uid": "u", "version": 2, "title": "T"}, folder) == {
        "title": "T",
        "folderUid": "",
    }


@given(
    st.text("abc", min_size=1, max_size=60),
    st.text("abc", min_size=1, max_size=60),
    st.text("xy", min_size=1, max_size=40),
)
def test_the_tags_of_an_owner_are_found_again(name: str, environment: str, key: str) -> None:
    found = project(
        f"version: 1\nproject: {name}\ntargets: {{grafana: {{}}}}\nenvironments: {{{environment}: {{}}}}\n", environment
    )
    owner = Owner(name, environment, key)
    for uid in (key, "another"):
        tags = tags_of_owner(owner, uid)
        assert owner_of_tags(("mine", *tags), uid, found) == owner
        assert all(len(tag) <= TAG_LENGTH for tag in tags)
        assert without_marks(("mine", *tags)) == ["mine"]
    assert owner_of_tags(("mine", marker_tag(name, environment + "d")), key, found) is None


@pytest.mark.parametrize(
    ("text", "revision"), [(message("1a2b"), "1a2b"), ("Initial save", ""), ("monmc", ""), ("about monmc 1", "")]
)
def test_only_a_message_of_ours_has_a_revision(text: str, revision: str) -> None:
    assert revision_of(text) == revision


def test_what_a_server_writes_into_a_rule_makes_no_difference() -> None:
    rule: dict[str, Any] = {
        "uid": "u",
        "title": "T",
        "for": "90s",
        "labels": {"a": "b"},
        "data": [{"model": {"params": [5]}}],
    }
    stored: dict[str, Any] = rule | {
        "id": 3, "orgID": 1, "folderUID": "f", "ruleGroup": "g", "updated": "2026-11-03T10:00:00Z", "provenance": "api",
        "for": "1m30s", "keep_firing_for": "0s", "isPaused": False, "record": None, "annotations": {},
        "data": [{"model": {"params": [5.0]}}],
    }  # fmt: skip
    group = {"title": "g", "folderUid": "f", "interval": 30}
    assert normalise_alerting.rule_group(group | {"rules": [stored]}) == normalise_alerting.rule_group(
        group | {"rules": [rule]}
    )
    paused = stored | {"isPaused": True}
    assert normalise_alerting.rule_group(group | {"rules": [paused]})["rules"][0]["isPaused"] is True
