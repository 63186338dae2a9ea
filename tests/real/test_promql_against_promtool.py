"""Our PromQL and promtool's say the same: what parses, what is refused, and that what we print is read as it was meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from skillforge_mon.query.promql import parse, print_expr
from tests.query.promql.corpus import BAD, GOOD
from tests.real.generation import Generation
from tests.real.tools import promtool_check_rules


def _rule_file(folder: Path, expressions: list[str]) -> Path:
    """One group with one recording rule per expression."""
    rules = [{"record": f"r{number}", "expr": text} for number, text in enumerate(expressions)]
    path = folder / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "corpus", "rules": rules}]}), encoding="utf-8")
    return path


def _accepted(generation: Generation) -> list[str]:
    version = (generation.prometheus.major, generation.prometheus.minor)
    return [item.text for item in GOOD if item.on(version, experimental=False)]


def test_promtool_accepts_what_we_say_this_version_accepts(generation: Generation, tmp_path: Path) -> None:
    checked = promtool_check_rules(generation, _rule_file(tmp_path, _accepted(generation)))
    assert checked.exit_code == 0, checked.output


def test_promtool_accepts_what_we_print(generation: Generation, tmp_path: Path) -> None:
    printed = [print_expr(parse(text)) for text in _accepted(generation)]
    checked = promtool_check_rules(generation, _rule_file(tmp_path, printed))
    assert checked.exit_code == 0, checked.output


def test_promtool_refuses_every_expression_that_we_refuse(generation: Generation, tmp_path: Path) -> None:
    assert _taken(generation, tmp_path, BAD) == []


def test_promtool_refuses_what_is_too_new_for_it(generation: Generation, tmp_path: Path) -> None:
    version = (generation.prometheus.major, generation.prometheus.minor)
    assert _taken(generation, tmp_path, [item.text for item in GOOD if not item.on(version, experimental=True)]) == []


def test_promtool_says_of_each_file_whether_it_takes_it(generation: Generation, tmp_path: Path) -> None:
    assert _taken(generation, tmp_path, ["up +", "up", "(up", "1"]) == ["up", "1"]


def _taken(generation: Generation, folder: Path, expressions: Sequence[str]) -> list[str]:
    """The expressions that promtool takes, each in a file of its own: it stops at the first mistake of a file."""
    files = []
    for number, text in enumerate(expressions):
        (folder / str(number)).mkdir()
        files.append(_rule_file(folder / str(number), [text]))
    output = promtool_check_rules(generation, *files).output
    said = dict(re.findall(r"^Checking (\S+)\n +(\w+):", output, re.MULTILINE))
    assert {*said.values()} <= {"SUCCESS", "FAILED"}
    verdicts = [said[str(path)] for path in files]
    return [text for text, verdict in zip(expressions, verdicts, strict=True) if verdict == "SUCCESS"]
