"""The catalogue of codes: one number, one name, one place."""

from __future__ import annotations

from types import ModuleType

import pytest

from skillforge_mon.diagnostics.catalogue import all_codes, collect, find, nearest
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.defect import DefectError
from skillforge_mon.diagnostics.diagnostic import Severity
from tests.diagnostics.cases import APPROXIMATE, CODES, UNKNOWN_LABEL, UNWRITABLE


def module(name: str, **attributes: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(attributes)
    return made


def code(number: str, name: str) -> Code:
    return Code(number, name, Severity.ERROR, "What.", "Why.")


def test_codes_are_found_alone_in_tuples_and_in_mappings_and_come_in_order() -> None:
    modules = [
        module("c", CODES={"x": UNWRITABLE}),
        module("a", CODE=APPROXIMATE, imported=UNWRITABLE),
        module("b", CODES=(UNKNOWN_LABEL,), something="else"),
    ]
    assert list(collect(modules).items()) == list(CODES.items())


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (code("MON2104", "other"), "b defines MON2104 a second time"),
        (code("MON2105", "unknown-label"), "b gives MON2105 the name of MON2104"),
        (code("MON105", "other"), "b defines MON105 other, which is not well-formed"),
        (code("MON2105", "Unknown_Label"), "b defines MON2105 Unknown_Label, which is not well-formed"),
    ],
)
def test_a_number_or_name_used_twice_or_written_wrongly_is_a_defect(second: Code, message: str) -> None:
    with pytest.raises(DefectError, match=f"^{message}$"):
        collect([module("a", CODE=UNKNOWN_LABEL), module("b", CODE=second)])


@pytest.mark.parametrize("text", ["MON2104", "mon2104", "2104", " Mon2104 ", "unknown-label", "Unknown-Label"])
def test_a_code_is_found_by_number_or_name_in_any_case(text: str) -> None:
    assert find(text, CODES) is UNKNOWN_LABEL


@pytest.mark.parametrize("text", ["", "MON", "MON9999", "04", "label"])
def test_what_is_no_code_is_not_found(text: str) -> None:
    assert find(text, CODES) is None


@pytest.mark.parametrize(
    ("text", "suggestions"),
    [
        ("MON2140", ["MON2104"]),
        ("2014", ["MON2104"]),
        ("unknwon-label", ["unknown-label"]),
        ("Approximate", ["approximate-translation"]),
        ("zebra", []),
    ],
)
def test_a_slip_gets_the_nearest_numbers_or_names(text: str, suggestions: list[str]) -> None:
    assert nearest(text, CODES) == suggestions


def test_every_code_of_monmc_is_well_formed_documented_and_unique() -> None:
    codes = all_codes()
    assert list(codes) == sorted(codes)
    for number, found in codes.items():
        assert find(number) is find(found.name) is found
        assert found.what.endswith(".")
        assert found.why.endswith(".")
        assert bool(found.bad and found.good) is not bool(found.untestable), number
