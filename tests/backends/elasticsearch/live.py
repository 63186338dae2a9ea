"""A spec for which an Elasticsearch and a Kibana run, and its documents sent to them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from skillforge_mon.backends.elasticsearch.api import Elasticsearch, connect
from skillforge_mon.documents.document import Document, Reference
from skillforge_mon.documents.references import resolved
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Live, Owner
from tests.backends.elasticsearch.specs import compiled
from tests.fakes.elastic import KEY, FakeElastic
from tests.projects import project

SPEC = (Path(__file__).parent / "live.yaml").read_text(encoding="utf-8")
ENVIRON = {"ELASTIC_API_KEY": KEY}


@contextmanager
def connected(
    spec: str, fake: FakeElastic, environ: Mapping[str, str] = ENVIRON
) -> Iterator[tuple[Elasticsearch, dict[str, Document]]]:
    """The API of ``spec`` on ``fake``, which is started, and what is to live there by kind and key."""
    text = spec.replace("http://elasticsearch:9200", fake.url)
    documents = {
        f"{each.resource.kind} {each.resource.key}": each
        for each in compiled(text, "production").values()
        if each.resource is not None
    }
    with Connection({}, environ) as connection:
        yield connect(project(text, "production"), connection), documents


def filled(api: Elasticsearch, document: Document) -> Any:
    """The body of ``document``, with the identifiers of connectors."""

    def identifier(reference: Reference) -> Any:
        return api.lookup(reference)

    return resolved(document.content, identifier)


def owner(document: Document) -> Owner:
    """Whose it is."""
    assert document.resource is not None
    return Owner("shop", "production", document.resource.key)


def send(api: Elasticsearch, document: Document) -> Live:
    """Make it."""
    assert document.resource is not None
    return api.create(document.resource.kind, filled(api, document), owner(document), "r1")


def push(api: Elasticsearch, documents: Mapping[str, Document]) -> dict[str, Live]:
    """Make everything, kinds in their order; what lives then, by kind and key."""
    for kind in api.kinds:
        for name, document in documents.items():
            if name.partition(" ")[0] == kind.name:
                send(api, document)
    return lives(api)


def lives(api: Elasticsearch) -> dict[str, Live]:
    """What is ours, by kind and key."""
    found = [live for kind in api.kinds for live in api.list(kind.name)]
    return {f"{live.kind} {live.owner.key}": live for live in found if live.owner is not None}
