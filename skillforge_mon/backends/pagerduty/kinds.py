"""The kinds of objects, and where the API has them: https://developer.pagerduty.com/api-reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from skillforge_mon.remote.api import Kind

INTEGRATION: Final = "integration"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``path`` lists and creates; an object is wrapped in ``one``, a page of them in ``many``.

    ``whole`` is False where a listing leaves out most of an object.
    """

    kind: Kind
    path: str
    one: str
    many: str
    whole: bool = True


ENDPOINTS: Final = {
    endpoint.kind.name: endpoint
    for endpoint in (
        Endpoint(Kind("team", 0, "team"), "/teams", "team", "teams"),
        Endpoint(Kind("schedule", 1, "schedule"), "/schedules", "schedule", "schedules", whole=False),
        Endpoint(
            Kind("escalation_policy", 2, "escalation policy"),
            "/escalation_policies",
            "escalation_policy",
            "escalation_policies",
        ),
        Endpoint(Kind("service", 3, "service"), "/services", "service", "services"),
    )
}
"""Kind -> its addresses. An integration lives below its service, and is not among them."""

KINDS: Final = (*(endpoint.kind for endpoint in ENDPOINTS.values()), Kind(INTEGRATION, 4, "integration"))
