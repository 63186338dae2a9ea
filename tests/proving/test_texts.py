"""Values in texts, as the real promtool of both generations writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.documents.document import Plain
from skillforge_mon.lower.go_templates import value_template
from skillforge_mon.proving.case import AlertCheck, Case, Firing
from skillforge_mon.proving.promtool import complaints, found_promtool, run_files
from skillforge_mon.proving.texts import value_text
from skillforge_mon.proving.traffic import InputSeries, Piece
from skillforge_mon.proving.written import write_run
from tests.real.tools import GENERATIONS, tools

VALUES = (
    0.0, 0.00001234, 0.0005, 0.05, 0.999, 1.0, 1.5, 12.0, 59.99, 60.0, 999.0, 1000.0, 1023.0, 1024.0, 3600.0, 12345.6789,
    86400.0, 90061.5, 1234567.0, 2147483648.0, 1e15, -0.25, -1.0, -75.0, -5000.0,
)  # fmt: skip
FORMATS = (
    ("", ""), ("", "ratio"), ("", "percent"), ("", "seconds"), ("", "milliseconds"), ("", "bytes"),
    ("percent", ""), ("duration", ""), ("bytes", ""), ("humanize", ""),
)  # fmt: skip


@pytest.mark.parametrize("generation", GENERATIONS)
def test_every_format_of_every_value(generation: str, tmp_path: Path) -> None:
    promtool = found_promtool(tools(generation).promtool)
    assert not isinstance(promtool, Diagnostic)
    templates = {f"text{index}": value_template(*each) for index, each in enumerate(FORMATS)}
    rule: Plain = {"alert": "Shown", "expr": "shown > -Inf", "annotations": templates}
    firing = tuple(
        Firing(
            {"number": str(number)},
            {f"text{index}": value_text(value, *each) for index, each in enumerate(FORMATS)},
        )
        for number, value in enumerate(VALUES)
    )
    series = tuple(
        InputSeries({"__name__": "shown", "number": str(number)}, (Piece(2, value),))
        for number, value in enumerate(VALUES)
    )
    check = AlertCheck(0, "Shown", firing, "")
    case = Case("", "", None, "", ({"name": "shown", "rules": [rule]},), series, (), (check,), 1000, 1000, 2)
    path = write_run(tmp_path, "run", [case])
    found, other = complaints(run_files(promtool, [path])[path])
    expected = {each.labels["number"]: each.annotations for each in firing}
    got = {labels["number"]: texts for each in found for labels, texts in each.alerts}
    wrong = {
        (VALUES[int(number)], name): (expected[number][name], text)
        for number, texts in got.items()
        for name, text in texts.items()
        if expected[number][name] != text
    }
    assert (wrong, found, other) == ({}, [], "")
