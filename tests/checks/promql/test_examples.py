"""What each rule about PromQL says about its own example, word for word; the corrected one is free of any problem."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import pytest

from skillforge_mon import checks
from skillforge_mon.checks import run_checks
from skillforge_mon.checks.promql_examples import alert_spec
from skillforge_mon.diagnostics.codes import Code
from skillforge_mon.diagnostics.diagnostic import Diagnostic
from tests.checks.promql.projects import RULES, STRUCTURE, described, found
from tests.projects import project

SAID = {
    "average_of_quantiles": """\
warning MON2116: `avg` of the quantiles of the summary `rpc_duration_seconds`
  at 24:11 `avg`
  and 24:15 `rpc_duration_seconds{quantile="0.99"}` quantiles
  help take `max` of them, or aggregate a histogram's buckets before `histogram_quantile`
""",
    "bucket_spelling": """\
warning MON2141: Prometheus 3.5 stores this bucket as `1.0` when it scrapes it
  at 24:57 `le="1"` matches no series that is scraped
  help write `le=~"1.0|1"`
""",
    "counter_without_rate": """\
warning MON2103: the counter `http_requests_total` is used without `rate`
  at 24:15 `http_requests_total` the sum since the process started
  and 6:3 `http_requests_total` declared as a counter here
  help write `rate(http_requests_total[5m])`, or `increase(http_requests_total[1h])`
""",
    "deprecated_metric": """\
warning MON2115: the metric `requests_total` is deprecated
  at 25:20 `requests_total`
  and 12:3 `requests_total` declared here
  help use http_requests_total
""",
    "difference_of_counter": """\
error MON2105: `deriv` of `http_requests_total`, which is a counter
  at 24:11 `deriv` only for gauges
  and 6:3 `http_requests_total` declared here
  help use `rate`
  fix 24:11 `deriv` -> `rate` (unsafe)
""",
    "experimental_function": """\
error MON2004: mad_over_time() is experimental
  at 24:11 `mad_over_time`
  note the server must run with `--enable-feature=promql-experimental-functions`
  help if it does, set `targets.prometheus.experimental_functions: true`
""",
    "impossible_label_value": """\
error MON2109: label `cache` of `http_requests_total` is never `mis`
  at 24:46 `"mis"`
  and 6:3 `http_requests_total` its values are listed here
  note it is one of: hit, miss
  help did you mean `miss`?
  fix 24:47 `mis` -> `miss` (unsafe)
""",
    "label_aggregated_away": """\
error MON2107: the summary names `code`, which `sum by (cache)` has dropped
  at 26:27 `{{ labels.code }}` empty here
  and 24:11 `sum by (cache) (rate(http_requests_total[5m]))` `sum by (cache)` drops it
  help write `sum by (cache, code)`
""",
    "needless_regex": """\
note MON2118: `=~` matches one text only
  at 24:40 `code=~"500"`
  help write `=`
  fix 24:44 `=~` -> `=`
""",
    "newer_feature": """\
error MON2002: histogram_avg() needs Prometheus 2.51, and the target is 2.45
  at 25:11 `histogram_avg`
  help write it otherwise, or set `targets.prometheus.version: "2.51"`
""",
    "quantile_without_le": """\
error MON2106: the buckets have lost their label `le`
  at 24:11 `histogram_quantile`
  and 24:36 `sum by (code) (rate(http_request_duration_seconds_bucket[5m]))` `sum by (code)` drops it
  help write `sum by (code, le)`
""",
    "range_beyond_retention": """\
warning MON2113: the query looks back 60d, and samples are kept for 30d
  at 24:40 `60d`
  and 4:43 `30d` kept this long
  help look back less far, or keep samples longer
""",
    "rate_as_share": """\
warning MON2114: a rate of failures is compared with a number between 0 and 1
  at 24:11 `rate(http_requests_total{code=~"5.."}[5m]) > 0.05`
  note this is errors per second per series, not a share
  help divide `sum(rate(http_requests_total{code=~"5.."}[5m]))` by `sum(rate(http_requests_total[5m]))`
""",
    "rate_of_gauge": """\
error MON2102: `rate` of `queue_messages`, which is a gauge
  at 24:11 `rate` only for counters
  and 9:3 `queue_messages` declared here
  help `deriv(queue_messages[5m])` says how a gauge changes
""",
    "removed_function": """\
error MON2003: holt_winters() was removed in Prometheus 3.0
  at 24:11 `holt_winters`
  help it is now called `double_exponential_smoothing`, an experimental function
""",
    "short_window": """\
error MON2112: `rate` over 20s, and the metric is scraped every 15s
  at 24:40 `20s` less than two scrapes
  help take at least 1m
""",
    "threshold_unit": """\
error MON2110: a value in bytes is compared with 500ms (`critical` of `ShopIsBroken`)
  at 23:26 `"> 500ms"`
  help 500ms is 0.5 seconds
""",
    "unbounded_grouping": """\
warning MON2111: one alert for each value of `user`, whose values have no bound
  at 24:19 `user` unbounded
  help take `user` out, or declare it `bounded` if it is
""",
    "unknown_grouping_label": """\
error MON2108: `by` names `cod`: there is no such label on `http_requests_total`
  at 24:19 `cod` this label
  note there are: code, cache, user, job, instance
  help did you mean `code`?
  fix 24:19 `cod` -> `code` (unsafe)
""",
    "unknown_label": """\
error MON2104: label `coode` is not on metric `http_requests_total`
  at 24:40 `coode` this label
  and 6:3 `http_requests_total` the metric is declared here
  note the metric has: code, cache, user, job, instance
  help did you mean `code`?
  fix 24:40 `coode` -> `code` (unsafe)
""",
    "unknown_metric": """\
error MON2101: there is no metric `http_request_total`
  at 24:20 `http_request_total` not in the catalogue
  help did you mean `http_requests_total`?
  fix 24:20 `http_request_total` -> `http_requests_total` (unsafe)
""",
}
SAID_OF_STRUCTURE = {
    "average_of_ratios": """\
warning MON2135: `avg` of ratios of events, each with the same weight
  at 24:11 `avg`
  and 24:25 `rate(http_requests_total{code="500"}[5m]) / ignoring (code) group_left sum without (code) (rate(http_requests_total[5m]))` ratios
  note each is divided by `sum without (code) (rate(http_requests_total[5m]))`
  help divide the sum of the numerators by the sum of the denominators, by the same labels
""",
    "dead_operand": """\
warning MON2131: what stands after `or` is never seen
  at 24:22 `or`
  and 24:25 `sum(rate(http_requests_total[5m]))` the other side has a result at every moment
  help let the side that is always there stand last
""",
    "declared_unit": """\
warning MON2140: the unit is `percent`, and the query returns ratio
  at 12:62 `percent`
  help write `unit: ratio`, or multiply the query by 100
""",
    "division_by_zero": """\
warning MON2133: the alert fires when something is divided by 0
  at 24:46 `/`
  and 24:48 `sum(rate(http_requests_total[5m] offset 1d))` may have been 0 then
  help divide by `(sum(rate(http_requests_total[5m] offset 1d)) > 0)`, which leaves the others out
""",
    "needless_sort": """\
note MON2136: `sort_desc` changes nothing here
  at 24:11 `sort_desc`
  help take what is sorted alone
""",
    "never_true": """\
warning MON2134: this comparison is never true
  at 24:29 `count(up == 1) < 1`
  note the value is never below 1
  help of nothing there is no count: write `unless`, or `absent(…)`
""",
    "several_per_match": """\
warning MON2132: `/` takes one series on the left for each match, and those there differ in `code` too
  at 24:64 `/`
  and 24:11 `sum by (code, cache) (rate(http_requests_total[5m]))` one for each `code`
  help write `group_left` where this side has many series, or aggregate it without `code`
""",
    "sides_never_meet": """\
warning MON2130: `/` has no result: `code` is never the same on both sides
  at 24:57 `/`
  and 24:11 `sum by (code) (rate(http_requests_total[5m]))` has `code`
  and 24:59 `sum(rate(http_requests_total[5m]))` no `code` here
  help write `/ ignoring (code) group_left`, or aggregate both sides by the same labels
""",
}


def code_of(rule: str) -> Code:
    code = import_module(f"skillforge_mon.checks.promql_{rule}").CODE
    assert isinstance(code, Code)
    return code


def test_every_rule_about_promql_is_held_here() -> None:
    names = [module.name for module in pkgutil.iter_modules(checks.__path__)]
    rules = [name.removeprefix("promql_") for name in names if hasattr(import_module(f"{checks.__name__}.{name}"), "check")
             and name.startswith("promql_")]  # fmt: skip
    assert (list(RULES), list(STRUCTURE)) == (list(SAID), list(SAID_OF_STRUCTURE))
    assert sorted(rules) == sorted((*RULES, *STRUCTURE))


@pytest.mark.parametrize("rule", [*RULES, *STRUCTURE])
def test_the_bad_example_is_reported_once(rule: str) -> None:
    text = code_of(rule).bad
    rules = (*RULES, *STRUCTURE)
    assert [described(diagnostic, text) for diagnostic in found(text, rules)] == [(SAID | SAID_OF_STRUCTURE)[rule]]


@pytest.mark.parametrize("rule", [*RULES, *STRUCTURE])
def test_the_good_example_is_free_of_any_problem(rule: str) -> None:
    assert list(run_checks(project(code_of(rule).good))) == []


FIXABLE = ("difference_of_counter", "impossible_label_value", "needless_regex", "unknown_grouping_label", "unknown_label",
           "unknown_metric")  # fmt: skip


@pytest.mark.parametrize("rule", FIXABLE)
def test_a_fix_makes_the_good_example_of_the_bad_one(rule: str) -> None:
    code = code_of(rule)
    (diagnostic,) = found(code.bad)
    assert fixed(code.bad, diagnostic) == code.good


def fixed(text: str, diagnostic: Diagnostic) -> str:
    assert diagnostic.fix is not None
    lines = text.splitlines(keepends=True)
    span = diagnostic.fix.span
    line = lines[span.line - 1]
    lines[span.line - 1] = line[: span.column - 1] + diagnostic.fix.replacement + line[span.end_column - 1 :]
    return "".join(lines)


def test_the_anchors_of_a_regular_expression_are_taken_away() -> None:
    text = alert_spec('up{job=~"^web-.*$"} == 0')
    (diagnostic,) = found(text)
    assert fixed(text, diagnostic) == alert_spec('up{job=~"web-.*"} == 0')


def test_no_fix_is_offered_where_quotes_would_have_to_be_escaped() -> None:
    (diagnostic,) = found(alert_spec(r"""'sum(rate(http_requests_total{cache="mi\x73"}[5m])) > 1'"""))
    assert (diagnostic.code, diagnostic.help, diagnostic.fix) == ("MON2109", "did you mean `miss`?", None)
