"""Makes the cases of a project, runs them, and says which expectation was not met.

::

    outcome = prove(project, documents, promtool)
    outcome.failed
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from skillforge_mon.backends.prometheus.alert_rules import BACKEND
from skillforge_mon.backends.prometheus.capabilities import version_of
from skillforge_mon.backends.ways.found import known_layouts
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.model.project import Project
from skillforge_mon.proving.alert_cases import Proof, alert_cases
from skillforge_mon.proving.case import AlertCheck, Case, Check, Skipped
from skillforge_mon.proving.emitted import EmittedRules
from skillforge_mon.proving.packing import packed
from skillforge_mon.proving.promtool import Complaint, Promtool, complaints, run_files
from skillforge_mon.proving.scenarios import scenario_case
from skillforge_mon.proving.slo_kinds import slo_cases
from skillforge_mon.proving.written import write_run
from skillforge_mon.spec.models.targets import PrometheusTarget
from skillforge_mon.spec.quantities import Duration, QuantityError


@dataclass(frozen=True, slots=True)
class Unmet:
    """A check that did not come out, and what came instead; ``check`` is None when the run itself failed.

    ``alerts`` are the labels and annotations of those that fired.
    """

    check: Check | None
    got: str
    alerts: tuple[tuple[dict[str, str], dict[str, str]], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one case."""

    case: Case
    unmet: tuple[Unmet, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of all cases, those of one object together, in the order of the spec."""

    results: tuple[Result | Skipped, ...]

    @property
    def failed(self) -> bool:
        """Whether any expectation was not met."""
        return any(isinstance(each, Result) and each.unmet for each in self.results)


def cases_of(
    project: Project, documents: Iterable[Document], promtool: Promtool, chosen: str = "*"
) -> list[Case | Skipped]:
    """The cases of every SLO and alert whose id or name ``chosen`` (a glob) fits, in the order of the spec."""
    target = project.targets.prometheus or PrometheusTarget.model_validate({})
    lowering = Lowering(project, Report())
    proof = Proof(
        project,
        EmittedRules(documents),
        version_of(target.version),
        int(target.evaluation_interval),
        int(target.scrape_interval),
        promtool.left_open,
        promtool.version,
        {plan.slo.name: plan for plan in lowering.slos},
        known_layouts(project, lowering),
    )
    found: list[Case | Skipped] = []
    for plan in lowering.slos:
        if BACKEND in plan.slo.backends and is_chosen(plan.slo.id, chosen):
            found.extend(slo_cases(proof, plan))
    conditions = [
        condition
        for condition in lowering.conditions
        if BACKEND in condition.alert.backends and is_chosen(condition.alert.id, chosen)
    ]
    found.extend(alert_cases(proof, conditions))
    for name, scenario in project.spec.tests.items():
        if is_chosen(f"tests.{name}", chosen):
            found.append(scenario_case(proof, name, scenario))
    return found


def is_chosen(object_id: str, pattern: str) -> bool:
    """Whether a glob fits an id (``alerts.HighErrorRate``) or the name in it."""
    return fnmatchcase(object_id, pattern) or fnmatchcase(object_id.partition(".")[2], pattern)


def prove(
    project: Project, documents: Iterable[Document], promtool: Promtool, *, chosen: str = "*", keep: Path | None = None
) -> Outcome:
    """Run the cases of ``project`` on the rules in ``documents``. The files stay in ``keep`` if it is given.

    Raises OSError when the files cannot be written or promtool cannot be started.
    """
    cases = cases_of(project, documents, promtool, chosen)
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        return _run(cases, promtool, keep)
    with tempfile.TemporaryDirectory(prefix="monmc-test-") as folder:
        return _run(cases, promtool, Path(folder))


def _run(cases: Sequence[Case | Skipped], promtool: Promtool, folder: Path) -> Outcome:
    runs = {
        write_run(folder, f"run{number:04d}", run.cases): run.cases
        for number, run in enumerate(packed(case for case in cases if isinstance(case, Case)))
    }
    outputs = run_files(promtool, list(runs))
    unmet: dict[int, list[Unmet]] = {}
    again: list[Case] = []
    for path, members in runs.items():
        found, other = complaints(outputs[path])
        if other and len(members) > 1:
            again.extend(members)
            continue
        for case in members:
            unmet[id(case)] = [*_unmet(case, found), *([Unmet(None, other)] if other else [])]
    # A rule that cannot be evaluated ends the whole run: alone, each case has its own say.
    alone = {write_run(folder, f"alone{number:04d}", [case]): case for number, case in enumerate(again)}
    if alone:
        outputs = run_files(promtool, list(alone))
        for path, case in alone.items():
            found, other = complaints(outputs[path])
            unmet[id(case)] = [*_unmet(case, found), *([Unmet(None, other)] if other else [])]
    return Outcome(tuple(each if isinstance(each, Skipped) else Result(each, tuple(unmet[id(each)])) for each in cases))


def _unmet(case: Case, found: Iterable[Complaint]) -> Iterator[Unmet]:
    by_check = {(each.subject, _milliseconds(each.time)): each for each in found}
    for check in case.checks:
        subject = check.alert if isinstance(check, AlertCheck) else check.query
        complaint = by_check.get((subject, check.time))
        if complaint is None:
            continue
        if isinstance(check, AlertCheck) and _same(check, complaint):
            continue
        yield Unmet(check, complaint.got.strip(), complaint.alerts)


def _milliseconds(text: str) -> int | None:
    try:
        return int(Duration.parse(text))
    except QuantityError:
        return None


_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_ROUNDING: Final = 1e-9


def _same(check: AlertCheck, complaint: Complaint) -> bool:
    """Whether what came differs from what was expected only by the rounding of a float that a text shows in full."""
    left = [(dict(firing.labels) | {"alertname": check.alert}, firing.annotations) for firing in check.firing]
    for labels, texts in complaint.alerts:
        match = next(
            (
                each
                for each in left
                if each[0] == labels
                and each[1].keys() == texts.keys()
                and all(_close(each[1][name], text) for name, text in texts.items())
            ),
            None,
        )
        if match is None:
            return False
        left.remove(match)
    return not left


def _close(expected: str, got: str) -> bool:
    if expected == got:
        return True
    if _NUMBER.sub("#", expected) != _NUMBER.sub("#", got):
        return False
    pairs = zip(_NUMBER.findall(expected), _NUMBER.findall(got), strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=_ROUNDING) for one, other in pairs)
