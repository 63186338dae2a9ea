"""The facade: load, resolve, check, lower, emit, write. The CLI, the tests and other programs call this, nothing else.

::

    compilation = compile_project(Path("specs/skillforge"))
    if not compilation.failed:
        outcome = write(compilation, Path("generated"))
"""

from __future__ import annotations

import datetime
import gc
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Report, Severity, Span
from skillforge_mon.diagnostics.sources import Sources
from skillforge_mon.version import VERSION

if TYPE_CHECKING:
    from skillforge_mon.documents.document import Document, Verdict
    from skillforge_mon.documents.manifest import Manifest
    from skillforge_mon.documents.render import Rendered
    from skillforge_mon.documents.tree import TreePlan
    from skillforge_mon.model.project import Project
    from skillforge_mon.spec.packing.places import PackPlace
    from skillforge_mon.spec.yaml.files import LoadedProject
    from skillforge_mon.spec.yaml.nodes import MappingNode

SPECS_FOLDER = "specs"
OUTPUT_FOLDER = "generated"


_ABOUT_ABSENCE = ("MON30", "MON31", "MON32", "MON1220")
"""Codes that may only mean that an object was left out because it is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Compilation:
    """What came out of one project for one environment.

    ``project`` is None when the spec is too broken to resolve; ``documents`` are empty when there are errors.
    ``diagnostics`` are sorted, without those that the spec ignores, which are in ``ignored``. ``used_ignores`` are the
    places of the entries that silenced them.
    """

    path: Path
    name: str
    environment: str
    project: Project | None
    documents: tuple[Document, ...]
    diagnostics: tuple[Diagnostic, ...]
    ignored: tuple[Diagnostic, ...]
    used_ignores: frozenset[Span]
    sources: Sources
    inputs: str

    @property
    def failed(self) -> bool:
        """True when there are errors, so that nothing may be written."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    @property
    def verdicts(self) -> Iterator[Verdict]:
        """How well each backend says each object."""
        return (verdict for document in self.documents for verdict in document.verdicts)


def spec_paths(arguments: Sequence[Path], folder: Path = Path(SPECS_FOLDER)) -> list[Path]:
    """The projects that a command is about: those named, or every file and folder of ``specs/``, in order."""
    if arguments:
        return list(arguments)
    if not folder.is_dir():
        return [folder]
    return sorted(
        entry
        for entry in folder.iterdir()
        if not entry.name.startswith(".") and (entry.is_dir() or entry.suffix in {".yaml", ".yml"})
    )


def compile_project(
    path: Path,
    *,
    environment: str | None = None,
    backends: Sequence[str] = (),
    strict: bool = False,
    today: datetime.date | None = None,
) -> Compilation:
    """Compile the project at ``path`` for one environment (None: the spec as it stands).

    ``backends`` limits the emitters; empty means all that ``targets`` names. ``strict`` makes warnings errors. What
    ``ignore`` silences only until some day is reported again when ``today`` is past it; None: never.

    Nothing is written. Never raises for anything that a spec can hold.
    """
    report = Report()
    with _quick_allocation():
        loaded, texts = _load(path, report)
        return _compile(
            path, loaded, texts, report, environment, tuple(backends), strict=strict, today=today, every=False
        )


def check_project(
    path: Path,
    *,
    environments: Sequence[str] | None = None,
    strict: bool = False,
    today: datetime.date | None = None,
) -> tuple[Compilation, ...]:
    """Compile the project for itself and for every environment that it declares, for the diagnostics.

    The spec is read once. ``environments`` limits the run to those. ``today`` is as in :func:`compile_project`.
    """
    from skillforge_mon.spec.overlay import environments as declared

    report = Report()
    with _quick_allocation():
        loaded, texts = _load(path, report)
        wanted: list[str | None] = list(environments) if environments else [None]
        if loaded is not None and not environments:
            wanted.extend(declared(loaded.root))
        results = []
        for environment in wanted:
            own = Report()
            own.extend(report)
            every = not environments
            results.append(_compile(path, loaded, texts, own, environment, (), strict=strict, today=today, every=every))
    results = [_without_used_elsewhere(result, results) for result in results]
    return _told_apart(results, loaded) if len(results) > 1 else tuple(results)


def _told_apart(results: Sequence[Compilation], loaded: LoadedProject | None) -> tuple[Compilation, ...]:
    """The compilations with a note on what is a problem in some environments only."""
    from dataclasses import replace

    from skillforge_mon.environment_notes import with_environments
    from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT

    overlays = loaded.root.get("environments") if loaded is not None else None
    told = with_environments(
        {result.environment: result.diagnostics for result in results},
        DEFAULT_ENVIRONMENT,
        overlays.span if overlays is not None else None,
    )
    return tuple(replace(result, diagnostics=told[result.environment]) for result in results)


def _without_used_elsewhere(compilation: Compilation, others: Sequence[Compilation]) -> Compilation:
    """The compilation without reports of an `ignore` that is needed in another environment of the same spec."""
    from dataclasses import replace

    from skillforge_mon.compiler_codes import UNUSED_IGNORE

    used: frozenset[Span] = frozenset().union(*(other.used_ignores for other in others))
    left = tuple(
        diagnostic
        for diagnostic in compilation.diagnostics
        if diagnostic.code != UNUSED_IGNORE.number or diagnostic.span not in used
    )
    return compilation if left == compilation.diagnostics else replace(compilation, diagnostics=left)


@dataclass(frozen=True, slots=True, eq=False)
class MergedSpec:
    """A spec after its overlays; ``root`` is None when it could not be read."""

    root: MappingNode | None
    report: Report
    sources: Sources


def merged_spec(path: Path, environment: str | None = None) -> MergedSpec:
    """The spec at ``path`` with its files joined, the environment laid over it and defaults applied."""
    from skillforge_mon.model.expansion.expand import whole_spec
    from skillforge_mon.spec.validate import validate

    report = Report()
    loaded, sources = _load(path, report)
    places: list[PackPlace] = []
    root = whole_spec(loaded.root, environment, report, places) if loaded is not None else None
    if root is not None:
        validate(root, report)
    if places:
        from skillforge_mon.spec.packing.places import noted

        plain, report = report, Report()
        report.extend(noted(plain, places))
        sources = _with_pack_texts(sources, report, places)
    return MergedSpec(root, report, sources)


@contextmanager
def _quick_allocation() -> Iterator[None]:
    """The cyclic collector pauses: a build makes hundreds of thousands of objects that live until its end."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _load(path: Path, report: Report) -> tuple[LoadedProject | None, Sources]:
    from skillforge_mon.spec.yaml.files import load_project
    from skillforge_mon.spec.yaml.source import SourceFile

    files: dict[str, SourceFile] = {}
    loaded = load_project(path, report, sources=files)
    return loaded, Sources.from_texts({name: file.text for name, file in files.items()})


def _compile(
    path: Path,
    loaded: LoadedProject | None,
    sources: Sources,
    report: Report,
    environment: str | None,
    backends: tuple[str, ...],
    *,
    strict: bool,
    today: datetime.date | None,
    every: bool,
) -> Compilation:
    """Compile one environment. ``every`` says that all others are compiled too, so that what none needs can be told."""
    from skillforge_mon.model.expansion.expand import whole_spec
    from skillforge_mon.model.resolve import resolve
    from skillforge_mon.spec.overlay import DEFAULT_ENVIRONMENT
    from skillforge_mon.spec.overlay import environments as declared
    from skillforge_mon.spec.validate import validate

    name = loaded.name if loaded is not None else path.stem
    project: Project | None = None
    documents: tuple[Document, ...] = ()
    root: MappingNode | None = None
    emitted = False
    places: list[PackPlace] = []
    if loaded is not None:
        root = whole_spec(loaded.root, environment, report, places)
        spec = validate(root, report) if root is not None else None
        if root is not None and spec is not None:
            broken = report.failed
            project = resolve(spec, root, environment, report)
            _check(project, report, broken=broken)
            if not report.failed:
                documents = _emit(project, backends, report)
                emitted = True
    diagnostics: tuple[Diagnostic, ...] = tuple(report)
    if places:
        from skillforge_mon.spec.packing.places import noted

        diagnostics = tuple(noted(diagnostics, places))
        sources = _with_pack_texts(sources, diagnostics, places)
    ignored: tuple[Diagnostic, ...] = ()
    used_ignores: frozenset[Span] = frozenset()
    if root is not None:
        from skillforge_mon.suppression import apply_ignores

        complete = emitted and not backends and (every or loaded is None or not declared(loaded.root))
        suppressed = apply_ignores(root, diagnostics, complete=complete, today=today)
        diagnostics, ignored, used_ignores = suppressed.left, suppressed.silenced, suppressed.used
    if strict:
        diagnostics = tuple(_stricter(diagnostic) for diagnostic in diagnostics)
    failed = any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    return Compilation(
        path=path,
        name=name,
        environment=environment or DEFAULT_ENVIRONMENT,
        project=project,
        documents=() if failed else documents,
        diagnostics=tuple(sorted(diagnostics, key=Diagnostic.sort_key)),
        ignored=ignored,
        used_ignores=used_ignores,
        sources=sources,
        inputs=_inputs(loaded, environment),
    )


def _with_pack_texts(sources: Sources, diagnostics: Iterable[Diagnostic], places: Iterable[PackPlace]) -> Sources:
    """``sources`` and the texts of those packaged packs that ``diagnostics`` point into."""
    shown = {diagnostic.span.file for diagnostic in diagnostics if diagnostic.span is not None}
    shown |= {label.span.file for diagnostic in diagnostics for label in diagnostic.secondary}
    texts = {place.file.name: place.file.text for place in places if place.file.name in shown}
    return Sources.from_texts({**sources.texts, **texts})


def _stricter(diagnostic: Diagnostic) -> Diagnostic:
    from dataclasses import replace

    return replace(diagnostic, severity=Severity.ERROR) if diagnostic.severity is Severity.WARNING else diagnostic


def _check(project: Project, report: Report, *, broken: bool) -> None:
    """Hold the project against every check; what is missing cannot be judged while objects are ``broken``."""
    from skillforge_mon.checks import run_checks

    report.extend(item for item in run_checks(project) if not broken or not item.code.startswith(_ABOUT_ABSENCE))


def _emit(project: Project, backends: tuple[str, ...], report: Report) -> tuple[Document, ...]:
    """The documents of every backend that is wanted, and the verdicts that are not exact as diagnostics."""
    from skillforge_mon.backends.backend import DEPLOYERS, deployer
    from skillforge_mon.documents.paths import check_paths

    documents = list(_emitted(project, backends, report))
    deployers = [name for name in DEPLOYERS if name in project.backends and (not backends or name in backends)]
    if deployers:
        # What is run is run whole. Problems of backends that nobody asked for are theirs to report.
        configured = tuple(_emitted(project, (), Report())) if backends else tuple(documents)
        for name in deployers:
            documents.extend(deployer(name)(project, configured, report))
    report.extend(check_paths(documents))
    verdicts = [verdict for item in documents for verdict in item.verdicts]
    report.extend(_verdict_diagnostics(project, verdicts))
    report.extend(_accepted_in_vain(project, verdicts, backends))
    return tuple(documents)


def _emitted(project: Project, backends: tuple[str, ...], report: Report) -> Iterator[Document]:
    """The documents of every wanted backend that says what systems do, and not how they are run."""
    from skillforge_mon.backends.backend import asked_for, emitter
    from skillforge_mon.lower.lowering import Lowering

    lowering = Lowering(project, report)
    for name in asked_for(project):
        if not backends or name in backends:
            yield from emitter(name)(project, lowering, report)


def _accepted_in_vain(project: Project, verdicts: Iterable[Verdict], backends: tuple[str, ...]) -> Iterator[Diagnostic]:
    """What ``approximate`` accepts although its backend was asked and says it exactly."""
    from skillforge_mon.backends.codes import ACCEPTED_IN_VAIN
    from skillforge_mon.documents.document import Grade

    needed = {(verdict.object_id, verdict.backend) for verdict in verdicts if verdict.grade is Grade.APPROXIMATE}
    for object_id, place in project.objects():
        name = object_id.partition(".")[2]
        for backend in sorted(_accepted(project, object_id)):
            asked = backend in project.backends and (not backends or backend in backends)
            if asked and (object_id, backend) not in needed:
                yield ACCEPTED_IN_VAIN.at(
                    place.key_at("approximate"),
                    f"`{name}` accepts a difference in {_title(backend)}, and there is none",
                    help=f"take `{backend}` out of `approximate`",
                )


def _verdict_diagnostics(project: Project, verdicts: Iterable[Verdict]) -> Iterator[Diagnostic]:
    from skillforge_mon.backends.codes import APPROXIMATE, UNTRANSLATABLE
    from skillforge_mon.documents.document import Grade

    accepted: dict[str, frozenset[str]] = {}
    for verdict in verdicts:
        if verdict.grade is Grade.EXACT:
            continue
        place = project.place_of(verdict.object_id)
        section, _, name = verdict.object_id.partition(".")
        if verdict.object_id not in accepted:
            accepted[verdict.object_id] = _accepted(project, verdict.object_id)
        span = None if place is None else place.key_at(*_path(verdict.field)) if verdict.field else place.span
        if verdict.grade is Grade.APPROXIMATE:
            if verdict.backend not in accepted[verdict.object_id]:
                yield APPROXIMATE.at(
                    span,
                    f"{_subject(section, name)} reaches {_title(verdict.backend)} only approximately",
                    notes=tuple(verdict.reason.split("; ")),
                    help=verdict.instead or f"accept it with `approximate: [{verdict.backend}]`",
                )
        else:
            yield UNTRANSLATABLE.at(
                span,
                f"{_subject(section, name)} cannot be said in {_title(verdict.backend)}",
                notes=(verdict.reason,),
                help=verdict.instead,
            )


def _path(field: str) -> tuple[str | int, ...]:
    """``rows.0.panels.2.query`` as the way to a place: members of lists by their number."""
    return tuple(int(part) if part.isdigit() else part for part in field.split("."))


def _accepted(project: Project, object_id: str) -> frozenset[str]:
    """The backends on which the spec accepts that they say the object only nearly."""
    section, _, name = object_id.partition(".")
    objects = getattr(project.spec, section)
    spec = objects.get(name) if isinstance(objects, dict) else None
    return frozenset(getattr(spec, "approximate", ()))


def _subject(section: str, name: str) -> str:
    return f"`{section}.{name}`" if section in {"targets", "deploy"} else f"`{name}`"


def _title(backend: str) -> str:
    from skillforge_mon.backends.backend import title

    return title(backend)


def _inputs(loaded: LoadedProject | None, environment: str | None) -> str:
    """SHA-256 of everything that decides the output: the version, the environment, and the texts in their order."""
    digest = hashlib.sha256(f"{VERSION}\0{environment or ''}\0".encode())
    for file in loaded.files if loaded is not None else ():
        content = file.text.encode("utf-8", "surrogatepass")
        digest.update(f"{Path(file.name).name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def tree_root(compilation: Compilation, out: Path) -> Path:
    """The folder of the project and environment: ``<out>/<project>/<environment>``."""
    return out / compilation.name / compilation.environment


def plan(compilation: Compilation, out: Path, *, backends: Sequence[str] = ()) -> TreePlan:
    """What writing the compilation to ``out`` would change.

    With ``backends``, files of the others stay as they are, and stay in the manifest.
    """
    from skillforge_mon.documents.manifest import Place, build_manifest
    from skillforge_mon.documents.render import render_documents
    from skillforge_mon.documents.tree import plan_tree

    root = tree_root(compilation, out)
    rendered = render_documents(compilation.documents)
    places = {}
    if compilation.project is not None:
        for object_id, place in compilation.project.objects():
            span = place.span
            places[object_id] = Place(_relative(span.file, compilation.path), span.line)
    manifest = build_manifest(
        rendered,
        project=compilation.name,
        environment=compilation.environment,
        monmc=VERSION,
        inputs=compilation.inputs,
        places=places,
    )
    if backends:
        rendered, manifest = _with_other_backends(root, rendered, manifest, backends)
    return plan_tree(root, rendered, manifest)


def _with_other_backends(
    root: Path, rendered: tuple[Rendered, ...], manifest: Manifest, backends: Sequence[str]
) -> tuple[tuple[Rendered, ...], Manifest]:
    """Add the files of the backends that were left out, as an earlier build wrote them."""
    from dataclasses import replace

    from skillforge_mon.documents.document import Document
    from skillforge_mon.documents.manifest import Manifest as ManifestType
    from skillforge_mon.documents.manifest_reader import read_manifest
    from skillforge_mon.documents.paths import MANIFEST_NAME
    from skillforge_mon.documents.render import Rendered as RenderedType

    earlier = read_manifest(root / MANIFEST_NAME)
    if not isinstance(earlier, ManifestType):
        return rendered, manifest
    kept = []
    files = dict(manifest.files)
    for path, entry in earlier.files.items():
        if path in files or path.partition("/")[0] in backends or not (root / path).is_file():
            continue
        content = (root / path).read_bytes()
        files[path] = entry
        kept.append(RenderedType(Document(path, "", entry.format, entry.objects), content, entry.sha256))
    others = tuple(verdict for verdict in earlier.verdicts if verdict.backend not in backends)
    counts = {name: count for name, count in earlier.counts.items() if name not in backends}
    exact = {name: objects for name, objects in earlier.exact.items() if name not in backends}
    resources = tuple(resource for resource in earlier.resources if resource.backend not in backends)
    merged = replace(
        manifest,
        files=dict(sorted(files.items())),
        verdicts=tuple(sorted((*manifest.verdicts, *others), key=lambda item: (item.backend, item.object_id))),
        counts=dict(sorted({**counts, **manifest.counts}.items())),
        exact=dict(sorted({**exact, **manifest.exact}.items())),
        resources=tuple(
            sorted((*manifest.resources, *resources), key=lambda item: (item.backend, item.kind, item.key, item.path))
        ),
    )
    return (*rendered, *kept), merged


def _relative(file: str, path: Path) -> str:
    """``file`` as it is called below the spec's folder, so that the manifest is the same on every machine."""
    return Path(file).name


def write(compilation: Compilation, out: Path, *, backends: Sequence[str] = ()) -> TreePlan:
    """Write the output whole or not at all. The result says what was done; nothing is written when it failed."""
    from skillforge_mon.documents.tree import write_tree

    return write_tree(plan(compilation, out, backends=backends))
