"""What the rulers of Mimir and Cortex take, and where.

Sources: pkg/ruler/api.go of grafana/mimir and cortexproject/cortex; Mimir, "HTTP API", "Ruler"; Cortex, "HTTP API",
"Ruler"; the defaults of ``-ruler.max-rules-per-rule-group`` (20) and ``-ruler.max-rule-groups-per-tenant`` (70).
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.spec.models.targets import RulerTarget

CORTEX_RULES: Final = "/api/v1/rules"
TENANT_HEADER: Final = "X-Scope-OrgID"


def rules_path(target: RulerTarget) -> str:
    """Where the groups of the tenant are kept: below the prefix of Prometheus's API, or in Cortex at a fixed place."""
    return CORTEX_RULES if target.kind == "cortex" else f"{target.prefix.rstrip('/')}/config/v1/rules"


def evaluation_path(target: RulerTarget) -> str:
    """Where the ruler says how evaluating went, as Prometheus does."""
    return f"{target.prefix.rstrip('/')}/api/v1/rules"
