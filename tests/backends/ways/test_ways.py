"""Every way leads to something that is there: a panel of a dashboard, a data source, lines by a query that can be read."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.elasticsearch.ownership import identifier
from skillforge_mon.backends.ways.found import carried, known_layouts, subject_of_alert, subject_of_slo, ways
from skillforge_mon.backends.ways.way import LabelValue, Way, filled
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.documents.document import Document
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.query.logql.parser import parse_logql
from skillforge_mon.query.logql.tree import LogLines, Matcher
from tests.backends.ways.specs import SPEC, carried_by, compiled, parameters
from tests.projects import project

ELSEWHERE = (
    SPEC.replace(
        "  loki: {}\n  tempo: {}\n",
        "  elasticsearch: {kibana_url: https://kibana.example, space: shop, apm: {}}\n  datadog: {site: datadoghq.eu}\n"
        "  jaeger: {public_url: https://jaeger.example}\n",
    )
    .replace(', loki_url: "http://loki:3100"', "")
    .replace("index_by: [endpoint, level]", "index_by: [endpoint], backends: [elasticsearch, datadog]")
    .replace("traces: {}", "traces: {backends: [jaeger, elasticsearch, datadog]}")
)
VALUES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1)


def of_errors(text: str) -> tuple[Way, ...]:
    """The ways from the alert ``Errors``."""
    found = project(text)
    lowering = Lowering(found, Report())
    (condition,) = lowering.conditions
    return ways(found, known_layouts(found, lowering), subject_of_alert(found, condition, {"service": "web"}))


def leads(text: str, value: str = "/pay") -> dict[str, str]:
    """Title -> address, for an alert whose ``endpoint`` is ``value``."""
    return {way.title: way.address(lambda label: filled(label, value)) for way in of_errors(text)}


def pane(address: str) -> Any:
    """What Explore shows."""
    asked = parameters(address)
    assert asked["schemaVersion"] == "1"
    (found,) = json.loads(asked["panes"]).values()
    return found


def dashboards(documents: dict[str, Document]) -> dict[str, Any]:
    """By uid, every dashboard that is written."""
    contents: list[Any] = [each.content for path, each in documents.items() if path.startswith("grafana/dashboards/")]
    return {each["uid"]: each for each in contents}


def test_the_panel_is_one_of_a_dashboard_that_is_written() -> None:
    address = urlsplit(leads(SPEC)["Failed requests on Shop: web"])
    written = dashboards(compiled())[address.path.removeprefix("/d/")]
    asked = parameters(address.geturl())
    assert address.netloc == "grafana.example"
    assert [each["title"] for each in written["panels"] if each["id"] == int(asked["viewPanel"])] == ["Failed requests"]
    assert {f"var-{each['name']}" for each in written["templating"]["list"]} >= {"var-path"}
    assert asked == {"from": "now-1h", "to": "now", "viewPanel": asked["viewPanel"], "var-path": "/pay"}


def test_explore_asks_a_data_source_that_is_written() -> None:
    provisioned: Any = compiled()["grafana/provisioning/datasources/monmc.yaml"].content
    there = {each["uid"]: each["type"] for each in provisioned["datasources"]}
    for title, kind in (("Lines of web", "loki"), ("Traces of web in Tempo", "tempo")):
        shown = pane(leads(SPEC)[title])
        (query,) = shown["queries"]
        assert there[shown["datasource"]] == kind
        assert query["datasource"] == {"type": kind, "uid": shown["datasource"]}


def test_traces_are_those_of_the_service() -> None:
    (query,) = pane(leads(SPEC)["Traces of web in Tempo"])["queries"]
    assert (query["queryType"], query["query"]) == ("traceql", '{resource.service.name="web"}')


@given(value=VALUES)
def test_whatever_the_label_says_the_lines_are_found_by_it(value: str) -> None:
    (query,) = pane(leads(SPEC, value)["Lines of web"])["queries"]
    assert parse_logql(query["expr"]) == LogLines((Matcher("service", "=", "web"), Matcher("endpoint", "=", value)))


@given(value=VALUES)
def test_whatever_the_label_says_the_dashboard_shows_it(value: str) -> None:
    assert parameters(leads(SPEC, value)["Failed requests on Shop: web"])["var-path"] == value


def kql_of(address: str) -> str:
    """The query of Discover, taken out of its address as Kibana does: percent-decoded, then Rison."""
    state = unquote(urlsplit(address).fragment)
    match = re.search(r"query:'((?:[^'!]|![!'])*)'\)\)$", state)
    assert match is not None, state
    return re.sub(r"!([!'])", r"\1", match[1])


@given(value=VALUES)
def test_whatever_the_label_says_kibana_finds_it(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    assert kql_of(leads(ELSEWHERE, value)["Lines of web in Kibana"]) == f'endpoint: "{escaped}"'


def test_other_systems_have_addresses_of_their_own() -> None:
    found = leads(ELSEWHERE)
    view = identifier(project(ELSEWHERE), "index-pattern", "logs.web")
    assert {title: address for title, address in found.items() if "Grafana" not in title} == {
        "Failed requests on Shop: web": found["Failed requests on Shop: web"],
        "Lines of web in Kibana": "https://kibana.example/s/shop/app/discover#/?_g=(time:(from:now-1h,to:now))&_a=("
        f"index:'{view}',query:(language:kuery,query:'endpoint%3A%20%22/pay%22'))",
        "Lines of web in Datadog": "https://app.datadoghq.eu/logs?query=service%3Aweb",
        "Traces of web in Jaeger": "https://jaeger.example/search?service=web&lookback=1h",
        "Traces of web in Kibana": "https://kibana.example/s/shop/app/apm/services/web/overview?rangeFrom=now-1h&rangeTo=now",
        "Traces of web in Datadog": "https://app.datadoghq.eu/apm/traces?query=service%3Aweb",
    }


@pytest.mark.parametrize(
    ("site", "page"),
    [("datadoghq.com", "https://app.datadoghq.com"), ("us5.datadoghq.com", "https://us5.datadoghq.com")],
)
def test_a_site_of_datadog_has_its_page(site: str, page: str) -> None:
    found = leads(ELSEWHERE.replace("datadoghq.eu", site))
    assert found["Lines of web in Datadog"] == f"{page}/logs?query=service%3Aweb"


def test_an_older_grafana_is_asked_in_the_older_way() -> None:
    asked = parameters(leads(SPEC.replace('version: "12.0"', 'version: "9.5"'))["Lines of web"])
    assert json.loads(asked["left"])["queries"][0]["expr"] == '{service="web", endpoint="/pay"}'


def test_a_label_that_the_alert_lacks_is_not_asked_for() -> None:
    text = SPEC.replace("sum by (endpoint)", "sum")
    assert {label for way in of_errors(text) for label in way.labels} == set()
    assert "var-path" not in leads(text)["Failed requests on Shop: web"]


def test_without_an_address_there_is_no_way() -> None:
    for url in ("", ', url: "${env:GRAFANA}"'):
        text = SPEC.replace(', url: "https://grafana.example/"', url)
        assert of_errors(text) == ()
        assert [sorted(each) for each in carried_by(compiled(text), "web.alerts")] == [["runbook_url", "summary"]]


def test_an_alert_carries_one_way_of_each_kind() -> None:
    (found,) = carried_by(compiled(), "web.alerts")
    assert sorted(found) == ["dashboard_url", "logs_url", "runbook_url", "summary", "traces_url"]
    assert "{{ $labels.endpoint | reReplaceAll" in found["dashboard_url"]
    (own,) = carried_by(
        compiled(
            SPEC.replace("    runbook: errors\ndash", "    runbook: errors\n    annotations: {logs_url: mine}\ndash")
        ),
        "web.alerts",
    )
    assert own["logs_url"] == "mine"


def test_an_objective_leads_to_its_service_and_its_group() -> None:
    burning = [each for each in carried_by(compiled(), "web.slos") if "burns its error budget" in each["summary"]]
    assert burning
    for each in burning:
        assert each["dashboard_url"].startswith("https://grafana.example/d/shop-web?from=now-1h&to=now")
        assert "$labels.endpoint" in each["logs_url"]
        assert each["traces_url"] == leads(SPEC)["Traces of web in Tempo"]


def test_an_objective_leads_to_its_burn_rate_where_a_dashboard_shows_it() -> None:
    text = SPEC.replace("rows: [{use: alerts}]", "rows: [{use: slo, service: web}]")
    found = project(text)
    lowering = Lowering(found, Report())
    (plan,) = lowering.slos
    (one,) = [
        way
        for way in ways(found, known_layouts(found, lowering), subject_of_slo(plan, {}))
        if way.title == "Burn rate over time on Shop: overview"
    ]
    asked = parameters(one.address(lambda label: filled(label, "/pay")))
    (panel,) = [
        each["title"]
        for each in dashboards(compiled(text))["shop-overview"]["panels"]
        if each["id"] == int(asked["viewPanel"])
    ]
    assert (panel, asked["var-endpoint"]) == ("Burn rate over time", "/pay")


def test_the_page_has_every_way_with_its_labels_in_braces() -> None:
    page = str(compiled()["runbooks/errors.md"].content)
    for way in of_errors(SPEC):
        assert way.address(lambda label: f"{{{label.name}}}") in page
    assert "In these addresses, `{endpoint}` stands for the label of the alert." in page
    headings = re.findall(r"^## (.*)$", page, flags=re.MULTILINE)
    assert headings == [
        "When it is needed",
        "Impact",
        "Detection",
        "Mitigation",
        "Root causes",
        "Prevention",
        "Where to look",
    ]


def test_the_first_way_of_a_kind_is_the_one_that_is_carried() -> None:
    found = project(SPEC)
    lowering = Lowering(found, Report())
    (condition,) = lowering.conditions
    subject = subject_of_alert(found, condition, {})
    one = carried(found, known_layouts(found, lowering), subject, {})
    assert {name: way.title for name, way in one.items()} == {
        "dashboard_url": "Failed requests on Shop: web",
        "logs_url": "Lines of web",
        "traces_url": "Traces of web in Tempo",
    }


def test_a_label_is_written_in_the_language_that_it_stands_in() -> None:
    assert [filled(LabelValue("a", within), "\\\"'! é") for within in ("url", "logql", "kql")] == [
        "%5C%22%27!%20é",
        "%5C%5C%5C%5C%5C%5C%5C%22%27!%20é",
        "%5C%5C%5C%22!%27!!%20é",
    ]
