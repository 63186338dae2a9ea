"""Specs to start examples about traces from."""

from __future__ import annotations

from typing import Final

from skillforge_mon.checks.examples import HEAD

TRACES: Final = (
    HEAD
    + """\
targets:
  tempo: {}
services: {web: {}, api: {}}
retention: {traces: 14d}
traces:
  services: [web]
"""
)
"""Traces that go straight to where they are kept."""
COLLECTED: Final = TRACES.replace("  tempo: {}\n", "  prometheus: {}\n  tempo: {}\n  collector: {}\n")
"""Traces that go through a collector, and may be counted."""
