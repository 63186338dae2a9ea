"""Templates, policies and pipelines of a cluster: what Elasticsearch keeps under a name that its users give.

``PUT`` of a name that is taken changes what is there, whoever made it, so that it is looked at before every request.
[spec] elastic/elasticsearch-specification: ``indices/put_index_template``, ``cluster/put_component_template``,
``ilm/put_lifecycle``, ``ingest/put_pipeline``, and ``get`` and ``delete`` of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from skillforge_mon.backends.elasticsearch.normalise import NAME, normal, sendable
from skillforge_mon.backends.elasticsearch.ownership import marked, owner_of_meta, revision_of_meta
from skillforge_mon.backends.elasticsearch.server import found, segment
from skillforge_mon.documents.document import Plain
from skillforge_mon.remote.api import Kind
from skillforge_mon.remote.errors import ConflictError, NotFoundError, RefusedError
from skillforge_mon.remote.live import Live, Owner
from skillforge_mon.remote.service import Service


@dataclass(frozen=True, slots=True)
class Place:
    """Where a kind of object is. ``listed`` and ``single`` are the keys in the answer that hold all, and each one.

    Where they are empty, the answer is a map by name. ``creates`` says that ``?create=true`` refuses a name that is
    taken.
    """

    kind: Kind
    path: str
    listed: str = ""
    single: str = ""
    creates: bool = False


PLACES: Final = (
    Place(
        Kind("component_template", 0, "component template", secrets=False), "/_component_template",
        "component_templates", "component_template", creates=True,
    ),
    Place(Kind("ilm_policy", 1, "lifecycle policy", secrets=False), "/_ilm/policy"),
    Place(Kind("ingest_pipeline", 2, "ingest pipeline", secrets=False), "/_ingest/pipeline"),
    Place(
        Kind("index_template", 3, "index template", secrets=False), "/_index_template",
        "index_templates", "index_template", creates=True,
    ),
)  # fmt: skip
"""In the order in which they are put: an index template names what the others are, and goes before them."""


class LiveNamed:
    """The objects of one kind in a cluster."""

    def __init__(self, place: Place, cluster: Service) -> None:
        self.kind = place.kind
        self._place = place
        self._cluster = cluster

    def list(self) -> Iterator[Live]:
        """Every one of them, in one request; none where there is no such thing: Serverless has no policies."""
        yield from self._lives(found(self._cluster, self._place.path))

    def read(self, identifier: str) -> Live | None:
        """The one of that name."""
        return next(self._lives(found(self._cluster, self._path(identifier))), None)

    def create(self, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Put it where nothing is; what is ours there was put by a request whose answer was lost."""
        name = str(body[NAME]) if NAME in body or owner is None else owner.key
        there = self.read(name)
        if there is not None:
            if owner is None or there.owner != owner:
                raise self._taken(there)
            return self.update(there, body, owner, revision)
        return self._put(name, body, owner, revision, new=True)

    def update(self, live: Live, body: Mapping[str, Any], owner: Owner | None, revision: str) -> Live:
        """Put it over what was read, and no other."""
        if owner is not None and owner.key != live.id:
            raise RefusedError(f"the {self.kind.title} {live.id} is to be called {owner.key}, and no name can change")
        there = self.read(live.id)
        if there is None or self.restorable(there) != self.restorable(live):
            raise ConflictError(f"the {self.kind.title} {live.id} has changed since it was read")
        return self._put(live.id, body, owner, revision, new=False)

    def delete(self, live: Live) -> None:
        """Take it away. Elasticsearch refuses that, and names what uses it, while a data stream does."""
        try:
            self._cluster.request("DELETE", self._path(live.id), shape=f"{self._place.path}/{{}}")
        except NotFoundError:
            return

    def comparable(self, body: Mapping[str, Any], live: Live) -> tuple[Plain, Plain]:
        """Both in one form."""
        return normal(self.kind.name, live.body), normal(self.kind.name, body)

    def must_replace(self, body: Mapping[str, Any], live: Live) -> str:
        """Never."""
        return ""

    def restorable(self, live: Live) -> Plain:
        """What a request may say of it, and its name."""
        return {NAME: live.id, **sendable(self.kind.name, live.body)}

    def _put(self, name: str, body: Mapping[str, Any], owner: Owner | None, revision: str, *, new: bool) -> Live:
        sent = sendable(self.kind.name, body)
        if owner is not None:
            sent = marked(sent, owner, revision)
        once = new and self._place.creates
        self._cluster.request(
            "PUT",
            self._path(name),
            body=sent,
            params={"create": "true"} if once else None,
            # A second `create` would be refused for the work of the first.
            repeatable=not once,
            shape=f"{self._place.path}/{{}}",
        )
        return self._live(name, sent)

    def _path(self, name: str) -> str:
        return f"{self._place.path}/{segment(name)}"

    def _lives(self, answer: Any) -> Iterator[Live]:
        if not answer:
            return
        if not self._place.listed:
            yield from (self._live(name, body) for name, body in answer.items())
            return
        for each in answer[self._place.listed]:
            yield self._live(each["name"], each[self._place.single])

    def _live(self, name: str, body: Mapping[str, Any]) -> Live:
        meta = body.get("policy", body).get("_meta")
        changed = str(body.get("modified_date") or "")
        owner = owner_of_meta(meta, name)
        return Live(self.kind.name, name, name, body, owner, revision_of_meta(meta), changed_at=changed)

    def _taken(self, there: Live) -> RefusedError:
        what = f"there is an {self.kind.title}" if self.kind.title[0] in "aeiou" else f"there is a {self.kind.title}"
        if there.owner is not None:
            return RefusedError(
                f"{what} {there.id} of {there.owner.project}/{there.owner.environment}: two projects on one cluster "
                "need streams of other names"
            )
        return RefusedError(
            f"{what} {there.id} that is not this project's; to take it over, run "
            f"`monmc adopt elasticsearch {self.kind.name} {there.id} {there.id}`"
        )
