"""Whatever a spec says, Sentry gets only what it takes."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from skillforge_mon.backends.sentry.emit import emit
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Grade
from skillforge_mon.documents.paths import check_paths
from skillforge_mon.documents.references import references_in
from skillforge_mon.documents.render import render
from skillforge_mon.lower.lowering import Lowering
from tests.backends.sentry.compiled import CASES, HERE, compiled
from tests.backends.sentry.schemas import KINDS, problems, schema
from tests.backends.sentry.specs import specs
from tests.projects import resolved


@pytest.mark.parametrize("case", CASES)
def test_every_payload_of_the_cases_has_a_shape_that_sentry_takes(case: str) -> None:
    documents, _ = compiled((HERE / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))
    found = {document.path: problems(document) for document in documents if document.resource is not None}
    assert found
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_every_kind_of_payload_is_among_the_cases() -> None:
    kinds = set()
    for case in CASES:
        documents, _ = compiled((HERE / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))
        kinds |= {document.resource.kind for document in documents if document.resource is not None}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("case", CASES)
def test_the_schemas_refuse_a_key_that_sentry_does_not_know_at_every_depth(case: str) -> None:
    documents, _ = compiled((HERE / "cases" / f"{case}.yaml").read_text(encoding="utf-8"))
    for document in documents:
        if document.resource is None:
            continue
        written = json.loads(render(document))
        for path in _maps(written):
            spoilt = copy.deepcopy(written)
            inner = spoilt
            for step in path:
                inner = inner[step]
            inner["unheardOf"] = 1
            assert not schema(document.resource.kind).is_valid(spoilt), (document.path, path)


def _maps(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(value, dict):
        return [path, *(found for key, member in value.items() for found in _maps(member, (*path, key)))]
    if isinstance(value, list):
        return [found for index, member in enumerate(value) for found in _maps(member, (*path, index))]
    return []


@given(specs())
def test_any_spec_gives_payloads_that_sentry_takes_or_says_why_not(spec: str) -> None:
    project, diagnostics = resolved(spec)
    assert project is not None, diagnostics
    report = Report()
    documents = tuple(emit(project, Lowering(project, report), report))
    assert [problem for document in documents if document.resource for problem in problems(document)] == []
    assert check_paths(documents) == ()
    written = {document.objects[0] for document in documents if document.resource is not None}
    refused = {
        verdict.object_id
        for document in documents
        for verdict in document.verdicts
        if verdict.grade is Grade.UNTRANSLATABLE
    }
    asked = {alert.id for alert in project.alerts.values() if "sentry" in alert.backends and alert.spec.enabled}
    assert written.isdisjoint(refused)
    assert asked == written | refused or report.failed


@given(specs())
def test_the_same_spec_gives_the_same_documents(spec: str) -> None:
    first, second = (resolved(spec)[0] for _ in range(2))
    assert first is not None
    assert second is not None
    assert [*emit(first, Lowering(first, Report()), Report())] == [*emit(second, Lowering(second, Report()), Report())]


@given(specs())
def test_resources_name_what_they_refer_to_and_refer_to_nothing_that_is_missing(spec: str) -> None:
    project, _ = resolved(spec)
    assert project is not None
    documents = [*emit(project, Lowering(project, Report()), Report())]
    resources = [document.resource for document in documents if document.resource is not None]
    keys = {(resource.kind, resource.key) for resource in resources}
    assert len(keys) == len(resources)
    for document in documents:
        if document.resource is not None:
            assert document.resource.references == references_in(document.content)
            own = {(needed.kind, needed.key) for needed in document.resource.references if needed.kind == "detector"}
            assert own <= keys
