"""What sql_exporter and json_exporter read, whole.

The forms are those of burningalchemist/sql_exporter (documentation/sql_exporter.yml) and of prometheus-community's
json_exporter (examples/config.yml).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from skillforge_mon.compiler import Compilation, compile_project, write

HEAD = """\
version: 1
project: shop
targets: {prometheus: {}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  orders: {team: shop, escalation: page}
exporters:
"""
SQL = (
    HEAD
    + """\
  orders-db:
    kind: sql
    service: orders
    targets: ["sql-exporter:9399"]
    sql:
      connection: "${secret:ORDERS_DSN}"
      collectors:
        orders:
          interval: 1m
          metrics:
            orders_open:
              unit: orders
              help: Orders that wait
              labels: {country: bounded, channel: [shop, web]}
              query: TABLE open_orders
            orders_paid_total: {type: counter, unit: orders, help: Orders that were paid, value: paid, query: TABLE paid}
        stock:
          metrics:
            stock_items: {unit: items, help: Items in stock, query: TABLE stock}
"""
)
JSON = (
    HEAD
    + """\
  weather:
    kind: json
    service: orders
    targets: ["json-exporter:7979"]
    json:
      modules:
        paris:
          url: https://example.com/paris.json
          headers: {Accept: application/json}
          bearer_token: "${secret:WEATHER_TOKEN}"
          metrics:
            weather_celsius: {help: Temperature, path: "{ .temperature }", labels: {place: "{ .name }"}}
            weather_station_wind:
              help: Wind
              each: "{ .stations[*] }"
              path: "{ .wind }"
              labels: {station: "{ .id }"}
        rome:
          url: https://example.com/rome.json
          username: shop
          password: "${secret:ROME_PASSWORD}"
          metrics:
            weather_rain_total: {type: counter, help: Rain, path: "{ .rain }"}
"""
)


def compiled(text: str, folder: Path) -> Compilation:
    """The spec ``text``, compiled."""
    spec = folder / "shop.yaml"
    spec.write_text(text, encoding="utf-8")
    return compile_project(spec)


def files(text: str, folder: Path) -> dict[str, Any]:
    """The files below ``exporters/`` that the spec ``text`` is written to, YAML read. Nothing may be reported."""
    compilation = compiled(text, folder)
    assert compilation.diagnostics == ()
    root = folder / "out"
    write(compilation, root)
    found = sorted(root.glob("shop/default/exporters/**/*.*"))
    return {
        path.relative_to(root / "shop/default/exporters").as_posix(): (
            yaml.safe_load(path.read_text(encoding="utf-8"))
            if path.suffix == ".yml"
            else path.read_text(encoding="utf-8")
        )
        for path in found
    }


def test_sql_exporter(tmp_path: Path) -> None:
    assert files(SQL, tmp_path) == {
        "orders-db/environment.sh": (
            "# Written by monmc. Read it before sql_exporter starts: `. ./environment.sh`.\n"
            "export SQLEXPORTER_TARGET_COLLECTORS='orders;stock'\n"
            "SQLEXPORTER_TARGET_DSN=\"$(cat '/etc/sql_exporter/secrets/orders-dsn')\"\n"
            "export SQLEXPORTER_TARGET_DSN\n"
        ),
        "orders-db/orders.collector.yml": {
            "collector_name": "orders",
            "min_interval": "1m",
            "metrics": [
                {
                    "metric_name": "orders_open",
                    "type": "gauge",
                    "help": "Orders that wait",
                    "key_labels": ["country", "channel"],
                    "values": ["value"],
                    "query": "TABLE open_orders",
                },
                {
                    "metric_name": "orders_paid_total",
                    "type": "counter",
                    "help": "Orders that were paid",
                    "values": ["paid"],
                    "query": "TABLE paid",
                },
            ],
        },
        "orders-db/sql_exporter.yml": {"global": {}, "collector_files": ["*.collector.yml"]},
        "orders-db/stock.collector.yml": {
            "collector_name": "stock",
            "metrics": [
                {
                    "metric_name": "stock_items",
                    "type": "gauge",
                    "help": "Items in stock",
                    "values": ["value"],
                    "query": "TABLE stock",
                }
            ],
        },
    }


def test_the_environment_is_read_by_a_shell(tmp_path: Path) -> None:
    import subprocess

    secret = tmp_path / "it's here"
    secret.mkdir()
    (secret / "orders-dsn").write_text("postgres://orders@db/orders", encoding="utf-8")
    text = SQL.replace("      collectors:", f"      secrets_dir: {secret}\n      collectors:")
    script = files(text, tmp_path)["orders-db/environment.sh"]
    (tmp_path / "environment.sh").write_text(script, encoding="utf-8")
    shown = 'set -e; . ./environment.sh; printf "%s %s" "$SQLEXPORTER_TARGET_DSN" "$SQLEXPORTER_TARGET_COLLECTORS"'
    done = subprocess.run(["sh", "-c", shown], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout == "postgres://orders@db/orders orders;stock"


def test_an_address_in_a_secret_store_stands_in_the_configuration(tmp_path: Path) -> None:
    text = SQL.replace("${secret:ORDERS_DSN}", "hashivault://secret/orders?key=dsn")
    found = files(text, tmp_path)
    assert "orders-db/environment.sh" not in found
    assert found["orders-db/sql_exporter.yml"]["target"] == {
        "data_source_name": "hashivault://secret/orders?key=dsn",
        "collectors": ["orders", "stock"],
    }


def test_a_password_in_the_connection_is_refused(tmp_path: Path) -> None:
    compilation = compiled(SQL.replace("${secret:ORDERS_DSN}", "postgres://shop:hunter2@db/orders"), tmp_path)
    assert [item.code for item in compilation.diagnostics] == ["MON1402"]


def test_json_exporter(tmp_path: Path) -> None:
    assert files(JSON, tmp_path) == {
        "weather/json_exporter.yml": {
            "modules": {
                "paris": {
                    "headers": {"Accept": "application/json"},
                    "http_client_config": {
                        "authorization": {"credentials_file": "/etc/json_exporter/secrets/weather-token"}
                    },
                    "metrics": [
                        {
                            "name": "weather_celsius",
                            "valuetype": "gauge",
                            "help": "Temperature",
                            "path": "{ .temperature }",
                            "labels": {"place": "{ .name }"},
                        },
                        {
                            "name": "weather_station",
                            "type": "object",
                            "valuetype": "gauge",
                            "help": "Wind",
                            "path": "{ .stations[*] }",
                            "labels": {"station": "{ .id }"},
                            "values": {"wind": "{ .wind }"},
                        },
                    ],
                },
                "rome": {
                    "http_client_config": {
                        "basic_auth": {"username": "shop", "password_file": "/etc/json_exporter/secrets/rome-password"}
                    },
                    "metrics": [
                        {
                            "name": "weather_rain_total",
                            "valuetype": "counter",
                            "help": "Rain",
                            "path": "{ .rain }",
                        }
                    ],
                },
            }
        }
    }


def test_prometheus_asks_json_exporter_for_each_document(tmp_path: Path) -> None:
    compilation = compiled(JSON, tmp_path)
    (config,) = (each.content for each in compilation.documents if each.path == "prometheus/prometheus.yml")
    assert isinstance(config, dict)
    jobs = {job["job_name"]: job for job in config["scrape_configs"] if job["job_name"].startswith("weather")}
    assert jobs == {
        f"weather-{place}": {
            "job_name": f"weather-{place}",
            "metrics_path": "/probe",
            "params": {"module": [place], "target": [f"https://example.com/{place}.json"]},
            "file_sd_configs": [{"files": [f"targets/weather-{place}.json"]}],
        }
        for place in ("paris", "rome")
    }


def test_a_metric_of_several_objects_has_a_name_of_two_words(tmp_path: Path) -> None:
    compilation = compiled(JSON.replace("weather_station_wind", "wind"), tmp_path)
    assert [(item.code, item.headline) for item in compilation.diagnostics] == [
        ("MON4302", "`weather` cannot be said in Exporters")
    ]


def test_exporters_that_are_only_scraped_get_no_files(tmp_path: Path) -> None:
    assert files(HEAD + "  redis: {service: orders, targets: ['redis-exporter:9121']}\n", tmp_path) == {}
