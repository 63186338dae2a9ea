"""What the specs that come with monmc put into Datadog is there afterwards, and says the same."""

from __future__ import annotations

import json

import pytest

from skillforge_mon.backends.datadog.kinds import ORDERS
from skillforge_mon.documents.document import Reference
from skillforge_mon.documents.json_writer import write_json
from skillforge_mon.documents.references import resolved
from skillforge_mon.remote.live import Owner
from tests.backends.datadog.live import REVISION, datadog
from tests.specs.compiled import compiled


@pytest.mark.parametrize("name", ["skillforge", "jac.yaml", "toolboxai"])
def test_a_platform_is_pushed_whole_and_then_nothing_differs(name: str) -> None:
    documents = [
        document
        for document in compiled(name).documents
        if document.resource is not None and document.resource.backend == "datadog"
    ]
    with datadog() as (_server, api):
        order = {kind.name: kind.order for kind in api.kinds}
        identifiers: dict[Reference, str] = {}
        waiting = sorted(documents, key=lambda document: order[document.resource.kind] if document.resource else 0)
        made = {}
        while waiting:
            ready = [
                document
                for document in waiting
                if document.resource is not None and all(each in identifiers for each in document.resource.references)
            ]
            assert ready
            resource = ready[0].resource
            assert resource is not None
            body = json.loads(write_json(resolved(ready[0].content, identifiers.__getitem__)))
            live = api.create(resource.kind, body, Owner("p", "default", resource.key), REVISION)
            identifiers[Reference(resource.kind, resource.key)] = live.id
            made[resource.kind, resource.key] = body
            waiting.remove(ready[0])
        # An order is nobody's; it is ours where a member is, and this server is asked for another project.
        again = {
            (kind, live.owner.key if live.owner else live.id): live
            for kind in {kind for kind, _ in made}
            for live in api.list(kind)
            if live.owner or kind in ORDERS
        }
        assert again.keys() == made.keys()
        for (kind, key), body in made.items():
            listed = again[kind, key]
            whole = listed if listed.complete else api.read(kind, listed.id)
            assert whole is not None
            current, wanted = api.comparable(kind, body, whole)
            assert current == wanted, key
