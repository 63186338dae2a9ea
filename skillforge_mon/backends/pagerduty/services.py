"""The services that are paged, each with the integration that Alertmanager and Datadog send events to."""

from __future__ import annotations

from skillforge_mon.backends.pagerduty.capabilities import HIGH, INTEGRATION_NAME, INTEGRATION_TYPE
from skillforge_mon.documents.document import Plain
from skillforge_mon.documents.references import reference
from skillforge_mon.lower.paging import PagerDutyService
from skillforge_mon.spec.models.pagerduty import PagerDutyTarget


def service(target: PagerDutyTarget, paged: PagerDutyService) -> Plain:
    """The service. Unless the target says otherwise it never closes an incident: whoever opened it tells its end."""
    whose = f"the service {paged.service}" if paged.service else "whichever service"
    return {
        "type": "service",
        "name": paged.name,
        "description": f"Alerts of {whose} that follow the policy {paged.policy.name}.",
        "auto_resolve_timeout": _seconds(target.auto_resolve),
        "acknowledgement_timeout": _seconds(target.acknowledgement),
        "alert_creation": "create_alerts_and_incidents",
        "escalation_policy": {
            "type": "escalation_policy_reference",
            "id": reference("escalation_policy", paged.policy.id),
        },
        "incident_urgency_rule": {"type": "constant", "urgency": _urgency(paged)},
    }


def integration(paged: PagerDutyService) -> Plain:
    """Where events come in. Its key is made by PagerDuty, and stands in no document."""
    return {
        "type": INTEGRATION_TYPE,
        "name": INTEGRATION_NAME,
        "service": {"type": "service_reference", "id": reference("service", paged.key)},
    }


def _urgency(paged: PagerDutyService) -> str:
    """``high`` wakes people and escalates, ``low`` does neither; mixed severities decide for themselves."""
    severities = paged.climbing | paged.staying
    if severities == {HIGH}:
        return "high"
    return "severity_based" if HIGH in severities else "low"


def _seconds(length: int | None) -> int | None:
    """None, which is never, also for 0."""
    return -(-length // 1000) if length else None
