"""Queries with the verdict of Loki itself: loki.txt has what Loki 3.7.8 said to ``query_range`` of each of them.

A line is ``yes`` or ``no`` and the query as JSON. Left out is what only the server's settings refuse.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from skillforge_mon.query.logql import LogQLSyntaxError, parse_logql, print_logql

CASES = [
    (line[:3].strip() == "yes", json.loads(line[4:]))
    for line in (Path(__file__).parent / "loki.txt").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("text", [text for accepted, text in CASES if accepted])
def test_what_loki_takes_is_a_tree_that_prints_back(text: str) -> None:
    tree = parse_logql(text)
    assert parse_logql(print_logql(tree)) == tree


@pytest.mark.parametrize("text", [text for accepted, text in CASES if not accepted])
def test_what_loki_refuses_is_refused(text: str) -> None:
    with pytest.raises(LogQLSyntaxError) as refused:
        parse_logql(text)
    assert 0 <= refused.value.start <= refused.value.end <= len(text)


def test_there_are_cases_of_both_kinds() -> None:
    assert (sum(accepted for accepted, _ in CASES), sum(not accepted for accepted, _ in CASES)) == (YES, NO)


YES, NO = 79, 66
