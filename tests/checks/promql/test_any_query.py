"""Whatever the query, the rules about PromQL come to an end and say where the trouble is."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from hypothesis import given, settings

from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.model.project import Query
from skillforge_mon.query.promql import Expr, VectorSelector, print_expr, transform
from skillforge_mon.spec.yaml.nodes import ScalarNode
from skillforge_mon.spec.yaml.source import SourceFile
from tests.checks.promql.projects import RULES, STRUCTURE
from tests.projects import project
from tests.query.promql.strategies import expressions

NATIVE = "  job_seconds: {type: native_histogram, help: Time of a job}\n"
PROJECT = project(alert_spec("up == 0", metrics=NATIVE, version="2.45"))
METRICS = (
    "http_requests_total", "http_request_duration_seconds_bucket", "rpc_duration_seconds", "queue_messages",
    "disk_used_ratio", "job_seconds", "up", "nothing",
)  # fmt: skip


def over_known_metrics(node: Expr) -> Expr:
    return replace(node, name=METRICS[len(node.matchers)]) if isinstance(node, VectorSelector) else node


@given(expressions())
@settings(max_examples=200)
def test_every_query_can_be_looked_at(expr: Expr) -> None:
    asked = transform(expr, over_known_metrics)
    text = print_expr(asked)
    node = ScalarNode(text, text, SourceFile("spec.yaml", text), 0, len(text))
    alert = PROJECT.alerts["ShopIsBroken"]
    changed = replace(PROJECT, alerts={"ShopIsBroken": replace(alert, query=Query(text, asked, node))})
    for rule in (*RULES, *STRUCTURE):
        for diagnostic in import_module(f"skillforge_mon.checks.promql_{rule}").check(changed):
            assert diagnostic.span is not None
            assert diagnostic.headline
