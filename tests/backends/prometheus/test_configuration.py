"""prometheus.yml and target files, whole, for small specs and for each version."""

from __future__ import annotations

from typing import Any

import pytest

from skillforge_mon.documents.document import Grade, Verdict
from tests.backends.prometheus.emitting import emitted

CONFIG = "prometheus/prometheus.yml"
HEAD = "version: 1\nproject: shop\ntargets:\n  prometheus: {version: '3.5'%s}\n"


def spec(target: str = "", services: str = "") -> str:
    """A spec with more fields of the target, and services."""
    more = f", {target}" if target else ""
    return HEAD % more + (f"services:\n{services}" if services else "")


def config(target: str = "", services: str = "", version: str = "3.5") -> Any:
    """prometheus.yml as a reader sees it."""
    return emitted(spec(target, services).replace("3.5", version)).data(CONFIG)


def jobs(services: str, target: str = "scrape_self: false", version: str = "3.5") -> Any:
    """The scrape jobs of services."""
    return config(target, services, version).get("scrape_configs", [])


def test_a_project_with_nothing_but_a_target_scrapes_its_own_servers() -> None:
    files = emitted(spec())
    assert list(files.documents) == [CONFIG]
    assert (
        files.text(CONFIG)
        == """\
# Written by monmc. Do not edit: change the spec and build again.
# Made from targets.prometheus.
global:
  scrape_interval: 15s
  evaluation_interval: 30s
alerting:
  alertmanagers:
    - static_configs:
        - targets:
            - alertmanager:9093
scrape_configs:
  - job_name: alertmanager
    static_configs:
      - targets:
          - alertmanager:9093
        labels:
          service: alertmanager
  - job_name: prometheus
    static_configs:
      - targets:
          - localhost:9090
        labels:
          service: prometheus
"""
    )
    assert files.verdicts() == [Verdict("prometheus", "targets.prometheus", Grade.EXACT)]


def test_a_project_without_prometheus_has_no_files() -> None:
    assert emitted("version: 1\nproject: shop\n").documents == {}


def test_what_is_set_is_written_and_nothing_else() -> None:
    assert config("alertmanagers: [], scrape_self: false") == {
        "global": {"scrape_interval": "15s", "evaluation_interval": "30s"}
    }
    assert config("scrape_interval: 30s, scrape_timeout: 20s, evaluation_interval: 1m, scrape_self: false") == {
        "global": {"scrape_interval": "30s", "scrape_timeout": "20s", "evaluation_interval": "1m"},
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": ["alertmanager:9093"]}]}]},
    }


def test_a_dollar_in_an_external_label_stays_one() -> None:
    target = "external_labels: {price: 'US$5', k8s.ns: shop}, scrape_self: false"
    assert config(target)["global"]["external_labels"] == {"price": "US$$5", "k8s.ns": "shop"}
    assert config(target, version="2.53")["global"]["external_labels"] == {"price": "US$5", "k8s_ns": "shop"}


def test_limits_are_global_where_the_server_can() -> None:
    target = "sample_limit: 1000, body_size_limit: 32MiB, alertmanagers: []"
    new = config(target)
    assert new["global"] == {
        "scrape_interval": "15s", "evaluation_interval": "30s", "body_size_limit": "32MiB", "sample_limit": 1000,
    }  # fmt: skip
    assert "sample_limit" not in new["scrape_configs"][0]
    old = config(target, "  web: {scrape: 'web:80'}\n", version="2.42")
    assert old["global"] == {"scrape_interval": "15s", "evaluation_interval": "30s"}
    limits = [(job["job_name"], job["body_size_limit"], job["sample_limit"]) for job in old["scrape_configs"]]
    assert limits == [("prometheus", "32MiB", 1000), ("web", "32MiB", 1000)]
    assert config("body_size_limit: 1500B")["global"]["body_size_limit"] == "1500B"


def test_samples_are_sent_on_with_secrets_by_file() -> None:
    written = config(
        "secrets_dir: /run/secrets/, remote_write: [{url: 'https://a.example/', name: a, headers: {X-Scope-OrgID: shop}, "
        "bearer_token: '${secret:A_TOKEN}'}, {url: 'https://b.example/', username: me, password: '${env:B_PASSWORD}'}]"
    )
    assert written["remote_write"] == [
        {
            "url": "https://a.example/",
            "name": "a",
            "headers": {"X-Scope-OrgID": "shop"},
            "authorization": {"credentials_file": "/run/secrets/a-token"},
        },
        {
            "url": "https://b.example/",
            "basic_auth": {"username": "me", "password_file": "/run/secrets/b-password"},
        },
    ]


def test_the_targets_of_a_service_are_a_file_and_carry_its_name() -> None:
    files = emitted(spec("scrape_self: false", "  web: {scrape: ['web-1:80', 'web-2:80']}\n"))
    assert list(files.documents) == [CONFIG, "prometheus/targets/web.json"]
    assert files.data(CONFIG)["scrape_configs"] == [
        {"job_name": "web", "file_sd_configs": [{"files": ["targets/web.json"]}]}
    ]
    assert (
        files.text("prometheus/targets/web.json")
        == """\
[
  {
    "targets": [
      "web-1:80",
      "web-2:80"
    ],
    "labels": {
      "service": "web"
    }
  }
]
"""
    )
    assert files.documents["prometheus/targets/web.json"].objects == ("services.web",)


def test_a_scrape_says_all_that_differs_from_the_usual() -> None:
    service = """\
  web:
    scrape:
      targets: ["web:443"]
      job: frontend
      path: /m
      scheme: https
      interval: 1m
      timeout: 30s
      labels: {zone: a, service: shop-web}
      params: {module: [http_2xx, tcp], q: x}
      honor_labels: true
      bearer_token: ${secret:WEB_TOKEN}
      files: false
"""
    assert jobs(service) == [
        {
            "job_name": "frontend",
            "scrape_interval": "1m",
            "scrape_timeout": "30s",
            "scheme": "https",
            "metrics_path": "/m",
            "params": {"module": ["http_2xx", "tcp"], "q": ["x"]},
            "honor_labels": True,
            "authorization": {"credentials_file": "/etc/prometheus/secrets/web-token"},
            "static_configs": [{"targets": ["web:443"], "labels": {"service": "shop-web", "zone": "a"}}],
        }
    ]


def test_what_a_service_has_scraped_alike_is_one_job() -> None:
    services = "  web: {scrape: [{targets: 'a:1'}, {targets: 'b:1'}, {targets: 'c:1', labels: {zone: c}}]}\n"
    assert emitted(spec("scrape_self: false", services)).data("prometheus/targets/web.json") == [
        {"targets": ["a:1", "b:1"], "labels": {"service": "web"}},
        {"targets": ["c:1"], "labels": {"service": "web", "zone": "c"}},
    ]


def test_jobs_are_in_the_order_of_their_names() -> None:
    services = "  web: {scrape: [{targets: 'web:80'}, {targets: 'web:81', path: /m}]}\n  app: {scrape: 'app:80'}\n"
    assert [job["job_name"] for job in jobs(services)] == ["app", "web", "web-2"]


def test_services_that_name_the_same_job_share_it() -> None:
    services = (
        "  a: {scrape: {targets: 'a:9100', job: node, files: false}}\n"
        "  b: {scrape: {targets: 'b:9100', job: node, files: false}}\n"
    )
    assert jobs(services) == [
        {
            "job_name": "node",
            "static_configs": [
                {"targets": ["a:9100"], "labels": {"service": "a"}},
                {"targets": ["b:9100"], "labels": {"service": "b"}},
            ],
        }
    ]


def test_a_service_may_take_the_place_of_our_own_job() -> None:
    service = "  prometheus: {scrape: {targets: 'prometheus:9090', files: false}}\n"
    assert jobs(service, "alertmanagers: []") == [
        {
            "job_name": "prometheus",
            "static_configs": [{"targets": ["prometheus:9090"], "labels": {"service": "prometheus"}}],
        }
    ]


@pytest.mark.parametrize(
    ("target", "services", "expected"),
    [
        (
            "",
            "  a: {scrape: {targets: 'a:1', job: node}}\n  b: {scrape: {targets: 'b:1', job: node, path: /m}}\n",
            Verdict(
                "prometheus",
                "services.b",
                Grade.UNTRANSLATABLE,
                "the job `node` already scrapes `services.a`, in another way",
                "another name under `job`",
                "scrape",
            ),
        ),
        (
            "",
            "  a: {scrape: {targets: 'a:1', timeout: 20s}}\n",
            Verdict(
                "prometheus",
                "services.a",
                Grade.UNTRANSLATABLE,
                "a scrape may take 20s and the next begins after 15s; Prometheus refuses that",
                "a shorter `timeout`",
                "scrape",
            ),
        ),
        (
            "scrape_timeout: 20s",
            "",
            Verdict(
                "prometheus",
                "targets.prometheus",
                Grade.UNTRANSLATABLE,
                "a scrape may take 20s and the next begins after 15s; Prometheus refuses that",
                "a shorter `scrape_timeout`",
                "scrape_timeout",
            ),
        ),
    ],
)
def test_what_prometheus_would_refuse_is_not_called_exact(target: str, services: str, expected: Verdict) -> None:
    found = emitted(spec(target, services)).verdicts()
    assert [verdict for verdict in found if verdict.grade is not Grade.EXACT] == [expected]


@pytest.mark.parametrize(
    ("scrape", "reasons"),
    [
        ("{targets: 'a:1', labels: {zone: eu, instance: a, service: b}}", []),
        (
            "{targets: ['a:1', 'b:1'], labels: {instance: a}}",
            [
                (
                    "its 2 targets would be one `instance`, and their series the same",
                    "an entry of `scrape` for each target",
                )
            ],
        ),
        (
            "{targets: 'a:1', labels: {job: node}}",
            [
                (
                    "the label `job` would take the place of the job's name, by which its series are found",
                    "`job` beside `targets`",
                )
            ],
        ),
        (
            "{targets: 'a:1', labels: {__tier: gold}}",
            [("labels such as `__tier` are Prometheus's own, and no series has them", "a name without `__`")],
        ),
    ],
)
def test_labels_that_prometheus_sets_itself_are_not_called_exact(scrape: str, reasons: list[tuple[str, str]]) -> None:
    found = emitted(spec("", f"  a: {{scrape: {scrape}}}\n")).verdicts()
    assert [(each.reason, each.instead) for each in found if each.grade is Grade.UNTRANSLATABLE] == reasons


def test_names_that_an_old_version_cannot_take_are_said() -> None:
    text = spec("external_labels: {k8s.ns: x}", "  a: {scrape: {targets: 'a:1', labels: {k8s.pod: x}}}\n")
    found = emitted(text.replace("3.5", "2.53")).verdicts()
    assert [(verdict.object_id, verdict.grade, verdict.reason) for verdict in found] == [
        (
            "targets.prometheus",
            Grade.APPROXIMATE,
            "`k8s.ns` is `k8s_ns`: only Prometheus 3.0 and later take other names",
        ),
        ("services.a", Grade.APPROXIMATE, "`k8s.pod` is `k8s_pod`: only Prometheus 3.0 and later take other names"),
    ]
    assert {verdict.grade for verdict in emitted(text).verdicts()} == {Grade.EXACT}


def test_kubernetes_is_discovered_by_annotation() -> None:
    found = jobs("", "scrape_self: false, kubernetes: {roles: [service], namespaces: [shop]}")
    annotation = "__meta_kubernetes_service_annotation_prometheus_io"
    assert found == [
        {
            "job_name": "kubernetes-services",
            "kubernetes_sd_configs": [{"role": "endpointslice", "namespaces": {"names": ["shop"]}}],
            "relabel_configs": [
                {"source_labels": [f"{annotation}_scrape"], "regex": "true", "action": "keep"},
                {
                    "source_labels": [f"{annotation}_scheme"],
                    "regex": "(https?)",
                    "target_label": "__scheme__",
                    "action": "replace",
                },
                {
                    "source_labels": [f"{annotation}_path"],
                    "regex": "(.+)",
                    "target_label": "__metrics_path__",
                    "action": "replace",
                },
                {
                    "source_labels": ["__address__", f"{annotation}_port"],
                    "regex": r"(\[[^\]]+\]|[^:]+)(?::\d+)?;(\d+)",
                    "replacement": "$1:$2",
                    "target_label": "__address__",
                    "action": "replace",
                },
                {
                    "source_labels": ["__meta_kubernetes_endpointslice_endpoint_conditions_ready"],
                    "regex": "false",
                    "action": "drop",
                },
                {
                    "source_labels": ["__meta_kubernetes_namespace"],
                    "target_label": "namespace",
                    "action": "replace",
                },
                {
                    "source_labels": ["__meta_kubernetes_service_name"],
                    "regex": "(.+)",
                    "target_label": "service",
                    "action": "replace",
                },
                {
                    "source_labels": ["__meta_kubernetes_service_name"],
                    "regex": "(.+)",
                    "target_label": "job",
                    "action": "replace",
                },
                {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod", "action": "replace"},
                {"source_labels": ["__meta_kubernetes_pod_node_name"], "target_label": "node", "action": "replace"},
            ],
        }
    ]


def test_every_role_of_kubernetes_is_a_job() -> None:
    found = jobs("", "scrape_self: false, kubernetes: {roles: [node, pod, service]}")
    assert [(job["job_name"], job["kubernetes_sd_configs"]) for job in found] == [
        ("kubernetes-nodes", [{"role": "node"}]),
        ("kubernetes-pods", [{"role": "pod"}]),
        ("kubernetes-services", [{"role": "endpointslice"}]),
    ]
