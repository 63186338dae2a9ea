"""A document and the resources in it."""

from __future__ import annotations

from skillforge_mon.documents.document import Document, Format, Part, Resource

RESOURCE = Resource("kibana", "search", "logs.web")
OTHER = Resource("kibana", "dashboard", "dashboards.web")


def test_a_document_is_a_resource_or_holds_some_or_none() -> None:
    body = {"title": "Web"}
    assert list(Document("a.json", body, Format.JSON).resources) == []
    assert list(Document("a.json", body, Format.JSON, resource=RESOURCE).resources) == [Part(RESOURCE, body)]
    parts = (Part(RESOURCE, body), Part(OTHER, {}))
    assert tuple(Document("a.ndjson", "{}\n{}\n", Format.TEXT, parts=parts).resources) == parts
