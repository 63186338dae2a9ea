"""MON3511 to MON3515: metric pages that cannot be read."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_NO_SPEC = "The problem stands on the page of an exporter, not in a spec."

BAD_LINE = Code(
    "MON3511",
    "page-line-unreadable",
    Severity.ERROR,
    "A line of a metric page is not in the exposition format.",
    "Prometheus refuses the whole page for one such line, so the exporter is broken or the page was cut or edited.",
    untestable=_NO_SPEC,
)
BAD_METADATA = Code(
    "MON3512",
    "page-metadata-contradicts",
    Severity.ERROR,
    "`# TYPE`, `# HELP` or `# UNIT` is given twice, after the samples that it describes, or says what does not exist.",
    "The type decides what may be asked of a metric, so it must be certain.",
    untestable=_NO_SPEC,
)
BAD_SAMPLE = Code(
    "MON3513",
    "page-sample-of-another-type",
    Severity.ERROR,
    "A sample of a metric page cannot belong to a metric of the type that the page says.",
    "A bucket without `le` or a counter below zero tells that the exporter does not mean what it says.",
    untestable=_NO_SPEC,
)
TOO_LARGE = Code(
    "MON3514",
    "page-too-large",
    Severity.ERROR,
    "A metric page is larger than monmc reads.",
    "A page of that size is no page of metrics, or its labels take far too many values.",
    untestable=_NO_SPEC,
)
UNREACHABLE = Code(
    "MON3515",
    "page-unreachable",
    Severity.ERROR,
    "A metric page could not be read: there is no such file, or the address does not answer with a page.",
    "There is nothing to make a catalogue of.",
    untestable="It depends on files and servers outside the spec.",
)
