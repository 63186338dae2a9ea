"""Client keys: found, limited, never doubled, and never shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from skillforge_mon.diff.change import headline_of
from tests.backends.sentry.setting_up import FULL, HEAD, SettingUp, setting_up
from tests.backends.sentry.test_setting_up import said

KEYS = HEAD + "      keys: {Default: {rate_limit: {count: 100, within: 1h}}}\n"


@pytest.fixture
def sentry(tmp_path: Path) -> Iterator[SettingUp]:
    with setting_up(tmp_path / ".monmc") as found:
        yield found


def test_no_half_of_a_dsn_stands_anywhere(sentry: SettingUp) -> None:
    sentry.done(FULL)
    number = sentry.fake.projects["web"]
    sentry.fake.set_up.keys[number][1]["rateLimit"] = None
    plan = sentry.plan(FULL)
    outcome = sentry.push(FULL)
    api = sentry.api(FULL)
    lives = [live for kind in api.kinds for live in api.list(kind.name)]
    seen = [repr(plan), repr(outcome), outcome.report(), repr(lives), repr([api.restorable(live) for live in lives])]
    seen += [headline_of(step.fields) for step in plan.work]
    seen += [file.read_text(encoding="utf-8") for file in sentry.folder.rglob("*") if file.is_file()]
    secrets = sentry.fake.set_up.secrets()
    assert len(secrets) == 9
    assert [secret for secret in secrets for text in seen if secret in text] == []


def test_a_key_of_that_name_is_not_doubled_and_is_adopted_by_what_the_refusal_says(sentry: SettingUp) -> None:
    reason = said(sentry.push(KEYS))["client key Default"][1]
    head, _, rest = reason.partition('write `adopt: {sentry: "')
    identifier = rest.partition('"')[0]
    assert head == "the project `web` in Sentry has a key `Default` that is not this spec's; to take it over, "
    adopting = KEYS.replace(
        "{count: 100, within: 1h}", f'{{count: 100, within: 1h}}, adopt: {{sentry: "{identifier}"}}'
    )
    assert sentry.shown(adopting) == [
        ("adopt", "client key Default", ['rateLimit null -> {"count": 100, "window": 3600}'], []),
    ]
    sentry.done(adopting)
    assert sentry.shown(adopting) == []
    number = sentry.fake.projects["web"]
    assert [(key["name"], key["rateLimit"]) for key in sentry.fake.set_up.keys[number]] == [
        ("Default [monmc shop/default]", {"count": 100, "window": 3600})
    ]


def test_a_limit_that_the_spec_takes_away_is_taken_away(sentry: SettingUp) -> None:
    sentry.done(FULL)
    without = FULL.replace("browser: {rate_limit: {count: 100, within: 1m}}", "browser: {}")
    sentry.done(without)
    assert sentry.fake.set_up.keys[sentry.fake.projects["web"]][1]["rateLimit"] is None
    assert sentry.shown(without) == []


def test_a_plan_without_limits_is_told_and_not_written_for_ever(sentry: SettingUp) -> None:
    sentry.fake.set_up.limits_of_keys = False
    assert said(sentry.push(FULL)) == {
        "client key browser": (
            "failed",
            (
                "Sentry has written the key `browser` without its limit: the organisation's plan has none for keys; take "
                "`rate_limit` out of the spec, or change the plan"
            ),
        )
    }


def test_a_write_leaves_the_version_of_the_loader_as_it_is(sentry: SettingUp) -> None:
    sentry.done(FULL)
    key = sentry.fake.set_up.keys[sentry.fake.projects["web"]][1]
    key["browserSdkVersion"] = "7.x"
    key["isActive"] = False
    sentry.done(FULL.replace("count: 100", "count: 200"))
    assert (key["browserSdkVersion"], key["isActive"], key["rateLimit"]) == ("7.x", False, {"count": 200, "window": 60})


def test_keys_are_listed_page_by_page(sentry: SettingUp) -> None:
    sentry.done(FULL)
    sentry.fake.page_size = 1
    assert [live.name for live in sentry.api(FULL).list("key")] == ["browser [monmc shop/default]", "Default"]
    assert sentry.shown(FULL) == []
