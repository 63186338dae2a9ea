"""The packaged catalogues and the reader of metric pages, held against the pages of the real exporters."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from skillforge_mon.cli.main import main
from skillforge_mon.compiler import compile_project
from skillforge_mon.query.exposition.page import Page
from skillforge_mon.query.exposition.reader import read_page
from skillforge_mon.query.packaged import packaged_catalogue, with_included
from skillforge_mon.query.series import metric_and_series
from tests.query.catalogues import catalogue_of
from tests.real.exporters import PAGES, RELEASES, Scraped, page_at, scrape
from tests.real.generation import Generation
from tests.real.servers import alertmanager_server, prometheus_server


@pytest.fixture(scope="module", params=RELEASES)
def scraped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scraped]:
    """The pages of the exporters of each release, scraped once."""
    return scrape(request.param, tmp_path_factory.mktemp("exporters"))


def page_of(scraped: Mapping[str, Scraped], name: str) -> Page:
    """The page ``name``, read without a problem."""
    page, problems = read_page(scraped[name].content, name, scraped[name].content_type)
    assert problems == ()
    assert page is not None
    return page


def catalogue_for(name: str) -> str:
    """The packaged catalogue that describes the page ``name``."""
    return "blackbox" if name.startswith("probe ") else name


TYPES_THAT_PAGES_GET_WRONG = {
    "pg_stat_database_stats_reset": "gauge",  # a time, which postgres_exporter calls a counter
    "redis_expired_time_cap_reached_total": "counter",  # a gauge until redis_exporter 1.50
}


def unknown_to_catalogue(scraped: Mapping[str, Scraped], name: str) -> dict[str, str]:
    """The series of the page ``name`` that the packaged catalogue does not have, or has with another type."""
    types: dict[str, str] = {}
    for catalogue in with_included([catalogue_for(name)]):
        types = {**catalogue.types, **types}
    wrong = {}
    for family in page_of(scraped, name).families:
        for series in {sample.name for sample in family.samples}:
            found = metric_and_series(series, types)
            if found is None:
                wrong[series] = "not in the catalogue"
            elif family.type != "untyped" and types[found[0]] != TYPES_THAT_PAGES_GET_WRONG.get(series, family.type):
                wrong[series] = f"{family.type} on the page, {types[found[0]]} in the catalogue"
    return wrong


@pytest.mark.parametrize("name", PAGES)
def test_every_series_is_in_the_packaged_catalogue_with_its_type(scraped: dict[str, Scraped], name: str) -> None:
    assert unknown_to_catalogue(scraped, name) == {}


def unknown_labels(scraped: Mapping[str, Scraped], name: str) -> set[tuple[str, str]]:
    """The series of the page ``name`` with the labels that the packaged catalogue does not have."""
    catalogue = catalogue_of(f"version: 1\nproject: shop\nuse: [{catalogue_for(name)}]\n")
    return {
        (sample.name, label)
        for family in page_of(scraped, name).families
        for sample in family.samples
        for entry in [catalogue.lookup(sample.name)]
        for label in sample.labels
        if entry is not None and not entry.open_labels and label not in entry.labels
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_label_is_in_the_packaged_catalogue(scraped: dict[str, Scraped], name: str) -> None:
    assert unknown_labels(scraped, name) == set()


@pytest.mark.parametrize("name", PAGES)
def test_the_reader_sees_what_the_client_library_sees(scraped: dict[str, Scraped], name: str) -> None:
    ours = {
        (_as_library_calls(sample.name, family.type), tuple(sorted(sample.labels.items())), repr(sample.value))
        for family in page_of(scraped, name).families
        for sample in family.samples
    }
    theirs = {
        (sample.name, tuple(sorted(sample.labels.items())), repr(float(sample.value)))
        for family in text_string_to_metric_families(scraped[name].content.decode())
        for sample in family.samples
    }
    assert ours == theirs


def _as_library_calls(name: str, family_type: str) -> str:
    """prometheus_client calls every counter ``_total``, whatever the page calls it."""
    return f"{name}_total" if family_type == "counter" and not name.endswith("_total") else name


@pytest.mark.parametrize("name", ["node", "redis", "postgres", "blackbox"])
def test_what_is_imported_is_valid_as_it_stands(
    scraped: dict[str, Scraped], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.txt").write_bytes(scraped[name].content)
    assert main(["import", "metrics", os.fspath(tmp_path / "page.txt")]) == 0
    spec = tmp_path / "shop.yaml"
    spec.write_text(f"version: 1\nproject: shop\n{capsys.readouterr().out}", encoding="utf-8")
    compilation = compile_project(spec)
    assert compilation.diagnostics == ()
    assert compilation.project is not None
    client_library = packaged_catalogue("go").types
    exported = {family.name for family in page_of(scraped, name).families if family.name not in client_library}
    assert set(compilation.project.spec.metrics) == exported


@pytest.mark.parametrize("name", ["prometheus", "alertmanager"])
def test_what_the_servers_say_of_themselves_is_in_the_catalogue(
    generation: Generation, name: str, tmp_path: Path
) -> None:
    if name == "prometheus":
        config = tmp_path / "prometheus.yml"
        config.write_text(
            "scrape_configs: [{job_name: a, static_configs: [{targets: ['127.0.0.1:1']}]}]\n", encoding="utf-8"
        )
        server = prometheus_server(generation, config, tmp_path)
    else:
        config = tmp_path / "alertmanager.yml"
        config.write_text("route: {receiver: a}\nreceivers: [{name: a}]\n", encoding="utf-8")
        server = alertmanager_server(generation, config, tmp_path)
    with server as address:
        scraped = {name: page_at(f"{address}/metrics")}
    assert unknown_to_catalogue(scraped, name) == {}
    assert unknown_labels(scraped, name) == set()
