"""Overlays: packs laid under the spec, an environment laid over it, defaults laid under every object of a section.

One rule for all of them (``yaml.nodes.merge``): maps merge deep, scalars and lists replace, null deletes. Every value
keeps the place that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec.codes_fields import BAD_NAME, NOTHING_TO_DELETE, UNKNOWN_ENVIRONMENT, UNKNOWN_KEY, WRONG_TYPE
from skillforge_mon.spec.models.base import NAME_PATTERN, SpecModel
from skillforge_mon.spec.models.spec import COLLECTIONS, OVERLAY_SECTIONS
from skillforge_mon.spec.suggest import nearest, suggestion
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, is_null, merge, without_deleted

if TYPE_CHECKING:
    from skillforge_mon.spec.packing.places import PackPlace

DEFAULT_ENVIRONMENT = "default"
"""What the spec as it stands, without an environment, is called."""


_OBJECT = 2
"""How long the path of an object is: its section and its name."""


@dataclass(frozen=True, slots=True)
class Vain:
    """A null at ``path`` that deletes nothing which is there so far; ``diagnostic``, if any, tells of it."""

    path: tuple[str, ...]
    diagnostic: Diagnostic | None


def environments(root: MappingNode) -> tuple[str, ...]:
    """The names of the environments that the spec declares, in its order."""
    section = root.get("environments")
    return tuple(section.entries) if isinstance(section, MappingNode) else ()


def environment_overlay(root: MappingNode, environment: str | None) -> Node | None:
    """What the environment lays over the spec; None without one, or where the spec has none of that name."""
    section = root.get("environments")
    return section.get(environment) if environment is not None and isinstance(section, MappingNode) else None


def resolve_overlays(
    root: MappingNode,
    environment: str | None,
    report: Report,
    places: list[PackPlace] | None = None,
    vain: list[Vain] | None = None,
) -> MappingNode | None:
    """The spec of ``environment`` (None: the spec as it stands), packs expanded, defaults applied, overlays gone.

    None when there is no such environment; that and wrongly shaped overlay sections are reported. ``places``, if given,
    receives the texts of the packs that are used, and ``vain`` the nulls that delete nothing which is there so far:
    those of the spec itself stay in it. They are reported where it is not given.
    """
    found_vain: list[Vain] = []
    overlay: MappingNode | None = None
    if environment is not None:
        found = environment_overlay(root, environment)
        if found is None:
            report.add(_unknown_environment(root, environment))
            return None
        if not isinstance(found, MappingNode):
            report.add(WRONG_TYPE.at(found.span, f"the environment `{environment}` should be a map of sections"))
            return None
        overlay = found
        for key in OVERLAY_SECTIONS[1:]:
            if key in overlay.entries:
                report.add(UNKNOWN_KEY.at(overlay.key_span(key), f"an environment has no `{key}` of its own"))
    root = _with_packs(root, overlay, report, places, found_vain)
    defaults = root.get("defaults")
    found_vain = [each for each in found_vain if not _by_default(each.path, defaults)]
    if vain is None:
        root = without_vain(root, found_vain, report)
    else:
        vain += found_vain
    entries = {key: entry for key, entry in root.entries.items() if key not in OVERLAY_SECTIONS}
    if isinstance(defaults, MappingNode):
        for section_name, default in defaults.entries.items():
            _apply_default(entries, section_name, default, report)
        # What an object has by default only, the environment deletes as it deletes what is written in the object.
        entries = dict(without_deleted(MappingNode(entries, root.file, root.start, root.end), overlay).entries)
    elif defaults is not None:
        report.add(WRONG_TYPE.at(defaults.span, "`defaults` should be a map of sections"))
    section = root.get("environments")
    if isinstance(section, MappingNode):
        for entry in section.entries.values():
            if entry.key == DEFAULT_ENVIRONMENT:
                report.add(
                    BAD_NAME.at(
                        entry.key_span,
                        f"no environment can be called `{entry.key}`: so is the spec without one",
                        help="choose another name",
                    )
                )
            elif not re.fullmatch(NAME_PATTERN, entry.key):
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


def without_vain(root: MappingNode, vain: Iterable[Vain], report: Report) -> MappingNode:
    """``root`` without those nulls of ``vain`` that stand in place of an object; all are reported."""
    entries = dict(root.entries)
    for each in vain:
        if each.diagnostic is not None:
            report.add(each.diagnostic)
        section = entries.get(each.path[0])
        if len(each.path) != _OBJECT or section is None or not isinstance(section.node, MappingNode):
            continue
        found = section.node.get(each.path[1])
        if is_null(found):
            left = {key: entry for key, entry in section.node.entries.items() if key != each.path[1]}
            node = MappingNode(left, section.node.file, section.node.start, section.node.end)
            entries[section.key] = Entry(section.key, section.file, section.start, section.end, node)
    return MappingNode(entries, root.file, root.start, root.end)


def _with_packs(
    root: MappingNode,
    overlay: MappingNode | None,
    report: Report,
    places: list[PackPlace] | None,
    vain: list[Vain],
) -> MappingNode:
    """``overlay`` laid over ``root``, and under both what the packs bring that the two of them use together."""
    from skillforge_mon.spec.packing.expansion import expand
    from skillforge_mon.spec.packing.laying import laid_under
    from skillforge_mon.spec.packing.reporting import vain_nulls

    merged = root if overlay is None else _merged(root, overlay)
    over = (root,) if overlay is None else (root, overlay)
    expansion = expand(merged, over, report)
    if expansion is None:
        if overlay is not None:
            vain += _vain_deletions(root, overlay)
        return merged
    if places is not None:
        places.extend(expansion.places)
    # An environment may switch off the pack whose objects the spec deletes: only the spec as it stands is to blame.
    vain += (
        Vain(path, diagnostic if overlay is None else None) for path, diagnostic in vain_nulls(root, expansion.fragment)
    )
    base = laid_under(expansion.fragment, root)
    if overlay is not None:
        vain += _vain_deletions(base, overlay)
        base = _merged(base, overlay)
    return expansion.completed(base, over)


def _merged(base: MappingNode, overlay: MappingNode) -> MappingNode:
    merged = merge(base, overlay)
    assert isinstance(merged, MappingNode)  # noqa: S101 - two maps merge to a map
    return merged


def _by_default(path: tuple[str, ...], defaults: Node | None) -> bool:
    """Whether ``path``, below a section and an object, is there by default."""
    if len(path) <= _OBJECT or not isinstance(defaults, MappingNode):
        return False
    node = defaults.get(path[0])
    for key in path[_OBJECT:]:
        node = node.get(key) if isinstance(node, MappingNode) else None
    return node is not None


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
    section = entries.get(name)
    if section is None or not isinstance(section.node, MappingNode):
        return
    objects: dict[str, Entry] = {}
    for key, entry in section.node.entries.items():
        own = _whole_form(entry.node, model)
        if own is None:
            objects[key] = entry
            continue
        merged = merge(default.node, own)
        assert isinstance(merged, MappingNode)  # noqa: S101 - two maps merge to a map
        placed = MappingNode(merged.entries, own.file, own.start, own.end)
        objects[key] = Entry(key, entry.file, entry.start, entry.end, placed)
    node = MappingNode(objects, section.node.file, section.node.start, section.node.end)
    entries[name] = Entry(section.key, section.file, section.start, section.end, node)


def _whole_form(node: Node, model: type[SpecModel]) -> MappingNode | None:
    """An object that is written in its short form (a policy that is a bare list) as the map that it stands for."""
    if isinstance(node, MappingNode):
        return node
    if not model.shorthand or is_null(node):
        return None
    key = model.model_fields[model.shorthand].alias or model.shorthand
    return MappingNode({key: Entry(key, node.file, node.start, node.end, node)}, node.file, node.start, node.end)


def _vain_deletions(base: MappingNode, overlay: MappingNode, path: tuple[str, ...] = ()) -> Iterator[Vain]:
    """A null deletes: where there is nothing to delete, it is a slip, and what was meant stays."""
    for key, entry in overlay.entries.items():
        below = base.get(key)
        here = (*path, key)
        if is_null(entry.node):
            if below is None:
                told = f"there is no `{'.'.join(here)}` to delete"
                yield Vain(here, NOTHING_TO_DELETE.at(entry.key_span, told, help=suggestion(key, list(base.entries))))
        elif isinstance(entry.node, MappingNode) and isinstance(below, MappingNode | None):
            under = MappingNode({}, base.file, base.start, base.end) if below is None else below
            yield from _vain_deletions(under, entry.node, here)


def _unknown_environment(root: MappingNode, environment: str) -> Diagnostic:
    known = list(environments(root))
    return UNKNOWN_ENVIRONMENT.at(
        root.key_span("environments"),
        f"there is no environment `{environment}`",
        notes=(f"the spec has: {', '.join(known)}",) if known else ("the spec declares no environments",),
        help=suggestion(environment, known),
    )
