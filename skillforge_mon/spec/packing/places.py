"""The texts that packs brought in, so that a diagnostic about one says where the pack is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Span
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.yaml.source import SourceFile

_MOST_LABELS = 3


@dataclass(frozen=True, slots=True, eq=False)
class PackPlace:
    """The text that one use brought in: a file of its own, or lines of the user's; and where it is used."""

    file: SourceFile
    first_line: int
    last_line: int
    packaged: bool
    used_at: Span
    words: str

    def holds(self, span: Span) -> bool:
        """Whether ``span`` lies in the text of the pack."""
        return span.file == self.file.name and self.first_line <= span.line <= self.last_line


def noted(diagnostics: Iterable[Diagnostic], places: Iterable[PackPlace]) -> Iterator[Diagnostic]:
    """``diagnostics``, each about the text of a pack with the place where the pack is used; such a text has no fix."""
    places = list(places)
    for diagnostic in diagnostics:
        span = diagnostic.span
        found = [place for place in places if span is not None and place.holds(span)]
        if not found:
            yield diagnostic
            continue
        labels = [Label(place.used_at, place.words) for place in found[:_MOST_LABELS]]
        secondary = dict.fromkeys([*diagnostic.secondary, *labels])
        fix = None if found[0].packaged else diagnostic.fix
        yield replace(diagnostic, secondary=tuple(secondary), fix=fix)


def clash(path: tuple[str, ...], first: Span, second: Span, places: Iterable[PackPlace]) -> Diagnostic:
    words = [(span, next((place for place in places if place.holds(span)), None)) for span in (first, second)]
    notes = tuple(dict.fromkeys(f"{place.words} ({place.used_at})" for _, place in words if place is not None))
    return codes.PACKS_CLASH.at(
        second,
        f"two packs say `{'.'.join(path)}` differently",
        secondary=(Label(first, "as here"),),
        notes=notes,
        help="say it yourself at the same place of the spec: that holds",
    )
