"""Test files for promtool ("Unit testing for rules"), written as JSON, which is YAML too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast

from skillforge_mon.documents.document import Plain
from skillforge_mon.proving.case import AlertCheck, Case, Firing, ValueCheck
from skillforge_mon.spec.quantities import Duration


def write_run(folder: Path, name: str, cases: Sequence[Case]) -> Path:
    """Write the rules of ``cases`` and the test of them; the result is the path of the test. Raises OSError."""
    rules = folder / f"{name}.rules.json"
    rules.write_text(_json({"groups": [group for case in cases for group in case.groups]}), encoding="utf-8")
    first = cases[0]
    series = {each.name: each for case in cases for each in case.series}
    test: dict[str, Plain] = {
        "interval": str(Duration(first.step)),
        "input_series": [{"series": text, "values": each.values} for text, each in series.items()],
        "alert_rule_test": _alert_tests(cases),
        "promql_expr_test": [
            {
                "expr": check.query,
                "eval_time": str(Duration(check.time)),
                "exp_samples": [{"labels": labels, "value": value} for labels, value in check.samples.items()],
            }
            for case in cases
            for check in case.checks
            if isinstance(check, ValueCheck)
        ],
    }
    path = folder / f"{name}.test.json"
    evaluation = str(Duration(first.evaluation))
    path.write_text(
        _json(
            {
                "rule_files": [rules.name],
                "evaluation_interval": evaluation,
                # Without it the groups of a file are evaluated in any order.
                "group_eval_order": [
                    cast("dict[str, Plain]", group)["name"] for case in cases for group in case.groups
                ],
                "tests": [test],
            }
        ),
        encoding="utf-8",
    )
    return path


def _alert_tests(cases: Sequence[Case]) -> list[Plain]:
    return [
        {
            "eval_time": str(Duration(check.time)),
            "alertname": check.alert,
            "exp_alerts": [_expected(each) for each in check.firing],
        }
        for case in cases
        for check in case.checks
        if isinstance(check, AlertCheck)
    ]


def _expected(firing: Firing) -> Mapping[str, Mapping[str, str]]:
    return {"exp_labels": firing.labels, "exp_annotations": firing.annotations}


def _json(value: Plain) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
