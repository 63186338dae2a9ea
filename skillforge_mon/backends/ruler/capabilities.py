"""What the rulers of Mimir and Cortex take, and where.

Sources: pkg/ruler/api.go of grafana/mimir and cortexproject/cortex; Mimir, "HTTP API", "Ruler"; Cortex, "HTTP API",
"Ruler"; pkg/util/validation/limits.go of both, for the defaults of ``-ruler.max-rules-per-rule-group`` and
``-ruler.max-rule-groups-per-tenant``, of which 0 is no limit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skillforge_mon.backends.output import Output
from skillforge_mon.spec.models.targets import RulerTarget

CORTEX_RULES: Final = "/api/v1/rules"
TENANT_HEADER: Final = "X-Scope-OrgID"


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rules a group may have, and how many groups a tenant; None for any number."""

    rules_per_group: int | None
    groups: int | None


_USUAL: Final = {"mimir": Limits(20, 70), "cortex": Limits(None, None)}
"""What the servers take unless they are told otherwise."""


def limits_of(target: RulerTarget) -> Limits:
    """The limits of ``target``: those it names, else what its server takes unless it is told otherwise."""
    said, usual = target.limits, _USUAL[target.kind]
    return Limits(
        usual.rules_per_group if said.rules_per_group is None else said.rules_per_group or None,
        usual.groups if said.groups is None else said.groups or None,
    )


def rules_path(target: RulerTarget) -> str:
    """Where the groups of the tenant are kept: below the prefix of Prometheus's API, or in Cortex at a fixed place."""
    return CORTEX_RULES if target.kind == "cortex" else f"{target.prefix.rstrip('/')}/config/v1/rules"


def evaluation_path(target: RulerTarget) -> str:
    """Where the ruler says how evaluating went, as Prometheus does."""
    return f"{target.prefix.rstrip('/')}/api/v1/rules"


OUTPUTS: Final = (
    Output(
        "rule groups of Mimir and Cortex",
        ("alerts", "slos", "recordings"),
        "ruler/*",
        ("tests/real/test_rulers.py", "tests/real/test_vmalert.py"),
        "monmc push",
    ),
)
"""What it writes."""
