"""Alerts that say too little, or two things at once: each is found, at its place, in words that help."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.sentry.codes import CODES
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.documents.document import Grade
from tests.backends.sentry.compiled import compiled

SAID = {
    "MON4310": (
        "spec.yaml:16:5",
        "`NewError` is no alert yet in Sentry",
        "write `issue:` or `metric:`",
    ),
    "MON4311": (
        "spec.yaml:16:5",
        "`NewError` does not say which project of Sentry it is about",
        "write `sentry: {project: …}`, or `errors: {sentry_project: …}` on its service",
    ),
    "MON4312": (
        "spec.yaml:14:3",
        "the metric alert `ManyErrors` has no threshold for `warning`",
        'write `severity: {warning: "> 100"}`',
    ),
    "MON4313": (
        "spec.yaml:16:52",
        "`ManyErrors` fires at `> 100`, so it cannot be well again at `> 10`",
        "write `<= 100`, or a number further away",
    ),
    "MON4314": (
        "spec.yaml:20:17",
        "nobody would hear of `NewError` from Sentry",
        "give a team of the first level `sentry`, `slack` or `pagerduty`",
    ),
    "MON4315": (
        "spec.yaml:14:3",
        f"`[{'shop' * 30}] {'ManyErrors' * 12}` has 243 characters, and Sentry takes 200",
        "shorten the alert's name by 43",
    ),
}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_the_bad_example_earns_its_code_and_nothing_else(code: Code) -> None:
    documents, diagnostics = compiled(code.bad)
    found = [(problem.code, str(problem.span), problem.headline, problem.help) for problem in diagnostics]
    assert found == [(code.number, *SAID[code.number])]
    assert documents == ()


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.name)
def test_the_good_example_is_said_exactly(code: Code) -> None:
    documents, diagnostics = compiled(code.good)
    assert diagnostics == ()
    assert [verdict.grade for document in documents for verdict in document.verdicts] == [Grade.EXACT]


def test_numbers_are_used_once_and_within_the_range_of_this_backend() -> None:
    numbers = [code.number for code in CODES]
    assert numbers == sorted(set(numbers))
    assert all("MON4310" <= number <= "MON4329" for number in numbers)
