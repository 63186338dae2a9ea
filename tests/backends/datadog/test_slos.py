"""SLOs in Datadog: what is measured, over what, and what is said of the differences."""

from __future__ import annotations

from decimal import Decimal

import pytest

from skillforge_mon.documents.document import Document, Format, Grade, Resource, Verdict
from tests.backends.datadog.monitors import documents
from tests.backends.datadog.objectives import HEAD, body, compiled, measured, reasons, slo

COUNTED = "Datadog counts what the Agent sent, where Prometheus extrapolates to the ends of its windows"
PERCENTILES = "Datadog counts the values of `{}` up to 0.5 where percentiles are switched on for it"
SLICES = (
    "Datadog judges slices of 1m by what it keeps of the Agent's points, and one without points is good, where "
    "Prometheus judges every 30s, and counts nothing without a value"
)
TICKET = (
    "the windows 3d and 6h of warning become 2d and 6h (long ones are 1 to 48 whole hours): somebody is told when 6.667% "
    "of the budget is spent instead of 10%, and 1d instead of 1d 12h after 0.2% of the events began to go bad"
)
SINGLE = (
    "its monitors tell of a single bad event where there are few: no minimum can be said, and Prometheus waits for 4 bad "
    "events, or more as its traffic allows, within the long window"
)
MISSING = "nobody is told there when the metrics are missing"
FOUR = "it has 4 monitors, which notify without regard to each other"
INSTEAD = (
    "take `datadog` out of the SLO's `backends`; there, an alert can watch what it promises: `datadog: {query: …}` under "
    "`alerts`"
)


def test_an_slo_is_an_object_of_the_api() -> None:
    found = compiled(slo("description: Requests are answered; runbook: busy; labels: {area: Front Door}"))
    assert found[0] == Document(
        "datadog/slos/api.json",
        {
            "name": "[shop] api",
            "description": "Requests are answered\n\nRunbook: https://docs.example/runbooks/busy.md\n\n"
            "-- managed by monmc shop/default/slos.api, do not edit here",
            "type": "metric",
            "query": {
                "numerator": "sum:shop.requests.count{!status:5*}.as_count()",
                "denominator": "sum:shop.requests.count{*}.as_count()",
            },
            "thresholds": [{"timeframe": "30d", "target": Decimal("99.9")}],
            "tags": [
                "project:shop",
                "service:web",
                "team:manager",
                "managed_by:monmc",
                "monmc:shop/default/slos.api",
                "tier:1",
                "area:front_door",
                "cost:web",
            ],
        },
        Format.JSON,
        ("slos.api",),
        (
            Verdict(
                "datadog",
                "slos.api",
                Grade.APPROXIMATE,
                f'`status=~"5.."` becomes `status:5*`, which fits any length; {COUNTED}; {TICKET}; {SINGLE}; {MISSING}; {FOUR}',
            ),
        ),
        Resource("datadog", "slo", "slos.api"),
    )
    assert [document.path for document in found[1:]] == [
        "datadog/slos/api/critical-1h.json",
        "datadog/slos/api/critical-6h.json",
        "datadog/slos/api/warning-1d.json",
        "datadog/slos/api/warning-3d.json",
    ]


def test_an_environment_has_its_own() -> None:
    document = compiled(slo("alerting: false"), "staging")[0]
    assert body(document)["name"] == "[shop/staging] api"
    assert body(document)["tags"][:2] == ["project:shop", "env:staging"]
    assert body(document)["description"] == "-- managed by monmc shop/staging/slos.api, do not edit here"


@pytest.mark.parametrize(
    ("fields", "numerator", "denominator"),
    [
        (
            'bad: \'requests_total{service="web", status="500"}\'; total: \'requests_total{service="web"}\'',
            "sum:shop.requests.count{service:web,!status:500}.as_count()",
            "sum:shop.requests.count{service:web}.as_count()",
        ),
        (
            "bad: 'requests_total{status=~\"500|502\"}'",
            "sum:shop.requests.count{status NOT IN (500,502)}.as_count()",
            "sum:shop.requests.count{*}.as_count()",
        ),
        (
            "bad: 'requests_total{status!=\"200\"}'",
            "sum:shop.requests.count{status:200}.as_count()",
            "sum:shop.requests.count{*}.as_count()",
        ),
        (
            'bad: \'requests_total{service="web", status="500"}\'',
            "sum:shop.requests.count{*}.as_count() - sum:shop.requests.count{service:web,status:500}.as_count()",
            "sum:shop.requests.count{*}.as_count()",
        ),
        (
            "bad: errors_total",
            "sum:shop.requests.count{*}.as_count() - sum:shop.errors.count{*}.as_count()",
            "sum:shop.requests.count{*}.as_count()",
        ),
        (
            "bad: ; good: 'requests_total{status=\"200\"}'",
            "sum:shop.requests.count{status:200}.as_count()",
            "sum:shop.requests.count{*}.as_count()",
        ),
        (
            "bad: ; good: 'requests_total{status=\"200\"} offset 1h'; total: requests_total offset 1h",
            "hour_before(sum:shop.requests.count{status:200}.as_count())",
            "hour_before(sum:shop.requests.count{*}.as_count())",
        ),
        (
            "bad: ; good: 'requests_total{status=\"200\"}'; group_by: [tenant, service]",
            "sum:shop.requests.count{status:200} by {tenant,service}.as_count()",
            "sum:shop.requests.count{*} by {tenant,service}.as_count()",
        ),
        (
            "bad: ; total: ; latency: {metric: latency_seconds, below: 500ms}",
            "count(v: v<=0.5):shop.latency_seconds{*}.as_count()",
            "count:shop.latency_seconds{*}.as_count()",
        ),
        (
            "bad: ; total: ; latency: {metric: 'rpc_seconds{service=\"web\"}', below: 500ms}",
            "count(v: v<=0.5):shop.rpc_seconds{service:web}.as_count()",
            "count:shop.rpc_seconds{service:web}.as_count()",
        ),
    ],
)
def test_good_events_are_divided_by_all_events(fields: str, numerator: str, denominator: str) -> None:
    document = compiled(slo(f"{fields}; alerting: false"))[0]
    assert (body(document)["type"], body(document)["query"]) == (
        "metric",
        {"numerator": numerator, "denominator": denominator},
    )


@pytest.mark.parametrize("version", ["2.55", "3.5"])
def test_a_bucket_is_found_however_prometheus_spells_it(version: str) -> None:
    """Before 3.0 the bound of a bucket may be stored as ``1`` or ``1.0``."""
    head = HEAD.replace("prometheus: {}", f'prometheus: {{version: "{version}"}}')
    document = compiled(measured("latency: {metric: latency_seconds, below: 1s}; alerting: false"), head=head)[0]
    assert body(document)["query"]["numerator"] == "count(v: v<=1):shop.latency_seconds{*}.as_count()"


def test_buckets_that_are_sent_as_counts_are_read_as_such() -> None:
    head = HEAD.replace("datadog: {tags: {cost: web}}", "datadog: {openmetrics: {histograms: buckets}}")
    document = compiled(measured("latency: {metric: latency_seconds, below: 500ms}; alerting: false"), head=head)[0]
    assert body(document)["query"] == {
        "numerator": "sum:shop.latency_seconds.bucket{upper_bound:0.5}.as_count()",
        "denominator": "sum:shop.latency_seconds.count{*}.as_count()",
    }
    assert reasons(document) == [COUNTED]


@pytest.mark.parametrize("name", ["latency_seconds", "rpc_seconds"])
def test_values_of_a_distribution_are_counted_where_percentiles_are_on(name: str) -> None:
    document = compiled(measured(f"latency: {{metric: {name}, below: 500ms}}; alerting: false"))[0]
    assert reasons(document) == [PERCENTILES.format(f"shop.{name}"), COUNTED]


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        (
            "slices: {expr: sum(queue_length), good: '< 100'}",
            {
                "query": {
                    "formulas": [{"formula": "query1"}],
                    "queries": [{"data_source": "metrics", "name": "query1", "query": "sum:shop.queue_length{*}"}],
                },
                "comparator": "<",
                "threshold": Decimal(100),
                "query_interval_seconds": 60,
            },
        ),
        (
            "slices: {expr: sum(queue_length) / sum(queue_limit) * 100, good: '<= 80'}",
            {
                "query": {
                    "formulas": [{"formula": "query1 / query2 * 100"}],
                    "queries": [
                        {"data_source": "metrics", "name": "query1", "query": "sum:shop.queue_length{*}"},
                        {"data_source": "metrics", "name": "query2", "query": "sum:shop.queue_limit{*}"},
                    ],
                },
                "comparator": "<=",
                "threshold": Decimal(80),
                "query_interval_seconds": 60,
            },
        ),
        (
            "available: {metric: probe_ok, counts: any}",
            {
                "query": {
                    "formulas": [{"formula": "query1"}],
                    "queries": [{"data_source": "metrics", "name": "query1", "query": "max:shop.probe_ok{*}"}],
                },
                "comparator": ">",
                "threshold": Decimal(0),
                "query_interval_seconds": 60,
            },
        ),
    ],
)
def test_time_is_counted_in_slices(fields: str, condition: dict[str, object]) -> None:
    document = compiled(measured(f"{fields}; alerting: false"))[0]
    assert (body(document)["type"], body(document)["sli_specification"]) == ("time_slice", {"time_slice": condition})
    assert reasons(document) == [SLICES]


def test_what_is_scraped_seldom_is_judged_in_longer_slices() -> None:
    head = HEAD.replace("prometheus: {}", "prometheus: {scrape_interval: 2m}")
    document = compiled(measured("slices: {expr: sum(queue_length), good: '< 9'}; alerting: false"), head=head)[0]
    assert body(document)["sli_specification"]["time_slice"]["query_interval_seconds"] == 300


@pytest.mark.parametrize(
    ("fields", "reason", "instead", "field"),
    [
        (
            "window: 14d",
            "`window: 14d`: Datadog's SLOs are promised over 7, 30 or 90 days",
            "write one of `7d`, `30d`, `90d`, or take `datadog` out of the SLO's `backends`",
            "window",
        ),
        (
            "bad: ; total: ; available: 'up{job=\"web\"}'",
            "`up` is made by Prometheus, and Datadog does not have it",
            INSTEAD,
            "available",
        ),
        (
            "bad: ; total: ; available: probe_ok",
            "`probe_ok`: Datadog has no SLO on the samples of a gauge",
            "write `available: {metric: …, counts: any}`, or `all`, to count time",
            "available",
        ),
        (
            "bad: ; total: ; fresh: {metric: last_backup, within: 1d}",
            "`time()`: Datadog's monitors have no `time()`",
            INSTEAD,
            "fresh",
        ),
        (
            "bad: ; total: ; ratio: sum(queue_length) / 100",
            "`sum(queue_length) / 100`: Datadog's SLOs count events, or time that is good or bad, but no shares",
            INSTEAD,
            "ratio",
        ),
        (
            "bad: ; total: ; slices: {expr: sum by (queue) (queue_length), good: '< 100'}",
            "`sum by (queue) (queue_length)`: it has a value for each `queue`, and a time slice is good or bad",
            "aggregate it",
            "slices",
        ),
        (
            "bad: ; total: ; slices: {expr: sum(queue_length), good: '== 1'}",
            "`sum(queue_length)`: Datadog's time slices compare by < <= > >=, not by `==`",
            INSTEAD,
            "slices",
        ),
        (
            "bad: 'requests_total{status=~\"5.*1\"}'",
            '`status=~"5.*1"`: Datadog filters by values, lists of values and `*` at their ends, not by patterns',
            INSTEAD,
            "bad",
        ),
        (
            "bad: queue_length",
            "`queue_length`: Datadog keeps it as a gauge, and has rates of counters only",
            INSTEAD,
            "bad",
        ),
    ],
)
def test_what_datadog_cannot_promise_has_a_note_that_stops_the_build(
    fields: str, reason: str, instead: str, field: str
) -> None:
    assert compiled(slo(fields)) == [
        Document(
            "datadog/untranslatable/slo-api.txt",
            f"slos.api is not in Datadog.\n{reason}\n{instead}\n",
            Format.TEXT,
            ("slos.api",),
            (Verdict("datadog", "slos.api", Grade.UNTRANSLATABLE, reason, instead, field),),
        )
    ]


def test_a_composite_one_is_not_said() -> None:
    both = measured("composite: {all: [api, calm]}").replace("  api:", "  both:")
    found = compiled(slo("alerting: false") + slo("alerting: false", "calm") + both)
    assert found[-1].verdicts == (
        Verdict(
            "datadog",
            "slos.both",
            Grade.UNTRANSLATABLE,
            "it is made of other SLOs, which Datadog does not combine",
            INSTEAD,
            "composite",
        ),
    )


@pytest.mark.parametrize(
    ("fields", "timeframe", "target", "reason"),
    [
        ("window: 7d", "7d", "99.9", ()),
        ("window: 90d", "90d", "99.9", ()),
        ("window: 28d", "30d", "99.9", ("the window of 28d becomes 30d: the budget of 40m 19s becomes 43m 12s",)),
        (
            "window: month",
            "30d",
            "99.9",
            (
                (
                    "the month of the calendar becomes the last 30d: in Datadog a window rolls, and its budget never begins "
                    "anew"
                ),
            ),
        ),
        (
            "objective: 99.99925%",
            "30d",
            "99.999",
            (
                (
                    "the objective of 99.99925% becomes 99.999%, as targets have three decimals: the budget of 19s 440ms "
                    "becomes 25s 920ms"
                ),
            ),
        ),
        (
            "objective: 99.99999%",
            "30d",
            "99.999",
            (
                (
                    "the objective of 99.99999% becomes 99.999%, as targets have three decimals: the budget of 259ms becomes "
                    "25s 920ms"
                ),
            ),
        ),
    ],
)
def test_windows_and_targets_are_those_that_datadog_has(
    fields: str, timeframe: str, target: str, reason: tuple[str, ...]
) -> None:
    document = compiled(slo(f"bad: errors_total; {fields}; alerting: false"))[0]
    assert body(document)["thresholds"] == [{"timeframe": timeframe, "target": Decimal(target)}]
    assert reasons(document) == [*reason, COUNTED]


def test_words_for_datadog_send_an_slo_there() -> None:
    fields = "alerting: false; backends: ; datadog: {error_budget: {warning: 75%}}"
    assert [document.path for document in compiled(slo(fields))] == [
        "datadog/slos/api.json",
        "datadog/slos/api/warning-budget.json",
    ]
    assert compiled(slo("backends: ")) == []


def test_a_former_name_and_an_adopted_object_are_told_to_the_push() -> None:
    found = compiled(slo("was: web; adopt: {datadog: 12ab}"))
    assert next(document.resource for document in found[:2] if document.resource is not None) == Resource(
        "datadog", "slo", "slos.api", was="slos.web", adopt="12ab"
    )
    monitor = found[1].resource
    assert monitor is not None
    assert (monitor.key, monitor.was, monitor.adopt) == ("slos.api.critical-1h", "slos.web.critical-1h", "")


def test_a_former_name_that_somebody_has_again_counts_no_more() -> None:
    found = compiled(slo("was: web; alerting: false") + slo("alerting: false", "web"))
    assert [document.resource.was for document in found if document.resource is not None] == ["", ""]


def test_names_of_files_are_told_apart() -> None:
    found = compiled(slo("alerting: false", "Api") + slo("alerting: false", "api"))
    assert [document.path for document in found] == ["datadog/slos/api.json", "datadog/slos/api-2.json"]


def test_a_tag_that_is_too_long_is_reported() -> None:
    long = "a" * 201
    _, problems = documents("", None, f"{HEAD}slos:\n{slo(f'alerting: false; labels: {{area: {long}}}')}")
    assert [problem.headline for problem in problems] == ["the tag `area` of `api` has 206 characters"]
