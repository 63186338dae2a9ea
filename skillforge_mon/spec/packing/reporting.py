"""What is wrong with packs themselves, and with nulls that delete nothing."""

from __future__ import annotations

from collections.abc import Iterator

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.packing.pack import BUILT_IN, SECTIONS, Pack
from skillforge_mon.spec.packing.placeholders import placeholders
from skillforge_mon.spec.suggest import listed, nearest
from skillforge_mon.spec.yaml.nodes import MappingNode, is_null


def report_pack(pack: Pack, report: Report) -> None:
    """What is wrong with a pack of the user's, used or not."""
    for entry in pack.spec.entries.values():
        if entry.key not in SECTIONS:
            meant = nearest(entry.key, SECTIONS)
            report.add(
                codes.UNKNOWN_SECTION.at(
                    entry.key_span,
                    f"the fragment of a pack has no section `{entry.key}`",
                    notes=() if meant else (f"it may have: {', '.join(SECTIONS)}",),
                    help=f"did you mean `{meant}`?" if meant else "",
                )
            )
    known = [*BUILT_IN, *pack.parameters]
    for name, span in placeholders(pack.spec):
        if name not in known:
            meant = nearest(name, known)
            report.add(
                codes.UNKNOWN_PLACEHOLDER.at(
                    span,
                    f"the pack `{pack.name}` has no parameter `{name}`",
                    notes=() if meant else (f"it has: {', '.join(known)}",),
                    help=f"did you mean `${{pack:{meant}}}`?"
                    if meant
                    else f"declare it under `packs.{pack.name}.parameters`",
                )
            )


def vain_nulls(root: MappingNode, fragment: MappingNode) -> Iterator[tuple[tuple[str, str], Diagnostic]]:
    """The paths of objects that are null in ``root`` and delete nothing that a pack brings, each with what is told."""
    for section in SECTIONS:
        own = root.get(section)
        if not isinstance(own, MappingNode):
            continue
        brought = fragment.get(section)
        names = list(brought.entries) if isinstance(brought, MappingNode) else []
        for each in own.entries.values():
            if not is_null(each.node) or each.key in names:
                continue
            meant = nearest(each.key, names)
            yield (
                (section, each.key),
                codes.NOTHING_BROUGHT.at(
                    each.key_span,
                    f"no pack brings `{section}.{each.key}`",
                    notes=(f"packs bring: {listed(names)}",) if names and not meant else (),
                    help=f"did you mean `{meant}`?" if meant else "take it out",
                ),
            )
