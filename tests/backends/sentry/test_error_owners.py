"""Ownership rules: what is written, whose they are, and what people have written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.sentry.ownership_rules import owner_teams, rules_text
from skillforge_mon.backends.sentry.project_markers import (
    key_name,
    marked_text,
    name_until_set_up,
    owner_of_key,
    owner_of_project,
    owner_of_text,
    unmarked_text,
)
from skillforge_mon.remote.live import Owner
from skillforge_mon.spec.models.base import NAME_PATTERN
from skillforge_mon.spec.models.errors import ErrorOwnership
from tests.backends.sentry.setting_up import FULL, SettingUp, setting_up
from tests.backends.sentry.test_setting_up import said
from tests.projects import project

_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=80)
_NAMES = st.from_regex(NAME_PATTERN, fullmatch=True)
_REVISIONS = st.from_regex("[0-9a-f]{0,12}", fullmatch=True)


@pytest.fixture
def sentry(tmp_path: Path) -> Iterator[SettingUp]:
    with setting_up(tmp_path / ".monmc") as found:
        yield found


def test_rules_that_people_wrote_are_refused_until_they_are_adopted(sentry: SettingUp) -> None:
    text = FULL.replace('      ownership: [{path: "src/*", owners: shop}]\n', "")
    sentry.done(text)
    number = sentry.fake.projects["web"]
    sentry.fake.set_up.ownership[number] |= {"raw": "url:* #shop", "lastUpdated": "2026-01-09T10:00:00Z"}
    assert said(sentry.push(FULL)) == {
        "ownership web": (
            "failed",
            (
                "somebody has written ownership rules for `web` in Sentry; to replace them, run `monmc adopt sentry "
                f"ownership {number} web`"
            ),
        )
    }
    assert sentry.fake.set_up.ownership[number]["raw"] == "url:* #shop"
    adopting = FULL + f'      adopt: {{sentry: "{number}"}}\n'
    assert sentry.shown(adopting) == [("adopt", "ownership web", ["raw url:* #shop -> path:src/* #shop"], [])]
    sentry.done(adopting)
    assert sentry.shown(adopting) == []


def test_teams_that_own_something_get_access_first(sentry: SettingUp) -> None:
    text = FULL.replace("  shop: {sentry: shop,", "  others: {sentry: other}\n  shop: {sentry: shop,")
    text = text.replace("owners: shop}", "owners: [shop, others]}")
    sentry.done(text)
    assert [team["slug"] for team in sentry.fake.set_up.of("web")["teams"]] == ["shop", "other"]
    assert sentry.fake.set_up.ownership[sentry.fake.projects["web"]]["raw"].endswith("path:src/* #shop #other")


def test_a_rule_is_written_as_sentry_reads_it() -> None:
    found = project(FULL.replace("  shop: {sentry", "  mail: {email: Ann@Example.com}\n  shop: {sentry"))
    ownership = ErrorOwnership.model_validate(
        {
            "rules": [
                {"path": "src/a b/*", "owners": ["shop", "mail"]},
                {"module": 'x"y', "owners": ["Bob@Example.com", "bob@example.com"]},
                {"url": '"quoted"', "owners": "shop"},
                {"tag": {"area": r"back\slash here"}, "owners": "shop"},
            ]
        }
    )
    assert rules_text(found, ownership).splitlines() == [
        'path:"src/a b/*" #shop ann@example.com',
        'module:x"y bob@example.com',
        r'url:"\"quoted\"" #shop',
        r'tags.area:"back\\slash here" #shop',
    ]
    assert owner_teams(found, ownership) == ("shop",)


@given(st.lists(_TEXTS, max_size=5), _NAMES, _NAMES, _REVISIONS)
def test_a_marker_in_rules_says_whose_they_are_and_the_rules_are_what_remains(
    lines: list[str], name: str, environment: str, revision: str
) -> None:
    text = unmarked_text("\n".join(lines))
    owner = Owner(name, environment, "projects.web")
    once = marked_text(text, owner, revision)
    assert owner_of_text(once) == (owner, revision)
    assert marked_text(once, owner, revision) == once
    assert unmarked_text(once) == text


def test_a_comment_that_only_speaks_of_monmc_is_no_marker() -> None:
    assert owner_of_text("# monmc writes this, not you\n# see monmc shop/default web") == (None, "")
    assert owner_of_text("error.type:X -> # monmc shop/default projects.web") == (None, "")


@given(_NAMES, _NAMES, _NAMES)
def test_a_name_of_a_key_says_whose_it_is(name: str, of: str, environment: str) -> None:
    assert owner_of_key(key_name(name, Owner(of, environment, "")), "web") == Owner(of, environment, f"web/{name}")
    assert owner_of_key(name, "web") is None


def test_a_project_that_is_not_set_up_yet_is_known_by_its_name_alone() -> None:
    ours, others = (Owner("shop", each, "projects.web") for each in ("default", "staging"))
    assert len(name_until_set_up(ours)) == 22
    assert owner_of_project({"name": name_until_set_up(ours)}, ours) == (ours, "")
    assert owner_of_project({"name": name_until_set_up(others)}, ours) == (None, "")
