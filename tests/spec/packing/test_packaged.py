"""Every packaged pack: it compiles for every target without a word, and what it brings is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from skillforge_mon.compiler import Compilation, compile_project
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.spec.codes_packs import PACKS_CLASH
from skillforge_mon.spec.models.packs import Pack as PackModel
from skillforge_mon.spec.packing.pack import BUILT_IN, KINDS, SECTIONS, fits
from skillforge_mon.spec.packing.packaged import packaged_pack
from skillforge_mon.spec.packing.placeholders import placeholders
from skillforge_mon.spec.packing.reporting import report_pack
from skillforge_mon.spec.yaml.nodes import to_plain
from tests.packs import EVERYTHING, PACKS, using


def compiled(text: str, folder: Path) -> Compilation:
    """The spec ``text``, compiled."""
    spec = folder / "shop.yaml"
    spec.write_text(text, encoding="utf-8")
    return compile_project(spec)


def test_there_are_packs_for_everything_that_is_the_same_everywhere() -> None:
    assert PACKS == (
        "ai-model", "alertmanager", "cache", "cadvisor", "celery", "database", "django", "elasticsearch", "fastapi", "go",
        "grpc", "http", "jvm", "kube-state-metrics", "nginx", "node", "nodejs", "postgres", "prometheus", "python",
        "rabbitmq", "redis", "websocket",
    )  # fmt: skip


@pytest.mark.parametrize("grafana_alerting", [False, True])
@pytest.mark.parametrize("name", PACKS)
def test_a_pack_compiles_for_every_target(name: str, grafana_alerting: bool, tmp_path: Path) -> None:
    assert compiled(using(name, grafana_alerting=grafana_alerting), tmp_path).diagnostics == ()


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_pack_compiles_with_everything_that_it_has(name: str, tmp_path: Path) -> None:
    assert compiled(using(name, EVERYTHING[name]), tmp_path).diagnostics == ()


@pytest.mark.parametrize("name", PACKS)
def test_everything_that_a_pack_has_is_asked_for(name: str) -> None:
    optional = {key for key, each in packaged_pack(name).parameters.items() if each.default is None}
    given = set(re.findall(r"(\w+):", EVERYTHING.get(name, "")))
    assert given == optional


@pytest.mark.parametrize("name", PACKS)
def test_with_everything_nothing_of_the_pack_is_left_out(name: str, tmp_path: Path) -> None:
    project = compiled(using(name, EVERYTHING.get(name, "")), tmp_path).project
    assert project is not None
    pack = packaged_pack(name)
    for section in ("metrics", "slos", "alerts", "dashboards", "runbooks"):
        written = pack.spec.get(section)
        count = len(to_plain(written)) if written is not None else 0
        assert len(getattr(project.spec, section)) == count


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_has_the_form_of_the_language(name: str) -> None:
    pack = packaged_pack(name)
    PackModel.model_validate(to_plain_pack(name))
    assert set(pack.spec.entries) <= set(SECTIONS)
    report = Report()
    report_pack(pack, report)
    assert list(report) == []


def to_plain_pack(name: str) -> object:
    """The packaged file as data."""
    import yaml

    path = Path(__file__).parents[3] / "skillforge_mon" / "spec" / "packs" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PACKS)
def test_every_parameter_is_read_and_its_default_is_of_its_kind(name: str) -> None:
    pack = packaged_pack(name)
    read = {found for found, _ in placeholders(pack.spec)}
    for parameter in pack.parameters.values():
        if parameter.default is not None:
            read |= {found for found, _ in placeholders(parameter.default)}
            assert fits(parameter.kind, parameter.default), parameter.name
        assert parameter.kind in KINDS
    assert set(pack.parameters) <= read <= {*pack.parameters, *BUILT_IN}


@pytest.mark.parametrize("name", PACKS)
def test_an_alert_says_what_is_wrong_how_long_and_what_to_do(name: str, tmp_path: Path) -> None:
    project = compiled(using(name, EVERYTHING.get(name, "")), tmp_path).project
    assert project is not None
    assert project.alerts
    for alert in project.alerts.values():
        assert alert.spec.summary is not None, alert.name
        assert alert.spec.description is not None, alert.name
        assert alert.spec.for_ is not None, alert.name
        assert alert.runbook is not None, alert.name
        assert alert.runbook.spec is not None, alert.name
        assert set(alert.runbook.spec.sections) >= {"impact", "detection", "investigate", "resolve"}, alert.name


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_has_a_dashboard_whose_panels_say_what_they_show(name: str, tmp_path: Path) -> None:
    project = compiled(using(name, EVERYTHING.get(name, "")), tmp_path).project
    assert project is not None
    (dashboard,) = project.dashboards.values()
    panels = [panel.spec for row in dashboard.rows for panel in row.panels]
    assert [panel.title for panel in panels if panel.description is None] == []
    assert len(panels) >= 2


def test_no_two_packs_say_the_same_thing_differently(tmp_path: Path) -> None:
    together = using("go").replace("[{pack: go, with: {}}]", f"[{', '.join(PACKS)}]")
    compilation = compiled(together, tmp_path)
    assert [item.headline for item in compilation.diagnostics if item.code == PACKS_CLASH.number] == []
    assert compilation.project is not None
    assert len(compilation.project.dashboards) == len(PACKS)
