"""MON10xx and MON9xxx of the run as a whole: suppressions, and defects of monmc itself."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

_HEAD = "version: 1\nproject: shop\n"

UNKNOWN_IGNORED_CODE = Code(
    "MON1217",
    "unknown-ignored-code",
    Severity.ERROR,
    "`ignore` names a code that monmc does not have.",
    "It would silence nothing; a slip of the finger here hides until somebody relies on it.",
    bad=_HEAD + "services:\n  web: {ignore: {MON9998: We know.}}\n",
    good=_HEAD + "services:\n  web: {}\n",
)
UNUSED_IGNORE = Code(
    "MON1218",
    "unused-ignore",
    Severity.WARNING,
    "`ignore` names a code that is not reported for this object.",
    "A silence that outlives its reason will one day hide a real problem.",
    bad=_HEAD + "services:\n  web: {ignore: {MON1205: We know.}}\n",
    good=_HEAD + "services:\n  web: {}\n",
)
IGNORED_ERROR = Code(
    "MON1219",
    "error-cannot-be-ignored",
    Severity.ERROR,
    "`ignore` names the code of an error.",
    "An error means that the output would be wrong or missing; only warnings and notes can be accepted.",
    bad=_HEAD + "services:\n  web: {ignore: {MON1201: We know.}}\n",
    good=_HEAD + "services:\n  web: {}\n",
)
EXPIRED_IGNORE = Code(
    "MON1223",
    "expired-ignore",
    Severity.WARNING,
    "The day until which `ignore` was to silence a code is over.",
    "What was accepted for a while is reported again; somebody has to decide anew.",
    bad=_HEAD
    + "alerts:\n  Down:\n    severity: info\n    expr: up == 0\n"
    + "    ignore: {MON3001: {reason: We know., until: 2019-12-31}}\n",
    good=_HEAD + "services:\n  web: {}\n",
)
SAME_FOLDER = Code(
    "MON5014",
    "same-output-folder",
    Severity.ERROR,
    "Two specs of one run have the same project name, so that they would be written into the same folder.",
    "The second would replace what the first wrote.",
    untestable="it takes two files",
)
NO_TARGET = Code(
    "MON1222",
    "no-such-target",
    Severity.ERROR,
    "A command asks for a backend that the spec does not have under `targets`.",
    "What a backend makes of the spec depends on its target: its version, its names.",
    untestable="it takes a command",
)
DEFECT = Code(
    "MON9001",
    "defect",
    Severity.ERROR,
    "monmc itself has failed.",
    "It is not your spec; please report it with the output of the command.",
    untestable="a defect that could be shown here would have been mended",
)
