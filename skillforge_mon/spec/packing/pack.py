"""A pack as it is written: what it is, its parameters, the fragment, and how its exporter is scraped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from skillforge_mon.spec.models.base import LABEL_PATTERN, NAME_PATTERN
from skillforge_mon.spec.quantities import Duration, Quantity, QuantityError, parse_ratio, parse_size
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode

SECTIONS = (
    "use", "metrics", "recordings", "teams", "escalation", "slos", "alerts", "maintenance", "dashboards", "runbooks",
    "tests",
)  # fmt: skip
"""The sections of the language that a fragment may have."""

SERVICE = "service"
SERVICE_CAMEL = "Service"
SELECTOR = "selector"
BUILT_IN: Mapping[str, str] = {
    SERVICE: "the name of the service that uses the pack",
    SERVICE_CAMEL: "the same in CamelCase, for names of alerts; packaged packs leave out their own name at its end",
    SELECTOR: 'the matchers of its series: its `selector`, or `job="NAME"` with its scrape jobs',
}
"""Placeholders that every pack may use. ``selector`` may also be given, like a parameter."""

KINDS: Mapping[str, str] = {
    "text": "text",
    "name": "a name, such as of an object or a queue",
    "number": "a number",
    "duration": "a duration such as 5m",
    "ratio": "a ratio such as 99.9% or 0.999",
    "size": "a size such as 2GiB",
    "quantity": "a number, with a unit or without, such as 500ms",
    "metric": "the name of a metric",
    "label": "the name of a label",
    "matchers": 'label matchers such as `status=~"5.."`',
    "list": "a list of texts",
    "flag": "true or false",
}
"""What a parameter may be."""

_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.\-]*")


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter. Without ``default``, what needs it is left out of the fragment when it is not given.

    ``required``: without it the pack says nothing at all.
    """

    name: str
    description: str
    kind: str
    default: Node | None
    required: bool
    entry: Entry | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ExporterKind:
    """How the exporter that the pack is about is scraped. ``scrape`` are fields of a scrape, as nodes."""

    program: str
    port: int | None
    scrape: Mapping[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A pack. ``entry`` is where the user wrote it, None for a packaged one."""

    name: str
    description: str
    parameters: Mapping[str, Parameter]
    spec: MappingNode
    exporter: ExporterKind | None
    entry: Entry | None = None

    @property
    def packaged(self) -> bool:
        """True when it comes with monmc."""
        return self.entry is None


def read_pack(name: str, node: MappingNode, entry: Entry | None) -> Pack:
    """The pack that ``node`` describes. What is not in its form is left out: validation reports it."""
    spec = node.get("spec")
    parameters = node.get("parameters")
    exporter = node.get("exporter")
    return Pack(
        name=name,
        description=_word(node, "description"),
        parameters={
            key: _parameter(key, each)
            for key, each in (parameters.entries if isinstance(parameters, MappingNode) else {}).items()
            if isinstance(each.node, MappingNode)
        },
        spec=spec if isinstance(spec, MappingNode) else MappingNode({}, node.file, node.start, node.start),
        exporter=_exporter(exporter) if isinstance(exporter, MappingNode) else None,
        entry=entry,
    )


def _parameter(name: str, entry: Entry) -> Parameter:
    node = entry.node
    assert isinstance(node, MappingNode)  # noqa: S101 - asked before
    required = node.get("required")
    return Parameter(
        name=name,
        description=_word(node, "description"),
        kind=_word(node, "kind") or "text",
        default=node.get("default"),
        required=isinstance(required, ScalarNode) and required.value is True,
        entry=entry,
    )


def _exporter(node: MappingNode) -> ExporterKind:
    port = node.get("port")
    scrape = node.get("scrape")
    return ExporterKind(
        program=_word(node, "program"),
        port=port.value if isinstance(port, ScalarNode) and type(port.value) is int else None,
        scrape=dict(scrape.entries) if isinstance(scrape, MappingNode) else {},
    )


def _word(node: MappingNode, key: str) -> str:
    found = node.get(key)
    return found.text if isinstance(found, ScalarNode) and isinstance(found.value, str) else ""


def fits(kind: str, node: Node) -> bool:
    """Whether the value ``node`` is what a parameter of ``kind`` takes."""
    if kind == "list":
        return isinstance(node, SequenceNode) and all(isinstance(item, ScalarNode) for item in node.items)
    if not isinstance(node, ScalarNode) or node.value is None:
        return False
    value = node.value
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    text = node.text
    match kind:
        case "name":
            return re.fullmatch(NAME_PATTERN, text) is not None
        case "metric":
            return _METRIC.fullmatch(text) is not None
        case "label":
            return re.fullmatch(LABEL_PATTERN, text) is not None
        case "duration" | "ratio" | "size" | "quantity":
            return _reads(kind, text)
    return isinstance(value, str) and value != ""


def _reads(kind: str, text: str) -> bool:
    parse = {"duration": Duration.parse, "ratio": parse_ratio, "size": parse_size, "quantity": Quantity.parse}[kind]
    try:
        parse(text)
    except QuantityError:
        return False
    return True
