"""What PagerDuty can say: limits and names as data, each with the place that it was read in.

Sources: [api] the reference of the REST API v2, developer.pagerduty.com/api-reference; [support] support.pagerduty.com;
[terraform] the checks and comments of PagerDuty/terraform-provider-pagerduty.
"""

from __future__ import annotations

from typing import Final

from skillforge_mon.backends.output import Output

BACKEND: Final = "pagerduty"

SHORTEST_DELAY_MINUTES: Final = 1
"""``escalation_delay_in_minutes`` counts whole minutes. [terraform] escalation_policy: at least 1"""

MOST_LOOPS: Final = 9
"""``num_loops`` is 0 to 9. [terraform] escalation_policy"""

MOST_TARGETS: Final = 10
"""``targets`` of a rule are 1 to 10 users or schedules. [api] EscalationRule"""

LAST_DELAY_MINUTES: Final = 30
"""The delay of a last rule, which PagerDuty wants although nothing comes after it: what its web pages begin with."""

HIGH: Final = "critical"
"""The severity of the language whose incidents have high urgency where urgency goes by severity: PagerDuty takes
``critical`` and ``error`` for high, ``warning`` and ``info`` for low. [support] dynamic-notifications"""

INTEGRATION_TYPE: Final = "events_api_v2_inbound_integration"

INTEGRATION_NAME: Final = "monmc"
"""An integration has no description to be marked in. It is ours when it has this name and its service is ours."""

LONGEST_DAILY_SECONDS: Final = 24 * 3600 - 1
"""A ``daily_restriction`` is shorter than a day. [terraform] schedule"""

OUTPUTS: Final = (
    Output(
        "services, policies and schedules",
        ("services", "escalation", "teams"),
        "pagerduty/*",
        ("tests/backends/pagerduty",),
        "monmc push",
        "no PagerDuty can run here: an own schema from the vendor's description stands for it",
    ),
)
"""What it writes."""
