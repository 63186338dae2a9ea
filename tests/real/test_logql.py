"""LogQL against the grammar of Grafana's own editor, ``@grafana/lezer-logql``.

It knows syntax and no meaning, so that only what it refuses, or what we print, is held against it.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings

from skillforge_mon.query.logql import print_logql
from skillforge_mon.query.logql.tree import LogQL
from tests.query.logql.test_against_loki import CASES
from tests.query.logql.trees import QUERIES
from tests.real.npm import ask, installed, missing
from tests.specs.compiled import compiled

PACKAGES = ("@grafana/lezer-logql@0.4.2", "@lezer/lr@1.4.10")
PROGRAM = """\
import { parser } from '@grafana/lezer-logql';
import { readFileSync } from 'node:fs';
const said = JSON.parse(readFileSync(0, 'utf8')).map((query) => {
  let good = true;
  parser.parse(query).iterate({ enter: (node) => { if (node.type.isError) good = false; } });
  return good;
});
process.stdout.write(JSON.stringify(said));
"""

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"asks the grammar of Grafana's editor: {missing()}")

NOT_IN_ITS_GRAMMAR = re.compile(r'approx_topk|--strict|--keep-empty|[|!]>|unwrap .*\] offset|"1" y=')
"""What Loki takes and this grammar does not: newer words, ``offset`` behind ``unwrap``, tests with nothing between."""


def refused(queries: list[str]) -> list[str]:
    said = json.loads(ask(installed("lezer-logql", *PACKAGES), PROGRAM, json.dumps(queries)))
    return [query for query, good in zip(queries, said, strict=True) if not good]


def test_what_we_print_is_logql() -> None:
    printed: list[str] = []

    @settings(max_examples=300, deadline=None, database=None)
    @given(QUERIES)
    def keep(query: LogQL) -> None:
        printed.append(print_logql(query))

    keep()
    known = [query for query in dict.fromkeys(printed) if NOT_IN_ITS_GRAMMAR.search(query) is None]
    assert len(known) > 50
    assert sorted(refused(known), key=len) == []


def test_its_refusals_are_ours() -> None:
    taken = [text for accepted, text in CASES if accepted and NOT_IN_ITS_GRAMMAR.search(text) is None]
    assert refused(taken) == []


@pytest.mark.parametrize("name", ["jac.yaml", "toolboxai.yaml"])
def test_the_rules_of_the_platforms_are_logql(name: str) -> None:
    files: list[Any] = [each.content for each in compiled(name).documents if each.path.startswith("loki/rules/")]
    queries = [rule["expr"] for file in files for group in file["groups"] for rule in group["rules"]]
    assert queries
    assert refused(queries) == []
