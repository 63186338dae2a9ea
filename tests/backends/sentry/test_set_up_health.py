"""What ``monmc health`` says of projects that a push sets up."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.remote.api import Check
from tests.backends.sentry.setting_up import FULL, setting_up


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("project:write", Check("permissions", ok=True, detail="org:read, alerts:write, project:write")),
        ("project:admin", Check("permissions", ok=True, detail="org:read, alerts:write, project:write")),
        (
            "project:read",
            Check(
                "permissions",
                ok=False,
                detail="the token lacks `project:write`",
                help="give it `project:write` in Settings > Custom Integrations",
            ),
        ),
    ],
)
def test_setting_up_takes_one_more_permission(tmp_path: Path, scope: str, expected: Check) -> None:
    with setting_up(tmp_path) as sentry:
        sentry.fake.access = ["org:read", "alerts:write", scope]
        assert list(sentry.api(FULL).health())[1] == expected


def test_a_project_that_does_not_live_yet_is_no_problem(tmp_path: Path) -> None:
    with setting_up(tmp_path) as sentry:
        assert [each for each in sentry.api(FULL).health() if each.subject == "project web"] == [
            Check("project web", ok=True, detail="push makes it")
        ]
        sentry.done(FULL)
        assert [each for each in sentry.api(FULL).health() if each.subject == "project web"] == [
            Check("project web", ok=True)
        ]
