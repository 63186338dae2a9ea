"""MON4460 and MON4461: Promtail."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_SPEC = """\
version: 1
project: shop
targets:
  loki: {}
  promtail: {}
services: {web: {}}
logs:
  web: {service: web, source: {files: /var/log/web.log}}
"""
END_OF_LIFE = Code(
    "MON4460",
    "promtail-has-ended",
    Severity.WARNING,
    "A project is compiled for Promtail.",
    "Nothing in it is mended any more. Alloy reads the same sources with the same stages.",
    bad=_SPEC,
    good=_SPEC.replace("promtail", "alloy"),
)
TWO_COLLECTORS = Code(
    "MON4461",
    "two-log-collectors",
    Severity.ERROR,
    "A project is compiled for Alloy and for Promtail.",
    "Both would read the same lines, and Loki would keep them twice: every alert would count them twice.",
    bad=_SPEC.replace("  promtail: {}", "  promtail: {}\n  alloy: {}"),
    good=_SPEC.replace("promtail", "alloy"),
)
