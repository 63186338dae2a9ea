"""`use: probes` in Datadog: what its own tests measure, or what the Agent sends."""

from __future__ import annotations

import json
import re

from skillforge_mon.backends.datadog.query.parser import normal_expression
from tests.backends.datadog.dashboards.boards import body, reasons, stops

SPEC = """\
version: 1
project: shop
targets: {datadog: {locations: [aws:eu-west-1]}, prometheus: {}, blackbox: {}}
teams: {ops: {datadog: ["@ops@shop.example"]}}
services: {web: {team: ops}}
probes:
  home: {service: web, http: {url: "https://shop.example/", certificate: 14d}, backends: [datadog]}
  port: {service: web, tcp: {address: "shop.example:443"}, backends: [datadog]}
  ping: {service: web, icmp: {host: shop.example}, backends: [prometheus]}
dashboards: {home: {backends: [datadog], rows: [{use: probes, service: web}]}}
"""
SCOPE = "project:shop AND (probe:home OR probe:port)"


def test_every_panel_asks_for_exactly_these_tests() -> None:
    (group,) = body(SPEC)["widgets"]
    found = {
        widget["definition"]["title"]: (
            widget["definition"]["type"],
            [query["query"] for query in request["queries"]],
            [formula["formula"] for formula in request["formulas"]],
        )
        for widget in group["definition"]["widgets"]
        for request in widget["definition"]["requests"]
    }
    runs = [
        f"sum:synthetics.test_runs{{{SCOPE} AND status:success}} by {{probe}}.as_count()",
        f"sum:synthetics.test_runs{{{SCOPE}}} by {{probe}}.as_count()",
    ]
    phases = ["dns", "connect", "ssl", "firstbyte", "download"]
    assert found == {
        "Good answers": ("query_table", runs, ["a / b"]),
        "Good answers over time": ("timeseries", runs, ["a / b"]),
        "Duration": (
            "timeseries",
            [f"avg:synthetics.{kind}.response.time{{{SCOPE}}} by {{probe}}" for kind in ("http", "tcp")],
            ["a", "b"],
        ),
        "Duration by phase": (
            "timeseries",
            [f"avg:synthetics.http.{phase}.time{{{SCOPE}}}" for phase in phases],
            ["a", "b", "c", "d", "e"],
        ),
        "Certificates end in": (
            "query_table",
            [f"min:synthetics.ssl.time_to_expiry{{{SCOPE}}} by {{probe}}"],
            ["a / 1440"],
        ),
    }
    for _, queries, _ in found.values():
        for query in queries:
            assert normal_expression(query).startswith(query.partition("{")[0])


def test_what_datadog_cannot_show_is_told() -> None:
    assert reasons(SPEC) == [
        "`use: probes` leaves out `ping`, which Datadog does not ask",
        "`use: probes` has no status codes: no metric of Datadog's tests has them",
    ]


def test_what_prometheus_asks_is_shown_as_the_agent_sends_it() -> None:
    text = re.sub(r"  (home|port): .*\n", "", SPEC)
    assert "probe_success" in json.dumps(body(text)["widgets"])


def test_nothing_to_show_is_an_error() -> None:
    text = re.sub(r"  (home|port|ping): .*\n", "", SPEC).replace("probes:\ndash", "dash")
    assert stops(text) == [
        (
            "rows.0.use",
            "`use: probes` shows what Datadog asks, and it asks nothing",
            "send one there: `backends: [datadog]` in the probe",
        )
    ]
