"""What the real Prometheus answers to many queries at once: one run of promtool, whose expectations all fail.

A test file expects of every query a sample that no query has, so that promtool tells what it got instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from tests.interpreters.algebra import Vector
from tests.interpreters.series import RawSeries, key_of
from tests.real.generation import Generation
from tests.real.tools import promtool_test_rules

_NEVER: Final = [{"labels": '{never="seen"}', "value": 1}]
_HEAD: Final = re.compile(r'^    expr: "(?:[^"\\]|\\.)*", time: [^,]+,(.*)$')
_GOT: Final = "        got: "
_SAMPLE: Final = re.compile(r"\{([^{}]*)\} (\S+?)(?:, |$)")
_LABEL: Final = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Question:
    """A query, at a moment in milliseconds."""

    promql: str
    time: int


def answers(
    generation: Generation,
    folder: Path,
    series: Sequence[RawSeries],
    questions: Sequence[Question],
    alerts: Mapping[str, Mapping[str, str]],
    evaluation: int,
) -> list[Vector | str]:
    """What each of ``questions`` is answered: values by labels, or why it fails.

    ``alerts`` are rules by name (``expr``, ``for``), evaluated every ``evaluation`` milliseconds; what fires of one is
    asked for as ``ALERTS{alertname="…", alertstate="firing"}``.
    """
    end = series[0].step * len(series[0].scraped)  # promtool loads no sample after the last question
    rules = [{"alert": name, **rule} for name, rule in alerts.items()]
    (folder / "rules.yml").write_text(yaml.safe_dump({"groups": [{"name": "conditions", "rules": rules}]}))
    test = {
        "interval": f"{series[0].step}ms",
        "input_series": [{"series": each.text, "values": each.values} for each in series],
        "promql_expr_test": [
            {"expr": question.promql, "eval_time": f"{question.time}ms", "exp_samples": _NEVER}
            for question in (*questions, Question("vector(0)", end))
        ],
    }
    document = {"rule_files": ["rules.yml"], "evaluation_interval": f"{evaluation}ms", "tests": [test]}
    path = folder / "test.yml"
    path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper))
    output = promtool_test_rules(generation, path).output
    found = list(_answers(output))
    assert len(found) == len(questions) + 1, output[-4000:]
    return found[:-1]


def _answers(output: str) -> Iterator[Vector | str]:
    lines = output.splitlines()
    for index, line in enumerate(lines):
        head = _HEAD.match(line)
        if head is None:
            continue
        if head[1]:
            yield head[1].strip()
            continue
        text = lines[index + 2]
        assert text.startswith(_GOT), text
        yield {
            key_of({label: value for label, value in _LABEL.findall(labels) if label != "__name__"}): float(value)
            for labels, value in _SAMPLE.findall(text.removeprefix(_GOT))
        }
