"""Which documents of a build are objects of a server, and what people call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from skillforge_mon.diff.projects import KINDS
from skillforge_mon.documents.document import Document, Part
from skillforge_mon.documents.references import references_in
from skillforge_mon.push.fingerprint import revision
from skillforge_mon.push.steps import Wanted


def wanted_of(documents: Iterable[Document], backend: str) -> tuple[Wanted, ...]:
    """The resources of ``backend`` among ``documents``, in their order."""
    return tuple(
        Wanted(
            backend,
            part.resource.kind,
            part.resource.key,
            _name(document, part),
            part.content,
            revision(part.content),
            tuple(dict.fromkeys((*part.resource.references, *references_in(part.content)))),
            part.resource.was,
            part.resource.adopt,
        )
        for document in documents
        for part in document.resources
        if part.resource.backend == backend
    )


def name_of_key(key: str) -> str:
    """``HighErrorRate`` for ``alerts.HighErrorRate``; a key that does not begin with a section stays as it is."""
    section, dot, name = key.partition(".")
    return name if dot and section in KINDS else key


def _name(document: Document, part: Part) -> str:
    """What the spec calls it; else what the server will call it; else its key, without its kind in front."""
    kind, key, body = part.resource.kind, part.resource.key, part.content
    if name_of_key(key) != key:
        return name_of_key(key)
    stem = document.path.rpartition("/")[2].rpartition(".")[0]
    if stem in {each.partition(".")[2] for each in document.objects}:
        return stem
    named = [body.get(field) for field in ("name", "title")] if isinstance(body, Mapping) else []
    return next((name for name in named if isinstance(name, str) and name), key.removeprefix(f"{kind}s."))
