"""The spec that the examples about scenarios start from."""

from __future__ import annotations

from skillforge_mon.checks.examples import GOOD

SCENARIO = (
    GOOD
    + """\
tests:
  backlog:
    given:
      queue_length{queue="mails"}: [5 for 10m, 500]
    expect:
      - {at: 10m, none: true}
      - {at: 20m, alerts: [Backlog]}
"""
)
