"""Where lines are found, as components that read them.

Sources: Grafana Alloy, "local.file_match", "loki.source.file", "discovery.kubernetes", "discovery.docker",
"discovery.relabel", "loki.source.kubernetes", "loki.source.docker", "loki.source.journal".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from skillforge_mon.backends.alloy.syntax import Attribute, Block, Reference, Value, attributes
from skillforge_mon.lower.loki_streams import literal_pattern, systemd_units
from skillforge_mon.model.logs import LogStream

DOCKER: Final = "unix:///var/run/docker.sock"
_CONTAINER: Final = "__meta_kubernetes_pod_container_name"
_SHOWN: Final = {
    "__meta_kubernetes_namespace": "namespace",
    "__meta_kubernetes_pod_name": "pod",
    _CONTAINER: "container",
}
"""What is kept of where a line comes from, as labels."""


def component_names(stream: LogStream) -> Iterator[tuple[str, ...]]:
    """What the components of ``stream`` are called after: itself and, where it has several units, each of them."""
    yield (stream.name,)
    units = systemd_units(stream)
    yield from ((stream.name, unit.removesuffix(".service")) for unit in units if len(units) > 1)


def reading(stream: LogStream, receiver: Reference, labels: Mapping[tuple[str, ...], str]) -> Iterator[Block]:
    """The components that bring the lines of ``stream`` to ``receiver``; none where the application sends them.

    ``labels`` are those of components, by what they are called after.
    """
    source = stream.spec.source
    label = labels[stream.name,]
    if source.files:
        yield from _files(list(source.files), receiver, label)
    elif source.kubernetes is not None:
        yield from _kubernetes(stream, receiver, label)
    elif source.docker:
        yield from _docker(list(source.docker), receiver, label)
    else:
        named = list(component_names(stream))
        for words, unit in zip(named[1:] or named, systemd_units(stream), strict=False):
            body = attributes(matches=f"_SYSTEMD_UNIT={unit}", forward_to=[receiver])
            yield Block("loki.source.journal", body, labels[words])


def _files(paths: list[str], receiver: Reference, label: str) -> Iterator[Block]:
    targets: list[Value] = [{"__path__": path} for path in paths]
    found = Block("local.file_match", (Attribute("path_targets", targets),), label)
    yield found
    yield Block("loki.source.file", attributes(targets=found.export("targets"), forward_to=[receiver]), label)


def _kubernetes(stream: LogStream, receiver: Reference, label: str) -> Iterator[Block]:
    spec = stream.spec.source.kubernetes
    assert spec is not None  # noqa: S101 - the source is this one
    body: list[Attribute | Block] = [Attribute("role", "pod")]
    if spec.namespace is not None:
        body.append(Block("namespaces", attributes(names=[spec.namespace])))
    if spec.selector:
        chosen = ",".join(f"{name}={value}" for name, value in spec.selector.items())
        body.append(Block("selectors", attributes(role="pod", label=chosen)))
    found = Block("discovery.kubernetes", tuple(body), label)
    yield found
    rules = [_rule(source_labels=[name], target_label=shown) for name, shown in _SHOWN.items()]
    if spec.container is not None:
        rules.insert(0, _rule(source_labels=[_CONTAINER], regex=literal_pattern(spec.container), action="keep"))
    yield from _relabelled(found, rules)
    targets = Reference(f"discovery.relabel.{label}.output")
    yield Block("loki.source.kubernetes", attributes(targets=targets, forward_to=[receiver]), label)


def _docker(names: list[str], receiver: Reference, label: str) -> Iterator[Block]:
    found = Block("discovery.docker", attributes(host=DOCKER), label)
    yield found
    chosen = "|".join(map(literal_pattern, names))
    name: Value = ["__meta_docker_container_name"]
    rules = [
        # Docker puts a slash before the names of containers.
        _rule(source_labels=name, regex=f"/({chosen})", action="keep"),
        _rule(source_labels=name, regex="/(.*)", target_label="container"),
    ]
    yield from _relabelled(found, rules)
    targets = Reference(f"discovery.relabel.{label}.output")
    body = attributes(host=DOCKER, targets=targets, labels={}, forward_to=[receiver])
    yield Block("loki.source.docker", body, label)


def _relabelled(found: Block, rules: list[Block]) -> Iterator[Block]:
    yield Block("discovery.relabel", (Attribute("targets", found.export("targets")), *rules), found.label)


def _rule(**values: Value) -> Block:
    return Block("rule", attributes(**values))
