"""What a build would change in its output folder, and what somebody else has changed there."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from pathlib import Path

import pytest

from skillforge_mon.diff.change import Change, ChangeKind, ChangeSet, FieldChange, FileCounts
from skillforge_mon.diff.render.text import render_text
from tests.benchmarks.synthetic import slo_spec
from tests.diff.shop import SHOP, built, changed, tree_changes

RULES = "prometheus/rules/worker.alerts.yml"
PROMETHEUS_ONLY = changed(
    ('  alertmanager: {version: "0.28", default_team: shop}\n  grafana: {version: "12.0"}\n', ""),
    ("  datadog: {site: datadoghq.eu}\n", ""),
    ("    backends: [prometheus, datadog]\n    approximate: [datadog]\n", ""),
)
"""The spec for one backend, so that a test sees one kind of change."""


def told(folder: Path, text: str) -> str:
    """What is printed about the rules that building ``text`` would change, below their title."""
    lines = render_text([tree_changes(folder, text)]).splitlines()
    start = lines.index("Prometheus  shop/default, against generated") + 1
    return "\n".join(itertools.takewhile(lambda line: line.startswith(" "), lines[start:]))


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_differs_after_a_build(tmp_path: Path) -> None:
    built(tmp_path, SHOP)
    assert tree_changes(tmp_path, SHOP) == ChangeSet("shop", "default", "generated")


def test_everything_is_new_where_nothing_was_built(tmp_path: Path) -> None:
    found = tree_changes(tmp_path, PROMETHEUS_ONLY)
    assert {change.kind for change in found.changes} == {ChangeKind.ADD}
    assert [(change.object_kind, change.name) for change in found.changes if change.backend == "prometheus"] == [
        ("file", "prometheus/prometheus.flags"),
        ("scrape job", "alertmanager"),
        ("scrape job", "prometheus"),
        ("scrape job", "web"),
        ("settings", "prometheus.yml"),
        ("recording", "service:requests:rate5m"),
        ("alert", "HighErrorRate"),
        ("slo", "web-availability"),
        ("slo", "web-latency"),
        ("alert", "Backlog"),
        ("scrape targets", "web"),
    ]
    assert found.drift == ()


def test_an_objective_is_told_as_a_promise_not_as_rules(tmp_path: Path) -> None:
    built(tmp_path, PROMETHEUS_ONLY)
    assert (
        told(tmp_path, changed(("objective: 99.9%", "objective: 99.95%"), text=PROMETHEUS_ONLY))
        == """\
  ~ slo  web-availability  objective 99.9 % -> 99.95 %
           budget 43 m 12 s -> 21 m 36 s per 30 d; page from 0.72 % errors (was 1.44 %)
           ticket from 0.15 % errors (was 0.3 %)
           the numbers of 8 rules follow"""
    )


def test_fields_of_an_alert(tmp_path: Path) -> None:
    built(tmp_path, PROMETHEUS_ONLY)
    text = changed(
        ("for: 10m\n    summary: Jobs wait\n", "for: 15m\n    summary: Too many jobs wait\n"),
        ("(jobs_waiting) > 100", "(jobs_waiting) > 200"),
        text=PROMETHEUS_ONLY,
    )
    assert (
        told(tmp_path, text)
        == """\
  ~ alert  Backlog  threshold > 100 -> > 200
             for 10m -> 15m
             annotations.summary Jobs wait -> Too many jobs wait"""
    )


def test_an_alert_that_moves_to_another_file_is_not_deleted(tmp_path: Path) -> None:
    built(tmp_path, PROMETHEUS_ONLY)
    text = changed(("  Backlog:\n    service: worker\n", "  Backlog:\n"), text=PROMETHEUS_ONLY)
    (change,) = [each for each in tree_changes(tmp_path, text).changes if each.backend == "prometheus"]
    assert (change.kind, change.name, change.files[0]) == (ChangeKind.CHANGE, "Backlog", RULES)
    assert change.fields[-1].path == "file"


def test_a_rename_is_one_change(tmp_path: Path) -> None:
    built(tmp_path, SHOP)
    text = changed(("  HighErrorRate:\n", "  ManyErrors:\n    was: HighErrorRate\n"))
    found = {(each.backend, each.object_kind): each for each in tree_changes(tmp_path, text).changes}
    assert {
        key: (change.kind, change.was, change.name)
        for key, change in found.items()
        if key[0] in {"prometheus", "datadog"}
    } == {
        ("prometheus", "alert"): (ChangeKind.RENAME, "HighErrorRate", "ManyErrors"),
        ("datadog", "monitor"): (ChangeKind.RENAME, "HighErrorRate", "ManyErrors"),
    }


def test_panels_are_known_by_their_titles(tmp_path: Path) -> None:
    built(tmp_path, SHOP)
    text = changed(
        ("          - {title: Jobs, query: sum(jobs_waiting), width: 12, unit: jobs}\n", ""),
        ("decimals: 1}", "decimals: 2}"),
    )
    (change,) = [each for each in tree_changes(tmp_path, text).changes if each.backend == "grafana"]
    assert change == Change(
        ChangeKind.CHANGE,
        "grafana",
        "dashboard",
        "overview",
        'panel "Oldest": fieldConfig.defaults.decimals 1 -> 2',
        (
            FieldChange(
                'panel "Oldest" fieldConfig.defaults.decimals', "1", "2",
                'panel "Oldest": fieldConfig.defaults.decimals 1 -> 2',
            ),
            FieldChange('panel "Oldest" height', "8", "4", 'panel "Oldest": height 8 -> 4'),
            FieldChange('panel "Jobs"', '"Jobs"', None, 'panel "Jobs" removed'),
        ),
        files=("grafana/dashboards/overview.json",),
    )  # fmt: skip


def test_widgets_of_datadog_are_known_by_their_titles(tmp_path: Path) -> None:
    there = ('  grafana: {version: "12.0"}\n', "")
    built(tmp_path, changed(there))
    text = changed(
        there,
        ("          - {title: Jobs, query: sum(jobs_waiting), width: 12, unit: jobs}\n", ""),
        ("decimals: 1}", "decimals: 2}"),
    )
    (change,) = [each for each in tree_changes(tmp_path, text).changes if each.backend == "datadog"]
    assert (change.kind, change.object_kind, change.name) == (ChangeKind.CHANGE, "dashboard", "overview")
    assert [field.sentence for field in change.fields] == [
        'panel "Oldest": precision 1 -> 2',
        'panel "Oldest": height 3 -> 2',
        'panel "Jobs" removed',
    ]


def test_people_of_a_receiver(tmp_path: Path) -> None:
    built(tmp_path, SHOP)
    text = changed(("- {notify: [shop, managers]}", "- {notify: [managers]}"))
    (change,) = [each for each in tree_changes(tmp_path, text).changes if each.backend == "alertmanager"]
    assert (change.object_kind, change.name, change.headline) == (
        "receiver",
        "page-level-2",
        "webhook no longer http://hooks:8080/",
    )


def test_a_removed_backend_is_deleted(tmp_path: Path) -> None:
    built(tmp_path, SHOP)
    found = tree_changes(tmp_path, changed(('  grafana: {version: "12.0"}\n', "")))
    assert [(each.kind, each.object_kind, each.name) for each in found.changes if each.backend == "grafana"] == [
        (ChangeKind.REMOVE, "dashboard", "overview"),
        (ChangeKind.REMOVE, "datasource", "shop-prometheus"),
        (ChangeKind.REMOVE, "folder", "monmc-ddb8058938-8d9001d32c"),
        (ChangeKind.REMOVE, "file", "grafana/provisioning/dashboards/monmc.yaml"),
        (ChangeKind.REMOVE, "file", "grafana/provisioning/datasources/monmc.yaml"),
    ]
    # The dashboard goes where it still can.
    assert found.files == FileCounts(added=1, removed=5)


def test_a_monitor_of_another_type_is_made_anew(tmp_path: Path) -> None:
    only_prometheus = "    escalation: ticket\n    backends: [prometheus]\nmaintenance"
    logs, rum = (
        changed((only_prometheus, f"    datadog: {{query: {query}, type: {kind} alert, notify: '@shop'}}\nmaintenance"))
        for kind, query in (
            ("log", """'logs("x").index("*").rollup("count").last("5m") > 9'"""),
            ("rum", """'rum("x").rollup("count").last("5m") > 9'"""),
        )
    )
    built(tmp_path, logs)
    (change,) = [each for each in tree_changes(tmp_path, rum).changes if each.backend == "datadog"]
    assert change == Change(
        ChangeKind.REPLACE,
        "datadog",
        "monitor",
        "Backlog",
        "made anew, because its type cannot be changed in place",
        (
            FieldChange("type", "log alert", "rum alert"),
            FieldChange(
                "query",
                'logs("x").index("*").rollup("count").last("5m") > 9',
                'rum("x").rollup("count").last("5m") > 9',
            ),
        ),
        files=("datadog/monitors/backlog.json",),
    )


def test_an_edit_by_hand_is_drift_and_no_change_of_ours(tmp_path: Path) -> None:
    root = built(tmp_path, PROMETHEUS_ONLY)
    edit(root, RULES, "for: 10m", "for: 1h")
    found = tree_changes(tmp_path, PROMETHEUS_ONLY)
    assert found == ChangeSet(
        "shop",
        "default",
        "generated",
        drift=(
            Change(
                ChangeKind.CHANGE, "prometheus", "alert", "Backlog", "changed outside monmc: for 10m -> 1h",
                files=(RULES,),
            ),
        ),
    )  # fmt: skip
    assert (
        render_text([found])
        == """\
Prometheus  shop/default, against generated
  ! alert  Backlog  changed outside monmc: for 10m -> 1h
no changes of ours, 1 drifted
"""
    )


def test_an_edit_of_a_file_that_the_spec_changes_too(tmp_path: Path) -> None:
    root = built(tmp_path, PROMETHEUS_ONLY)
    edit(root, RULES, "for: 10m", "for: 1h")
    text = changed(("summary: Jobs wait", "summary: Many jobs wait"), text=PROMETHEUS_ONLY)
    assert (
        told(tmp_path, text)
        == """\
  ~ alert  Backlog                             for 1h -> 10m
             annotations.summary Jobs wait -> Many jobs wait
  ! file   prometheus/rules/worker.alerts.yml  changed outside monmc, and by the spec since: build overwrites it"""
    )


DRIFT = {
    "a comment": ("for: 10m\n", "for: 10m # a long time\n", "changed outside monmc: only comments, order or layout"),
    "no YAML at all": ("groups:", "groups: [", "changed outside monmc: text: 1 line added, 1 line removed"),
    "an alias": ("groups:", "more: &more []\nless: *more\ngroups:", "changed outside monmc: text: 2 lines added"),
    "another key": ("groups:", "more: 1\ngroups:", "added outside monmc"),
    "another setting of a group": (
        "    rules:",
        "    limit: 3\n    rules:",
        "changed outside monmc: now group limit 3",
    ),
    "another alert": (
        "    rules:\n",
        "    rules:\n      - {alert: Mine, expr: up == 0}\n",
        "added outside monmc",
    ),
}


@pytest.mark.parametrize("name", DRIFT)
def test_every_edit_is_seen(name: str, tmp_path: Path) -> None:
    old, new, headline = DRIFT[name]
    root = built(tmp_path, PROMETHEUS_ONLY)
    edit(root, RULES, old, new)
    assert headline in {change.headline for change in tree_changes(tmp_path, PROMETHEUS_ONLY).drift}


def test_a_deleted_file_is_drift(tmp_path: Path) -> None:
    root = built(tmp_path, PROMETHEUS_ONLY)
    (root / RULES).unlink()
    found = tree_changes(tmp_path, PROMETHEUS_ONLY)
    assert found.changes == ()
    assert [(change.name, change.headline) for change in found.drift] == [
        (RULES, "deleted outside monmc: build writes it again")
    ]


def test_an_edited_file_that_is_no_longer_generated_is_kept(tmp_path: Path) -> None:
    root = built(tmp_path, SHOP)
    edit(root, "grafana/dashboards/overview.json", '"Overview"', '"Mine"')
    found = tree_changes(tmp_path, changed(('  grafana: {version: "12.0"}\n', "")))
    assert [(change.name, change.headline) for change in found.drift] == [
        ("grafana/dashboards/overview.json", "changed outside monmc and no longer generated: left in place")
    ]


def test_a_file_in_another_layout_is_told_apart(tmp_path: Path) -> None:
    root = built(tmp_path, PROMETHEUS_ONLY)
    manifest = json.loads((root / "manifest.json").read_text())
    text = (root / RULES).read_text().replace("# Written by monmc", "# Written by an older monmc")
    (root / RULES).write_text(text)
    manifest["files"][RULES]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
    (root / "manifest.json").write_text(json.dumps(manifest))
    found = tree_changes(tmp_path, PROMETHEUS_ONLY)
    assert found == ChangeSet("shop", "default", "generated", files=FileCounts(layout=1))
    assert render_text([found]) == "no changes (1 file differs only in comments, order or layout)\n"


def test_a_thousand_slos_are_compared_while_one_waits(tmp_path: Path) -> None:
    text = slo_spec(1000)
    (tmp_path / "shop.yaml").write_text(text)
    built(tmp_path, text)
    started = time.process_time()
    found = tree_changes(tmp_path, text.replace("objective: 99.9%", "objective: 99.95%", 10))
    assert time.process_time() - started < 2.5
    slos = [change.name for change in found.changes if change.object_kind == "slo"]
    assert slos == [f"slo-{number:05d}" for number in range(13) if number % 4 != 3]
