"""The one way in: a tree with baselines, KPIs and probes, to one that has what they stand for as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from pydantic import ValidationError

from skillforge_mon.model.expansion.made import Fragment, made
from skillforge_mon.spec.models.base import SpecModel
from skillforge_mon.spec.quantities import Duration, QuantityError
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, ScalarNode, merge, to_plain

EXPANDED: Final = ("baselines", "kpis", "probes")
"""Sections that stand for others."""
Model = TypeVar("Model", bound=SpecModel)


def expand(root: MappingNode) -> MappingNode:
    """``root`` with what its baselines, KPIs and probes stand for laid under it; ``root`` itself where it has none.

    Objects that are wrong stand for nothing here: validating them tells why.
    """
    targets = _targets(root)
    if {"prometheus", "blackbox"} <= targets:
        root = _with_health_probes(root)
    if not any(section in root.entries for section in EXPANDED):
        return root
    from skillforge_mon.model.expansion.baselines import baseline_fragment
    from skillforge_mon.model.expansion.kpis import kpi_fragment
    from skillforge_mon.spec.models.baselines import Baseline
    from skillforge_mon.spec.models.kpis import Kpi

    below: dict[str, dict[str, Entry]] = {}
    native = _native_histograms(root)
    for entry, baseline in _objects(root, "baselines", Baseline):
        _add(below, baseline_fragment(entry.key, baseline, native), entry)
    for entry, kpi in _objects(root, "kpis", Kpi):
        _add(below, kpi_fragment(entry.key, kpi), entry)
    if "prometheus" in targets:
        _add_alerts_of_probes(root, below, targets)
    return _laid_under(root, below)


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


def _with_health_probes(root: MappingNode) -> MappingNode:
    from skillforge_mon.model.expansion.probes import health_fragment
    from skillforge_mon.spec.models.services import Service

    below: dict[str, dict[str, Entry]] = {}
    for entry, service in _objects(root, "services", Service):
        if service.health is not None:
            _add(below, health_fragment(entry.key, service), entry)
    return _laid_under(root, below)


def _add_alerts_of_probes(root: MappingNode, below: dict[str, dict[str, Entry]], targets: frozenset[str]) -> None:
    from skillforge_mon.model.expansion.probes import missing_fragment, missing_owner, probe_fragment
    from skillforge_mon.spec.models.probes import Probe

    evaluation = _evaluation_interval(root)
    owned: dict[tuple[str, str], dict[str, tuple[Entry, Probe]]] = {}
    for entry, probe in _objects(root, "probes", Probe):
        _add(below, probe_fragment(entry.key, probe, targets, evaluation), entry)
        owned.setdefault(missing_owner(probe), {})[entry.key] = (entry, probe)
    for owner, probes in owned.items():
        asked = next(iter(probes.values()))[0]
        _add(below, missing_fragment(owner, {name: probe for name, (_, probe) in probes.items()}, targets), asked)


def _objects(root: MappingNode, section: str, model: type[Model]) -> Iterator[tuple[Entry, Model]]:
    node = root.get(section)
    for entry in node.entries.values() if isinstance(node, MappingNode) else ():
        try:
            yield entry, model.model_validate(to_plain(entry.node))
        except ValidationError:
            continue


def _native_histograms(root: MappingNode) -> Callable[[str], bool]:
    """Whether the spec declares the metric of that name as a native histogram."""
    metrics = root.get("metrics")

    def native(name: str) -> bool:
        metric = metrics.get(name) if isinstance(metrics, MappingNode) else None
        return isinstance(metric, MappingNode) and to_plain(metric).get("type") == "native_histogram"

    return native


def _add(below: dict[str, dict[str, Entry]], fragment: Fragment, asked: Entry) -> None:
    for section, objects in fragment.items():
        for name, data in objects.items():
            node = made(data, asked)
            below.setdefault(section, {}).setdefault(name, Entry(name, asked.file, asked.start, asked.end, node))


def _laid_under(root: MappingNode, below: dict[str, dict[str, Entry]]) -> MappingNode:
    """``root`` over what was made. The user's own sections keep their order and their places."""
    entries = dict(root.entries)
    for section, objects in below.items():
        own = entries.get(section)
        first = next(iter(objects.values()))
        if own is None:
            node = MappingNode(objects, first.file, first.start, first.end)
            entries[section] = Entry(section, first.file, first.start, first.end, node)
        elif isinstance(own.node, MappingNode):
            together = dict(own.node.entries)
            for name, entry in objects.items():
                written = together.get(name)
                if written is None:
                    together[name] = entry
                elif isinstance(written.node, ScalarNode) and written.node.value is None:
                    del together[name]
                else:
                    node_ = merge(entry.node, written.node)
                    together[name] = Entry(name, written.file, written.start, written.end, node_)
            whole = MappingNode(together, own.node.file, own.node.start, own.node.end)
            entries[section] = Entry(own.key, own.file, own.start, own.end, whole)
    return MappingNode(entries, root.file, root.start, root.end)
