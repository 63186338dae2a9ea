"""Overlays: an environment laid over the spec, and defaults laid under every object of a section.

One rule for both (``yaml.nodes.merge``): maps merge deep, scalars and lists replace, null deletes. Every value keeps
the place that it came from.
"""

from __future__ import annotations

import re

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec.codes_fields import BAD_NAME, UNKNOWN_ENVIRONMENT, UNKNOWN_KEY, WRONG_TYPE
from skillforge_mon.spec.models.base import NAME_PATTERN
from skillforge_mon.spec.models.spec import COLLECTIONS, OVERLAY_SECTIONS
from skillforge_mon.spec.suggest import nearest, suggestion
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, merge


def environments(root: MappingNode) -> tuple[str, ...]:
    """The names of the environments that the spec declares, in its order."""
    section = root.get("environments")
    return tuple(section.entries) if isinstance(section, MappingNode) else ()


def resolve_overlays(root: MappingNode, environment: str | None, report: Report) -> MappingNode | None:
    """The spec of ``environment`` (None: the spec as it stands), defaults applied, overlay sections gone.

    None when there is no such environment; that and wrongly shaped overlay sections are reported.
    """
    if environment is not None:
        section = root.get("environments")
        overlay = section.get(environment) if isinstance(section, MappingNode) else None
        if overlay is None:
            report.add(_unknown_environment(root, environment))
            return None
        if not isinstance(overlay, MappingNode):
            report.add(WRONG_TYPE.at(overlay.span, f"the environment `{environment}` should be a map of sections"))
            return None
        merged = merge(root, overlay)
        assert isinstance(merged, MappingNode)  # noqa: S101 - two maps merge to a map
        root = merged
    entries = {key: entry for key, entry in root.entries.items() if key not in OVERLAY_SECTIONS}
    defaults = root.get("defaults")
    if isinstance(defaults, MappingNode):
        for section_name, default in defaults.entries.items():
            _apply_default(entries, section_name, default, report)
    elif defaults is not None:
        report.add(WRONG_TYPE.at(defaults.span, "`defaults` should be a map of sections"))
    section = root.get("environments")
    if isinstance(section, MappingNode):
        for entry in section.entries.values():
            if not re.fullmatch(NAME_PATTERN, entry.key):
                report.add(
                    BAD_NAME.at(
                        entry.key_span,
                        f"`{entry.key}` is not a name",
                        help="names begin with a letter and hold letters, digits, `_`, `-` and `.`, at most 128",
                    )
                )
    elif section is not None:
        report.add(WRONG_TYPE.at(section.span, "`environments` should be a map of names"))
    return MappingNode(entries, root.file, root.start, root.end)


def _apply_default(entries: dict[str, Entry], name: str, default: Entry, report: Report) -> None:
    model = COLLECTIONS.get(name)
    if model is None:
        known = list(COLLECTIONS)
        report.add(
            UNKNOWN_KEY.at(
                default.key_span,
                f"`defaults` has no section `{name}`",
                notes=(f"it has: {', '.join(known)}",),
                help=suggestion(name, known),
            )
        )
        return
    if not isinstance(default.node, MappingNode):
        report.add(WRONG_TYPE.at(default.node.span, f"`defaults.{name}` should be a map of fields"))
        return
    fields = [field.alias or key for key, field in model.model_fields.items()]
    for key, entry in default.node.entries.items():
        if key not in fields:
            report.add(
                UNKNOWN_KEY.at(
                    entry.key_span,
                    f"`defaults.{name}` has no key `{key}`",
                    notes=(f"it has: {', '.join(fields)}",) if not nearest(key, fields) else (),
                    help=suggestion(key, fields),
                )
            )
            return
    section = entries.get(name)
    if section is None or not isinstance(section.node, MappingNode):
        return
    objects: dict[str, Entry] = {}
    for key, entry in section.node.entries.items():
        if isinstance(entry.node, MappingNode):
            merged = merge(default.node, entry.node)
            assert isinstance(merged, MappingNode)  # noqa: S101 - two maps merge to a map
            placed = MappingNode(merged.entries, entry.node.file, entry.node.start, entry.node.end)
            objects[key] = Entry(key, entry.file, entry.start, entry.end, placed)
        else:
            objects[key] = entry
    node = MappingNode(objects, section.node.file, section.node.start, section.node.end)
    entries[name] = Entry(section.key, section.file, section.start, section.end, node)


def _unknown_environment(root: MappingNode, environment: str) -> Diagnostic:
    known = list(environments(root))
    return UNKNOWN_ENVIRONMENT.at(
        root.key_span("environments"),
        f"there is no environment `{environment}`",
        notes=(f"the spec has: {', '.join(known)}",) if known else ("the spec declares no environments",),
        help=suggestion(environment, known),
    )
