"""``exporters``: what each becomes before validation."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from skillforge_mon.spec.packing.expansion import known_packs
from skillforge_mon.spec.packing.exporters import exporter_kinds
from tests.projects import resolved
from tests.spec.packing.expanding import expanded, problems


def test_an_exporter_brings_its_service_its_job_its_catalogue_and_its_pack() -> None:
    plain = expanded("exporters:\n  redis: {targets: ['redis-exporter:9121'], interval: 30s, with: {memory: 70%}}\n")
    assert plain["services"] == {
        "redis": {
            "description": "redis_exporter",
            "scrape": [{"job": "redis", "targets": ["redis-exporter:9121"], "interval": "30s"}],
        }
    }
    assert plain["use"] == ["redis"]
    assert plain["alerts"]["RedisMemory"]["severity"] == {"critical": "> 95%", "warning": "> 70%"}
    assert plain["alerts"]["RedisDown"]["expr"] == 'redis_up{job="redis"} == 0'


def test_a_bare_value_is_the_target() -> None:
    plain = expanded("exporters:\n  redis: redis-exporter:9121\n")
    assert plain["services"]["redis"]["scrape"] == [{"job": "redis", "targets": "redis-exporter:9121"}]


def test_an_exporter_belongs_to_a_service_that_is_declared() -> None:
    text = (
        "services:\n  orders: {scrape: ['orders:80'], use: [http]}\n"
        "exporters:\n  orders-db: {kind: postgres, service: orders, targets: ['pg:9187']}\n"
    )
    plain = expanded(text)
    assert plain["services"] == {
        "orders": {"scrape": ["orders:80", {"job": "orders-db", "targets": ["pg:9187"]}], "use": ["http"]}
    }
    assert plain["alerts"]["OrdersPostgresDown"]["expr"] == 'pg_up{job="orders-db"} == 0'
    assert 'job="orders"' in plain["alerts"]["OrdersSlowResponses"]["expr"]


def test_the_packs_of_a_service_without_scrapes_read_the_jobs_of_its_exporters() -> None:
    text = (
        "services:\n  models: {use: [ai-model]}\n"
        "exporters:\n  model-exporter: {kind: custom, service: models, targets: ['m:9000']}\n"
    )
    assert 'job="model-exporter"' in expanded(text)["alerts"]["ModelsInferenceSlow"]["expr"]


def test_a_custom_exporter_may_use_packs() -> None:
    text = "exporters:\n  models: {kind: custom, targets: ['m:9000'], use: [{pack: ai-model, with: {slow: 9s}}]}\n"
    assert expanded(text)["alerts"]["ModelsInferenceSlow"]["severity"] == {"warning": "> 9s"}


def test_a_kind_says_how_it_is_scraped_and_the_exporter_may_say_otherwise() -> None:
    def scraped(settings: str) -> object:
        text = f"exporters:\n  cluster: {{kind: kube-state-metrics, targets: ['k:8080']{settings}}}\n"
        return expanded(text)["services"]["cluster"]["scrape"]

    assert scraped("") == [{"job": "cluster", "honor_labels": True, "targets": ["k:8080"]}]
    assert scraped(", honor_labels: false") == [{"job": "cluster", "honor_labels": False, "targets": ["k:8080"]}]


def test_defaults_lie_under_exporters_and_environments_over_them() -> None:
    text = (
        "defaults: {exporters: {interval: 1m}}\n"
        "exporters:\n  redis: {targets: ['a:1']}\n  node: {targets: ['b:1'], interval: 5s}\n"
        "environments: {test: {exporters: {redis: null, node: {targets: ['c:1']}}}}\n"
    )
    assert [each["scrape"][0]["interval"] for each in expanded(text)["services"].values()] == ["1m", "5s"]
    plain = expanded(text, "test")
    assert {name: each["scrape"][0]["targets"] for name, each in plain["services"].items()} == {"node": ["c:1"]}


def test_an_exporter_that_kubernetes_discovers_says_which_series_are_its_own() -> None:
    assert problems("exporters:\n  postgres: {}\n") == [
        (
            "MON1250",
            "2:3",
            "`exporters.postgres` has no targets, and does not say which series are its own",
            "add `targets:`, or `with: {selector: 'job=\"…\"'}`",
        )
    ]
    told = expanded("exporters:\n  postgres: {with: {selector: 'app=\"pg\"'}}\n")
    assert told["alerts"]["PostgresDown"]["expr"] == 'pg_up{app="pg"} == 0'
    assert told["services"] == {"postgres": {"description": "postgres_exporter"}}
    owned = expanded("services:\n  db: {selector: 'app=\"pg\"'}\nexporters:\n  postgres: {service: db}\n")
    assert owned["alerts"]["DbPostgresDown"]["expr"] == 'pg_up{app="pg"} == 0'


def test_a_pack_of_ones_own_may_be_about_an_exporter() -> None:
    text = (
        "packs:\n  billing:\n    description: Billing\n    exporter: {program: billing-exporter, scrape: {path: /stats}}\n"
        "    spec:\n      alerts:\n        ${pack:Service}Down: {expr: 'up{${pack:selector}} == 0'}\n"
        "exporters:\n  billing: {targets: ['b:1']}\n"
    )
    plain = expanded(text)
    assert plain["services"]["billing"]["scrape"] == [{"job": "billing", "path": "/stats", "targets": ["b:1"]}]
    assert plain["alerts"] == {"BillingDown": {"expr": 'up{job="billing"} == 0'}}


def test_every_kind_that_there_is() -> None:
    assert exporter_kinds(known_packs(None)) == [
        "cadvisor", "celery", "custom", "elasticsearch", "json", "kube-state-metrics", "nginx", "node", "postgres",
        "rabbitmq", "redis", "sql",
    ]  # fmt: skip


def test_an_unknown_kind() -> None:
    assert problems("exporters:\n  postgresql: {targets: ['a:1']}\n") == [
        ("MON1248", "2:3", "there is no kind of exporter `postgresql`", "did you mean `postgres`?")
    ]


SQL = """\
exporters:
  orders:
    kind: sql
    targets: ["sql-exporter:9399"]
    sql:
      connection: "${secret:ORDERS_DSN}"
      collectors:
        orders:
          metrics:
            orders_open: {unit: orders, help: Open orders, labels: {country: bounded}, query: SELECT 1}
            orders_total: {type: counter, help: Orders, query: SELECT 1}
"""


def test_the_metrics_of_an_sql_exporter_are_in_the_catalogue() -> None:
    assert expanded(SQL)["metrics"] == {
        "orders_open": {"unit": "orders", "help": "Open orders", "type": "gauge", "labels": {"country": "bounded"}},
        "orders_total": {"type": "counter", "help": "Orders"},
    }


JSON = """\
exporters:
  weather:
    kind: json
    targets: ["json-exporter:7979"]
    json:
      modules:
        paris:
          url: https://example.com/paris.json
          metrics:
            weather_celsius: {help: Temperature, path: "{ .t }", labels: {station: "{ .id }"}}
"""


def test_a_json_exporter_is_asked_for_each_of_its_documents() -> None:
    plain = expanded(JSON)
    assert plain["metrics"] == {
        "weather_celsius": {"help": "Temperature", "type": "gauge", "labels": {"station": "bounded"}}
    }
    first = {"module": "paris", "target": "https://example.com/paris.json"}
    assert plain["services"]["weather"]["scrape"] == [
        {"path": "/probe", "targets": ["json-exporter:7979"], "job": "weather", "params": first}
    ]
    two = (
        JSON
        + "        rome: {url: 'https://example.com/rome.json', metrics: {weather_rain: {help: R, path: '{ .r }'}}}\n"
    )
    jobs = [(each["job"], each["params"]["target"]) for each in expanded(two)["services"]["weather"]["scrape"]]
    assert jobs == [
        ("weather-paris", "https://example.com/paris.json"),
        ("weather-rome", "https://example.com/rome.json"),
    ]


@pytest.mark.parametrize(("path", "fits"), [("{ .t }", True), ("{ .t", False), (".t", False), ("t }", False)])
def test_a_path_into_json_stands_in_braces(path: str, fits: bool) -> None:
    """json_exporter takes what is outside of braces as plain text, which is no number."""
    _, found = resolved("version: 1\nproject: shop\n" + JSON.replace("{ .t }", path))
    where = "exporters.weather.json.modules.paris.metrics.weather_celsius.path"
    assert [each.headline for each in found] == ([] if fits else [f"`{path}` does not fit `{where}`"])


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("exporters:\n  a: {kind: json, targets: ['a:1']}\n", "the exporter `a` does not say what it exports"),
        (JSON.replace("kind: json", "kind: sql"), "the exporter `weather` does not say what it exports"),
        (
            JSON.replace("kind: json", "kind: custom"),
            "the exporter `weather` is of the kind `custom`, which takes no `json`",
        ),
    ],
)
def test_what_is_configured_is_of_its_kind(text: str, headline: str) -> None:
    assert headline in [problem[2] for problem in problems(text)]


SHAPES = ["5", "[]", "null", "{}", "{targets: 5}", "{targets: ['a:1'], use: 5}", "{kind: [], targets: ['a:1']}",
          "{kind: json, json: 5}", "{kind: json, json: {modules: {a: 5}}}", "{kind: sql, sql: {collectors: {a: {metrics: {b: 5}}}}}",
          "{with: 5, targets: ['a:1']}", "{service: 5, targets: ['a:1']}"]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_wrong_shape_is_a_diagnostic_and_never_a_crash(shape: str, tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(f"version: 1\nproject: shop\nexporters:\n  redis: {shape}\n", encoding="utf-8")
    assert compile_project(spec).diagnostics != ()


USES = [
    "5",
    "null",
    "{}",
    "[5]",
    "[[]]",
    "[{pack: 5}]",
    "[{with: {}}]",
    "[{pack: http, with: 5}]",
    "[{pack: http, with: {slow: []}}]",
]


@pytest.mark.parametrize("use", USES)
def test_a_use_of_a_wrong_shape_never_crashes(use: str, tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(f"version: 1\nproject: shop\nservices:\n  web: {{use: {use}}}\n", encoding="utf-8")
    assert all(item.code != "MON9001" for item in compile_project(spec).diagnostics)


PACKS = ["5", "{}", "{a: 5}", "{a: {}}", "{a: {spec: 5, description: x}}", "{a: {spec: {alerts: 5}, description: x}}",
         "{a: {spec: {alerts: {b: 5}}, description: x, parameters: 5}}", "{a: {spec: {}, description: x, exporter: 5}}",
         "{a: {spec: {use: x}, description: x, parameters: {p: 5}}}"]  # fmt: skip


@pytest.mark.parametrize("packs", PACKS)
def test_a_pack_of_a_wrong_shape_never_crashes(packs: str, tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    text = f"version: 1\nproject: shop\npacks: {packs}\nservices:\n  web: {{use: [a]}}\n"
    spec.write_text(text, encoding="utf-8")
    assert all(item.code != "MON9001" for item in compile_project(spec).diagnostics)
