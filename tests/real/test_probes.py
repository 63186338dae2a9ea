"""Probes, asked by the real blackbox_exporter and told by the real Prometheus, of an old and a new generation."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.documents.render import render
from tests.backends.blackbox.compiled import built, read
from tests.backends.blackbox.specs import specs
from tests.real import blackbox
from tests.real.servers import asked, free_port, prometheus_server
from tests.real.tools import Generation, promtool_check_config, promtool_test_rules
from tests.test_generated import SPECS

HEAD = """\
version: 1
project: shop
targets:
  prometheus: {version: "PROMETHEUS", scrape_interval: 1s, evaluation_interval: 1s, alertmanagers: []}
  blackbox: {version: "VERSION", address: "EXPORTER", secrets_dir: "SECRETS"}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}]}
runbooks: {down: {resolve: [Look.]}}
services:
  web: {team: shop, escalation: page, runbook: down}
"""
PROBES: dict[str, tuple[str, bool]] = {
    # name -> what it asks, and whether the answer is good
    "plain": ('http: "http://HTTP/"', True),
    "gone": ('http: "http://HTTP/gone"', False),
    "gone-is-good": ('http: {url: "http://HTTP/gone", status: [200, 400-404]}', True),
    "class": ('http: {url: "http://HTTP/gone", status: 4xx}', True),
    "follows": ('http: {url: "http://HTTP/moved"}', True),
    "stays": ('http: {url: "http://HTTP/moved", follow_redirects: false}', False),
    "stays-is-good": ('http: {url: "http://HTTP/moved", follow_redirects: false, status: 302}', True),
    "contains": ('http: {url: "http://HTTP/", contains: ["Welcome (to)", shop]}', True),
    "contains-not": ('http: {url: "http://HTTP/", contains: "Welcome to"}', False),
    "matches": ('http: {url: "http://HTTP/", matches: "^Wel.*shop$", not_matches: [Error]}', True),
    "must-not-match": ('http: {url: "http://HTTP/", not_matches: ["[Ww]elcome"]}', False),
    "json": ('http: {url: "http://HTTP/health", json: {status: healthy}JSON}', True),
    "json-deep": (
        'http: {url: "http://HTTP/health", json: {"checks[0].ok": true, "checks[0][\\"a.b\\"]": 2}JSON}',
        True,
    ),
    "json-wrong": ('http: {url: "http://HTTP/health", json: {status: sick}JSON}', False),
    "json-no-path": ('http: {url: "http://HTTP/health", json: {state: healthy}JSON}', False),
    "json-of-text": ('http: {url: "http://HTTP/", json: {status: healthy}JSON}', False),
    "head": ('http: {url: "http://HTTP/", method: HEAD, headers: {X-Probe: "1"}}', True),
    "post": ('http: {url: "http://HTTP/", method: POST, body: \'{"a": 1}\', status: 201, headers: {A: b}}', True),
    "basic": ('http: {url: "http://HTTP/basic", basic: {username: me, password: "${secret:SHOP_PASSWORD}"}}', True),
    "bearer": ('http: {url: "http://HTTP/bearer", bearer_token: "${secret:SHOP_TOKEN}"}', True),
    "http-1": ('http: {url: "http://HTTP/", http_version: "1.1"}', True),
    "http-2": ('http: {url: "http://HTTP/", http_version: "2"}', False),
    "unverified": ('http: "https://TLS/"', False),
    "insecure": ('http: {url: "https://TLS/", tls: {insecure: true}, certificate: 14d}', True),
    "port": ('tcp: "HTTP"', True),
    "no-port": ('tcp: "127.0.0.1:CLOSED"', False),
    "tls-port": ("tcp: {address: TLS, tls: {insecure: true}, certificate: {critical: 1d, warning: 14d}}", True),
    "mail": (
        'tcp: {address: MAIL, exchange: [{expect: "^220 .*MTP"}, {send: STARTTLS}, {expect: ^220}, {starttls: true}], SELF}',
        True,
    ),
    "mail-other": ('tcp: {address: MAIL, exchange: [{expect: "^SSH"}]}', False),
    "name": ("dns: {name: shop.example, server: NAMES}", True),
    "name-matches": ('dns: {name: shop.example, server: NAMES, matches: "10\\\\.0\\\\.0\\\\.7$"}', True),
    "name-moved": ('dns: {name: shop.example, server: NAMES, matches: "10.0.0.8$"}', False),
    "name-starts": ('dns: {name: shop.example, server: NAMES, matches: "^10[.]0"}', True),
    "name-ends-alike": ('dns: {name: shop.example, server: NAMES, matches: "^0[.]0[.]7$"}', False),
    "name-either": ('dns: {name: shop.example, server: NAMES, matches: "^9|0[.]7$"}', True),
    "name-asked-for": ('dns: {name: shop.example, server: NAMES, matches: "shop|300|IN"}', False),
    "no-name": ("dns: {name: other.example, server: NAMES}", False),
    "ping": ("icmp: 127.0.0.1", True),
    "grpc": ("grpc: {address: HTTP, service: shop.Cart}", False),
}


@pytest.fixture(params=blackbox.VERSIONS)
def release(request: pytest.FixtureRequest) -> str:
    """Each release of the exporter in turn."""
    return str(request.param)


@dataclass(frozen=True, slots=True)
class World:
    """Servers to ask, and the words of the specs that stand for their addresses."""

    shop: blackbox.Shop
    words: dict[str, str]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A shop with and without TLS, a server for mail, and one for names."""
    shop = blackbox.Shop()
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "shop-password").write_text("pw", encoding="utf-8")
    (secrets / "shop-token").write_text("tok", encoding="utf-8")
    soon = blackbox.certificate(tmp_path, 3)
    with ExitStack() as running:
        ports = {
            "HTTP": running.enter_context(blackbox.shop_server(shop)),
            "TLS": running.enter_context(blackbox.shop_server(shop, soon)),
            "MAIL": running.enter_context(blackbox.mail_server(soon)),
            "NAMES": running.enter_context(blackbox.name_server("10.0.0.7")),
        }
        words = {word: f"127.0.0.1:{port}" for word, port in ports.items()}
        words |= {"CLOSED": str(free_port()), "EXPORTER": f"127.0.0.1:{free_port()}", "SECRETS": str(secrets)}
        yield World(shop, words)


def spec_of(world: World, version: str, probes: str, prometheus: str = "2.42") -> str:
    """A spec with the addresses of the world's servers."""
    words = world.words | {
        "SELF": "tls: {enabled: false, insecure: true}, certificate: 14d",
        "PROMETHEUS": prometheus,
        "VERSION": version,
    }
    return re.sub(r"\b[A-Z]+\b", lambda found: words.get(found[0], found[0]), HEAD + probes)


def every_probe(version: str) -> str:
    """All of PROBES; JSON is only nearly what it is for an exporter that reads none."""
    old = tuple(map(int, version.split("."))) < (0, 27)
    lines = ["probes:"]
    for name, (asks, _) in PROBES.items():
        accepted = "    approximate: [prometheus]\n" if old and "JSON" in asks else ""
        lines.append(f"  {name}:\n    service: web\n{accepted}    {asks.replace('JSON', '')}")
    return "\n".join(lines) + "\n"


def problems(compilation: Compilation) -> list[str]:
    """What is reported; that a probe is the same as another one is what a table of them is for."""
    return [f"{item.code} {item.headline}" for item in compilation.diagnostics if item.code != "MON3605"]


def test_every_probe_answers_as_it_should(release: str, world: World, tmp_path: Path) -> None:
    version = blackbox.VERSIONS[release]
    compilation = built(tmp_path, spec_of(world, version, every_probe(version)))
    assert problems(compilation) == []
    config = tmp_path / "out/blackbox/blackbox.yml"
    assert blackbox.config_problem(release, config) == ""
    jobs = {job["job_name"]: job for job in read(compilation, "prometheus/prometheus.yml")["scrape_configs"]}
    found = {}
    with blackbox.exporter(release, config, tmp_path / "exporter.log") as address:
        for name, job in jobs.items():
            if job.get("metrics_path") != "/probe":
                continue
            for group in read(compilation, f"prometheus/targets/{name}.json"):
                measured = blackbox.answers(address, job["params"]["module"][0], group["targets"][0])
                found[group["labels"]["probe"]] = measured["probe_success"] == 1
    assert found == {name: good for name, (_, good) in PROBES.items()}
    assert "HEAD / 1" in world.shop.seen


def test_the_same_check_of_many_is_one_module(release: str, world: World, tmp_path: Path) -> None:
    many = "".join(f'  p{number}: {{service: web, http: "http://HTTP/{number}"}}\n' for number in range(20))
    compilation = built(tmp_path, spec_of(world, blackbox.VERSIONS[release], f"probes:\n{many}"))
    usual = {"method": "GET", "preferred_ip_protocol": "ip4", "ip_protocol_fallback": True}
    assert read(compilation, "blackbox/blackbox.yml") == {
        "modules": {"http": {"prober": "http", "timeout": "10s", "http": usual}}
    }
    assert blackbox.config_problem(release, tmp_path / "out/blackbox/blackbox.yml") == ""


def test_a_project_without_probes_has_a_configuration_that_the_exporter_takes(release: str, tmp_path: Path) -> None:
    nowhere = World(blackbox.Shop(), {"EXPORTER": "exporter:9115", "SECRETS": "/secrets"})
    built(tmp_path, spec_of(nowhere, blackbox.VERSIONS[release], ""))
    assert blackbox.config_problem(release, tmp_path / "out/blackbox/blackbox.yml") == ""


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.stem)
def test_the_exporter_takes_what_the_platforms_compile_to(release: str, spec: Path, tmp_path: Path) -> None:
    """An old exporter reads no JSON, which monmc says as a warning."""
    folder = tmp_path / "spec"
    if spec.is_dir():
        shutil.copytree(spec, folder)
    else:
        folder.mkdir()
        shutil.copy(spec, folder)
    version = blackbox.VERSIONS[release]
    (folder / "zz-tried.yaml").write_text(
        f'environments: {{tried: {{targets: {{blackbox: {{version: "{version}"}}}}}}}}\n'
    )
    compilation = compile_project(folder, environment="tried")
    assert {each.code for each in compilation.diagnostics} <= {"MON4301"}
    config = tmp_path / "blackbox.yml"
    (document,) = [each for each in compilation.documents if each.path == "blackbox/blackbox.yml"]
    config.write_bytes(render(document))
    assert read(compilation, document.path)["modules"]
    assert blackbox.config_problem(release, config) == ""


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_exporter_takes_any_probe(release: str, data: st.DataObject, tmp_path: Path) -> None:
    """Only that JSON is searched as text, that two probes are the same, or that a body is not sent, may be told."""
    compilation = built(tmp_path, data.draw(specs(blackbox.VERSIONS[release])))
    assert {each.code for each in compilation.diagnostics} <= {"MON4301", "MON3605", "MON3609"}
    assert blackbox.config_problem(release, tmp_path / "out/blackbox/blackbox.yml") == ""


@pytest.mark.waits
def test_alerts_fire_and_clear(generation: Generation, world: World, tmp_path: Path) -> None:
    """The generations of Prometheus and of the exporter go together. Everything is asked each second."""
    probes = """\
probes:
  front: {service: web, http: {url: "http://HTTP/", contains: Welcome}, every: 1s, timeout: 400ms, failures: 2}
  secure:
    service: web
    http: {url: "https://TLS/", tls: {insecure: true}, certificate: {critical: 1d, warning: 14d}}
    every: 1s
    timeout: 400ms
slos:
  front: {service: web, objective: 99%, window: 7d, available: {probe: front}}
"""
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    compilation = built(tmp_path, spec_of(world, blackbox.VERSIONS[generation.name], probes, version))
    assert problems(compilation) == []
    config = tmp_path / "out/prometheus/prometheus.yml"
    assert promtool_check_config(generation, config).exit_code == 0
    rules = tmp_path / "out/prometheus/rules/web.alerts.yml"
    # Nobody waits ten minutes here for a certificate.
    rules.write_text(rules.read_text(encoding="utf-8").replace("for: 10m", "for: 0s"), encoding="utf-8")
    port = int(world.words["EXPORTER"].rpartition(":")[2])
    with (
        blackbox.exporter(generation.name, tmp_path / "out/blackbox/blackbox.yml", tmp_path / "exporter.log", port),
        prometheus_server(generation, config, tmp_path) as server,
    ):
        until(lambda: values(server, "sum by (probe) (probe_success)") == {"front": 1.0, "secure": 1.0})
        until(lambda: firing(server) == {("SecureCertificateExpires", "warning", "secure", "web")})
        world.shop.broken = True
        failed = {(f"{name.title()}Fails", "critical", name, "web") for name in ("front", "secure")}
        until(lambda: failed <= firing(server))
        world.shop.broken = False
        until(lambda: firing(server) == {("SecureCertificateExpires", "warning", "secure", "web")})
        left = values(server, "(probe_ssl_earliest_cert_expiry - time()) / 86400")
        assert set(left) == {"secure"}
        assert 2 < left["secure"] < 3
        instances = asked(server, "series", **{"match[]": 'probe_success{probe="front"}'})
        assert [(each["instance"], each["service"], each["job"]) for each in instances] == [
            (f"http://{world.words['HTTP']}/", "web", "probe-front")
        ]


def until(holds: Callable[[], bool]) -> None:
    """Wait until ``holds``; a minute is far longer than it takes."""
    give_up = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up, "it has not come to hold within a minute"
        time.sleep(0.1)


def values(server: str, query: str) -> dict[str, float]:
    """The value by probe."""
    found = asked(server, "query", query=query)["result"]
    return {each["metric"].get("probe", ""): float(each["value"][1]) for each in found}


def firing(server: str) -> set[tuple[str, str, str, str]]:
    """What fires: alert, severity, probe, service."""
    found = asked(server, "query", query='ALERTS{alertstate="firing"}')["result"]
    keys = ("alertname", "severity", "probe", "service")
    return {(each["metric"]["alertname"], *(each["metric"].get(key, "") for key in keys[1:])) for each in found}


SLOW = """\
probes:
  minute: {service: web, http: {url: "http://HTTP/"}, slow: 2s}
  quarter: {service: web, tcp: "HTTP", every: 15m, failures: 2}
  once: {service: web, tcp: "MAIL", failures: 1}
  backup: {service: web, cron: {every: 1d, max_runtime: 1h, metric: backup_last_success_timestamp_seconds}}
metrics:
  backup_last_success_timestamp_seconds: {type: gauge, unit: seconds, help: When it last worked, labels: {}}
"""


def test_alerts_count_failures_in_a_row(generation: Generation, world: World, tmp_path: Path) -> None:
    """By promtool: samples come as often as probes ask, and a sample of long ago still counts between two of them."""
    version = f"{generation.prometheus.major}.{generation.prometheus.minor}"
    compilation = built(tmp_path, spec_of(world, "0.23", SLOW, version))
    assert problems(compilation) == []
    quarter = " ".join(["1", *["_"] * 14, "0", *["_"] * 14, "0", *["_"] * 14, "1", *["_"] * 30])
    day = 24 * 60
    series = {
        'probe_success{probe="minute"}': "1x9 0x1 1x3 0x5 1x2000",
        'probe_duration_seconds{probe="minute"}': "0.1x20 3x9 0.1x2000",
        'probe_success{probe="quarter"}': quarter,
        'probe_success{probe="once"}': "1x29 0 1x2000",
        "backup_last_success_timestamp_seconds": f"0x{day + 60 + 5 + 20} {60 * (day + 86)}x200",
    }
    failing = 'count by (alertname, probe) (ALERTS{alertstate="firing", alertname=~".*(Fails|Slow|Missed)"})'

    def told(minute: int, *alerts: str) -> dict[str, Any]:
        samples = [{"labels": labels, "value": 1} for labels in alerts]
        return {"expr": failing, "eval_time": f"{minute}m", "exp_samples": samples}

    minute = '{alertname="MinuteFails", probe="minute"}'
    slow = '{alertname="MinuteIsSlow", probe="minute"}'
    quarterly = '{alertname="QuarterFails", probe="quarter"}'
    once = '{alertname="OnceFails", probe="once"}'
    missed = '{alertname="BackupMissed"}'
    test = {
        "rule_files": [str(tmp_path / "out/prometheus/rules/web.alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": name, "values": text} for name, text in series.items()],
                "promql_expr_test": [
                    told(13),  # twice in a row is not three times
                    told(17),
                    told(18, minute),
                    told(21, minute),
                    told(22),
                    told(23, slow),
                    told(30, slow, quarterly, once),
                    told(31, quarterly),
                    told(44, quarterly),
                    told(46),
                    told(day + 65),
                    told(day + 66, missed),
                    told(day + 90),
                ],
            }
        ],
    }
    path = tmp_path / "test.json"
    path.write_text(json.dumps(test), encoding="utf-8")
    result = promtool_test_rules(generation, path)
    assert result.exit_code == 0, result.output
