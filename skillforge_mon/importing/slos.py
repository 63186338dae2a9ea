"""Files of SLO specs in other tools' languages in, a spec of ours out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Span
from skillforge_mon.importing import openslo, openslo_v1alpha, pyrra, sloth
from skillforge_mon.importing.codes import UNKNOWN_KIND
from skillforge_mon.importing.documents import SourceDocument, documents_of
from skillforge_mon.importing.draft import Draft
from skillforge_mon.importing.settling import settled
from skillforge_mon.spec.suggest import suggestion
from skillforge_mon.spec.yaml.nodes import ScalarNode

Check = Callable[[str], Sequence[Diagnostic]]
"""What ``monmc check`` says of the text of a spec."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """``text`` is the spec, empty when there is none; ``slos`` says how many it has, of ``documents`` read."""

    text: str
    slos: int
    documents: int
    diagnostics: tuple[Diagnostic, ...]
    texts: Mapping[str, str]

    @property
    def failed(self) -> bool:
        """Whether something could not be read; then nothing is written."""
        return not self.text


def import_slos(files: Iterable[tuple[str, bytes]], project: str, check: Check) -> Imported:
    """The spec ``project`` of the SLOs in ``files`` (name and content), and all that is to be said of it.

    The spec is such that ``check`` has nothing against it: an SLO with errors is left out, and reported; where there is
    a warning, the spec says so under ``ignore``. Never raises for anything that a file can hold.
    """
    report = Report()
    texts: dict[str, str] = {}
    documents: list[SourceDocument] = []
    for name, content in files:
        found, texts[name] = documents_of(content, name, report)
        documents.extend(found)
    draft = Draft(report)
    newest: list[SourceDocument] = []
    for document in documents:
        version, kind = _value(document, "apiVersion"), _value(document, "kind")
        if version == openslo.API and kind in openslo.KINDS:
            newest.append(document)
        elif version == openslo_v1alpha.API and kind in openslo_v1alpha.KINDS:
            openslo_v1alpha.import_openslo_v1alpha(document, draft)
        elif (version, kind) == pyrra.KIND:
            pyrra.import_pyrra(document, draft)
        elif (version, kind) == sloth.KUBERNETES or (not kind and _value(document, "version") == sloth.VERSION):
            sloth.import_sloth(document, draft)
        else:
            report.add(_unknown(document, version, kind))
    openslo.import_openslo(newest, draft)
    text = "" if report.failed else settled(draft, project, check)
    return Imported(text, len(draft.slos), len(documents), tuple(report), texts)


def _value(document: SourceDocument, key: str) -> str:
    node = document.root.get(key)
    return node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else ""


_KINDS = (
    *(f"{openslo.API} {kind}" for kind in openslo.KINDS),
    *(f"{openslo_v1alpha.API} {kind}" for kind in openslo_v1alpha.KINDS),
    " ".join(pyrra.KIND),
    " ".join(sloth.KUBERNETES),
)


def _unknown(document: SourceDocument, version: str, kind: str) -> Diagnostic:
    root = document.root
    key = next((key for key in ("kind", "apiVersion", "version") if key in root.entries), "")
    span = document.place(root.key_span(key)) if key else Span.at(document.file, document.above + root.span.line)
    if not version and not kind:
        given = _value(document, "version")
        headline = f"a Sloth spec of the version `{given}` is not known" if given else "this is no SLO spec"
        return UNKNOWN_KIND.at(span, headline, help=f"Sloth specs begin with `version: {sloth.VERSION}`")
    named = " ".join(part for part in (version, kind) if part)
    return UNKNOWN_KIND.at(
        span,
        f"`{named}` is no kind of document that is imported",
        help=suggestion(named, _KINDS) or f"known are: {', '.join(_KINDS)}, and Sloth's `version: {sloth.VERSION}`",
    )
