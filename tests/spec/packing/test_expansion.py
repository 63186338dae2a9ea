"""What a use of a pack brings, and how the user's spec lies over it."""

from __future__ import annotations

from tests.spec.packing.expanding import PACK, expanded, problems, root_of

USING = PACK + "services:\n  order-queue: {use: [queue]}\n"
BACKLOG = {
    "service": "order-queue",
    "severity": {"warning": "> 100", "info": "> 10"},
    "expr": 'max by (queue) (jobs_waiting{job="order-queue"})',
    "for": "10m",
    "runbook": "backlog",
}
STOPPED = {"service": "order-queue", "severity": "critical", "expr": "up == 0", "runbook": "backlog"}


def test_a_use_brings_the_fragment_filled_in() -> None:
    assert expanded(USING) == {
        "services": {"order-queue": {"use": ["queue"]}},
        "metrics": {"jobs_waiting": {"type": "gauge", "unit": "jobs", "labels": {"queue": "bounded"}}},
        "slos": {},
        "alerts": {"OrderQueueBacklog": BACKLOG, "OrderQueueStopped": STOPPED},
        "runbooks": {"backlog": {"resolve": ["Add a worker."]}},
    }


def test_a_spec_without_packs_stays_as_it_is() -> None:
    plain = expanded("alerts:\n  Down: {severity: {critical: null}, expr: up == 0}\n")
    assert plain == {"alerts": {"Down": {"severity": {"critical": None}, "expr": "up == 0"}}}


def test_a_parameter_without_a_default_brings_what_needs_it_when_it_is_given() -> None:
    text = PACK + "services:\n  web: {use: [{pack: queue, with: {objective: 99.5%, limit: 7}}]}\n"
    plain = expanded(text)
    assert plain["slos"] == {"web-jobs": {"objective": "99.5%"}}
    assert plain["alerts"]["WebBacklog"]["severity"] == {"warning": "> 7", "info": "> 10"}


def test_null_takes_a_default_away() -> None:
    text = PACK + "services:\n  web: {use: [{pack: queue, with: {limit: null}}]}\n"
    assert list(expanded(text)["alerts"]) == ["WebStopped"]


def test_what_the_user_says_wins_and_the_rest_comes_from_the_pack() -> None:
    text = USING + "alerts:\n  OrderQueueBacklog: {severity: {warning: '> 5'}, for: 1m}\n"
    changed = {**BACKLOG, "severity": {"warning": "> 5", "info": "> 10"}, "for": "1m"}
    assert expanded(text)["alerts"] == {"OrderQueueBacklog": changed, "OrderQueueStopped": STOPPED}


def test_null_takes_an_alert_a_severity_or_a_field_away() -> None:
    text = USING + "alerts:\n  OrderQueueStopped: null\n  OrderQueueBacklog: {severity: {info: null}, for: null}\n"
    left = {key: value for key, value in BACKLOG.items() if key != "for"} | {"severity": {"warning": "> 100"}}
    assert expanded(text)["alerts"] == {"OrderQueueBacklog": left}


def test_a_null_with_nothing_below_it_stays_where_it_means_something() -> None:
    text = USING + "alerts:\n  Own: {severity: {critical: null}, expr: up == 0}\n"
    assert expanded(text)["alerts"]["Own"] == {"severity": {"critical": None}, "expr": "up == 0"}


def test_a_runbook_goes_with_the_last_alert_that_names_it() -> None:
    gone = USING + "alerts: {OrderQueueStopped: null, OrderQueueBacklog: null}\n"
    assert expanded(gone)["runbooks"] == {}
    kept = gone + "runbooks: {backlog: {title: Backlog}}\n"
    assert expanded(kept)["runbooks"] == {"backlog": {"title": "Backlog", "resolve": ["Add a worker."]}}


ENVIRONMENTS = (
    USING
    + """\
alerts:
  OrderQueueBacklog: {for: 5m}
environments:
  staging:
    alerts:
      OrderQueueBacklog: {severity: {warning: '> 500'}}
      OrderQueueStopped: null
  quiet:
    services:
      order-queue: {use: []}
    alerts:
      OrderQueueBacklog: null
  strict:
    services:
      order-queue: {use: [{pack: queue, with: {limit: 1}}]}
"""
)


def test_an_environment_lies_over_the_packs_and_over_the_spec() -> None:
    changed = {**BACKLOG, "severity": {"warning": "> 500", "info": "> 10"}, "for": "5m"}
    assert expanded(ENVIRONMENTS, "staging")["alerts"] == {"OrderQueueBacklog": changed}


def test_an_environment_switches_packs_and_their_parameters() -> None:
    assert expanded(ENVIRONMENTS, "quiet")["alerts"] == {}
    strict = expanded(ENVIRONMENTS, "strict")["alerts"]["OrderQueueBacklog"]
    assert strict == {**BACKLOG, "severity": {"warning": "> 1", "info": "> 10"}, "for": "5m"}


def test_defaults_switch_packs_on_and_lie_under_what_they_bring() -> None:
    text = PACK + (
        "defaults:\n  services: {use: [queue]}\n  alerts: {escalation: page, for: 3m}\n"
        "services:\n  web: {}\n  idle: {use: []}\n"
    )
    plain = expanded(text)
    assert list(plain["alerts"]) == ["WebBacklog", "WebStopped"]
    assert plain["alerts"]["WebStopped"]["for"] == "3m"
    assert plain["alerts"]["WebBacklog"]["for"] == "10m"
    assert plain["alerts"]["WebBacklog"]["escalation"] == "page"


def test_the_selector_is_that_of_the_service_or_its_jobs() -> None:
    def selected(service: str) -> str:
        alerts = expanded(f"{PACK}services:\n  web: {{use: [queue], {service}}}\n")["alerts"]
        return str(alerts["WebBacklog"]["expr"]).partition("{")[2].removesuffix("})")

    assert selected("scrape: ['web:80']") == 'job="web"'
    assert selected("scrape: {targets: ['web:80'], job: pages}") == 'job="pages"'
    assert selected("scrape: ['web:80', {targets: ['web:81'], job: a.b}]") == 'job=~"a\\\\.b|web"'
    assert selected("selector: ' {app=\"web\"} '") == 'app="web"'


def test_with_may_give_the_selector() -> None:
    text = PACK + "services:\n  web: {use: [{pack: queue, with: {selector: 'pod=~\"web-.*\"'}}]}\n"
    assert expanded(text)["alerts"]["WebBacklog"]["expr"] == 'max by (queue) (jobs_waiting{pod=~"web-.*"})'


def test_packaged_catalogues_add_up() -> None:
    text = "use: [node]\nservices:\n  cache: {use: [redis]}\nenvironments:\n  test: {use: [python]}\n"
    assert expanded(text)["use"] == ["node", "redis"]
    assert expanded(text, "test")["use"] == ["python", "redis"]


def test_a_pack_of_the_spec_takes_the_place_of_a_packaged_one() -> None:
    text = PACK.replace("  queue:", "  redis:", 1) + "services:\n  web: {use: redis}\n"
    assert list(expanded(text)["alerts"]) == ["WebBacklog", "WebStopped"]


def test_dashboards_of_packs_need_somebody_who_shows_them() -> None:
    using = "services:\n  web: {use: [http]}\n"
    assert expanded(using)["dashboards"] == {}
    assert list(expanded(f"targets: {{grafana: {{}}}}\n{using}")["dashboards"]) == ["web-http"]


SHARED = PACK + "services:\n  web: {use: [queue]}\n  api: {use: [queue]}\n"


def test_a_service_that_is_called_after_a_packaged_pack_does_not_say_it_twice() -> None:
    def first(service: str) -> str:
        return str(next(iter(expanded(f"services:\n  {service}: {{use: [redis]}}\n")["alerts"])))

    assert [first(name) for name in ("redis", "orders-redis", "orders", "redis-main")] == [
        "RedisDown", "OrdersRedisDown", "OrdersRedisDown", "RedisMainRedisDown",
    ]  # fmt: skip


def test_what_two_uses_say_alike_is_there_once() -> None:
    plain = expanded(SHARED)
    assert list(plain["alerts"]) == ["WebBacklog", "WebStopped", "ApiBacklog", "ApiStopped"]
    assert list(plain["runbooks"]) == ["backlog"]


OTHER = """\
  jobs:
    description: The same metric, seen otherwise
    spec:
      metrics:
        jobs_waiting: {type: gauge, unit: tasks, labels: {worker: bounded}}
"""


def test_what_two_packs_say_differently_is_an_error_unless_the_user_says_it() -> None:
    text = PACK + OTHER + "services:\n  web: {use: [queue, jobs]}\n"
    assert problems(text) == [
        (
            "MON1245",
            "26:37",
            "two packs say `metrics.jobs_waiting.unit` differently",
            "say it yourself at the same place of the spec: that holds",
        )
    ]
    said = expanded(text + "metrics:\n  jobs_waiting: {unit: things}\n")
    labels = {"queue": "bounded", "worker": "bounded"}
    assert said["metrics"] == {"jobs_waiting": {"unit": "things", "type": "gauge", "labels": labels}}


def test_every_value_keeps_its_place() -> None:
    merged, _ = root_of(USING + "alerts:\n  OrderQueueBacklog: {for: 1m}\n")
    alerts = merged.entries["alerts"].node.entries  # type: ignore[union-attr]  # it is a map
    backlog = alerts["OrderQueueBacklog"]
    lines = {key: entry.node.span.line for key, entry in backlog.node.entries.items()}  # type: ignore[union-attr]
    # The name and `for` are the user's; `service` is told where the pack is used; the rest stands in the pack.
    assert backlog.key_span.line == 25
    assert lines == {"for": 25, "service": 23, "severity": 15, "expr": 16, "runbook": 18}
