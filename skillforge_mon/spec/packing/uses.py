"""Who uses which pack: ``services.NAME.use``, and ``exporters.NAME`` with the pack of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from skillforge_mon.diagnostics.diagnostic import Span
from skillforge_mon.spec.packing.pack import SELECTOR
from skillforge_mon.spec.yaml.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One use of a pack by a service; ``given`` are its parameters, ``selector`` the matchers of its series.

    ``owner`` is who uses it, in words: ``services.web`` or ``exporters.postgres``.
    """

    pack: str
    service: str
    owner: str
    span: Span
    node: ScalarNode
    given: MappingNode | None
    selector: Node


def service_uses(root: MappingNode) -> Iterator[Use]:
    """What the services of ``root`` use, in its order."""
    services = root.get("services")
    if not isinstance(services, MappingNode):
        return
    for name, entry in services.entries.items():
        listed = field(root, "services", entry.node, "use")
        if listed is None:
            continue
        for item in listed.items if isinstance(listed, SequenceNode) else [listed]:
            yield from one_use(item, name, f"services.{name}", service_selector(root, name, entry))


def one_use(item: Node, service: str, owner: str, selector: Node) -> Iterator[Use]:
    """The use that ``item`` of a list says; none when it is not in its form, which validation reports."""
    pack = item.get("pack") if isinstance(item, MappingNode) else item
    given = item.get("with") if isinstance(item, MappingNode) else None
    if isinstance(pack, ScalarNode) and isinstance(pack.value, str):
        own = given if isinstance(given, MappingNode) else None
        own_selector = own.get(SELECTOR) if own is not None else None
        yield Use(pack.value, service, owner, pack.span, pack, own, own_selector or selector)


def field(root: MappingNode, section: str, node: Node | None, key: str) -> Node | None:
    """The field ``key`` of an object, or of the defaults of its section."""
    own = node.get(key) if isinstance(node, MappingNode) else None
    if own is not None:
        return own
    defaults = root.get("defaults")
    usual = defaults.get(section) if isinstance(defaults, MappingNode) else None
    return usual.get(key) if isinstance(usual, MappingNode) else None


def service_selector(root: MappingNode, name: str, entry: Entry) -> ScalarNode:
    """The matchers of the series of a service: its ``selector``, else its scrape jobs, else those of its exporters."""
    written = field(root, "services", entry.node, SELECTOR)
    if isinstance(written, ScalarNode) and isinstance(written.value, str):
        text = written.value.strip().removeprefix("{").removesuffix("}").strip()
        return ScalarNode(text, text, written.file, written.start, written.end, written.style)
    jobs = _jobs(entry.node, name) or _exporter_jobs(root, name) or [name]
    return jobs_selector(jobs, entry)


def jobs_selector(jobs: list[str], entry: Entry) -> ScalarNode:
    """Matchers of the series of these scrape jobs."""
    import re

    jobs = sorted(set(jobs))
    one = len(jobs) == 1
    matched = jobs[0] if one else "|".join(re.escape(job).replace("\\", "\\\\") for job in jobs)
    text = f'job{"=" if one else "=~"}"{matched}"'
    return ScalarNode(text, text, entry.file, entry.start, entry.end)


def _jobs(service: Node, name: str) -> list[str]:
    scrape = service.get("scrape") if isinstance(service, MappingNode) else None
    if scrape is None:
        return []
    items = scrape.items if isinstance(scrape, SequenceNode) else [scrape]
    jobs = []
    for item in items:
        job = item.get("job") if isinstance(item, MappingNode) else None
        jobs.append(job.text if isinstance(job, ScalarNode) and isinstance(job.value, str) else name)
    return jobs


def _exporter_jobs(root: MappingNode, service: str) -> list[str]:
    exporters = root.get("exporters")
    found = []
    for name, entry in exporters.entries.items() if isinstance(exporters, MappingNode) else ():
        named = field(root, "exporters", entry.node, "service")
        owner = named.text if isinstance(named, ScalarNode) and isinstance(named.value, str) else name
        has_targets = not isinstance(entry.node, MappingNode) or entry.node.get("targets") is not None
        if owner == service and has_targets:
            job = entry.node.get("job") if isinstance(entry.node, MappingNode) else None
            found.append(job.text if isinstance(job, ScalarNode) and isinstance(job.value, str) else name)
    return found
