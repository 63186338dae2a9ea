"""Whatever two specs say, and whatever somebody does to a generated file: the comparison holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.compiler import Compilation, plan
from skillforge_mon.diagnostics.render.markdown import COMMENT_LIMIT
from skillforge_mon.diff.change import ChangeKind, ChangeSet
from skillforge_mon.diff.parts import FileIdentity, pieces
from skillforge_mon.diff.projects import compare_projects
from skillforge_mon.diff.render.json import render_json
from skillforge_mon.diff.render.markdown import render_markdown
from skillforge_mon.diff.render.text import render_text
from skillforge_mon.diff.trees import compare_tree
from tests.diff.shop import SHOP, built, compiled
from tests.projects import resolved
from tests.strategies import specs

OPPOSITE = {ChangeKind.ADD: ChangeKind.REMOVE, ChangeKind.REMOVE: ChangeKind.ADD}


def objects(found: ChangeSet) -> set[tuple[str, str, ChangeKind]]:
    return {(change.object_kind, change.name, change.kind) for change in found.changes}


@settings(max_examples=60)
@given(specs(), specs())
def test_any_two_specs_can_be_compared_both_ways(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = resolved(json.dumps(old))[0], resolved(json.dumps(new))[0]
    assert before is not None
    assert after is not None
    there, back = compare_projects(before, after, "old"), compare_projects(after, before, "new")
    assert objects(back) == {(kind, name, OPPOSITE.get(change, change)) for kind, name, change in objects(there)}
    assert len(render_markdown([there, back])) <= COMMENT_LIMIT
    assert json.loads(render_json([there]))["format_version"] == 1
    assert render_text([there]).isprintable() or "\n" in render_text([there])


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Compilation]:
    folder = tmp_path_factory.mktemp("shop")
    built(folder, SHOP)
    return folder, compiled(folder, SHOP)


@settings(max_examples=100)
@given(st.data())
def test_any_edit_of_a_generated_file_is_drift(shop: tuple[Path, Compilation], data: st.DataObject) -> None:
    folder, compilation = shop
    root = folder / "generated/shop/default"
    path = data.draw(st.sampled_from(sorted(plan(compilation, folder / "generated").contents)), label="file")
    original = (root / path).read_text()
    lines = original.splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines) - 1), label="from")
    end = data.draw(st.integers(start, min(len(lines), start + 5)), label="to")
    junk = data.draw(st.sampled_from(["", "x: 1\n", "- 1\n", "groups: 5\n", '"panels": 3,\n', "\x00", "route: [1]\n"]))
    edited = "".join([*lines[:start], junk, *lines[end:]])
    if path == "manifest.json" or edited == original:
        return
    try:
        (root / path).write_text(edited)
        found = compare_tree(plan(compilation, folder / "generated"), compilation.documents, {}, "generated")
    finally:
        (root / path).write_text(original)
    assert found.changes == ()
    assert {file for change in found.drift for file in change.files} == {path}
    assert render_text([found]).splitlines()[-1] == f"no changes of ours, {len(found.drift)} drifted"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["groups", "rules", "name", "alert", "labels", "slo", "panels", "title", "gridPos", "route", "routes",
             "receivers", "receiver", "scrape_configs", "job_name", "type"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.sampled_from(["prometheus/a.yml", "alertmanager/alertmanager.yml", "grafana/dashboards/a.json"]), PLAIN)
def test_data_of_any_shape_can_be_taken_apart(path: str, data: Any) -> None:
    found = list(pieces(FileIdentity(path, path.partition("/")[0], ("alerts.A",)), data))
    assert {piece.file for piece in found} <= {path}
