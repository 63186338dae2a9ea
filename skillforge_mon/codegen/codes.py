"""MON3521 and MON3522: metrics that no instrumentation module can be written for."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_ONLY_CODEGEN = "Only `monmc codegen` reports it; the spec itself is valid."

NOT_EXPORTABLE = Code(
    "MON3521",
    "metric-not-exportable",
    Severity.ERROR,
    "A metric is declared in a way that the client library cannot export.",
    "The service would export something else than the alerts ask for.",
    untestable=_ONLY_CODEGEN,
)
NOTHING_TO_WRITE = Code(
    "MON3522",
    "no-metrics-of-service",
    Severity.ERROR,
    "An instrumentation module is asked for, but the spec declares no metrics of that service.",
    "The module would be empty, which nobody means.",
    untestable=_ONLY_CODEGEN,
)
