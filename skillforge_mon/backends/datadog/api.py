"""Datadog's API, as push, live diff, backup and health use it. What differs from kind to kind is in ``kinds.py``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from skillforge_mon.backends.datadog import normalise
from skillforge_mon.backends.datadog.health import checks
from skillforge_mon.backends.datadog.kinds import ENDPOINTS, KINDS, ORDER_KEY, ORDERS, SYNTHETICS_TYPES
from skillforge_mon.backends.datadog.markers import marked, owner_by_tag
from skillforge_mon.backends.datadog.objects import answered, listed, live_object, without_copies
from skillforge_mon.backends.datadog.orders import compared, merged
from skillforge_mon.backends.datadog.replacing import must_replace
from skillforge_mon.backends.datadog.scanner import NO_VERSION, as_sent, in_configuration
from skillforge_mon.backends.datadog.sending import request_body
from skillforge_mon.documents.document import Plain, Reference
from skillforge_mon.model.secrets import references_in
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError, UnauthorisedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.redaction import HIDDEN
from skillforge_mon.remote.service import Service

if TYPE_CHECKING:
    from skillforge_mon.model.project import Project
    from skillforge_mon.remote.connection import Connection

CONCURRENCY = 8
"""More at a time were answered with storms of 512, the time-out of Datadog's edge (datadog-sync-cli)."""

_DUPLICATE = re.compile(r"Duplicate of an existing monitor_id:(\d+)")


def connect(project: Project, connection: Connection) -> DatadogApi:
    """The API of ``targets.datadog``. Raises ``MissingSecretError`` without its two keys."""
    target = project.targets.datadog
    assert target is not None  # noqa: S101 - asked for only where there is such a target
    headers = {
        "DD-API-KEY": connection.credential("DD_API_KEY", target.api_key),
        "DD-APPLICATION-KEY": connection.credential("DD_APP_KEY", target.app_key),
    }
    url = target.url or f"https://api.{target.site}"
    return DatadogApi(project, connection, connection.service("Datadog", url, headers, concurrency=CONCURRENCY))


class DatadogApi:
    """One organisation of Datadog, as one project and environment see it."""

    title = "Datadog"
    concurrency = CONCURRENCY
    kinds = KINDS

    def __init__(
        self,
        project: Project,
        connection: Connection,
        service: Service,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._now = now
        self._project = project
        self._connection = connection
        self._service = service
        owned = (project.alerts, project.slos, project.probes)
        self._ids = tuple(each.id for section in owned for each in section.values())
        self._types: dict[str, str] = {}  # of synthetic tests, whose addresses have them
        self._dashboards: dict[str, Live] = {}  # read before, whole
        self._changed: dict[str, str] = {}  # of dashboards, as last listed

    def list(self, kind: str) -> Iterator[Live]:
        """Every object of the kind; dashboards as summaries, and tests with steps too, which ``read`` completes."""
        if kind in ORDERS:
            yield self._order(kind)
            return
        found = (self._listed(kind, body) for body in listed(self._service, ENDPOINTS[kind]))
        yield from without_copies(found) if kind == "downtime" else found

    def read(self, kind: str, identifier: str) -> Live | None:
        """One object; a dashboard that was read before and has not changed since, by the last listing, as it was."""
        if kind in ORDERS:
            return self._order(kind)
        known = self._dashboards.get(identifier)
        if known is not None and known.changed_at == self._changed.get(identifier):
            return known
        return self._read(kind, identifier)

    def create(self, kind: str, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Make it. A monitor that Datadog says is there already is taken when it is ``owner``'s, else refused."""
        wanted = _object(body)
        if kind in ORDERS:
            return self._put_order(kind, wanted)
        fields = marked(kind, self._connection.filled(wanted), owner, revision)
        endpoint = ENDPOINTS[kind]
        path = endpoint.made_at or endpoint.path
        if kind == "synthetics":
            path += f"/{fields['type']}"
        sent = request_body(kind, fields, self._now())
        if kind == "scanner_group":
            sent = in_configuration(sent, self._service.request("GET", endpoint.path).body["data"]["id"])
        try:
            answer = self._service.request("POST", path, body=sent).body
        except RefusedError as error:
            twin = _DUPLICATE.search(str(error)) if kind == "monitor" else None
            if twin is None:
                raise
            return self._of_twin(twin[1], wanted, owner, revision)
        made = answered(kind, answer)
        return self._made(kind, as_sent(sent, made["id"]) if endpoint.type else made)

    def update(self, live: Live, body: Plain, owner: Owner | None, revision: str) -> Live:
        """Change it; ``ConflictError`` when somebody else did since it was read, which is asked just before."""
        kind, wanted = live.kind, _object(body)
        if kind in ORDERS:
            return self._put_order(kind, wanted)
        current = self._read(kind, live.id)
        if current is None:
            raise ConflictError(f"{self._named(live)} is gone", 404)
        if _changed(live, current):
            raise ConflictError(f"{self._named(live)} has changed since it was read", 409)
        fields = marked(kind, self._connection.filled(wanted), owner, revision)
        sent = request_body(kind, fields, self._now(), current)
        answer = self._service.request(ENDPOINTS[kind].update, self._path(kind, live.id), body=sent).body
        return self._made(kind, as_sent(sent, live.id) if ENDPOINTS[kind].type else answered(kind, answer))

    def delete(self, live: Live) -> None:
        """Take it away, with ``force`` where the API has it; what refuses still says that something needs it."""
        endpoint = ENDPOINTS[live.kind]
        try:
            if live.kind == "synthetics":
                body = {"public_ids": [live.id], "force_delete_dependencies": True}
                self._service.request("POST", f"{endpoint.path}/delete", body=body, repeatable=True)
            else:
                params = {"force": "true"} if endpoint.force else {}
                meant = NO_VERSION if endpoint.type else None
                self._service.request("DELETE", self._path(live.kind, live.id), params=params, body=meant)
        except NotFoundError:
            return
        except (RefusedError, UnauthorisedError, ConflictError) as error:
            if "Non existing pipeline" in str(error):  # what the API answers instead of 404
                return
            raise type(error)(
                f"{self._named(live)} cannot be deleted: something else in Datadog still uses it, or the application "
                f"key may not (`{endpoint.scopes[1]}`). {error}",
                error.status,
            ) from None

    def lookup(self, reference: Reference) -> str | int | None:
        """The identifier of the one object of a kind that is called ``reference.key`` in Datadog."""
        if reference.kind not in ENDPOINTS:
            return None
        found = [live.id for live in self.list(reference.kind) if live.name == reference.key]
        if len(found) != 1:
            return None
        return int(found[0]) if reference.kind == "monitor" else found[0]

    def comparable(self, kind: str, body: Plain, live: Live) -> tuple[Plain, Plain]:
        """``(live, wanted)``; where ``body`` names a secret both say so, or the live one that it is another."""
        wanted = _object(body)
        if kind in ORDERS:
            return compared(ORDERS[kind].key, wanted, live.body)
        found, wanted = normalise.comparable(kind, wanted, live.body)
        return self._hidden(found, wanted), wanted

    def must_replace(self, kind: str, body: Plain, live: Live) -> str:
        """``its type cannot change from service check to query alert``; empty when it can be changed in place."""
        return "" if kind in ORDERS else must_replace(kind, _object(body), live)

    def restorable(self, live: Live) -> Plain:
        """What makes the object again."""
        return dict(live.body) if live.kind in ORDERS else normalise.restorable(live.kind, live.body)

    def health(self) -> Iterator[Check]:
        """The API key, and a read with the application key for each kind that the project uses."""
        return checks(self._service, self._project)

    def _listed(self, kind: str, body: Mapping[str, Any]) -> Live:
        if kind == "dashboard":
            live = self._live(kind, body, complete=False)
            self._changed[live.id] = live.changed_at
            return live
        live = self._live(kind, body, complete=kind != "synthetics" or body.get("type") == SYNTHETICS_TYPES[0])
        if kind == "synthetics":
            self._types[live.id] = str(body["type"])
        return live

    def _read(self, kind: str, identifier: str) -> Live | None:
        if ENDPOINTS[kind].type:
            return next((live for live in self.list(kind) if live.id == identifier), None)
        try:
            answer = self._service.request("GET", self._path(kind, identifier)).body
        except NotFoundError:
            return None
        except RefusedError as error:
            if "Non existing pipeline" in str(error):  # what the API answers instead of 404
                return None
            raise
        return self._made(kind, answered(kind, answer))

    def _path(self, kind: str, identifier: str) -> str:
        endpoint = ENDPOINTS[kind]
        if kind == "synthetics" and identifier not in self._types:
            answer = self._service.request("GET", f"{endpoint.path}/{identifier}").body
            self._types[identifier] = str(answer["type"])
        return endpoint.one.format(id=identifier, type=self._types.get(identifier, ""))

    def _live(self, kind: str, body: Mapping[str, Any], *, complete: bool = True) -> Live:
        """The object; one whose marker somebody has overwritten is ours by its tag, or a second one would be made."""
        live = live_object(kind, body, complete=complete)
        if live.owner is not None or not ENDPOINTS[kind].tagged:
            return live
        found = owner_by_tag(kind, body, self._project.name, self._project.environment, self._ids)
        return live if found is None else replace(live, owner=found[0], revision=found[1])

    def _made(self, kind: str, body: Mapping[str, Any]) -> Live:
        live = self._live(kind, body)
        if kind == "synthetics":
            self._types[live.id] = str(body["type"])
        if kind == "dashboard":
            self._dashboards[live.id] = live
            self._changed[live.id] = live.changed_at
        return live

    def _of_twin(self, identifier: str, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """The monitor that equals the one which was to be made: ours, from a push that was cut short, or not ours."""
        twin = self._read("monitor", identifier)
        if twin is not None and twin.owner == owner:
            return self.update(twin, body, owner, revision)
        name = "" if twin is None else f" “{twin.name}”"
        whose = "" if twin is None or twin.owner is None else f", which is {twin.owner}"
        raise RefusedError(
            f"Datadog has a monitor that equals this one: {identifier}{name}{whose}. To take it over, write "
            f'`adopt: {{datadog: "{identifier}"}}`; to keep both, change the query or the name',
            400,
        )

    def _order(self, kind: str) -> Live:
        """The list, ours as soon as one of its members is."""
        order = ORDERS[kind]
        body = self._service.request("GET", order.path).body
        members = {live.id: live.owner for live in self.list(order.member)}
        # an index that is about to be deleted is still in the order, and refused there (datadog-sync-cli, issue 246)
        kept = [each for each in body[order.key] if order.member != "log_index" or each in members]
        mine = (self._project.name, self._project.environment)
        ours = any(owner is not None and (owner.project, owner.environment) == mine for owner in members.values())
        owner = Owner(*mine, ORDER_KEY) if ours else None
        return Live(kind, ORDER_KEY, order.kind.title, {order.key: kept}, owner)

    def _put_order(self, kind: str, body: Mapping[str, Any]) -> Live:
        order = ORDERS[kind]
        now = self._order(kind)
        wanted = merged(now.body[order.key], body[order.key])
        self._service.request("PUT", order.path, body={order.key: wanted})
        return self._order(kind)

    def _hidden(self, found: Any, wanted: Any) -> Any:
        """``found`` with the reference to a secret where it has its value, and with none of another value there."""
        if isinstance(wanted, str) and references_in(wanted):
            return wanted if found == self._connection.text(wanted) else HIDDEN
        if isinstance(wanted, dict) and isinstance(found, dict):
            return {name: self._hidden(member, wanted.get(name)) for name, member in found.items()}
        if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
            return [self._hidden(member, other) for member, other in zip(found, wanted, strict=True)]
        return found

    def _named(self, live: Live) -> str:
        return f"{self.title}: the {ENDPOINTS[live.kind].kind.title} {live.id} “{live.name}”"


def _object(body: Plain) -> Mapping[str, Any]:
    assert isinstance(body, Mapping)  # noqa: S101 - every document of Datadog's is an object
    return body


def _changed(live: Live, now: Live) -> bool:
    """Whether somebody changed the object: by the moment that the API tells, and then by what it says."""
    if live.changed_at and live.changed_at == now.changed_at:
        return False
    return not live.complete or normalise.restorable(live.kind, live.body) != normalise.restorable(now.kind, now.body)
