"""The one way in: a tree with baselines, KPIs and probes, to one that has what they stand for as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import ValidationError

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.model.expansion.made import Fragment, made
from skillforge_mon.spec.models.base import SpecModel
from skillforge_mon.spec.overlay import Vain, environment_overlay, resolve_overlays, without_vain
from skillforge_mon.spec.quantities import Duration, QuantityError
from skillforge_mon.spec.suggest import suggestion
from skillforge_mon.spec.yaml.nodes import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    is_null,
    merge,
    to_plain,
    without_deleted,
)

if TYPE_CHECKING:
    from skillforge_mon.spec.packing.places import PackPlace

EXPANDED: Final = ("baselines", "kpis", "probes")
"""Sections that stand for others."""
Model = TypeVar("Model", bound=SpecModel)


def whole_spec(
    root: MappingNode, environment: str | None, report: Report, places: list[PackPlace] | None = None
) -> MappingNode | None:
    """The spec of ``environment`` with all that it stands for: ``resolve_overlays``, then ``expand``."""
    vain: list[Vain] = []
    merged = resolve_overlays(root, environment, report, places, vain)
    if merged is None:
        return None
    expanded = expand(merged, environment_overlay(root, environment), vain, root.get("defaults"))
    whole = without_vain(expanded, vain, report)
    nulls = set(_nulls(whole)) if environment is not None else None
    if not nulls:
        return whole
    # An environment may leave out the baseline whose alert the spec deletes: only the spec as it stands is to blame.
    plain = whole_spec(root, None, Report())
    blameless = nulls - set(_nulls(plain)) if plain is not None else nulls
    return without_vain(whole, (Vain(path, None) for path in blameless), report)


def _nulls(root: MappingNode) -> Iterator[tuple[str, str]]:
    """The section and the name of what stands as null in place of an object."""
    for section, entry in root.entries.items():
        objects = entry.node.entries.items() if isinstance(entry.node, MappingNode) else ()
        yield from ((section, name) for name, each in objects if is_null(each.node))


def expand(
    root: MappingNode, overlay: Node | None = None, vain: list[Vain] | None = None, defaults: Node | None = None
) -> MappingNode:
    """``root`` with what its baselines, KPIs and probes stand for laid under it; ``root`` itself where it has none.

    What a null of ``overlay``, the environment's, deletes is not laid under it; nulls of ``vain`` that delete some of
    what was made are taken out of that list. ``defaults`` are those of the spec, which are laid under what was made as
    they have been laid under ``root``. Objects that are wrong stand for nothing here: validating them tells why.
    """
    around = _Around(overlay, [] if vain is None else vain, defaults if isinstance(defaults, MappingNode) else None)
    targets = _targets(root)
    if {"prometheus", "blackbox"} <= targets:
        root = _with_health_probes(root, around)
    if not any(section in root.entries for section in EXPANDED):
        return root
    from skillforge_mon.model.expansion.baselines import baseline_fragment
    from skillforge_mon.model.expansion.kpis import kpi_fragment
    from skillforge_mon.spec.models.baselines import Baseline
    from skillforge_mon.spec.models.kpis import Kpi

    below: dict[str, dict[str, Entry]] = {}
    type_of = _declared_types(root)
    for entry, baseline in _objects(root, "baselines", Baseline):
        _add(below, baseline_fragment(entry.key, baseline, type_of), entry)
    for entry, kpi in _objects(root, "kpis", Kpi):
        _add(below, kpi_fragment(entry.key, kpi), entry)
    if "prometheus" in targets:
        _add_alerts_of_probes(root, below, targets)
    return _laid_under(root, below, around)


def _targets(root: MappingNode) -> frozenset[str]:
    """The names of the systems that the spec is compiled for."""
    targets = root.get("targets")
    entries = targets.entries.items() if isinstance(targets, MappingNode) else ()
    return frozenset(
        name for name, entry in entries if not isinstance(entry.node, ScalarNode) or entry.node.value is not None
    )


def _evaluation_interval(root: MappingNode) -> Duration:
    """How often Prometheus evaluates rules, as its target says, or as is usual."""
    from skillforge_mon.spec.models.targets import PrometheusTarget

    targets = root.get("targets")
    target = targets.get("prometheus") if isinstance(targets, MappingNode) else None
    said = target.get("evaluation_interval") if isinstance(target, MappingNode) else None
    if isinstance(said, ScalarNode) and isinstance(said.value, str):
        try:
            return Duration.parse(said.value)
        except QuantityError:
            pass
    return PrometheusTarget().evaluation_interval


def _with_health_probes(root: MappingNode, around: _Around) -> MappingNode:
    from skillforge_mon.model.expansion.probes import health_fragment
    from skillforge_mon.spec.models.services import Service

    below: dict[str, dict[str, Entry]] = {}
    for entry, service in _objects(root, "services", Service):
        if service.health is not None:
            _add(below, health_fragment(entry.key, service), entry)
    return _laid_under(root, below, around)


def _add_alerts_of_probes(root: MappingNode, below: dict[str, dict[str, Entry]], targets: frozenset[str]) -> None:
    from skillforge_mon.model.expansion.probes import Missing, missing, missing_fragment, probe_fragment
    from skillforge_mon.spec.models.probes import Probe

    evaluation = _evaluation_interval(root)
    sharing: dict[Missing, dict[str, tuple[Entry, Probe]]] = {}
    for entry, probe in _objects(root, "probes", Probe):
        _add(below, probe_fragment(entry.key, probe, targets, evaluation), entry)
        sharing.setdefault(missing(probe), {})[entry.key] = (entry, probe)
    for shared, probes in sharing.items():
        asked = next(iter(probes.values()))[0]
        _add(below, missing_fragment(shared, {name: probe for name, (_, probe) in probes.items()}, targets), asked)


def _objects(root: MappingNode, section: str, model: type[Model]) -> Iterator[tuple[Entry, Model]]:
    node = root.get(section)
    for entry in node.entries.values() if isinstance(node, MappingNode) else ():
        try:
            yield entry, model.model_validate(to_plain(entry.node))
        except ValidationError:
            continue


def _declared_types(root: MappingNode) -> Callable[[str], str | None]:
    """The type that the spec declares the metric of that name with."""
    metrics = root.get("metrics")

    def type_of(name: str) -> str | None:
        metric = metrics.get(name) if isinstance(metrics, MappingNode) else None
        type_ = metric.get("type") if isinstance(metric, MappingNode) else None
        return str(type_.value) if isinstance(type_, ScalarNode) else None

    return type_of


def _add(below: dict[str, dict[str, Entry]], fragment: Fragment, asked: Entry) -> None:
    for section, objects in fragment.items():
        for name, data in objects.items():
            node = made(data, asked)
            below.setdefault(section, {}).setdefault(name, Entry(name, asked.file, asked.start, asked.end, node))


@dataclass(frozen=True, slots=True)
class _Around:
    """What is laid under the objects that are made, and what deletes of them: the nulls of ``overlay``, that of the
    environment, and those of ``vain`` that have found nothing yet.
    """

    overlay: Node | None
    vain: list[Vain]
    defaults: MappingNode | None

    def default(self, section: str) -> MappingNode | None:
        """What the spec says of every object of ``section``."""
        node = self.defaults.get(section) if self.defaults is not None else None
        return node if isinstance(node, MappingNode) else None

    def deleted(self, fragment: MappingNode) -> MappingNode:
        """``fragment`` without what the overlay deletes; what is there to delete is not vain."""
        self.vain[:] = [_with_suggestion(each, fragment) for each in self.vain if _at(fragment, each.path) is None]
        return without_deleted(fragment, self.overlay)


def _at(node: Node | None, path: Sequence[str]) -> Node | None:
    for key in path:
        node = node.get(key) if isinstance(node, MappingNode) else None
    return node


def _with_suggestion(vain: Vain, fragment: MappingNode) -> Vain:
    """``vain``, which may mean something that was made: nobody sees those names in the spec."""
    beside = _at(fragment, vain.path[:-1])
    meant = suggestion(vain.path[-1], list(beside.entries)) if isinstance(beside, MappingNode) else ""
    return replace(vain, diagnostic=replace(vain.diagnostic, help=meant)) if vain.diagnostic and meant else vain


def _laid_under(root: MappingNode, below: dict[str, dict[str, Entry]], around: _Around) -> MappingNode:
    """``root`` over what was made, and that over the defaults. The user's own sections keep their order and places."""
    sections = {
        section: _section(section, {name: _over(around.default(section), entry) for name, entry in objects.items()})
        for section, objects in below.items()
    }
    entries = dict(root.entries)
    for section, made_ in around.deleted(MappingNode(sections, root.file, 0, 0)).entries.items():
        own = entries.get(section)
        assert isinstance(made_.node, MappingNode)  # noqa: S101 - made so above
        if own is None:
            entries[section] = made_
        elif isinstance(own.node, MappingNode):
            together = dict(own.node.entries)
            for name, entry in made_.node.entries.items():
                written = together.get(name)
                if written is None:
                    together[name] = entry
                elif is_null(written.node):
                    del together[name]
                else:
                    node_ = _under_written(entry.node, written.node, around.default(section))
                    together[name] = Entry(name, written.file, written.start, written.end, node_)
            whole = MappingNode(together, own.node.file, own.node.start, own.node.end)
            entries[section] = Entry(own.key, own.file, own.start, own.end, whole)
    return MappingNode(entries, root.file, root.start, root.end)


def _over(default: MappingNode | None, entry: Entry) -> Entry:
    """What was made, over what the spec says of every object of its section."""
    if default is None or not isinstance(entry.node, MappingNode):
        return entry
    merged = merge(default, entry.node)
    assert isinstance(merged, MappingNode)  # noqa: S101 - two maps merge to a map
    node = MappingNode(merged.entries, entry.file, entry.start, entry.end)
    return Entry(entry.key, entry.file, entry.start, entry.end, node)


def _under_written(made_: Node, written: Node, default: MappingNode | None) -> Node:
    """``written`` over ``made_``. Both have the default: what ``written`` has of it alone is not what the user wrote,
    and what ``written`` has lost of it, the user deleted.
    """
    if default is None or not isinstance(made_, MappingNode) or not isinstance(written, MappingNode):
        return merge(made_, written)
    own = {key: entry for key, entry in written.entries.items() if default.entries.get(key) is not entry}
    left = {key: entry for key, entry in made_.entries.items() if key in written.entries or key not in default.entries}
    return merge(
        MappingNode(left, made_.file, made_.start, made_.end),
        MappingNode(own, written.file, written.start, written.end),
    )


def _section(name: str, objects: dict[str, Entry]) -> Entry:
    first = next(iter(objects.values()))
    return Entry(name, first.file, first.start, first.end, MappingNode(objects, first.file, first.start, first.end))
