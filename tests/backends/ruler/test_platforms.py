"""What the four platforms send to a ruler is taken, and differs in nothing afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from skillforge_mon.backends.ruler.api import connect
from skillforge_mon.compiler import compile_project
from skillforge_mon.remote.connection import Connection
from skillforge_mon.remote.live import Owner
from tests.fakes.ruler import FakeRuler
from tests.test_generated import SPECS

OVERLAY = """\
environments:
  tried:
    targets:
      ruler: {{kind: mimir, url: "{url}", tenant: shop-team}}
"""


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.stem)
def test_a_platform_is_sent_and_differs_in_nothing(spec: Path, tmp_path: Path) -> None:
    with FakeRuler().started() as fake, Connection({}, {}) as connection:
        project = tmp_path / "spec"
        if spec.is_dir():
            shutil.copytree(spec, project)
        else:
            project.mkdir()
            shutil.copy(spec, project)
        (project / "zz-tried.yaml").write_text(OVERLAY.format(url=fake.url))
        compilation = compile_project(project, environment="tried", backends=("ruler",))
        assert compilation.diagnostics == ()
        assert compilation.project is not None
        api = connect(compilation.project, connection)
        wanted = {each.resource.key: each for each in compilation.documents if each.resource is not None}
        for key, document in wanted.items():
            api.create("rule_group", document.content, Owner(compilation.name, "tried", key), "")
        lives = {live.owner.key: live for live in api.list("rule_group") if live.owner is not None}
        assert set(lives) == set(wanted)
        for key, document in wanted.items():
            live, said = api.comparable("rule_group", document.content, lives[key])
            assert live == said
