"""What the four platforms compile to is accepted by the vendors' own tools, of two generations."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from skillforge_mon.compiler import Compilation, compile_project, write
from tests.real.generation import Generation, Version
from tests.real.servers import alertmanager_server, prometheus_server
from tests.real.tools import amtool_check_config, promtool_check_config, promtool_check_rules
from tests.test_generated import SPECS

_OVERLAY = """\
environments:
  tried:
    targets:
      prometheus: {{version: "{prometheus}", secrets_dir: {secrets}}}
      alertmanager: {{version: "{alertmanager}", secrets_dir: {secrets}}}
"""
_WITHOUT_JIRA = """\
    teams:
      engineering-team: {jira: null}
"""
"""Alertmanager makes issues in Jira from 0.28 on; before, monmc refuses to compile a team that wants them."""


WITHOUT_KUBERNETES = Version(2, 42, 0)
"""Debian builds this version without Kubernetes discovery: its promtool does not know the key at all."""


def compiled(spec: Path, generation: Generation, folder: Path) -> Compilation:
    """The spec compiled for the versions of ``generation``, with secrets in a folder that exists."""
    secrets = folder / "secrets"
    secrets.mkdir()
    project = folder / "spec"
    if spec.is_dir():
        shutil.copytree(spec, project)
    else:
        project.mkdir()
        shutil.copy(spec, project)
    overlay = _OVERLAY.format(
        prometheus=_minor(generation.prometheus),
        alertmanager=_minor(generation.alertmanager),
        secrets=secrets,
    )
    if spec.stem == "skillforge" and generation.alertmanager < Version(0, 28, 0):
        overlay += _WITHOUT_JIRA
    (project / "zz-tried.yaml").write_text(overlay)
    return compile_project(project, environment="tried")


def _minor(version: Version) -> str:
    return f"{version.major}.{version.minor}"


@pytest.fixture
def tree(request: pytest.FixtureRequest, spec: Path, generation: Generation, tmp_path: Path) -> Path:
    """The output of ``spec`` for ``generation``; every secret that it names has a file."""
    compilation = compiled(spec, generation, tmp_path)
    assert compilation.diagnostics == ()
    done = write(compilation, tmp_path / "out")
    assert done.diagnostics == ()
    for path in done.root.rglob("*.yml"):
        for line in path.read_text().splitlines():
            value = line.partition(": ")[2]
            if "_file:" in line and value.startswith(str(tmp_path / "secrets")):
                Path(value).write_text("secret")
    return done.root


@pytest.fixture
def prometheus_yml(tree: Path, generation: Generation) -> Path:
    """``prometheus.yml``, for Debian's build without the jobs that discover Kubernetes workloads."""
    path = tree / "prometheus" / "prometheus.yml"
    if generation.prometheus == WITHOUT_KUBERNETES:
        config = yaml.safe_load(path.read_text())
        config["scrape_configs"] = [job for job in config["scrape_configs"] if "kubernetes_sd_configs" not in job]
        path.write_text(yaml.safe_dump(config))
    return path


pytestmark = pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)


def test_promtool_accepts_the_configuration_and_the_rules(
    tree: Path, prometheus_yml: Path, generation: Generation
) -> None:
    checked = promtool_check_config(generation, prometheus_yml)
    assert checked.exit_code == 0, checked.output
    assert "WARNING" not in checked.output, checked.output
    rules = sorted((tree / "prometheus" / "rules").glob("*.yml"))
    checked = promtool_check_rules(generation, *rules)
    assert checked.exit_code == 0, checked.output
    assert checked.output.count("SUCCESS") == len(rules)
    assert "duplicate" not in checked.output


def test_amtool_accepts_the_routes(tree: Path, generation: Generation) -> None:
    checked = amtool_check_config(generation, tree / "alertmanager" / "alertmanager.yml")
    assert checked.exit_code == 0, checked.output
    assert "SUCCESS" in checked.output


def test_the_servers_start_with_what_was_built(
    tree: Path, prometheus_yml: Path, generation: Generation, tmp_path: Path
) -> None:
    (tmp_path / "am").mkdir()
    (tmp_path / "prom").mkdir()
    with alertmanager_server(generation, tree / "alertmanager" / "alertmanager.yml", tmp_path / "am"):
        pass
    with prometheus_server(generation, prometheus_yml, tmp_path / "prom"):
        pass
