"""Exporters on Kubernetes: those that are discovered have a `host`, and those with files of their own see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from skillforge_mon.compiler import compile_project
from tests.backends.deployment.exporting import SPEC
from tests.backends.kubernetes.objects import applied, by_name, pod, tree, valid
from tests.backends.kubernetes.test_kubernetes import seen

DISCOVERED = SPEC.replace("TARGET", ", kubernetes: {}").replace(
    '    targets: ["cache-metrics:9121"]\n', "    host: cache-metrics\n    with: {selector: 'job=\"cache-metrics\"'}\n"
)


def test_a_discovered_exporter_is_run_under_its_host_and_found_by_its_annotations(tmp_path: Path) -> None:
    objects = applied(tree(DISCOVERED + "  kubernetes: {}\n", tmp_path))
    valid(objects)
    named = by_name(objects)
    template = named["Deployment/cache-metrics"]["spec"]["template"]
    assert template["metadata"]["annotations"] == {"prometheus.io/scrape": "true", "prometheus.io/port": "9121"}
    (container,) = template["spec"]["containers"]
    assert container["args"] == ["--include-system-metrics"]
    assert "annotations" not in named["Deployment/sql-exporter"]["spec"]["template"]["metadata"]


@pytest.mark.parametrize(
    ("discovery", "help_text"),
    [
        ("{}", None),
        ("{namespaces: [shop, monitoring]}", None),
        ("{namespaces: [shop]}", "add `monitoring` to `targets.prometheus.kubernetes.namespaces`"),
        ("{roles: [service]}", "add `pod` to `targets.prometheus.kubernetes.roles`"),
    ],
)
def test_an_exporter_outside_of_what_is_discovered_is_reported(
    discovery: str, help_text: str | None, tmp_path: Path
) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(DISCOVERED.replace("kubernetes: {}", f"kubernetes: {discovery}") + "  kubernetes: {}\n")
    found = [(each.code, each.headline, each.help) for each in compile_project(spec).diagnostics]
    headline = "`cache-metrics` is run, and nobody asks it"
    assert found == ([("MON4583", headline, help_text)] if help_text is not None else [])


def test_it_is_said_where_to_write_what_an_exporter_has_to_know(tmp_path: Path) -> None:
    """One that a service scrapes by its name is told under `deploy`, as `exporters` does not declare it."""
    spec = tmp_path / "shop.yaml"
    spec.write_text(
        "version: 1\nproject: shop\ntargets: {prometheus: {}}\n"
        "services: {db: {scrape: 'postgres-exporter:9187'}, cache: {}}\n"
        "exporters: {redis: {service: cache, targets: 'redis-exporter:9121'}}\ndeploy: {compose: {}, kubernetes: {}}\n"
    )
    where = "`deploy.{}.exporters.postgres-exporter.environment`, or `without: [postgres-exporter]`"
    assert {each.help for each in compile_project(spec).diagnostics if each.code == "MON4482"} == {
        f"write `DATA_SOURCE_URI` or `DATA_SOURCE_NAME` under {where.format('compose')}",
        f"write `DATA_SOURCE_URI` or `DATA_SOURCE_NAME` under {where.format('kubernetes')}",
        "write `REDIS_ADDR` under `exporters.redis.environment`, or `without: [redis-exporter]`",
    }


def test_exporters_that_monmc_configures_see_their_files_and_secrets(tmp_path: Path) -> None:
    root = tree(DISCOVERED + "  kubernetes: {}\n", tmp_path)
    objects = applied(root)
    named = by_name(objects)
    files = seen(objects, named["Deployment/sql-exporter"])
    assert files == {
        f"/monmc/exporters/orders/{name}": (root / "exporters/orders" / name).read_text(encoding="utf-8")
        for name in ("sql_exporter.yml", "orders.collector.yml", "customers.collector.yml", "environment.sh")
    }
    (container,) = pod(named["Deployment/sql-exporter"])["containers"]
    assert container["env"] == [
        {"name": "SQLEXPORTER_TARGET_COLLECTORS", "value": "orders;customers"},
        {
            "name": "SQLEXPORTER_TARGET_DSN",
            "valueFrom": {"secretKeyRef": {"name": "monitoring-secrets", "key": "ORDERS_DSN"}},
        },
    ]
    (volume,) = [each for each in pod(named["Deployment/json-exporter"])["volumes"] if "secret" in each]
    assert volume["secret"]["items"] == [{"key": "PAYMENTS_TOKEN", "path": "payments-token"}]


def test_the_operator_scrapes_no_exporter_twice(tmp_path: Path) -> None:
    objects = by_name(applied(tree(SPEC.replace("TARGET", "") + "  kubernetes: {operator: {}}\n", tmp_path)))
    assert [name for name in objects if name.startswith("ServiceMonitor/")] == []
    assert "ScrapeConfig/redis" in objects
