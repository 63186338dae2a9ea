"""The files of one project become one tree.

Files are equals: no file wins over another. So each thing may be said once, wherever it is said, and the result does
not depend on the names of the files. (Laying one thing over another is what environments are for: ``nodes.merge``.)
"""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Label, Report, Span
from skillforge_mon.spec import codes_yaml as codes
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, ScalarNode, is_null

FIXED_SHAPE_SECTIONS = frozenset(("targets", "defaults", "environments"))
"""Sections whose keys are not names of things, so that files may each say a part of the same entry."""

_REPEATABLE = "version"


def join_files(roots: list[MappingNode], report: Report, shown: str) -> MappingNode | None:
    """One root of all ``roots``, which keep their places; the place of the new root is that of the first.

    Sections that are maps are joined by name. What two files say both is reported with both places, and the first one
    counts; only ``version`` may be repeated if it is the same. None when the files (of the folder ``shown``) belong to
    different projects.
    """
    if len(roots) == 1:
        return roots[0]
    if _several_projects(roots, report, shown):
        return None
    entries: dict[str, Entry] = {}
    for root in roots:
        for key, entry in root.entries.items():
            known = entries.get(key)
            if known is None or is_null(known.node):
                entries[key] = entry
            elif not is_null(entry.node) and not _same_version(known, entry):
                depth = None if key in FIXED_SHAPE_SECTIONS else 1
                entries[key] = _joined(known, entry, (key,), depth, report)
    return MappingNode(entries, roots[0].file, roots[0].start, roots[0].end)


def _joined(first: Entry, second: Entry, path: tuple[str, ...], depth: int | None, report: Report) -> Entry:
    """``first`` with what ``second`` adds, going ``depth`` maps deep (None: to the bottom)."""
    if depth == 0 or not (isinstance(first.node, MappingNode) and isinstance(second.node, MappingNode)):
        _report_twice(first, second, path, report)
        return first
    below = None if depth is None else depth - 1
    entries = dict(first.node.entries)
    for key, entry in second.node.entries.items():
        known = entries.get(key)
        entries[key] = entry if known is None else _joined(known, entry, (*path, key), below, report)
    node = MappingNode(entries, first.node.file, first.node.start, first.node.end)
    return Entry(first.key, first.file, first.start, first.end, node)


def _report_twice(first: Entry, second: Entry, path: tuple[str, ...], report: Report) -> None:
    name = ".".join(path)
    if len(path) == 1 and isinstance(first.node, MappingNode) != isinstance(second.node, MappingNode):
        report.add(
            codes.DEFINED_TWICE.at(
                second.key_span,
                f"`{name}` is a map in one file and something else in another",
                label="not the same shape here",
                secondary=(Label(first.key_span, "as here"),),
                help="a section that is spread over several files must be a map in each of them",
            )
        )
        return
    report.add(
        codes.DEFINED_TWICE.at(
            second.key_span,
            f"`{name}` stands in two files of the project",
            label="second time here",
            secondary=(Label(first.key_span, "first here"),),
            help="remove or rename one of the two",
        )
    )


def _several_projects(roots: list[MappingNode], report: Report, shown: str) -> bool:
    places: dict[str, Span] = {}
    for root in roots:
        node = root.get("project")
        if isinstance(node, ScalarNode) and isinstance(node.value, str):
            places.setdefault(node.value, node.span)
    if len(places) < 2:
        return False
    (first, first_span), (_, second_span), *others = places.items()
    labels = [Label(first_span, f"project `{first}`"), *(Label(span, f"project `{name}`") for name, span in others)]
    report.add(
        codes.SEVERAL_PROJECTS.at(
            second_span,
            f"the folder `{shown}` holds {len(places)} projects",
            label="another project",
            secondary=tuple(labels),
            help=f"name the file of one project, as in `monmc build {first_span.file}`",
        )
    )
    return True


def _same_version(first: Entry, second: Entry) -> bool:
    """True for a version that is repeated: it tells editors and people in which language a file is written."""
    return (
        first.key == _REPEATABLE
        and isinstance(first.node, ScalarNode)
        and isinstance(second.node, ScalarNode)
        and type(first.node.value) is type(second.node.value)
        and first.node.value == second.node.value
    )
