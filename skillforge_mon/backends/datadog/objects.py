"""What Datadog answers, as ``Live`` objects: pages, names, and who changed what when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from skillforge_mon.backends.datadog.kinds import ENDPOINTS, SYNTHETICS_MONITOR, WITH_ATTRIBUTES, Endpoint, said
from skillforge_mon.backends.datadog.markers import owner_of, unmarked
from skillforge_mon.backends.datadog.normalise import utc
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.service import Service

_GONE = "canceled"
OVER = "ended"
"""The state of a downtime whose time has passed."""


def listed(service: Service, endpoint: Endpoint) -> Iterator[Mapping[str, Any]]:
    """Every object of the kind, as the listing has it, one request per page.

    Left out are monitors that Datadog made of synthetic tests, and downtimes that were cancelled, which it goes on
    listing (docs.datadoghq.com, "Downtimes": cancelling is how one is deleted).
    """
    pages = endpoint.pages
    start = 0
    while True:
        params = {pages.size_parameter: pages.size, pages.position: start} if pages is not None else {}
        answer = service.request("GET", endpoint.path, params=params).body
        found = answer[endpoint.within] if endpoint.within else answer
        for body in found:
            if endpoint.type and body.get("type") != endpoint.type:
                continue
            if body.get("type") != SYNTHETICS_MONITOR and said(endpoint.kind.name, body).get("status") != _GONE:
                yield body
        if pages is None or len(found) < pages.size:
            return
        start += 1 if pages.counts == "pages" else len(found)


def live_object(kind: str, body: Mapping[str, Any], *, complete: bool = True) -> Live:
    """``body``, as the API answers it, with what its marker and its fields tell."""
    endpoint = ENDPOINTS[kind]
    owner, revision = owner_of(kind, body)
    return Live(
        kind,
        str(body[endpoint.identifier]),
        _name(kind, body),
        body,
        owner,
        revision,
        _changed_by(body),
        _changed_at(kind, body),
        complete,
    )


def without_copies(found: Iterator[Live]) -> Iterator[Live]:
    """Downtimes, of each owner's only the one that is not over yet, where there is one: the others are history."""
    newest: dict[object, Live] = {}
    for live in sorted(found, key=lambda live: (live.body["attributes"].get("status") != OVER, live.changed_at)):
        newest[live.owner or live.id] = live
    yield from newest.values()


def answered(kind: str, answer: Any) -> Mapping[str, Any]:
    """The object in the answer to a request that made, changed or read one."""
    body: Any = answer["data"] if kind == "slo" or kind in WITH_ATTRIBUTES else answer
    found: Mapping[str, Any] = body[0] if isinstance(body, list) else body
    return found


def _name(kind: str, body: Mapping[str, Any]) -> str:
    fields = unmarked(kind, body)
    name = str(fields.get(ENDPOINTS[kind].title) or "")
    if kind == "downtime":
        return name.partition("\n")[0] or str(fields.get("scope") or body["id"])
    return name


def _changed_by(body: Mapping[str, Any]) -> str:
    """Only tests say who changed them last; of others the API tells who made them, which is not the same."""
    person = body.get("modified_by")
    return str(person.get("handle") or "") if isinstance(person, Mapping) else ""


def _changed_at(kind: str, body: Mapping[str, Any]) -> str:
    fields = said(kind, body)
    moment = fields.get("modified") or fields.get("modified_at") or ""
    if isinstance(moment, int | float):
        return utc(datetime.fromtimestamp(moment, UTC).isoformat())
    return utc(str(moment)) if moment else ""
