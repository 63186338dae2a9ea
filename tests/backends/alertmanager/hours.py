"""A spec with working hours, and what its intervals are called."""

from __future__ import annotations

SPEC = """\
version: 1
project: shop
targets:
  prometheus: {}
  alertmanager: {version: "0.25", default_team: rest}
metrics:
  queue_length: {type: gauge, help: Jobs, labels: {queue: bounded}}
teams:
  dev-team: {webhook: "http://hooks:80/dev"}
  on-call: {webhook: "http://hooks:80/on-call"}
  rest: {webhook: "http://hooks:80/rest", hours: {days: [saturday, sunday], timezone: Asia/Tokyo}}
escalation:
  page:
    levels:
      - notify: dev-team
        hours: {days: weekday, from: "09:00", to: "18:00", timezone: Europe/Paris}
        otherwise: on-call
        timeout: 15m
      - {notify: [on-call, rest]}
services:
  web: {team: dev-team, escalation: page}
maintenance:
  deploy: {every: saturday, from: "02:00", for: 2h, severities: [warning]}
alerts:
  Backlog: {service: web, severity: {critical: "> 9", warning: "> 5"}, expr: sum by (queue) (queue_length)}
"""
INSIDE = "Monday to Friday 09:00 - 18:00 Europe/Paris"
OUTSIDE = f"outside {INSIDE}"
WEEKEND = "Saturday and Sunday Asia/Tokyo"
