"""What documents name is found in Sentry, with one listing each; what is not there is said in words that help."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from skillforge_mon.backends.sentry.api import SentryApi, connect
from skillforge_mon.documents.document import Reference
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.connection import MissingSecretError
from skillforge_mon.remote.errors import UnauthorisedError
from tests.backends.sentry.pushing import Clock, connection
from tests.fakes.sentry import SECRET_OF_A_ROW, TOKEN, FakeSentry
from tests.fakes.server import RateLimit
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  sentry:
    organization: acme
    url: {url}
    integrations: {{slack: Acme, pagerduty: Pages, opsgenie: Calls, jira: acme.atlassian.net}}
teams:
  shop: {{sentry: shop}}
services:
  web: {{team: shop, errors: {{sentry_project: web}}}}
alerts:
  NewError: {{service: web, severity: warning, summary: New, sentry: {{issue: {{level: error}}}}}}
  OtherError: {{service: web, severity: warning, summary: New, sentry: {{project: api, issue: {{level: error}}}}}}
"""


@pytest.fixture
def fake() -> Iterator[FakeSentry]:
    server = FakeSentry()
    server.add_project("web")
    server.add_project("api")
    server.add_team("shop")
    server.add_integration("slack", "Acme", status="disabled")
    server.add_integration("slack", "Acme")
    server.add_integration("pagerduty", "Pages", ("Backend", "On call / EU"))
    server.add_integration("opsgenie", "Calls", ("Platform",))
    server.add_integration("jira", "acme.atlassian.net")
    server.add_jira_project("OPS", "Task", "Bug")
    with server.started():
        yield server


@pytest.fixture
def api(fake: FakeSentry) -> Iterator[SentryApi]:
    with connection() as opened:
        yield connect(project(SPEC.format(url=fake.url)), opened)


def named(kind: str, *key: str) -> Reference:
    return references_in(reference(kind, *key))[0]


def test_every_kind_of_reference_stands_for_what_is_on_the_server(fake: FakeSentry, api: SentryApi) -> None:
    slack = [each["id"] for each in fake.integrations.values() if each["provider"]["key"] == "slack"]
    by_name = {each["name"]: each["id"] for each in fake.integrations.values()}
    pages, calls, jira = (by_name[name] for name in ("Pages", "Calls", "acme.atlassian.net"))
    web = fake.projects["web"]
    streams = {(each["projectId"], each["type"]): each["id"] for each in fake.system_detectors.values()}
    expected = {
        ("project", "web"): web,
        ("team", "shop"): fake.teams["shop"],
        ("owner", "shop"): f"team:{fake.teams['shop']}",
        ("system_detector", "web", "issue_stream"): streams[web, "issue_stream"],
        ("system_detector", "web", "error"): streams[web, "error"],
        ("integration", "slack", "Acme"): slack[1],
        ("integration", "pagerduty", "Pages"): pages,
        ("integration_row", "pagerduty", "Pages", "Backend"): fake.tables[pages]["Backend"],
        ("integration_row", "pagerduty", "Pages", "On call / EU"): fake.tables[pages]["On call / EU"],
        ("integration_row", "opsgenie", "Calls", "Platform"): fake.tables[calls]["Platform"],
        ("integration", "jira", "acme.atlassian.net"): jira,
        ("jira_project", "acme.atlassian.net", "OPS"): fake.jira["OPS"]["id"],
        ("jira_issue_type", "acme.atlassian.net", "OPS", "Bug"): fake.jira["OPS"]["Bug"],
    }  # fmt: skip
    assert {parts: api.lookup(named(*parts)) for parts in expected} == expected
    assert {parts: api.lookup(named(*parts)) for parts in expected} == expected
    asked = [(request.path, str(sorted(request.query.items()))) for request in fake.requests]
    assert len(asked) == len(set(asked)) == 9


MISSING = {
    ("project", "shop"): "Sentry has no project `shop` in `acme`: make it there, or correct its slug in the spec",
    ("team", "crew"): "Sentry has no team `crew` in `acme`: make it there, or correct the team's `sentry`",
    ("owner", "crew"): "Sentry has no team `crew` in `acme`: make it there, or correct the team's `sentry`",
    ("system_detector", "shop", "issue_stream"): (
        "Sentry shows no `issue_stream` monitor of the project `shop`: let the token see the project"
    ),
    ("integration", "slack", "Other"): (
        "Sentry has no Slack integration `Other` in `acme`: install it in Sentry under Settings > Integrations > Slack, "
        "or write `Acme` in `targets.sentry.integrations.slack`"
    ),
    ("integration", "msteams", "Acme"): (
        "Sentry has no Microsoft Teams integration `Acme` in `acme`: install it in Sentry under Settings > Integrations > "
        "Microsoft Teams, or correct `targets.sentry.integrations.msteams`"
    ),
    ("integration_row", "pagerduty", "Pages", "Frontend"): (
        "the PagerDuty integration `Pages` in Sentry has no service `Frontend`: add it in Sentry under Settings > "
        "Integrations > PagerDuty > Configure"
    ),
    ("integration_row", "opsgenie", "Calls", "Backend"): (
        "the Opsgenie integration `Calls` in Sentry has no team `Backend`: add it in Sentry under Settings > "
        "Integrations > Opsgenie > Configure"
    ),
    ("integration_row", "pagerduty", "None", "Backend"): (
        "Sentry has no PagerDuty integration `None` in `acme`: install it in Sentry under Settings > Integrations > "
        "PagerDuty, or write `Pages` in `targets.sentry.integrations.pagerduty`"
    ),
    ("jira_project", "acme.atlassian.net", "DEV"): (
        "the Jira integration `acme.atlassian.net` in Sentry sees no project `DEV`: make it in Jira"
    ),
    ("jira_issue_type", "acme.atlassian.net", "OPS", "Epic"): (
        "the Jira integration `acme.atlassian.net` in Sentry sees no issue type `Epic` in the project `OPS`: make it in Jira"
    ),
    ("jira_issue_type", "acme.atlassian.net", "DEV", "Bug"): (
        "the Jira integration `acme.atlassian.net` in Sentry sees no issue type `Bug` in the project `DEV`: make it in Jira"
    ),
    ("jira_project", "none", "OPS"): (
        "Sentry has no Jira integration `none` in `acme`: install it in Sentry under Settings > Integrations > Jira, or "
        "write `acme.atlassian.net` in `targets.sentry.integrations.jira`"
    ),
    ("detector", "NewError"): "Sentry has no detector `NewError`: correct the spec",
}  # fmt: skip


@pytest.mark.parametrize("parts", MISSING, ids="/".join)
def test_what_is_missing_is_none_and_can_be_explained(api: SentryApi, parts: tuple[str, ...]) -> None:
    assert api.lookup(named(*parts)) is None
    assert api.absence(named(*parts)) == MISSING[parts]


def test_a_listing_in_pages_is_read_to_its_end(fake: FakeSentry, api: SentryApi) -> None:
    fake.page_size = 2
    numbers = [fake.add_team(f"team-{number}") for number in range(5)]
    assert [api.lookup(named("team", f"team-{number}")) for number in range(5)] == numbers


def test_keys_of_other_systems_in_the_tables_are_not_kept(api: SentryApi) -> None:
    assert api.lookup(named("integration_row", "pagerduty", "Pages", "Backend")) is not None
    assert SECRET_OF_A_ROW not in repr(api._lookups)


def test_healthy_is_what_can_be_read_written_and_told(api: SentryApi) -> None:
    assert list(api.health()) == [
        Check("organisation acme", ok=True, detail="Acme"),
        Check("permissions", ok=True, detail="org:read, alerts:write"),
        Check("project api", ok=True),
        Check("project web", ok=True),
        Check("Slack integration Acme", ok=True, detail="active"),
        Check("PagerDuty integration Pages", ok=True, detail="active"),
        Check("Opsgenie integration Calls", ok=True, detail="active"),
        Check("Jira integration acme.atlassian.net", ok=True, detail="active"),
    ]


def test_each_thing_that_is_missing_or_broken_is_one_line_with_what_to_do(fake: FakeSentry, api: SentryApi) -> None:
    fake.access = ["org:read", "alerts:read"]
    del fake.projects["web"]
    for identifier, each in [*fake.integrations.items()]:
        if each["provider"]["key"] == "slack":
            each["status"] = "disabled"
        elif each["provider"]["key"] != "jira":
            del fake.integrations[identifier]
    install = "install it in Sentry under Settings > Integrations > "
    assert [check for check in api.health() if not check.ok] == [
        Check(
            "permissions",
            ok=False,
            detail="the token lacks `alerts:write`",
            help="give it `alerts:write` in Settings > Custom Integrations",
        ),
        Check(
            "project web",
            ok=False,
            detail="Sentry has no project `web` in `acme`",
            help="make it there, or correct its slug in the spec",
        ),
        Check(
            "Slack integration Acme",
            ok=False,
            detail="it is disabled: Sentry could not reach the other side, or somebody has switched it off",
            help="open Settings > Integrations > Slack in Sentry, and install it again",
        ),
        Check(
            "PagerDuty integration Pages",
            ok=False,
            detail="Sentry has no PagerDuty integration `Pages` in `acme`",
            help=f"{install}PagerDuty, or correct `targets.sentry.integrations.pagerduty`",
        ),
        Check(
            "Opsgenie integration Calls",
            ok=False,
            detail="Sentry has no Opsgenie integration `Calls` in `acme`",
            help=f"{install}Opsgenie, or correct `targets.sentry.integrations.opsgenie`",
        ),
    ]


def test_an_organisation_that_cannot_be_read_ends_the_questions(fake: FakeSentry, api: SentryApi) -> None:
    fake.slug = "other"
    [check] = api.health()
    assert (check.subject, check.ok) == ("organisation acme", False)
    assert check.detail.startswith("Sentry answered 404 to GET /organizations/acme/")


def test_a_server_that_does_not_tell_permissions_is_not_judged(fake: FakeSentry, api: SentryApi) -> None:
    fake.access = None  # type: ignore[assignment]
    assert [check.skipped for check in api.health()][:3] == [False, True, False]


def test_without_a_token_nothing_is_asked_and_a_wrong_one_is_never_shown(fake: FakeSentry) -> None:
    spec = project(SPEC.format(url=fake.url))
    with connection(SENTRY_AUTH_TOKEN="") as opened, pytest.raises(MissingSecretError, match="SENTRY_AUTH_TOKEN"):
        connect(spec, opened)
    assert fake.requests == []
    wrong = f"{TOKEN}-which-is-wrong"
    with connection(SENTRY_AUTH_TOKEN=wrong) as opened, pytest.raises(UnauthorisedError) as refused:
        list(connect(spec, opened).list("workflow"))
    assert wrong not in str(refused.value)
    assert "Invalid token" in str(refused.value)


def test_a_token_of_the_spec_comes_before_the_variable(fake: FakeSentry) -> None:
    text = SPEC.format(url=fake.url).replace("organization: acme", 'organization: acme\n    token: "${secret:SENTRY}"')
    with connection(SENTRY_AUTH_TOKEN="of somebody else", SENTRY=TOKEN) as opened:
        assert list(connect(project(text), opened).list("workflow")) == []


def test_a_listing_that_meets_the_limit_goes_on_when_it_is_over(fake: FakeSentry) -> None:
    clock = Clock()
    fake.now = clock.now
    fake.limits = [RateLimit("listing", 1, 60)]
    fake.page_size = 1
    last = [fake.add_team(f"team-{number}") for number in range(2)][-1]
    with connection(clock) as opened:
        api = connect(project(SPEC.format(url=fake.url)), opened)
        assert api.lookup(named("team", "team-1")) == last
    assert clock.seconds >= 120
