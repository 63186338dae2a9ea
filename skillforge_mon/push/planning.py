"""What pushing a project does: everything that lives on its systems, matched with everything that is to live there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.diff.plain import same
from skillforge_mon.documents.document import Document, Reference
from skillforge_mon.push.codes import REFERENCE_CYCLE, UNKNOWN_REFERENCE
from skillforge_mon.push.drift import Comparer, who_changed
from skillforge_mon.push.fingerprint import fingerprint
from skillforge_mon.push.identifiers import Identifiers
from skillforge_mon.push.listing import Reader, list_all
from skillforge_mon.push.matching import How, Matches, Ownership, match
from skillforge_mon.push.ordering import Cycle, in_order
from skillforge_mon.push.pushed import Record
from skillforge_mon.push.steps import Action, Plan, Step, SystemPlan, Wanted
from skillforge_mon.push.systems import System, problem
from skillforge_mon.push.wanted import name_of_key, wanted_of
from skillforge_mon.remote.api import Api, ExplainsAbsence, FileServer
from skillforge_mon.remote.connection import Connection, MissingSecretError
from skillforge_mon.remote.errors import RemoteError
from skillforge_mon.remote.live import Live
from skillforge_mon.remote.understanding import understanding

NOT_WANTED = "not in the spec any more"
A_COPY = "a copy"
REPLACED = "replaced"
FILES = "files"


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is to be planned: the documents of a build, for one project and environment, with what was pushed last."""

    project: str
    environment: str
    documents: Sequence[Document]
    record: Record
    connection: Connection
    prune: bool = False


def plan_push(target: Target, systems: Iterable[System], problems: Iterable[Diagnostic] = ()) -> Plan:
    """The plan for ``systems``, which are asked at the same time. A system that fails is told of in its diagnostics."""
    each = list(systems)
    diagnostics = list(problems)
    planned: list[SystemPlan] = []
    with ThreadPoolExecutor(max(1, len(each))) as pool:
        futures = [pool.submit(_plan_system, target, system) for system in each]
        for system, future in zip(each, futures, strict=True):
            try:
                plan, found = future.result()
            except (RemoteError, MissingSecretError) as error:
                diagnostics.append(problem(system.title, error))
            except Cycle as cycle:
                around = " -> ".join(str(getattr(member, "key", member)) for member in cycle.members)
                headline = f"objects of {system.title} refer to each other in a circle: {around}"
                diagnostics.append(REFERENCE_CYCLE.at(None, headline, help="take one of the references away"))
            else:
                planned.append(plan)
                diagnostics += found
    return Plan(target.project, target.environment, tuple(planned), target.prune, tuple(diagnostics))


def _plan_system(target: Target, system: System) -> tuple[SystemPlan, list[Diagnostic]]:
    steps: list[Step] = []
    leftovers: list[Step] = []
    diagnostics: list[Diagnostic] = []
    if system.api is not None:
        steps, leftovers, diagnostics = _Planning(target, system.backend, system.api).run()
    if system.files is not None:
        steps.append(_reload(target, system, system.files))
    return SystemPlan(system.backend, system.title, tuple(steps), tuple(leftovers)), diagnostics


def _reload(target: Target, system: System, files: FileServer) -> Step:
    with understanding(system.title):
        differences = tuple(files.differences(documents_of(target.documents, system.backend)))
    return Step(
        action=Action.RELOAD if differences else Action.NOTHING,
        backend=system.backend,
        kind=FILES,
        key=system.title,
        name=system.title,
        title=FILES,
        fingerprint=fingerprint([[each.kind, each.name, each.live] for each in differences]),
        differences=differences,
    )


def documents_of(documents: Iterable[Document], backend: str) -> list[Document]:
    """The documents in the folder of ``backend``."""
    return [each for each in documents if each.path.partition("/")[0] == backend]


class _Planning:
    """The planning of one API."""

    def __init__(self, target: Target, backend: str, api: Api) -> None:
        self.target = target
        self.backend = backend
        self.api = api
        self.kinds = {kind.name: kind for kind in api.kinds}
        self.wanted = in_order(wanted_of(target.documents, backend))
        unknown = {each.kind for each in self.wanted} - self.kinds.keys()
        if unknown:
            raise DefectError(f"{api.title} takes no {', '.join(sorted(unknown))}, but documents are of that kind")
        self.reader = Reader(api)
        self.identifiers = Identifiers(api, (Reference(each.kind, each.key) for each in self.wanted))
        self.comparer = Comparer(api, self.identifiers, target.connection)
        self.diagnostics: list[Diagnostic] = []

    def run(self) -> tuple[list[Step], list[Step], list[Diagnostic]]:
        """The steps, the leftovers, and what is to be told."""
        ownership = Ownership(self.target.project, self.target.environment, self.api.title)
        matches = match(self.wanted, list_all(self.api), ownership, self.target.record, self.reader)
        self.diagnostics += matches.diagnostics
        self.reader.ahead(live for _, live, _ in matches.pairs if live is not None)
        for each, live, _ in matches.pairs:
            if live is not None:
                self.identifiers.learn(each.key, live)
        steps = [self._step(each, live, how, matches) for each, live, how in matches.pairs]
        steps.sort(key=lambda step: step.order)
        deletions = [self._deletion(live, each.key, REPLACED) for each, live in matches.superseded]
        leftovers = [self._leftover(live, matches) for live in matches.leftovers]
        leftovers.sort(key=lambda step: -step.order)
        if self.target.prune:
            deletions += [step for step in leftovers if not step.blocked]
        return [*steps, *deletions], leftovers, self.diagnostics

    def _step(self, wanted: Wanted, live: Live | None, how: How, matches: Matches) -> Step:
        kind = self.kinds[wanted.kind]
        live = self.reader.whole(live) if live is not None else None
        blocked = matches.blocked.get(wanted.address, "") or self._missing(wanted)
        step = Step(
            action=Action.CREATE,
            backend=self.backend,
            kind=wanted.kind,
            key=wanted.key,
            name=wanted.name,
            title=kind.title,
            order=kind.order,
            wanted=wanted,
            live=live,
            blocked=blocked,
        )
        if live is None:
            return replace(step, reason=self._gone(wanted))
        return self._in_place(step, wanted, live, how)

    def _gone(self, wanted: Wanted) -> str:
        """Why what was pushed once has to be made again; empty for what is new."""
        pushed = self.target.record.get(wanted.address)
        if pushed is None:
            return ""
        if self.reader.read(wanted.kind, pushed.id) is None:
            return "deleted outside monmc"
        return f"{pushed.id} does not carry our marker any more; `adopt: {pushed.id}` takes it back"

    def _in_place(self, step: Step, wanted: Wanted, live: Live, how: How) -> Step:
        """``step`` for an object that lives already."""
        sides = self.comparer.sides(wanted.kind, wanted.body, live)
        step = replace(step, fingerprint=fingerprint(sides[0]))
        if how is How.OURS and same(*sides):
            return replace(step, action=Action.NOTHING)
        former = wanted.was if how is How.FORMER_NAME else wanted.key
        pushed = self.target.record.get((self.backend, wanted.kind, former))
        ours, theirs = self.comparer.changes(wanted, live, sides, pushed)
        action, reason = Action.UPDATE, ""
        if how is How.FORMER_NAME:
            action, reason = Action.RENAME, name_of_key(wanted.was)
        elif how is How.ADOPTED:
            action, reason, ours, theirs = Action.ADOPT, f"adopts {live.id} ({live.name})", (*ours, *theirs), ()
        if not same(*sides):
            because = self.api.must_replace(wanted.kind, self.identifiers.fill(wanted.body), live)
            if because and how is How.ADOPTED:
                step = replace(step, blocked=f"{live.id} cannot become this, because {because}")
            elif because:
                action, reason = Action.REPLACE, because
                self.identifiers.forget(wanted.kind, wanted.key)
        words = who_changed(live) if theirs else ""
        return replace(step, action=action, reason=reason, fields=ours, drift=theirs, drift_words=words)

    def _missing(self, wanted: Wanted) -> str:
        """Why the object cannot be sent: what it refers to and nobody has. Told once for each such thing."""
        missing = self.identifiers.missing(wanted.body)
        for each in missing:
            headline = f"{self.api.title} has no {each.kind} `{each.key}`, to which `{wanted.name}` refers"
            why = self.api.absence(each) if isinstance(self.api, ExplainsAbsence) else ""
            problem = UNKNOWN_REFERENCE.at(None, headline, help=why or "make it there, or correct the spec")
            self.diagnostics.append(problem)
        return "; ".join(f"{self.api.title} has no {each.kind} `{each.key}`" for each in missing)

    def _leftover(self, live: Live, matches: Matches) -> Step:
        kind = self.kinds[live.kind]
        blocked = "" if kind.deletable else f"monmc never deletes a {kind.title}"
        key = live.owner.key if live.owner is not None else ""
        return self._deletion(live, key, A_COPY if live in matches.copies else NOT_WANTED, blocked)

    def _deletion(self, live: Live, key: str, reason: str, blocked: str = "") -> Step:
        live = self.reader.whole(live)
        kind = self.kinds[live.kind]
        return Step(
            action=Action.DELETE,
            backend=self.backend,
            kind=live.kind,
            key=key,
            name=name if (name := name_of_key(key)) != key else live.name,
            title=kind.title,
            order=kind.order,
            live=live,
            fingerprint=fingerprint(self.api.restorable(live)),
            reason=reason,
            blocked=blocked,
        )
