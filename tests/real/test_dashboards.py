"""Every query of every dashboard is one that Prometheus takes, of two generations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from skillforge_mon.query.promql import parse
from tests.backends.grafana.compiled import HERE, panels, read
from tests.real.tools import Generation, promtool_check_rules
from tests.specs.compiled import compiled

SPECS = ("jac.yaml", "skillforge", "toolboxai.yaml", "tutoring.yaml")
_INTERVAL = re.compile(r"\$__(rate_interval|interval|range)\b")
_VARIABLE = re.compile(r"\$\{?[A-Za-z_]\w*(:\w+)?\}?|\[\[\w+\]\]")


def asked() -> Iterator[str]:
    """The PromQL of every panel of the four specs and of the expected dashboards, with variables filled in."""
    made = [read(each) for name in SPECS for each in compiled(name).documents
            if each.path.startswith("grafana/dashboards/") and each.path.endswith(".json")]  # fmt: skip
    made += [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "expected").rglob("dashboards/*.json"))
    ]
    for dashboard in made:
        for panel in panels(dashboard):
            for target in panel.get("targets", ()):
                if target["datasource"]["type"] == "prometheus":
                    yield _VARIABLE.sub("web", _INTERVAL.sub("5m", target["expr"]))


def test_promtool_takes_every_query_as_a_recording_rule(generation: Generation, tmp_path: Path) -> None:
    queries = sorted(set(asked()))
    assert len(queries) > 100
    for query in queries:
        parse(query)
    rules = [{"record": f"panel:{index}", "expr": query} for index, query in enumerate(queries)]
    path = tmp_path / "rules.json"
    path.write_text(json.dumps({"groups": [{"name": "dashboards", "rules": rules}]}), encoding="utf-8")
    result = promtool_check_rules(generation, path)
    assert result.exit_code == 0, result.output
    assert f"{len(queries)} rules found" in result.output
