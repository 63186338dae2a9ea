"""The shapes in which Sentry takes its objects, closed against unknown keys: ``schema/KIND.json``.

Derived from what the published API schema, the Terraform provider's client and the server's own validators accept.
"""

from __future__ import annotations

import json
from functools import cache

import jsonschema

from skillforge_mon.documents.document import Document
from skillforge_mon.documents.render import render
from tests.backends.sentry.compiled import HERE

KINDS = ("detector", "workflow", "issue_rule", "alert_rule", "project", "key", "ownership")


@cache
def schema(kind: str) -> jsonschema.Draft202012Validator:
    """The validator of a kind of resource."""
    content = json.loads((HERE / "schema" / f"{kind}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


def problems(document: Document) -> list[str]:
    """What the schema of the document's kind says against the file as it is written."""
    assert document.resource is not None
    written = json.loads(render(document))
    return [error.message for error in schema(document.resource.kind).iter_errors(written)]
