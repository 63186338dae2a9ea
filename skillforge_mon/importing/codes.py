"""MON3540 to MON3552: SLO specs of other tools, and what does not come along between them and ours."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_ONLY_IMPORT = "Only `monmc import slo` reports it, about a file in another tool's language."
_ONLY_EXPORT = "Only `monmc export openslo` reports it; the spec itself is valid."

NOT_A_DOCUMENT = Code(
    "MON3540",
    "slo-file-unreadable",
    Severity.ERROR,
    "A file that should hold SLO specs cannot be read, holds nothing, or holds something that is no map.",
    "An empty result would pass for a file without SLOs.",
    untestable=_ONLY_IMPORT,
)
UNKNOWN_KIND = Code(
    "MON3541",
    "slo-kind-unknown",
    Severity.ERROR,
    "A document is of no kind that `monmc import slo` knows.",
    "An SLO that is passed over without a word is an SLO that nobody watches.",
    untestable=_ONLY_IMPORT,
)
INVALID = Code(
    "MON3542",
    "slo-spec-invalid",
    Severity.ERROR,
    "A document is not what its own kind demands: a field is missing or holds something else.",
    "A guess at what was meant would be a promise that nobody made.",
    untestable=_ONLY_IMPORT,
)
LEFT_OUT = Code(
    "MON3543",
    "slo-not-imported",
    Severity.WARNING,
    "An SLO cannot be carried over, and is left out.",
    "It has to be written by hand, or it is no longer watched.",
    untestable=_ONLY_IMPORT,
)
FIELD_LEFT_OUT = Code(
    "MON3544",
    "slo-field-not-imported",
    Severity.WARNING,
    "A field has no counterpart in our language, and is left out.",
    "What it did is not done any more.",
    untestable=_ONLY_IMPORT,
)
DIFFERENT = Code(
    "MON3545",
    "slo-imported-differently",
    Severity.NOTE,
    "Something was carried over, and differs a little from what it was.",
    "Numbers before and after the change can be compared only by those who know.",
    untestable=_ONLY_IMPORT,
)
DOUBTFUL = Code(
    "MON3546",
    "slo-imported-with-doubt",
    Severity.NOTE,
    "What was carried over is right, but `monmc check` would warn of it; the spec says so under `ignore`.",
    "The weakness came with the SLO, and is a thing to put right afterwards.",
    untestable=_ONLY_IMPORT,
)
NOT_EXPORTED = Code(
    "MON3550",
    "slo-not-in-openslo",
    Severity.WARNING,
    "OpenSLO cannot say an SLO, and it is left out.",
    "A reader of the OpenSLO documents would take them for all SLOs that there are.",
    untestable=_ONLY_EXPORT,
)
EXPORTED_APPROXIMATELY = Code(
    "MON3551",
    "slo-approximate-in-openslo",
    Severity.WARNING,
    "OpenSLO can say the objective of an SLO, but not everything that the spec says of it.",
    "Whoever reads the OpenSLO documents back has less than was there.",
    untestable=_ONLY_EXPORT,
)
