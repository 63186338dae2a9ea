"""Groups and rules of Sensitive Data Scanner as requests.

[api] SensitiveDataScannerGroupCreateRequest, SensitiveDataScannerRuleCreateRequest and their updates: a group is in the
one configuration of the organisation, a rule in a group. What changes one, or takes it away, has ``meta`` for the
version that is meant; without one it is the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from skillforge_mon.backends.datadog.kinds import ENDPOINTS
from skillforge_mon.remote.live import Live

NO_VERSION: Final[Mapping[str, Any]] = {"meta": {}}


def scanner_body(kind: str, fields: Mapping[str, Any], live: Live | None) -> dict[str, Any]:
    """What is sent to make a group or a rule that says ``fields``, or to let ``live`` say them."""
    attributes = {name: member for name, member in fields.items() if name != "group"}
    data: dict[str, Any] = {"type": ENDPOINTS[kind].type, "attributes": attributes}
    if live is not None:
        data["id"] = live.id
    if kind == "scanner_rule":
        data["relationships"] = {"group": {"data": {"type": ENDPOINTS["scanner_group"].type, "id": fields["group"]}}}
    return {"data": data, **NO_VERSION}


def in_configuration(sent: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """A new group, in the configuration that the organisation has."""
    configuration = {"data": {"type": "sensitive_data_scanner_configuration", "id": identifier}}
    relationships = {"configuration": configuration, "rules": {"data": []}}
    return {**sent, "data": {**sent["data"], "relationships": relationships}}


def as_sent(sent: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    """The object after ``sent``: what answers a change tells the version alone."""
    return {**sent["data"], "id": identifier}
