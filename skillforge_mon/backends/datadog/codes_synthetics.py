"""MON4420: a probe that Datadog would ask from nowhere."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

GOOD = """\
version: 1
project: shop
targets:
  datadog: {locations: [aws:eu-west-1]}
teams:
  shop: {datadog: "@slack-acme-shop"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, escalation: page, runbook: down}
runbooks:
  down: {resolve: [Look at the latest deployment.]}
probes:
  front: {service: web, http: "https://shop.example/"}
"""
NO_LOCATION = Code(
    "MON4420",
    "probe-without-location",
    Severity.ERROR,
    "Neither a probe nor the target says from where Datadog asks.",
    "Datadog refuses a test without a location; each one that is added is paid for, so none is guessed.",
    bad=GOOD.replace("{locations: [aws:eu-west-1]}", "{}"),
    good=GOOD,
)
CODES = (NO_LOCATION,)
