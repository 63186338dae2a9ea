"""The examples of the codes: the bad one earns its code, the good one builds clean."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog import codes
from skillforge_mon.backends.datadog.query import codes as query_codes
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.documents.document import Grade
from tests.backends.datadog.monitors import documents

OWN = [code for code in vars(codes).values() if isinstance(code, Code)]
OF_QUERIES = [code for code in vars(query_codes).values() if isinstance(code, Code)]
CODES = [*OWN, *OF_QUERIES]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_bad_example_earns_the_code(code: Code) -> None:
    _, reported = documents("", head=code.bad)
    assert [problem.code for problem in reported] == [code.number]


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_the_good_example_is_exact(code: Code) -> None:
    found, reported = documents("", head=code.good)
    assert reported == ()
    assert {verdict.grade for document in found for verdict in document.verdicts} == {Grade.EXACT}


def test_the_codes_are_numbered_in_two_rows() -> None:
    assert [code.number for code in OWN] == [f"MON{number}" for number in range(4303, 4310)]
    assert [code.number for code in OF_QUERIES] == [f"MON{number}" for number in range(4370, 4380)]
