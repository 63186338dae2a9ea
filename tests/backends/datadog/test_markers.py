"""The marker of an object is put on, read and taken off again, whatever its text and its key are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.datadog.markers import marked, owner_of, unmarked
from skillforge_mon.remote.live import Owner

NAME = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
KEY = st.from_regex(r"[a-z]{1,6}\.[A-Za-z0-9_./ -]{0,10}[A-Za-z0-9]", fullmatch=True)
REVISION = st.from_regex(r"[0-9a-f]{6,12}", fullmatch=True)
KINDS = ("monitor", "slo", "synthetics", "log_pipeline", "dashboard", "downtime")
FIELD = {"slo": "description", "dashboard": "description", "log_pipeline": "description"}


def text_of(kind: str) -> str:
    """The field in which the marker stands."""
    return FIELD.get(kind, "message")


@given(st.sampled_from(KINDS), st.text(max_size=30), st.builds(Owner, NAME, NAME, KEY), REVISION)
def test_a_marker_is_read_as_it_was_put_on_and_goes_without_a_trace(
    kind: str, text: str, owner: Owner, revision: str
) -> None:
    body: dict[str, Any] = {text_of(kind): text.strip(), "tags": ["a"]}
    once = marked(kind, body, owner, revision)
    assert owner_of(kind, once) == (owner, revision)
    assert marked(kind, once, owner, revision) == once
    assert unmarked(kind, once) == body


@pytest.mark.parametrize("kind", KINDS)
def test_what_has_no_marker_is_nobodys(kind: str) -> None:
    assert owner_of(kind, {text_of(kind): "about monmc", "tags": ["monmc_rev:abc", "managed_by:monmc"]})[0] is None


def test_the_marker_of_a_monitor_is_the_last_line_and_three_tags() -> None:
    owner = Owner("shop", "production", "alerts.HighErrorRate")
    assert marked("monitor", {"message": "Too many.", "tags": ["team:shop"]}, owner, "c0ffee") == {
        "message": "Too many.\n\n-- managed by monmc shop/production/alerts.HighErrorRate, do not edit here",
        "tags": [
            "team:shop", "managed_by:monmc", "monmc:shop/production/alerts.higherrorrate", "monmc_rev:c0ffee",
        ],
    }  # fmt: skip


def test_the_marker_of_a_dashboard_holds_the_revision_as_its_tags_may_not() -> None:
    owner = Owner("shop", "production", "dashboards.overview")
    assert marked("dashboard", {"description": "", "tags": ["team:shop"]}, owner, "c0ffee") == {
        "description": "-- managed by monmc shop/production/dashboards.overview, do not edit here (monmc_rev:c0ffee)",
        "tags": ["team:shop"],
    }
