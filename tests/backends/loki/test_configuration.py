"""loki.yaml: its shape, retention by stream and level, and what is said where Loki cannot."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.loki.compiled import emitted, text_of
from tests.backends.loki.schema import REMOVED, LokiConfiguration, keys_and_texts
from tests.specs.compiled import compiled

HEAD = "version: 1\nproject: shop\ntargets:\n  loki: {}\nservices: {web: {}}\n"
WEB = "logs:\n  web: {service: web}\n"


def configuration(text: str) -> Any:
    return emitted(text).content("loki/loki.yaml")


@pytest.mark.parametrize("text", [text_of("shop"), text_of("small"), HEAD + WEB, HEAD])
def test_it_has_no_key_that_loki_does_not_know_and_none_that_is_gone(text: str) -> None:
    content = configuration(text)
    LokiConfiguration.model_validate(content)
    assert keys_and_texts(content) & REMOVED == set()


@pytest.mark.parametrize("name", ["jac.yaml", "toolboxai.yaml"])
def test_so_do_the_platforms(name: str) -> None:
    [content] = [each.content for each in compiled(name).documents if each.path == "loki/loki.yaml"]
    LokiConfiguration.model_validate(content)
    assert keys_and_texts(content) & REMOVED == set()


def test_each_level_is_kept_as_long_as_toolboxai_says() -> None:
    [content] = [each.content for each in compiled("toolboxai.yaml").documents if each.path == "loki/loki.yaml"]
    limits: Any = content["limits_config"]  # type: ignore[index, call-overload]
    assert limits["retention_period"] == "2160h"
    assert limits["retention_stream"] == [
        {"selector": '{level="warning"}', "priority": 1, "period": "720h"},
        {"selector": '{level="info"}', "priority": 1, "period": "168h"},
        {"selector": '{level="debug"}', "priority": 1, "period": "24h"},
    ]


ALERT = "alerts: {Many: {service: web, severity: {critical: '> 9'}, logs: {of: web}, for: 5m, summary: Many}}\n"


def test_alerts_lead_to_their_query_in_grafana() -> None:
    """A real Loki gave them addresses without a host, ``/explore?left=…``."""
    text = HEAD.replace("loki: {}", 'loki: {}\n  grafana: {url: "https://${env:GRAFANA_HOST}"}') + WEB + ALERT
    made = emitted(text)
    assert made.content("loki/loki.yaml")["ruler"] == {
        "storage": {"type": "local", "local": {"directory": "/etc/loki/rules"}},
        "rule_path": "/loki/rules-temp",
        "enable_api": True,
        "external_url": "https://${GRAFANA_HOST}",
        "datasource_uid": "shop-loki",
    }
    assert made.content("loki/loki.flags") == "-config.expand-env=true\n"


def test_references_are_variables_of_the_environment_that_loki_can_name() -> None:
    """A real Loki refuses ``${loki.s3-key}``: "missing closing brace"."""
    storage = (
        '{bucket: "${env:BUCKET}", region: eu, access_key: "${secret:loki.s3-key}", secret_key: "${secret:S3_SECRET}"}'
    )
    made = emitted(HEAD.replace("loki: {}", f"loki: {{storage: {storage}}}") + WEB)
    assert made.content("loki/loki.yaml")["common"]["storage"] == {
        "s3": {
            "bucketnames": "${BUCKET}",
            "region": "eu",
            "access_key_id": "${loki_s3_key}",
            "secret_access_key": "${S3_SECRET}",
        }
    }
    assert made.content("loki/loki.flags") == "-config.expand-env=true\n"


def test_nothing_is_deleted_where_nothing_is_said() -> None:
    content = configuration(HEAD + WEB)
    assert content["compactor"] == {"working_directory": "/loki/compactor", "retention_enabled": False}
    assert "retention_period" not in content["limits_config"]


@pytest.mark.parametrize(("said", "written"), [("30d", "720h"), ("36h", "36h"), ("90m", "24h"), ("1d", "24h")])
def test_retention_is_in_hours_and_a_day_at_the_least(said: str, written: str) -> None:
    content = configuration(f"{HEAD}retention: {{logs: {said}}}\n{WEB}")
    assert content["limits_config"]["retention_period"] == written


def test_the_stream_with_a_retention_of_its_own_comes_before_the_levels_of_all() -> None:
    text = HEAD + "retention: {logs: {default: 30d, debug: 1d}}\nlogs:\n  web: {service: web, retention: 7d}\n"
    assert configuration(text)["limits_config"]["retention_stream"] == [
        {"selector": '{level="debug"}', "priority": 1, "period": "24h"},
        {"selector": '{service="web"}', "priority": 2, "period": "168h"},
    ]


def test_less_than_a_day_is_told() -> None:
    verdict = emitted(HEAD + WEB + "retention: {logs: 12h}\n").verdict("logs.web")
    assert verdict == Verdict(
        "loki",
        "logs.web",
        Grade.APPROXIMATE,
        "Loki keeps lines for a day at the least, and default 12h is less",
        "keep them for 1d or longer",
        "retention",
    )


def test_levels_of_plain_text_cannot_be_told_apart() -> None:
    text = HEAD + "retention: {logs: {error: 90d, info: 7d}}\nlogs:\n  web: {service: web, format: plain}\n"
    made = emitted(text)
    assert made.verdict("logs.web").reason == "its lines are plain text and have no label `level`: all are kept for 90d"
    assert made.content("loki/loki.yaml")["limits_config"]["retention_stream"] == [
        {"selector": '{level="info"}', "priority": 1, "period": "168h"},
    ]


def test_what_comes_by_otlp_is_not_masked_on_the_way() -> None:
    text = HEAD + "logs:\n  web: {service: web, source: {otlp: true}, mask: [{name: card, matches: '[0-9]{16}'}]}\n"
    assert emitted(text).verdict("logs.web").reason == (
        "lines that come by OTLP are kept as they are sent: mask is left to the application"
    )


@pytest.mark.parametrize(
    ("own", "periods"),
    [
        ("{error: 180d}", [('{service="web"}', 2, "720h"), ('{service="web", level="error"}', 3, "4320h"),
                           ('{service="web", level="debug"}', 3, "24h")]),
        ("14d", [('{service="web"}', 2, "336h")]),
        ("{default: 14d, error: 180d}", [('{service="web"}', 2, "336h"), ('{service="web", level="error"}', 3, "4320h")]),
    ],
)  # fmt: skip
def test_levels_that_a_stream_does_not_name_are_kept_as_all_streams_are(
    own: str, periods: list[tuple[str, int, str]]
) -> None:
    text = HEAD + "retention: {logs: {default: 30d, debug: 1d}}\nlogs: {web: {service: web, retention: " + own + "}}\n"
    limits = configuration(text)["limits_config"]
    assert limits["retention_period"] == "720h"
    assert [tuple(each.values()) for each in limits["retention_stream"]] == [
        ('{level="debug"}', 1, "24h"),
        *periods,
    ]


@pytest.mark.parametrize(
    ("targets", "source"),
    [("loki: {}", "files: /x"), ("loki: {}\n  alloy: {}", "otlp: false"), ("loki: {}", "otlp: false")],
)
def test_what_nobody_reads_is_not_masked_on_the_way(targets: str, source: str) -> None:
    keys = "mask: [{name: card, matches: '[0-9]{16}'}], drop: [ping]"
    text = HEAD.replace("loki: {}", targets) + f"logs:\n  web: {{service: web, source: {{{source}}}, {keys}}}\n"
    verdict = emitted(text).verdict("logs.web")
    assert (verdict.grade, verdict.reason, verdict.field) == (
        Grade.APPROXIMATE,
        "nothing of this project reads its lines: drop, mask is left to what sends them",
        "drop",
    )
    read = text.replace("loki: {}\n", "loki: {}\n  promtail: {}\n").replace("otlp: false", "journal: web.service")
    assert emitted(read).verdict("logs.web").grade is Grade.EXACT


BOTH_WAYS = """\
retention: {logs: {default: 30d, error: 90d}}
logs:
  web: {service: web, source: {otlp: true}, retention: 7d}
  web-access: {service: web, source: {files: /var/log/access.log}}
"""


def test_what_comes_by_otlp_is_told_from_other_lines_of_its_service() -> None:
    """Loki gives ``service_name`` to lines with the label ``service`` as well, and Alloy sets ``service``."""
    made = emitted(HEAD + BOTH_WAYS + ALERT)
    assert made.content("loki/loki.yaml")["limits_config"]["retention_stream"] == [
        {"selector": '{level="error"}', "priority": 1, "period": "2160h"},
        {"selector": '{service_name="web", service=""}', "priority": 2, "period": "168h"},
    ]
    [group] = made.content("loki/rules/fake/web.yaml")["groups"]
    assert group["rules"][0]["expr"] == 'sum(count_over_time({service_name="web", service=""}[5m])) > 9'


def test_two_streams_of_one_service_cannot_both_come_by_otlp() -> None:
    text = HEAD + BOTH_WAYS.replace("files: /var/log/access.log", "otlp: true")
    made = emitted(text)
    assert made.verdict("logs.web").grade is Grade.EXACT
    verdict = made.verdict("logs.web-access")
    assert (verdict.grade, verdict.reason, verdict.instead, verdict.field) == (
        Grade.UNTRANSLATABLE,
        "the lines of `web` come by OTLP from the same service: nothing tells Loki which are whose",
        "make one stream of them, or give each a service",
        "source",
    )


def test_loki_2_is_too_old() -> None:
    verdict = emitted(HEAD.replace("{}", "{version: '2.9'}", 1) + WEB).verdict("targets.loki")
    assert (verdict.grade, verdict.instead) == (Grade.UNTRANSLATABLE, "Loki 3.0 or later")


def test_a_secret_is_never_written() -> None:
    text = HEAD.replace("{}", '{storage: {bucket: b, access_key: abc, secret_key: "${secret:S3_SECRET}"}}', 1)
    storage = configuration(text + WEB)["common"]["storage"]["s3"]
    assert storage == {"bucketnames": "b", "secret_access_key": "${S3_SECRET}"}
    assert emitted(text + WEB).content("loki/loki.flags") == "-config.expand-env=true\n"


@pytest.mark.parametrize(
    ("target", "rest", "told"),
    [
        ('{url: "http://${env:HOST}", tenant: "${secret:T}", username: u}', "alloy: {}", ["Alloy url", "Alloy tenant"]),
        ('{username: "${secret:U}"}', "promtail: {}", ["Promtail username"]),
        ('{tenant: "${secret:T}"}', "datadog: {}", ["the folder of rules tenant"]),
        ('{tenant: t, password: "${secret:P}", username: u}', "alloy: {}", []),
    ],
)
def test_a_reference_that_nothing_fills_in_is_an_error(target: str, rest: str, told: list[str]) -> None:
    text = HEAD.replace("loki: {}", f"loki: {target}\n  {rest}") + WEB + (ALERT if "datadog" in rest else "")
    found = [each for each in emitted(text).diagnostics if each.code == "MON4640"]
    assert [each.headline for each in found] == [
        f"{reader} would take the reference in `targets.loki.{field}` for what it stands for"
        for reader, _, field in (each.rpartition(" ") for each in told)
    ]
    assert all(each.span is not None for each in found)
