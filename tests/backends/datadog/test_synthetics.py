"""Probes as synthetic tests: what each becomes, what differs, and that a push leaves nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.datadog.emit import emit
from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.documents.document import Document, Grade
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.push.planning import Target, plan_push
from skillforge_mon.push.session import last_state, open_session
from skillforge_mon.push.state import State
from skillforge_mon.push.systems import System
from skillforge_mon.remote.connection import Connection
from tests.backends.datadog.live import SPEC, Clock, connected
from tests.fakes.datadog import FakeDatadog
from tests.projects import resolved

SLOW = (
    "`slow: 2s` is left out: a slow answer would be a failed one; a probe of its own with a shorter `timeout` can tell "
    "of it"
)
HEAD = """\
version: 1
project: shop
targets: {datadog: {locations: [aws:eu-west-1, "pl:office-1"], tags: {team: shop}}}
teams: {shop: {datadog: "@slack-acme-shop"}, boss: {datadog: "@boss@shop.example"}}
escalation:
  page: [{notify: shop, timeout: 30m}, {notify: boss}]
  tell: [{notify: shop}]
services: {web: {team: shop, escalation: tell, runbook: down}}
runbooks: {down: {resolve: [Look.]}}
maintenance:
  deploy: {services: [web], every: saturday, from: "02:00", for: 2h}
probes:
"""
PROBES = {
    "http": 'http: {url: "https://shop.example/health", json: {status: healthy, "checks[0].ok": true}, certificate: 14d}',
    "everything": """http:
      url: https://shop.example/cart
      method: POST
      status: [200-202, 3xx]
      headers: {X-Probe: monmc}
      body: '{"a": 1}'
      contains: [Welcome]
      matches: ["^Wel"]
      not_matches: [Error]
      follow_redirects: false
      bearer_token: "${secret:SHOP_TOKEN}"
      tls: {insecure: true}
      certificate: {critical: 3d, warning: 21d}
      http_version: "2\"""",
    "basic": 'http: {url: "https://shop.example/", basic: {username: me, password: "${secret:SHOP_PASSWORD}"}}',
    "tcp": 'tcp: "db.example:5432"',
    "tls": 'tcp: {address: "mail.example:465", tls: {insecure: true}, certificate: 14d}',
    "dns": 'dns: {name: shop.example, server: "9.9.9.9:53", type: AAAA, matches: "^2001:"}',
    "any-dns": "dns: {name: shop.example}",
    "icmp": "icmp: shop.example",
    "grpc": 'grpc: {address: "grpc.example:443", service: shop.Cart, tls: true, certificate: 7d}',
    "levels": 'http: "https://shop.example/levels"; escalation: page; severity: warning',
    "quiet": 'http: "https://shop.example/quiet"; alerting: false; description: Only measured',
    "browser": """browser:
      url: https://shop.example/login
      devices: [chrome.laptop_large, firefox.mobile_small]
      steps:
        - {type: {into: "#email", text: "{{ EMAIL }}"}}
        - {click: 'button[type="submit"]'}
        - {hover: {xpath: "//a[1]"}}
        - {press: Enter}
        - {wait: 2s}
        - {refresh: true}
        - {open: https://shop.example/cart}
        - {expect_text: Your cart, name: Signed in}
        - {expect_no_text: Error}
        - {expect_url: /cart}
        - {expect_element: "#cart"}
        - {expect_element: {element: "#cart", contains: "2 items"}}""",
    "mobile": """mobile:
      application: ab0e0aed-536d-411a-9a99-5428c27d8f8e
      devices: synthetics:mobile:device:apple_iphone_14_plus_ios_16
      steps:
        - {tap: sign-in}
        - {double_tap: {value: "//Button", by: xpath}}
        - {type: {into: email, text: ann@shop.example}}
        - {open: "shop://cart"}
        - {back: true}
        - {restart: true}
        - {scroll_to: footer}
        - {wait: 3s}
        - {expect_text: Welcome}
        - {expect_no_text: Error}
        - {expect_element: cart}""",
}


def spec(*names: str) -> str:
    """A spec with these probes; `;` parts the keys of one."""
    lines = [HEAD.rstrip()]
    for name in names:
        keys = "\n    ".join(PROBES[name].split("; "))
        lines.append(f"  {name}:\n    service: web\n    {keys}")
    return "\n".join(lines) + "\n"


def compiled(text: str) -> tuple[list[Document], tuple[Diagnostic, ...]]:
    """The documents, and what is reported."""
    project, before = resolved(text)
    assert project is not None
    report = Report()
    return list(emit(project, Lowering(project, report), report)), (*before, *report)


def bodies(text: str) -> dict[str, Any]:
    """Bodies of synthetic tests by key."""
    documents, reported = compiled(text)
    assert reported == ()
    return {
        document.resource.key: document.content
        for document in documents
        if document.resource is not None and document.resource.kind == "synthetics"
    }


def differing(probe: str) -> tuple[Grade, str]:
    """The verdict on a probe that is written out."""
    documents, reported = compiled(f"{HEAD}  p: {{service: web, backends: [datadog], {probe}}}\n")
    assert reported == ()
    (verdict,) = [each for document in documents for each in document.verdicts if each.object_id == "probes.p"]
    return verdict.grade, verdict.reason


def test_an_http_probe_is_a_test_and_its_certificate_another() -> None:
    found = bodies(spec("http"))
    tags = [
        "project:shop", "service:web", "team:shop", "severity:critical", "managed_by:monmc",
        "monmc:shop/default/probes.http", "maintenance:shop/default/deploy", "probe:http", "priority:P1",
    ]  # fmt: skip
    message = (
        "{{#is_alert}}\nhttp fails @slack-acme-shop\n{{/is_alert}}\n{{#is_recovery}}\nhttp is over. @slack-acme-shop\n"
        "{{/is_recovery}}\n\nIt has failed 3 times in a row, every 1m.\n\nRunbook: runbooks/down.md\n\n"
        "-- managed by monmc shop/default/probes.http, do not edit here"
    )
    assert found["probes.http"] == {
        "name": "[shop] http",
        "type": "api",
        "subtype": "http",
        "status": "live",
        "message": message,
        "tags": [tag for tag in tags if tag != "priority:P1"],
        "locations": ["aws:eu-west-1", "pl:office-1"],
        "config": {
            "request": {"method": "GET", "url": "https://shop.example/health", "timeout": 10},
            "assertions": [
                {"type": "statusCode", "operator": "matches", "target": "^2\\d\\d$"},
                {
                    "type": "body",
                    "operator": "validatesJSONPath",
                    "target": {"jsonPath": "$.status", "operator": "is", "targetValue": "healthy"},
                },
                {
                    "type": "body",
                    "operator": "validatesJSONPath",
                    "target": {"jsonPath": "$.checks[0].ok", "operator": "is", "targetValue": "true"},
                },
            ],
        },
        "options": {
            "tick_every": 60,
            "min_failure_duration": 120,
            "min_location_failed": 1,
            "follow_redirects": True,
            "monitor_name": "[shop] http",
            "monitor_priority": 1,
            "monitor_options": {"renotify_interval": 0},
        },
    }
    of_certificate = found["probes.http.certificate-warning"]
    assert of_certificate["config"] == {
        "request": {"host": "shop.example", "port": 443},
        "assertions": [{"type": "certificate", "operator": "isInMoreThan", "target": 14}],
    }
    assert of_certificate["options"]["monitor_priority"] == 2
    assert set(found) == {"probes.http", "probes.http.certificate-warning"}


@pytest.mark.parametrize(
    ("name", "config"),
    [
        (
            "tcp",
            {
                "request": {"host": "db.example", "port": 5432, "timeout": 10},
                "assertions": [{"type": "connection", "operator": "is", "target": "established"}],
            },
        ),
        (
            "tls",
            {
                "request": {"host": "mail.example", "port": 465, "timeout": 10},
                "assertions": [{"type": "certificate", "operator": "isInMoreThan", "target": 0}],
            },
        ),
        (
            "dns",
            {
                "request": {"host": "shop.example", "dnsServer": "9.9.9.9", "dnsServerPort": 53, "timeout": 10},
                "assertions": [
                    {"type": "recordSome", "operator": "matches", "property": "AAAA", "target": "^2001:"}
                ],
            },
        ),
        (
            "icmp",
            {
                "request": {"host": "shop.example", "numberOfPackets": 1, "timeout": 10},
                "assertions": [{"type": "packetsReceived", "operator": "moreThanOrEqual", "target": 1}],
            },
        ),
        (
            "grpc",
            {
                "request": {
                    "host": "grpc.example", "port": 443, "service": "shop.Cart", "callType": "healthcheck", "timeout": 10,
                },
                "assertions": [{"type": "grpcHealthcheckStatus", "operator": "is", "target": 1}],
            },
        ),
    ],
)  # fmt: skip
def test_what_is_asked(name: str, config: dict[str, Any]) -> None:
    assert bodies(spec(name))[f"probes.{name}"]["config"] == config


def test_status_codes_are_one_code_or_a_pattern() -> None:
    request = bodies(spec("everything"))["probes.everything"]["config"]
    assert request["assertions"][0]["target"] == "^(200|201|202|3\\d\\d)$"
    assert request["request"]["headers"] == {"X-Probe": "monmc", "Authorization": "Bearer ${secret:SHOP_TOKEN}"}
    one = bodies(f'{HEAD}  one: {{service: web, http: {{url: "https://shop.example/", status: 204}}}}\n')
    assert one["probes.one"]["config"]["assertions"] == [{"type": "statusCode", "operator": "is", "target": 204}]


def test_a_later_level_is_told_by_the_monitor_of_the_test() -> None:
    found = bodies(spec("levels"))["probes.levels"]
    assert found["options"]["monitor_options"] == {"renotify_interval": 30, "renotify_occurrences": 1}
    assert "{{#is_renotify}}@boss@shop.example {{/is_renotify}}" in found["message"]


@pytest.mark.parametrize(
    ("probe", "said"),
    [
        ("every: 1m, failures: 2", "It has failed 2 times in a row, every 1m."),
        ("every: 2m, failures: 2, approximate: [datadog]", "It has failed 2 times in a row, every 5m."),
        ("every: 1h, failures: 5, approximate: [datadog]", "It has failed 3 times in a row, every 1h."),
        ("every: 1d, failures: 3, approximate: [datadog]", ""),
    ],
)
def test_the_message_says_how_often_datadog_asks(probe: str, said: str) -> None:
    text = HEAD + f'  p: {{service: web, http: "https://shop.example/", {probe}}}\n'
    message = bodies(text)["probes.p"]["message"]
    assert [line for line in message.splitlines() if "in a row" in line] == ([said] if said else [])


def test_what_is_only_measured_names_nobody() -> None:
    assert bodies(spec("quiet"))["probes.quiet"]["message"] == (
        "Only measured\n\n-- managed by monmc shop/default/probes.quiet, do not edit here"
    )


@pytest.mark.parametrize(
    ("probe", "grade", "reason"),
    [
        ('http: "https://shop.example/"', Grade.EXACT, ""),
        (
            'http: "https://shop.example/", every: 2m, approximate: [datadog]',
            Grade.APPROXIMATE,
            "it runs every 5m instead of 2m, which is none of Datadog's intervals",
        ),
        (
            'http: "https://shop.example/", timeout: 2500ms',
            Grade.APPROXIMATE,
            "an answer may take 3s instead of 2s500ms: Datadog counts whole seconds",
        ),
        (
            'http: "https://shop.example/", every: 1h, failures: 5',
            Grade.APPROXIMATE,
            "it is told after 2h of failures instead of 4h: Datadog waits no longer",
        ),
        (
            'http: "https://shop.example/", slow: 2s',
            Grade.APPROXIMATE,
            SLOW,
        ),
        (
            'http: {url: "https://shop.example/", certificate: 36h}',
            Grade.APPROXIMATE,
            "the certificate is told of 2d before its end instead of 1d12h: Datadog counts days",
        ),
        (
            'http: {url: "https://shop.example/", http_version: "3"}',
            Grade.UNTRANSLATABLE,
            "Datadog does not speak HTTP/3",
        ),
        (
            'tcp: {address: "mail.example:25", exchange: [{expect: "^220"}]}',
            Grade.UNTRANSLATABLE,
            "Datadog's TCP tests only connect: they send and expect nothing",
        ),
        ("dns: {name: shop.example, type: SOA}", Grade.UNTRANSLATABLE, "Datadog's DNS tests know no SOA records"),
        (
            "cron: {every: 1d}",
            Grade.UNTRANSLATABLE,
            "Datadog asks, and a job that has ended does not answer",
        ),
    ],
)
def test_differences_are_told(probe: str, grade: Grade, reason: str) -> None:
    assert differing(probe) == (grade, reason)


@pytest.fixture
def server() -> Iterator[FakeDatadog]:
    """An empty Datadog."""
    found = FakeDatadog()
    with found.started():
        yield found


def test_pushed_means_nothing_left_to_do(server: FakeDatadog, tmp_path: Path) -> None:
    """The fake refuses what Datadog's own client library does not understand."""
    documents, reported = compiled(spec(*PROBES))
    assert reported == ()
    secrets = {"SHOP_TOKEN": "tok-123456", "SHOP_PASSWORD": "pw-1234567"}
    api = connected(server, SPEC, **secrets)
    state = State(tmp_path / ".monmc", "shop", "default")
    with Connection({}, secrets, clock=Clock()) as connection, open_session(state) as session:
        system = System("datadog", "Datadog", api)
        record, _ = last_state(state)
        target = Target("shop", "default", documents, record, connection, True)
        outcome = session.apply(plan_push(target, [system]), [system], target, lambda _event: None)
        assert {event.what for event in outcome.events} == {"done"}
        assert len(server.objects["synthetics"]) == len(PROBES) + 5
        assert plan_push(target, [system]).work == ()
