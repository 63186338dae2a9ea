"""What only the command line of Prometheus can say."""

from __future__ import annotations

import pytest

from tests.backends.prometheus.emitting import emitted

SPEC = """\
version: 1
project: shop
targets: {prometheus: {version: "VERSION", experimental_functions: true}}
retention: {metrics: 60d}
metrics:
  queue_length: {type: gauge}
alerts:
  Long: {expr: queue_length, severity: {critical: "> 100"}, for: 3m, summary: Long queue}
  Longer: {expr: queue_length, severity: {critical: "> 200"}, for: 20m, summary: Longer queue}
"""
FLAGS = "prometheus/prometheus.flags"
CONFIGURATION = "prometheus/prometheus.yml"


def test_an_older_server_is_told_on_the_command_line_how_long_it_keeps_samples() -> None:
    found = emitted(SPEC.replace("VERSION", "3.7"))
    assert found.text(FLAGS) == (
        "--storage.tsdb.retention.time=60d\n"
        "--rules.alert.for-grace-period=3m\n"
        "--enable-feature=promql-experimental-functions\n"
    )
    assert "storage" not in found.data(CONFIGURATION)


def test_a_newer_server_reads_it_in_its_configuration() -> None:
    found = emitted(SPEC.replace("VERSION", "3.8"))
    assert found.text(FLAGS) == ("--rules.alert.for-grace-period=3m\n--enable-feature=promql-experimental-functions\n")
    assert found.data(CONFIGURATION)["storage"] == {"tsdb": {"retention": {"time": "60d"}}}


def test_the_targets_own_retention_is_as_good() -> None:
    text = SPEC.replace("retention: {metrics: 60d}\n", "").replace(
        "experimental_functions: true", "retention: 60d, experimental_functions: true"
    )
    assert emitted(text.replace("VERSION", "3.5")).text(FLAGS).startswith("--storage.tsdb.retention.time=60d\n")


@pytest.mark.parametrize(
    ("hold", "flags"),
    [
        ("9m59s", "--rules.alert.for-grace-period=9m59s\n"),  # its state would be forgotten over a restart
        ("10m", None),  # the server's own grace period
    ],
)
def test_the_grace_period_is_that_of_the_shortest_wait_below_the_servers_own(hold: str, flags: str | None) -> None:
    text = SPEC.replace("VERSION", "3.5").replace("retention: {metrics: 60d}\n", "").replace("3m", hold)
    found = emitted(text.replace(", experimental_functions: true", ""))
    assert (found.text(FLAGS) if FLAGS in found.documents else None) == flags


def test_a_server_whose_rules_a_ruler_evaluates_has_no_grace_period() -> None:
    text = SPEC.replace("VERSION", "3.5").replace("targets: {", "targets: {ruler: {url: http://mimir:8080}, ")
    assert "grace" not in emitted(text).text(FLAGS)


def test_what_loki_makes_of_lines_is_taken() -> None:
    text = SPEC.replace("VERSION", "3.8").replace(", experimental_functions: true", "").replace("for: 3m", "for: 30m")
    text = text.replace("targets: {", "targets: {loki: {}, ")
    lines = "logs:\n  web: {metrics: {web_lines: {}}}\n"
    assert FLAGS not in emitted(text).documents
    assert emitted(text + lines).text(FLAGS) == "--web.enable-remote-write-receiver\n"
