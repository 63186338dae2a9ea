"""What is wrong with packs themselves, and with nulls that delete nothing."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.packing.laying import is_null
from skillforge_mon.spec.packing.pack import BUILT_IN, SECTIONS, Pack
from skillforge_mon.spec.packing.placeholders import placeholders
from skillforge_mon.spec.suggest import listed, nearest
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode


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


def report_vain_nulls(root: MappingNode, fragment: MappingNode, report: Report) -> MappingNode:
    """``root`` without objects that are null: they delete nothing that a pack brings, and are reported."""
    entries = dict(root.entries)
    for section in SECTIONS:
        entry = entries.get(section)
        if entry is None or not isinstance(entry.node, MappingNode):
            continue
        brought = fragment.get(section)
        names = list(brought.entries) if isinstance(brought, MappingNode) else []
        vain = [each for each in entry.node.entries.values() if is_null(each.node) and each.key not in names]
        for each in vain:
            meant = nearest(each.key, names)
            report.add(
                codes.NOTHING_BROUGHT.at(
                    each.key_span,
                    f"no pack brings `{section}.{each.key}`",
                    notes=(f"packs bring: {listed(names)}",) if names and not meant else (),
                    help=f"did you mean `{meant}`?" if meant else "take it out",
                )
            )
        if vain:
            left = {key: each for key, each in entry.node.entries.items() if each not in vain}
            node = MappingNode(left, entry.node.file, entry.node.start, entry.node.end)
            entries[section] = Entry(entry.key, entry.file, entry.start, entry.end, node)
    return MappingNode(entries, root.file, root.start, root.end)
