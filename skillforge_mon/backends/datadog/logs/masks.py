"""What must not be kept of lines: a group of Sensitive Data Scanner for each stream, and a rule in it for each mask.

[api] SensitiveDataScannerGroupAttributes, SensitiveDataScannerRuleAttributes, SensitiveDataScannerTextReplacement;
[docs] security/sensitive_data_scanner: what a rule finds in a line, in its text or in an attribute, is replaced before
the line is indexed. Without ``namespaces`` the whole of a line is scanned ([api]).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from skillforge_mon.backends.datadog.kinds import ENDPOINTS
from skillforge_mon.backends.datadog.logs.searches import of_stream
from skillforge_mon.backends.datadog.untranslatable import Untranslatable
from skillforge_mon.documents.document import Document, Format, Plain, Resource
from skillforge_mon.documents.references import reference, references_in
from skillforge_mon.lower.regex_dialects import UnsayableRegexError, in_dialect
from skillforge_mon.model.logs import LogStream
from skillforge_mon.model.project import Project
from skillforge_mon.spec.models.logs import LogMask

GROUP: Final = "scanner_group"
RULE: Final = "scanner_rule"
_BACKEND: Final = "datadog"


def mask_documents(project: Project, stream: LogStream, name: str, slug: str) -> Iterator[Document]:
    """The group of ``stream``, which is called ``name``, and its rules; none where nothing is masked.

    Raises Untranslatable for a pattern that the scanner does not have.
    """
    if not stream.spec.mask:
        return
    group: Plain = {
        "name": name,
        "description": f"What must not be kept of lines of {stream.name}",
        "filter": {"query": of_stream(project, stream)},
        "is_enabled": True,
        "product_list": ["logs"],
    }
    body: Plain = {"data": {"type": ENDPOINTS[GROUP].type, "attributes": group}}
    path = f"datadog/logs/scanner/{slug}.json"
    yield Document(path, body, Format.JSON, (stream.id,), (), Resource(_BACKEND, GROUP, stream.id))
    seen: dict[str, int] = {}
    for mask in stream.spec.mask:
        seen[mask.name] = seen.get(mask.name, 0) + 1
        key = mask.name if seen[mask.name] == 1 else f"{mask.name}-{seen[mask.name]}"
        rule = _rule(stream, mask)
        resource = Resource(_BACKEND, RULE, f"{stream.id}.mask.{key}", references_in(rule))
        path = f"datadog/logs/scanner/{slug}-{key.lower()}.json"
        yield Document(path, rule, Format.JSON, (stream.id,), (), resource)


def _rule(stream: LogStream, mask: LogMask) -> Plain:
    attributes: Plain = {
        "name": f"{stream.name}: {mask.name}",
        "description": f"`{mask.name}` in lines of {stream.name}",
        "pattern": _pattern(mask),
        "is_enabled": True,
        "text_replacement": {"type": "replacement_string", "replacement_string": mask.by},
    }
    group: Plain = {"data": {"type": ENDPOINTS[GROUP].type, "id": reference(GROUP, stream.id)}}
    return {"data": {"type": ENDPOINTS[RULE].type, "attributes": attributes, "relationships": {"group": group}}}


def _pattern(mask: LogMask) -> str:
    try:
        return in_dialect(mask.matches, "pcre")
    except UnsayableRegexError as error:
        raise Untranslatable(f"`mask: {mask.name}`: {error}", "write the expression without it") from None
