"""The rule files of Prometheus, read by VictoriaMetrics' vmalert of an old and a new release."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends.prometheus.emitting import emitted
from tests.real import debian
from tests.real.test_prometheus import SPEC
from tests.real.tools import ToolsMissingError
from tests.real.vmalert import RELEASES, vmalert, vmalert_check
from tests.test_generated import ROOT, SPECS

REFUSED = {
    "old": {
        "recordings.yml": 'key "kind", template "{{x}}": error parsing annotation template',
        "web.alerts.yml": "unknown fields in rule: keep_firing_for",
    },
    "new": {
        "recordings.yml": '(key: "kind", value: "{{x}}"): error parsing template',
        "worker.slos.yml": 'unsupported function "histogram_count"',
    },
}
"""Which files of the spec that Prometheus is tried with each release does not take, and why: recordings whose labels
have braces; `keep_firing_for` in an old release; native histograms, of which the old one does not know either, but says
nothing. docs/rulers.md has them."""
SLOS = """\
version: 1
project: shop
targets:
  prometheus: {version: "VERSION", scrape_interval: 30s, retention: 100d, compat: sloth}
metrics:
  requests_total: {type: counter, labels: {code: bounded, tenant: bounded}}
  request_duration_seconds: {type: histogram, buckets: [0.1, 1, 5]}
  backup_done_timestamp_seconds: {type: gauge}
  queue_length: {type: gauge, labels: {queue: bounded}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page:
    - {notify: shop, timeout: 10m}
    - {notify: shop}
services:
  web: {team: shop, escalation: page, runbook: busy}
runbooks:
  busy: {resolve: [Add a worker.]}
slos:
  bad: {service: web, objective: 99.9%, window: month, bad: 'requests_total{code=~"5.."}', total: requests_total}
  good: {service: web, objective: 99%, window: quarter, good: 'requests_total{code="200"}', total: requests_total}
  quick: {service: web, objective: 95%, window: week, latency: {metric: request_duration_seconds, below: 1s}}
  reach: {service: web, objective: 99%, available: 'up{job="web"}'}
  reach-any: {service: web, objective: 99%, available: {metric: 'up{job="web"}', counts: any}}
  reach-all: {service: web, objective: 99%, available: {metric: 'up{job="web"}', counts: all}}
  fresh: {service: web, objective: 99%, fresh: {metric: backup_done_timestamp_seconds, within: 30m}}
  queue: {service: web, objective: 99%, slices: {expr: queue_length, good: "< 100"}}
  every: {objective: 99%, composite: {all: [bad, good]}}
  weighted: {objective: 99%, composite: {weighted: {bad: 1, good: 3}}}
  tenants:
    service: web
    objective: 99%
    group_by: [tenant]
    min_bad_events: 20
    bad: requests_total{code="500"}
    total: requests_total
    labels: {tier: gold}
  own-windows:
    service: web
    objective: 99%
    bad: requests_total{code="500"}
    total: requests_total
    burn: [{short: 2m, long: 20m, budget: 1%, severity: critical}]
  silent: {service: web, objective: 99%, bad: 'requests_total{code="500"}', total: requests_total, alerting: false}
"""


@pytest.fixture(params=RELEASES)
def release(request: pytest.FixtureRequest) -> str:
    """Each release in turn. Where its program is not to be had, the test errors with the way out: no skipping."""
    return str(request.param)


@pytest.fixture
def program(release: str) -> Path:
    """Its program."""
    return vmalert(release)


def written(spec: str, version: str, folder: Path) -> list[Path]:
    """The rule files of ``spec`` for a version of Prometheus."""
    made = emitted(spec.replace("VERSION", version))
    assert [problem for problem in made.diagnostics if problem.severity.value == "error"] == []
    made.write(folder)
    return sorted((folder / "prometheus" / "rules").glob("*.yml"))


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_vmalert_takes_the_rules_of_the_platforms(spec: Path, program: Path) -> None:
    rules = sorted((ROOT / "generated" / spec.stem).glob("*/prometheus/rules/*.yml"))
    assert rules
    checked = vmalert_check(program, *rules)
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("version", ["2.42", "3.5"])
def test_vmalert_takes_every_kind_of_slo(version: str, program: Path, tmp_path: Path) -> None:
    checked = vmalert_check(program, *written(SLOS, version, tmp_path))
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("version", ["2.42", "3.5"])
def test_vmalert_takes_every_kind_of_alert_and_recording_but_these(
    version: str, release: str, program: Path, tmp_path: Path
) -> None:
    checked = {path.name: vmalert_check(program, path) for path in written(SPEC, version, tmp_path)}
    assert {name for name, result in checked.items() if result.exit_code != 0} == REFUSED[release].keys()
    for name, said in REFUSED[release].items():
        assert said in checked[name].output
    assert len(checked) == 7


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("expr: absent(up)", "expr: absent(up", "absent(up"),
        ("for: 10m", "for: ten", "ten"),
    ],
)
def test_vmalert_refuses_what_is_wrong(was: str, now: str, said: str, program: Path, tmp_path: Path) -> None:
    (rules,) = [path for path in written(SPEC, "3.5", tmp_path) if path.name == "project.alerts.yml"]
    text = rules.read_text(encoding="utf-8")
    assert was in text
    rules.write_text(text.replace(was, now), encoding="utf-8")
    checked = vmalert_check(program, rules)
    assert checked.exit_code != 0
    assert said in checked.output


def test_a_vmalert_that_is_missing_is_told_with_the_ways_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise debian.NotFetchedError("this machine's apt sources name no Debian mirror")

    monkeypatch.delenv("MONMC_TOOLS", raising=False)
    monkeypatch.setattr(debian, "unpack", unreachable)
    with pytest.raises(ToolsMissingError) as error:
        vmalert("old", tmp_path / "cache")
    assert str(error.value) == (
        "vmalert of release 'old' is missing: this machine's apt sources name no Debian mirror; "
        "put it into a folder 'old' of one that MONMC_TOOLS names"
    )
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == ["vmalert-old.lock"]
    monkeypatch.setenv("MONMC_TOOLS", str(tmp_path))
    with pytest.raises(
        ToolsMissingError, match=r"^vmalert of release 'new' is missing: MONMC_TOOLS names .*, which holds none"
    ):
        vmalert("new")
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "vmalert").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "new" / "vmalert").chmod(0o755)
    assert vmalert("new") == tmp_path / "new" / "vmalert"
