"""The objects in Sentry that monmc pushes, as its people call them: monitors and alerts, or the old rules."""

from __future__ import annotations

from typing import Final

from skillforge_mon.remote.api import Kind

DETECTOR: Final = "detector"
WORKFLOW: Final = "workflow"
ISSUE_RULE: Final = "issue_rule"
ALERT_RULE: Final = "alert_rule"

KINDS: Final = {
    "workflows": (Kind(DETECTOR, 10, "monitor"), Kind(WORKFLOW, 20, "alert")),
    "legacy": (Kind(ALERT_RULE, 10, "metric alert rule"), Kind(ISSUE_RULE, 20, "issue alert rule")),
}
"""By ``targets.sentry.mode``. A workflow names its detector, so the detector comes first."""
