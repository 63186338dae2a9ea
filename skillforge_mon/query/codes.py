"""MON1216: a packaged metric catalogue that monmc does not have."""

from __future__ import annotations

from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Severity

UNKNOWN_CATALOGUE = Code(
    "MON1216",
    "unknown-catalogue",
    Severity.ERROR,
    "`use` names a packaged metric catalogue that monmc does not have.",
    "Every metric of that exporter would be reported as unknown.",
    bad="version: 1\nproject: shop\nuse: [node, postgress]\n",
    good="version: 1\nproject: shop\nuse: [node, postgres]\n",
)
