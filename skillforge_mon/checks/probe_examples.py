"""A spec to start examples about probes from: it builds without a problem."""

from __future__ import annotations

from typing import Final

from skillforge_mon.checks.examples import HEAD

PROBE: Final = (
    HEAD
    + """\
targets: {prometheus: {}, blackbox: {}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, escalation: page, runbook: down}
runbooks:
  down: {resolve: [Look at the latest deployment.]}
probes:
  front:
    service: web
    http: {url: "https://shop.example/", contains: Welcome, certificate: 14d}
    every: 1m
"""
)
ON_SENTRY: Final = (
    HEAD
    + """\
targets: {sentry: {organization: shop, integrations: {slack: Shop}}}
teams:
  shop: {slack: "#shop", sentry: shop}
escalation:
  page: [{notify: shop}]
services:
  web: {team: shop, escalation: page, runbook: down, errors: {sentry_project: web}}
runbooks:
  down: {resolve: [Look at the latest deployment.]}
probes:
  front:
    service: web
    http: "https://shop.example/"
  backup:
    service: web
    cron: {schedule: "0 3 * * *", timezone: Europe/Paris}
"""
)
