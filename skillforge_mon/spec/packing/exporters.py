"""``exporters``: each brings its scrape job, the catalogue and the pack of its kind, and a service to belong to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.models.services import Scrape
from skillforge_mon.spec.packing.laying import laid_under
from skillforge_mon.spec.packing.pack import SELECTOR, ExporterKind, Pack
from skillforge_mon.spec.packing.uses import Use, field, jobs_selector, one_use, service_selector
from skillforge_mon.spec.suggest import nearest
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, is_null

CONFIGURED = ("sql", "json")
"""Kinds that export what their configuration in the spec says."""
OWN_KINDS: Mapping[str, str] = {
    "custom": "an exporter of your own, whose metrics stand under `metrics`",
    "sql": "sql_exporter: results of SQL queries",
    "json": "json_exporter: values in JSON documents",
}
_JSON_PATH = "/probe"
_SCRAPE_FIELDS = tuple(info.alias or name for name, info in Scrape.model_fields.items())


@dataclass(frozen=True, slots=True, eq=False)
class Exporter:
    """An exporter: the service it belongs to, what it uses, its scrapes, and the metrics that it is configured for."""

    name: str
    entry: Entry
    service: str
    description: Node
    uses: tuple[Use, ...]
    scrapes: tuple[MappingNode, ...]
    metrics: Mapping[str, Entry]


def read_exporters(root: MappingNode, packs: Mapping[str, Pack], report: Report) -> Iterator[Exporter]:
    """The exporters of ``root``; kinds that nobody knows are reported."""
    section = root.get("exporters")
    for name, written in section.entries.items() if isinstance(section, MappingNode) else ():
        entry = _whole(root, written)
        kind = entry.node.get("kind") if isinstance(entry.node, MappingNode) else None
        if kind is not None and not (isinstance(kind, ScalarNode) and isinstance(kind.value, str)):
            continue
        called = kind.text if isinstance(kind, ScalarNode) else name
        pack = packs.get(called)
        known = pack.exporter if pack is not None else None
        if is_null(entry.node):
            continue
        if known is None and called not in OWN_KINDS:
            report.add(_unknown(called, entry, kind, packs))
            continue
        if not _is_configured(called, entry, report):
            continue
        yield _exporter(root, name, entry, called, known)


def _whole(root: MappingNode, entry: Entry) -> Entry:
    """An exporter as a map, with the defaults of its section: a bare value is its targets."""
    node = entry.node
    if is_null(node):
        return entry
    if not isinstance(node, MappingNode):
        targets = Entry("targets", node.file, node.start, node.end, node)
        node = MappingNode({"targets": targets}, node.file, node.start, node.end)
    defaults = root.get("defaults")
    usual = defaults.get("exporters") if isinstance(defaults, MappingNode) else None
    if isinstance(usual, MappingNode):
        node = laid_under(usual, node)
    return Entry(entry.key, entry.file, entry.start, entry.end, node)


def exporter_kinds(packs: Mapping[str, Pack]) -> list[str]:
    """Every kind that an exporter may be of."""
    return sorted([*OWN_KINDS, *(name for name, pack in packs.items() if pack.exporter is not None)])


def _exporter(root: MappingNode, name: str, entry: Entry, kind: str, known: ExporterKind | None) -> Exporter:
    node = entry.node
    service = _text_of(node, "service") or name
    job = _text_of(node, "job") or name
    scrapes = tuple(_scrapes(node, job, entry, kind, known)) if _field(node, "targets") is not None else ()
    selector = _selector(root, service, entry, scrapes) or _nowhere(entry)
    owner = f"exporters.{name}"
    uses: list[Use] = []
    if known is not None:
        given = _field(node, "with")
        own = given if isinstance(given, MappingNode) else None
        at = _field(node, "kind")
        where = at if isinstance(at, ScalarNode) else _scalar(kind, entry)
        uses.append(Use(kind, service, owner, where.span, where, own, _field(own, SELECTOR) or selector))
    listed = _field(node, "use")
    for item in [] if listed is None else listed.items if isinstance(listed, SequenceNode) else [listed]:
        uses += one_use(item, service, owner, selector)
    said = _field(node, "description") or _scalar(known.program if known is not None else OWN_KINDS[kind], entry)
    metrics = dict(_configured_metrics(node, kind)) if isinstance(node, MappingNode) else {}
    return Exporter(name, entry, service, said, tuple(uses), scrapes, metrics)


def _field(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, MappingNode) else None


def _selector(root: MappingNode, service: str, entry: Entry, scrapes: tuple[MappingNode, ...]) -> ScalarNode | None:
    """The matchers of the exporter's own jobs; where it has none, those that its service writes down; else None."""
    jobs = [text for scrape in scrapes if (text := _text_of(scrape, "job"))]
    if jobs:
        return jobs_selector(jobs, entry)
    services = root.get("services")
    owner = services.entries.get(service) if isinstance(services, MappingNode) else None
    if owner is not None and field(root, "services", owner.node, SELECTOR) is not None:
        return service_selector(root, service, owner)
    return None


def _nowhere(entry: Entry) -> ScalarNode:
    """In place of matchers that nobody can tell: an empty text, which the expansion reports."""
    return ScalarNode("", "", entry.file, entry.start, entry.end)


def _scrapes(node: Node, job: str, entry: Entry, kind: str, known: ExporterKind | None) -> Iterator[MappingNode]:
    """The scrape of the exporter, or for JSON one for each document that it reads."""
    written = node.entries if isinstance(node, MappingNode) else {}
    own = {key: each for key, each in written.items() if key in _SCRAPE_FIELDS}
    usual = dict(known.scrape) if known is not None else {}
    plain = {**usual, **own}
    if kind != "json":
        yield _map({"job": _entry("job", job, entry), **plain}, entry)
        return
    modules = _field(_field(node, "json"), "modules")
    for name, module in modules.entries.items() if isinstance(modules, MappingNode) else ():
        url = _field(module.node, "url")
        if not isinstance(url, ScalarNode):
            continue
        assert isinstance(modules, MappingNode)  # noqa: S101 - it has entries
        parameters = {
            "module": _entry("module", name, module),
            "target": Entry("target", url.file, url.start, url.end, url),
        }
        one = len(modules.entries) == 1
        yield _map(
            {
                "path": _entry("path", _JSON_PATH, entry),
                **plain,
                "job": _entry("job", job if one else f"{job}-{name}", entry),
                "params": Entry("params", module.file, module.start, module.end, _map(parameters, module)),
            },
            entry,
        )


def _configured_metrics(node: MappingNode, kind: str) -> Iterator[tuple[str, Entry]]:
    """The metrics of a configured exporter as the catalogue has them: name and declaration."""
    if kind not in CONFIGURED:
        return
    groups = _field(node.get(kind), "collectors" if kind == "sql" else "modules")
    for group in groups.entries.values() if isinstance(groups, MappingNode) else ():
        metrics = _field(group.node, "metrics")
        for name, metric in metrics.entries.items() if isinstance(metrics, MappingNode) else ():
            if not isinstance(metric.node, MappingNode):
                continue
            fields = {key: each for key, each in metric.node.entries.items() if key in {"type", "help", "unit"}}
            fields.setdefault("type", _entry("type", "gauge", metric))
            labels = metric.node.get("labels")
            if isinstance(labels, MappingNode):
                declared = labels.entries
                if kind == "json":
                    declared = {key: _entry(key, "bounded", each) for key, each in declared.items()}
                fields["labels"] = Entry("labels", labels.file, labels.start, labels.end, _map(declared, metric))
            yield name, Entry(name, metric.file, metric.start, metric.end, _map(fields, metric))


def _is_configured(kind: str, entry: Entry, report: Report) -> bool:
    node = entry.node
    for each in CONFIGURED:
        has = isinstance(node, MappingNode) and node.get(each) is not None
        if kind == each and not has:
            problem = codes.EXPORTER_CONFIGURATION.at(
                entry.key_span, f"the exporter `{entry.key}` does not say what it exports", help=f"add `{each}:`"
            )
            report.add(problem)
            return False
        if kind != each and has:
            assert isinstance(node, MappingNode)  # noqa: S101 - it has the key
            problem = codes.EXPORTER_CONFIGURATION.at(
                node.key_span(each),
                f"the exporter `{entry.key}` is of the kind `{kind}`, which takes no `{each}`",
                help=f"write `kind: {each}`, or take `{each}` out",
            )
            report.add(problem)
    return True


def _unknown(kind: str, entry: Entry, at: Node | None, packs: Mapping[str, Pack]) -> Diagnostic:
    kinds = exporter_kinds(packs)
    meant = nearest(kind, kinds)
    return codes.UNKNOWN_EXPORTER.at(
        at.span if at is not None else entry.key_span,
        f"there is no kind of exporter `{kind}`",
        notes=(f"there are: {', '.join(kinds)}",),
        help=f"did you mean `{meant}`?" if meant else "write `kind: custom`, and its metrics under `metrics`",
    )


def _text_of(node: Node, key: str) -> str:
    found = _field(node, key)
    return found.text if isinstance(found, ScalarNode) and isinstance(found.value, str) else ""


def _scalar(text: str, entry: Entry) -> ScalarNode:
    return ScalarNode(text, text, entry.file, entry.start, entry.end)


def _entry(key: str, text: str, entry: Entry) -> Entry:
    """A value that follows from the exporter, and stands where its name does."""
    return Entry(key, entry.file, entry.start, entry.end, _scalar(text, entry))


def _map(entries: Mapping[str, Entry], entry: Entry) -> MappingNode:
    return MappingNode(dict(entries), entry.file, entry.start, entry.end)
