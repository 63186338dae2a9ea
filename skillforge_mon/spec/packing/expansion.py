"""The packs that a spec uses, expanded: one fragment of the language, to be laid under what the user wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report, Span
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.packing.exporters import Exporter, read_exporters
from skillforge_mon.spec.packing.laying import added_up, laid_together
from skillforge_mon.spec.packing.pack import SECTIONS, Pack, read_pack
from skillforge_mon.spec.packing.packaged import packaged_pack, packaged_pack_names, shown_pack
from skillforge_mon.spec.packing.placeholders import Filling
from skillforge_mon.spec.packing.places import PackPlace, clash
from skillforge_mon.spec.packing.reporting import report_pack
from skillforge_mon.spec.packing.uses import Use, jobs_selector, one_use, service_uses
from skillforge_mon.spec.packing.values import parameter_values
from skillforge_mon.spec.suggest import nearest
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from skillforge_mon.spec.yaml.source import SourceFile

SECTION = "packs"


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """What packs and exporters bring: ``fragment`` goes under the user's spec, the rest is added to it at the end."""

    fragment: MappingNode
    places: tuple[PackPlace, ...]
    catalogues: SequenceNode | None
    exporters: tuple[Exporter, ...]

    def completed(self, root: MappingNode, over: tuple[Node, ...]) -> MappingNode:
        """``root`` with what adds up: packaged catalogues, and the scrape jobs of exporters.

        A runbook of a pack goes with the last alert that names it, and dashboards go where nothing shows them; what
        ``over`` changes stays.
        """
        entries = dict(root.entries)
        named = {name for section in _WITH_RUNBOOKS for name in _runbooks_of(root, section)}
        self._take_out(entries, "runbooks", named, over)
        if "grafana" not in _names(root, "targets"):
            self._take_out(entries, "dashboards", set(), over)
        if self.catalogues is not None:
            own = entries.get("use")
            if own is None:
                entries["use"] = Entry("use", self.catalogues.file, 0, 0, self.catalogues)
            elif isinstance(own.node, SequenceNode):
                entries["use"] = Entry("use", own.file, own.start, own.end, added_up([own.node, self.catalogues]))
        section = entries.get("services")
        if section is not None and isinstance(section.node, MappingNode):
            services = dict(section.node.entries)
            for exporter in self.exporters:
                service = services.get(exporter.service)
                if service is not None and exporter.scrapes:
                    services[exporter.service] = _scraping(service, exporter.scrapes)
            node = MappingNode(services, section.node.file, section.node.start, section.node.end)
            entries["services"] = Entry(section.key, section.file, section.start, section.end, node)
        return MappingNode(entries, root.file, root.start, root.end)

    def _take_out(self, entries: dict[str, Entry], section: str, needed: set[str], over: tuple[Node, ...]) -> None:
        """Take what packs bring out of a section, but for what is ``needed`` or written in one of ``over``."""
        held = entries.get(section)
        if held is None or not isinstance(held.node, MappingNode):
            return
        vain = _names(self.fragment, section) - needed - {name for node in over for name in _names(node, section)}
        left = {name: entry for name, entry in held.node.entries.items() if name not in vain}
        node = MappingNode(left, held.node.file, held.node.start, held.node.end)
        entries[section] = Entry(held.key, held.file, held.start, held.end, node)


_WITH_RUNBOOKS = ("alerts", "slos", "services")


def _names(root: Node, section: str) -> set[str]:
    found = root.get(section) if isinstance(root, MappingNode) else None
    return set(found.entries) if isinstance(found, MappingNode) else set()


def _runbooks_of(root: MappingNode, section: str) -> Iterator[str]:
    """The runbooks that objects of the section, or its defaults, name."""
    held = root.get(section)
    objects = [entry.node for entry in held.entries.values()] if isinstance(held, MappingNode) else []
    defaults = root.get("defaults")
    usual = defaults.get(section) if isinstance(defaults, MappingNode) else None
    for node in [*objects, *([usual] if usual is not None else [])]:
        runbook = node.get("runbook") if isinstance(node, MappingNode) else None
        if isinstance(runbook, ScalarNode):
            yield runbook.text


def expand(root: MappingNode, over: tuple[Node, ...], report: Report) -> Expansion | None:
    """What the packs and exporters of ``root`` bring; None when it uses none. ``over`` is what will lie over it."""
    section = root.get(SECTION)
    if not any(key in root.entries for key in (SECTION, "exporters")) and next(service_uses(root), None) is None:
        return None
    packs = _LazyPacks(section if isinstance(section, MappingNode) else None)
    for pack in packs.own.values():
        report_pack(pack, report)
    exporters = tuple(read_exporters(root, packs, report))
    uses = [*service_uses(root), *(use for exporter in exporters for use in exporter.uses)]
    fragments: list[MappingNode] = []
    places: list[PackPlace] = []
    seen: dict[tuple[str, str], Use] = {}

    def clashes(path: tuple[str, ...], first: Span, second: Span) -> None:
        report.add(clash(path, first, second, places))

    for use in uses:
        found = _fragment(use, packs, seen, report)
        if found is not None:
            own, place = found
            places.append(place)
            fragments.append(own)
    declared = {name for node in over for name in _names(node, "services")}
    for exporter in exporters:
        fragments.append(_of_exporter(exporter, declared))
        declared.add(exporter.service)
    nothing = MappingNode({}, root.file, root.start, root.end)
    fragment = laid_together([nothing, *fragments], over, clashes)
    catalogues = fragment.get("use")
    entries = {key: entry for key, entry in fragment.entries.items() if key != "use"}
    return Expansion(
        MappingNode(entries, fragment.file, fragment.start, fragment.end),
        tuple(places),
        catalogues if isinstance(catalogues, SequenceNode) else None,
        exporters,
    )


def known_packs(root: MappingNode | None) -> Mapping[str, Pack]:
    """The packs that the spec ``root`` may use: its own, and the packaged ones that it does not replace."""
    section = root.get(SECTION) if root is not None else None
    return _LazyPacks(section if isinstance(section, MappingNode) else None)


def expanded_for(pack: Pack, service: str, given: Mapping[str, str], report: Report) -> tuple[str, MappingNode | None]:
    """What ``service`` would get of ``pack`` with the parameters ``given``; None, and reported, when one is wrong.

    The parameters are read as YAML; problems point into the first value, a text that stands for the use.
    """
    text = f"{{pack: {pack.name}, with: {{{', '.join(f'{key}: {value}' for key, value in given.items())}}}}}"
    item = load_text(text, "use", report)
    if item is None:
        return text, None
    at = Entry(service, item.file, item.start, item.end, item)
    use = next(one_use(item, service, f"services.{service}", jobs_selector([service], at)))
    found = _fragment(use, {pack.name: pack}, {}, report)
    return text, found[0] if found is not None else None


class _LazyPacks(Mapping[str, Pack]):
    """The packs by name; a packaged one is read when it is asked for."""

    def __init__(self, section: MappingNode | None) -> None:
        entries = section.entries if section is not None else {}
        self.own = {
            name: read_pack(name, entry.node, entry)
            for name, entry in entries.items()
            if isinstance(entry.node, MappingNode)
        }

    def __getitem__(self, name: str) -> Pack:
        if name in self.own:
            return self.own[name]
        if name in packaged_pack_names():
            return packaged_pack(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self.own), **dict.fromkeys(packaged_pack_names())})

    def __len__(self) -> int:
        return len({*self.own, *packaged_pack_names()})


def _fragment(
    use: Use, packs: Mapping[str, Pack], seen: dict[tuple[str, str], Use], report: Report
) -> tuple[MappingNode, PackPlace] | None:
    """What one use brings, and its place; None, and reported, when it cannot be had."""
    pack = packs.get(use.pack)
    if pack is None:
        report.add(_unknown_pack(use, packs))
        return None
    first = seen.setdefault((use.service, use.pack), use)
    if first is not use:
        report.add(
            codes.USED_TWICE.at(
                use.span,
                f"`{use.service}` uses the pack `{use.pack}` twice",
                secondary=(Label(first.span, "first here"),),
                help="take one of the two out",
            )
        )
        return None
    text = pack.spec.file
    file = SourceFile(shown_pack(pack.name, use.service), text.text) if pack.packaged else None
    values = parameter_values(pack, use, file, report)
    if values is None:
        return None
    filled = Filling(values, file).fragment(pack.spec)
    kept = {key: entry for key, entry in filled.entries.items() if key in SECTIONS}
    span = pack.spec.span
    whole = (1, len(text.lines)) if pack.packaged else (span.line, span.end_line)
    place = PackPlace(file or text, *whole, pack.packaged, use.span, f"{use.owner} uses the pack `{pack.name}`")
    return MappingNode(kept, filled.file, filled.start, filled.end), place


def _of_exporter(exporter: Exporter, declared: set[str]) -> MappingNode:
    """The service of an exporter, unless it is ``declared``, and the metrics that the exporter is configured for."""
    entry = exporter.entry
    sections: dict[str, Entry] = {}
    if exporter.service not in declared:
        said = {"description": Entry("description", entry.file, entry.start, entry.end, exporter.description)}
        service = Entry(
            exporter.service, entry.file, entry.start, entry.end, MappingNode(said, entry.file, entry.start, entry.end)
        )
        sections["services"] = _section("services", {exporter.service: service}, entry)
    if exporter.metrics:
        sections["metrics"] = _section("metrics", dict(exporter.metrics), entry)
    return MappingNode(sections, entry.file, entry.start, entry.end)


def _section(name: str, entries: dict[str, Entry], at: Entry) -> Entry:
    return Entry(name, at.file, at.start, at.end, MappingNode(entries, at.file, at.start, at.end))


def _scraping(service: Entry, scrapes: tuple[MappingNode, ...]) -> Entry:
    """The service with the scrapes of an exporter added to its own."""
    node = service.node
    if not isinstance(node, MappingNode):
        return service
    own = node.entries.get("scrape")
    items: list[Node] = []
    if own is not None:
        items = list(own.node.items) if isinstance(own.node, SequenceNode) else [own.node]
    held = own or Entry("scrape", scrapes[0].file, scrapes[0].start, scrapes[0].end, scrapes[0])
    together = SequenceNode([*items, *scrapes], held.file, held.start, held.end)
    entries = node.entries | {"scrape": Entry("scrape", held.file, held.start, held.end, together)}
    whole = MappingNode(entries, node.file, node.start, node.end)
    return Entry(service.key, service.file, service.start, service.end, whole)


def _unknown_pack(use: Use, packs: Mapping[str, Pack]) -> Diagnostic:
    names = sorted(packs)
    meant = nearest(use.pack, names)
    return codes.UNKNOWN_PACK.at(
        use.span,
        f"there is no pack `{use.pack}`",
        notes=(f"there are: {', '.join(names)}",),
        help=f"did you mean `{meant}`?" if meant else "write it under `packs`",
    )
