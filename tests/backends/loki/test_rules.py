"""Alerts on lines as rules of Loki's ruler: who is told, when, and what a rule cannot say."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade
from skillforge_mon.lower.lowering import Lowering
from tests.backends.alloy.reader import read
from tests.backends.loki.compiled import emitted
from tests.projects import project

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {}
  loki: {}
metrics:
  errors_total: {type: counter, help: Failed requests}
teams:
  shop: {webhook: "http://hooks:8080/"}
  ops: {webhook: "http://ops:8080/"}
escalation:
  page: [{notify: shop, timeout: 15m}, {notify: ops}]
services:
  web: {team: shop}
logs:
  web: {service: web, index_by: [method]}
  text: {format: plain}
alerts:
  Many:
    service: web
    severity: {critical: "> 10"}
    logs: {of: web}
"""


def rules(text: str) -> list[dict[str, Any]]:
    content = emitted(text).content("loki/rules/fake/web.yaml")
    return [rule for group in content["groups"] for rule in group["rules"]]


def expr(logs: str, threshold: str = "> 10") -> str:
    return str(rules(SPEC.replace("{of: web}", logs).replace("> 10", threshold))[0]["expr"])


@pytest.mark.parametrize(
    ("logs", "written"),
    [
        ("{of: web}", 'sum(count_over_time({service="web"}[5m])) > 10'),
        ("{of: web, lines: timeout, within: 1h30m}", 'sum(count_over_time({service="web"} |= "timeout" [1h30m])) > 10'),
        ("{of: web, by: [method]}", 'sum by (method) (count_over_time({service="web"}[5m])) > 10'),
        ("{of: web, lines: {level: error}}", 'sum(count_over_time({service="web", level="error"}[5m])) > 10'),
        (
            "{of: web, lines: {fields: {status: ['500', '50.']}}}",
            'sum(count_over_time({service="web"} | json | status=~"500|50\\\\." [5m])) > 10',
        ),
        ("{of: text, lines: {level: debug}}", 'sum(count_over_time({service="text"} | detected_level=~"debug|trace" [5m])) > 10'),
    ],
)  # fmt: skip
def test_a_number_of_lines_is_counted(logs: str, written: str) -> None:
    assert expr(logs) == written


@pytest.mark.parametrize("label", ["http.status", "http_status"])
def test_a_message_names_a_field_as_the_spec_does(label: str) -> None:
    text = SPEC.replace("index_by: [method]", "index_by: [http.status]").replace(
        "{of: web}", "{of: web, by: [http.status]}"
    )
    (rule,) = rules(text + f'    summary: "{{{{ labels.{label} }}}} fails"\n')
    assert rule["annotations"] == {"summary": "{{ $labels.http_status }} fails"}
    assert rule["expr"] == 'sum by (http_status) (count_over_time({service="web"}[5m])) > 10'


@pytest.mark.parametrize("threshold", ["< 5", "<= 0", "== 0", "!= 3", ">= 0", "> -1"])
def test_no_line_at_all_is_a_number_too(threshold: str) -> None:
    assert expr("{of: web}", threshold) == f'(sum(count_over_time({{service="web"}}[5m])) or vector(0)) {threshold}'


@pytest.mark.parametrize("threshold", ["> 0", ">= 1", "== 2", "!= 0", "< 0"])
def test_where_no_line_is_none_of_them_nothing_is_added(threshold: str) -> None:
    assert expr("{of: web}", threshold) == f'sum(count_over_time({{service="web"}}[5m])) {threshold}'


def test_an_alert_with_a_policy_fires_once_for_each_level() -> None:
    found = rules(SPEC + "    escalation: page\n    for: 5m\n")
    assert [(rule["for"], rule["labels"]["escalation"], rule["labels"]["level"]) for rule in found] == [
        ("5m", "page", "1"),
        ("20m", "page", "2"),
    ]


@pytest.mark.parametrize(
    ("more", "looks_back", "waits"),
    [
        ("", "2m30s", "2m30s"),
        ("    interval: 2m\n", "4m", "1m"),
        ("    interval: 10m\n", "5m", None),
    ],
)
def test_silence_is_waited_for_so_that_a_start_of_loki_does_not_tell(
    more: str, looks_back: str, waits: str | None
) -> None:
    """A real Loki told of it five seconds after its first start."""
    made = emitted(f"{SPEC}    for: 5m\n    summary: x\n    no_data: notify\n{more}")
    content = made.content("loki/rules/fake/web.yaml")
    rules = {rule["alert"]: rule for group in content["groups"] for rule in group["rules"]}
    silent = rules["ManyNoData"]
    assert (silent["expr"], silent.get("for")) == (f'absent_over_time({{service="web"}}[{looks_back}])', waits)


def test_alertmanager_has_the_routes_of_alerts_on_lines() -> None:
    found = Lowering(project(SPEC + "    escalation: page\n"), Report()).notifications
    assert [(route.name, dict(route.labels)) for route in found.routes[:2]] == [
        ("page-level-1", {"escalation": "page", "level": "1"}),
        ("page-level-2", {"escalation": "page", "level": "2"}),
    ]
    assert [(notice.alert.name if notice.alert else "", notice.labels["team"]) for notice in found.notices] == [
        ("Many", "shop")
    ]


def test_lines_of_plain_text_have_no_fields() -> None:
    made = emitted(SPEC.replace("{of: web}", "{of: text, lines: {fields: {status: '500'}}}"))
    verdict = made.verdict("alerts.Many")
    assert (verdict.grade, verdict.reason) == (
        Grade.UNTRANSLATABLE,
        "its lines are plain text, and have no field `status`",
    )
    assert made.content("loki/rules/fake/web.yaml") == {"groups": []}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            "    keep_firing_for: 5m\n",
            "Loki's ruler has no `keep_firing_for`: the alert ends as soon as its condition does",
        ),
        (
            "    no_data: notify\n    loki: 'rate({service=\"web\"}[5m])'\n",
            "missing data is not told: nobody knows which lines the query needs",
        ),
    ],
)
def test_what_a_rule_cannot_say_is_told(more: str, reason: str) -> None:
    assert emitted(SPEC + more).verdict("alerts.Many").reason == reason


def test_a_group_without_lines_is_not_told() -> None:
    made = emitted(SPEC.replace("{of: web}", "{of: web, by: [method]}").replace("> 10", "< 10"))
    assert made.verdict("alerts.Many").reason == "a group without any line has no result, so that it is not told"


def test_prometheus_and_loki_do_not_both_tell_of_one_alert() -> None:
    text = SPEC.replace(
        "    logs: {of: web}\n", "    expr: sum(rate(errors_total[5m]))\n    loki: 'rate({service=\"web\"}[5m])'\n"
    )
    assert [(problem.code, problem.headline) for problem in emitted(text).diagnostics] == [
        ("MON4450", "both Prometheus and Loki tell Alertmanager of `Many`")
    ]


def test_two_collectors_would_read_every_line_twice() -> None:
    made = emitted(SPEC.replace("  loki: {}\n", "  loki: {}\n  alloy: {}\n  promtail: {}\n"))
    assert [problem.code for problem in made.diagnostics] == ["MON4461"]


def test_the_rules_of_prometheus_know_nothing_of_lines(tmp_path: Any) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(SPEC, encoding="utf-8")
    paths = [document.path for document in compile_project(path).documents]
    assert [each for each in paths if "/rules/" in each] == ["loki/rules/fake/web.yaml"]


@pytest.mark.parametrize(("collector", "name"), [("alloy", "Alloy"), ("promtail", "Promtail")])
def test_a_collector_has_a_loki_to_send_to(collector: str, name: str) -> None:
    made = emitted(f"version: 1\nproject: shop\ntargets: {{{collector}: {{}}}}\n")
    assert [problem.headline for problem in made.diagnostics if problem.code == "MON4451"] == [
        f"{name} has no Loki to send lines to"
    ]
    assert made.documents == {}


@pytest.mark.parametrize("collector", ["alloy", "promtail"])
def test_plain_text_has_no_fields_to_read(collector: str) -> None:
    text = f"version: 1\nproject: shop\ntargets: {{loki: {{}}, {collector}: {{}}}}\nlogs:\n  web:\n    format: plain\n"
    text += "    source: {files: /x}\n    time: ts\n    index_by: [method]\n    drop: [{level: debug}]\n"
    verdict = emitted(text).verdict("logs.web", collector)
    assert (verdict.grade, verdict.reason, verdict.field) == (
        Grade.APPROXIMATE,
        "lines of plain text have no fields: time, index_by, drop cannot be done",
        "time",
    )


@pytest.mark.parametrize("collector", ["alloy", "promtail"])
def test_lines_without_a_level_are_not_dropped_by_one(collector: str) -> None:
    text = f"version: 1\nproject: shop\ntargets: {{loki: {{}}, {collector}: {{}}}}\nretention: {{logs: {{default: 7d, error: 9d}}}}\n"
    text += "logs:\n  web: {source: {files: /x}, level: null, drop: [{level: debug}, {contains: ping}]}\n"
    made = emitted(text)
    verdict = made.verdict("logs.web", collector)
    assert (verdict.grade, verdict.reason, verdict.field) == (
        Grade.APPROXIMATE,
        "its lines have no level by which any could be dropped",
        "drop",
    )
    assert made.verdict("logs.web").reason == "its lines name no `level` and have no label `level`: all are kept for 9d"


def test_a_unit_has_its_whole_name_in_the_journal() -> None:
    """``_SYSTEMD_UNIT=nginx`` is in no line."""
    text = "version: 1\nproject: shop\ntargets: {loki: {}, COLLECTOR: {}}\n"
    text += "logs:\n  web: {source: {journal: [nginx, nginx.service, backup.timer, app@1.2]}}\n"
    promtail = emitted(text.replace("COLLECTOR", "promtail")).content("promtail/promtail.yaml")
    assert [(each["job_name"], each["journal"]["matches"]) for each in promtail["scrape_configs"]] == [
        ("web nginx.service", "_SYSTEMD_UNIT=nginx.service"),
        ("web backup.timer", "_SYSTEMD_UNIT=backup.timer"),
        ("web app@1.2.service", "_SYSTEMD_UNIT=app@1.2.service"),
    ]
    blocks = read(str(emitted(text.replace("COLLECTOR", "alloy")).content("alloy/config.alloy")))
    assert [(block.label, block.attributes["matches"]) for block in blocks if block.name == "loki.source.journal"] == [
        ("web_nginx", "_SYSTEMD_UNIT=nginx.service"),
        ("web_backup_timer", "_SYSTEMD_UNIT=backup.timer"),
        ("web_app_1_2", "_SYSTEMD_UNIT=app@1.2.service"),
    ]
