"""What pydantic finds wrong becomes a diagnostic with a place, an expected value and a suggestion."""

from __future__ import annotations

import pytest

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Fix, Report, Span
from skillforge_mon.spec.overlay import environments, resolve_overlays
from skillforge_mon.spec.validate import validate
from skillforge_mon.spec.yaml.loader import load_text
from skillforge_mon.spec.yaml.nodes import to_plain

HEAD = "version: 1\nproject: shop\n"


def problems(text: str) -> list[Diagnostic]:
    """All that reading and validating ``text`` reports."""
    report = Report()
    root = load_text(text, "s.yaml", report)
    if root is not None and (merged := resolve_overlays(root, None, report)) is not None:
        validate(merged, report)
    return list(report)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("teams:\n  a: {slak: '#x'}\n", ("MON1102", "4:7", "`teams.a` has no key `slak`", "did you mean `slack`?")),
        ("teams:\n  a: {slack: 5}\n", ("MON1103", "4:14", "`teams.a.slack` should be text, this is the number 5", "")),
        ("teams:\n  a: [1]\n", ("MON1103", "4:6", "`teams.a` should be a map, this is a list", "")),
        ("slos:\n  a: {}\n", ("MON1101", "4:3", "`slos.a` lacks `objective`", "add `objective:`")),
        ("services:\n  a/b: {}\n", ("MON1106", "4:3", "`a/b` is not a name", None)),
        ("services:\n  a: {tier: 9}\n", ("MON1104", "4:13", "`9` is not a value of `services.a.tier`", "")),
        (
            "alerts:\n  A: {severity: critcal}\n",
            ("MON1104", "4:17", "`critcal` is not a value of `alerts.A.severity`", "did you mean `critical`?"),
        ),
        ("slos:\n  a: {objective: 99.9}\n", ("MON1105", "4:18", "`99.9` is not between 0 and 1 (did you mean 99.9%?)", "")),
        ("targets:\n  prometheus: {version: 3.10}\n", ("MON1110", "4:25", "`targets.prometheus.version`: a version is text", "")),
        ("targets:\n  loki: {version: '3'}\n", ("MON1110", "4:19", "`targets.loki.version`: a version has two numbers, or three", "")),
        ("targets:\n  loki: {since: 2024-13-01}\n", ("MON1105", "4:17", "`2024-13-01` is not a day of the calendar", "")),
        ("targets:\n  loki: {tenant: a/b}\n", ("MON1107", "4:18", "`a/b` does not fit `targets.loki.tenant`", "")),
        ("targets:\n  loki: {tenant: '..'}\n", ("MON1107", "4:18", "`..` does not fit `targets.loki.tenant`", "")),
        ("targets:\n  loki: {url: 'loki:3100'}\n", ("MON1107", "4:15", "`loki:3100` does not fit `targets.loki.url`", "")),
        ("targets:\n  tempo: {url: 'tempo:3200'}\n", ("MON1107", "4:16", "`tempo:3200` does not fit `targets.tempo.url`", "")),
        ("targets:\n  prometheus: {scrape_self: yes}\n", ("MON1103", "4:29", "`targets.prometheus.scrape_self` should be true or false, this is text", "")),
        ("metrics:\n  a: {type: gauge, labels: {x: lots}}\n", ("MON1112", "4:32", "`metrics.a.labels.x`: a label says how many values it takes", "")),
        ("escalation:\n  a: []\n", ("MON1108", "4:6", "`escalation.a` is empty", "")),
        ("dashboards:\n  a: {rows: [{panels: [{title: x, width: 25}]}]}\n", ("MON1109", "4:42", "`dashboards.a.rows[0].panels[0].width` should be at most 24", "")),
        ("dashboards:\n  a: {rows: [{panels: [{title: x, min: .nan}]}]}\n", ("MON1109", "4:40", "`dashboards.a.rows[0].panels[0].min` should be a finite number", "")),
        ("dashboards:\n  a: {rows: [{panels: [{title: x, min: 5, max: 5}]}]}\n", ("MON1105", "4:24", "the axis ends before it begins", "")),
        ("metrics: [a]\n", ("MON1103", "3:10", "`metrics` should be a map, this is a list", "")),
        ("alerts:\n  A: {severity: {}}\n", ("MON1108", "4:17", "`alerts.A.severity` is empty", "")),
        ("slos:\n  a: {objective: 99%, window: 0s}\n", ("MON1105", "4:31", "this cannot be zero", "")),
        ("slos:\n  a: {objective: 99%, latency: {metric: x, below: 0s}}\n", ("MON1105", "4:51", "this must be above zero", "")),
        ("slos:\n  a: {objective: 99%, latency: {metric: x, below: -5}}\n", ("MON1105", "4:51", "this must be above zero", "")),
        ("slos:\n  a: {objective: 99%, burn: [{short: 5m, long: 1h, budget: 0%, severity: warning}]}\n", ("MON1105", "4:60", "this cannot be zero", "")),
        ("services:\n  a: {scrape: ['http://a:80/x']}\n", ("MON1107", "4:16", "`http://a:80/x` does not fit `services.a.scrape[0]`", "")),
        ("services:\n  a: {scrape: ['a:99999']}\n", ("MON1107", "4:16", "`a:99999` does not fit `services.a.scrape[0]`", "")),
        ("targets:\n  alertmanager: {group_by: [alertname, ...]}\n", ("MON1113", "4:28", "`targets.alertmanager.group_by`: `...` means every label, and stands alone", "")),
        ("slos:\n  a: {objective: 0%}\n", ("MON1105", "4:18", "this cannot be zero", "")),
        (
            "alerts:\n  A: {severity: critical, labels: {a-b: x}}\n",
            ("MON1106", "4:36", "`a-b` is not a name", "a label's name begins with a letter or `_` and holds letters, digits, `_` and `.`"),
        ),
        ("bogus: 1\n", ("MON1102", "3:1", "a spec has no key `bogus`", "")),
    ],
)  # fmt: skip
def test_a_mistake_has_an_address_and_a_way_out(text: str, expected: tuple[str, str, str, str | None]) -> None:
    found = problems(HEAD + text)
    assert [
        (item.code, f"{item.span.line}:{item.span.column}" if item.span else "", item.headline) for item in found
    ] == [expected[:3]]
    if expected[3] is not None:
        assert found[0].help == expected[3]


def test_wrong_types_and_keys_come_with_a_fix() -> None:
    found = problems(HEAD + "runbooks:\n  a: {title: 2024}\n  b: {titel: x}\n")
    assert [item.fix for item in found] == [
        Fix(Span.at("s.yaml", 4, 14, 4), '"2024"', "quote it"),
        Fix(Span.at("s.yaml", 5, 7, 5), "title", "write `title`"),
    ]


def test_every_mistake_of_a_spec_is_reported_in_one_run() -> None:
    text = HEAD + "teams:\n  a: {slak: '#x'}\n  b: {slack: 1}\nslos:\n  c: {}\nalerts:\n  D: {severity: bad}\nnope: 1\n"
    assert [item.code for item in problems(text)] == ["MON1102", "MON1103", "MON1101", "MON1104", "MON1102"]


@pytest.mark.parametrize("version", ["2", "'1'", "true", "1.0", "[]"])
def test_only_version_1_of_the_language_is_known(version: str) -> None:
    assert [item.code for item in problems(f"version: {version}\nproject: shop\n")] == ["MON1111"]


def test_defaults_are_laid_under_every_object_and_keep_their_place() -> None:
    report = Report()
    root = load_text(
        HEAD
        + "defaults:\n  teams: {sentry: all}\nteams:\n  a: {sentry: own}\n  b: {description: B}\n  c: {sentry: null}\n",
        "s.yaml",
        report,
    )
    assert root is not None
    merged = resolve_overlays(root, None, report)
    assert merged is not None
    spec = validate(merged, report)
    assert spec is not None
    assert {name: (team.sentry, team.description) for name, team in spec.teams.items()} == {
        "a": ("own", None),
        "b": ("all", "B"),
        "c": (None, None),
    }
    teams = merged.get("teams")
    assert str(teams.get("b").get("sentry").span) == "s.yaml:4:19"  # type: ignore[union-attr]
    assert list(report) == []


def test_an_environment_deletes_what_an_object_has_by_default() -> None:
    report = Report()
    text = (
        HEAD
        + "defaults:\n  teams: {sentry: all, jira: {project: A, issue_type: Bug}}\n"
        + "teams:\n  a: {description: A}\n  b: {description: B}\n"
        + "environments:\n  test: {teams: {a: {sentry: null, jira: {issue_type: null}, slack: null}}}\n"
    )
    root = load_text(text, "s.yaml", report)
    assert root is not None
    merged = resolve_overlays(root, "test", report)
    assert merged is not None
    assert to_plain(merged)["teams"] == {
        "a": {"description": "A", "jira": {"project": "A"}},
        "b": {"description": "B", "sentry": "all", "jira": {"project": "A", "issue_type": "Bug"}},
    }
    assert [(item.code, item.headline) for item in report] == [("MON1115", "there is no `teams.a.slack` to delete")]


def test_an_environment_is_laid_over_the_spec() -> None:
    report = Report()
    text = (
        HEAD
        + "teams:\n  a: {sentry: x, email: [a@b.c]}\n  b: {}\nenvironments:\n  prod:\n    teams:\n      a: {sentry: y}\n      b: null\n"
    )
    root = load_text(text, "s.yaml", report)
    assert root is not None
    assert environments(root) == ("prod",)
    merged = resolve_overlays(root, "prod", report)
    assert merged is not None
    spec = validate(merged, report)
    assert spec is not None
    assert {name: (team.sentry, team.email) for name, team in spec.teams.items()} == {"a": ("y", ["a@b.c"])}
    assert list(report) == []


def test_defaults_are_laid_under_short_forms_too() -> None:
    report = Report()
    root = load_text(
        HEAD + "defaults:\n  escalation: {repeat: 2h}\nescalation:\n  page: [{notify: a}]\n", "s.yaml", report
    )
    assert root is not None
    merged = resolve_overlays(root, None, report)
    assert merged is not None
    spec = validate(merged, report)
    assert spec is not None
    assert (str(spec.escalation["page"].repeat), len(spec.escalation["page"].levels)) == ("2h", 1)
    assert list(report) == []


def test_an_environment_deletes_only_what_is_there() -> None:
    report = Report()
    text = (
        HEAD
        + "alerts:\n  High: {severity: info}\nenvironments:\n  prod:\n    alerts: {Hihg: null, High: {for: null}}\n"
    )
    root = load_text(text, "s.yaml", report)
    assert root is not None
    resolve_overlays(root, "prod", report)
    assert [(item.code, str(item.span), item.headline, item.help) for item in report] == [
        ("MON1115", "s.yaml:7:14", "there is no `alerts.Hihg` to delete", "did you mean `High`?"),
        ("MON1115", "s.yaml:7:33", "there is no `alerts.High.for` to delete", ""),
    ]


def test_an_environment_deletes_nothing_of_a_section_that_is_not_there() -> None:
    report = Report()
    text = HEAD + "environments:\n  prod:\n    alerts: {High: null, Low: {for: null}}\n"
    root = load_text(text, "s.yaml", report)
    assert root is not None
    assert resolve_overlays(root, "prod", report) is not None
    assert [(item.code, str(item.span), item.headline) for item in report] == [
        ("MON1115", "s.yaml:5:14", "there is no `alerts.High` to delete"),
        ("MON1115", "s.yaml:5:32", "there is no `alerts.Low.for` to delete"),
    ]


@pytest.mark.parametrize("name", ["default", "../up", "a b"])
def test_an_environment_has_a_name_of_its_own(name: str) -> None:
    assert [item.code for item in problems(f"{HEAD}environments:\n  '{name}': {{}}\n")] == ["MON1106"]


def test_keys_that_may_mean_the_same_are_not_put_right_by_themselves() -> None:
    found = problems(HEAD + "runbooks:\n  a: {titl: x, tittle: y}\n  b: {titel: x, title: y}\n")
    assert [(item.code, item.fix) for item in found] == [("MON1102", None)] * 3


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("external_url: x", [("5:16", "`targets.prometheus` has no key `external_url`", "", False)]),
        (
            "external_labls: {a: 1}",
            [
                ("5:16", "`targets.prometheus` has no key `external_labls`", "did you mean `external_labels`?", True),
                ("5:36", "`targets.prometheus.external_labls.a` should be text, this is the number 1", "", True),
            ],
        ),
        (
            "retention: 4x, retentoin: 5d",
            [
                ("5:27", "`4x` is not a duration", "", False),
                ("5:31", "`targets.prometheus` has no key `retentoin`", "did you mean `retention`?", False),
            ],
        ),
    ],
)
def test_what_a_slip_holds_tells_what_it_is_a_slip_for(target: str, expected: list[tuple[str, str, str, bool]]) -> None:
    found = problems(f"{HEAD}targets:\n  alertmanager: {{}}\n  prometheus: {{{target}}}\n")
    assert [
        (f"{item.span.line}:{item.span.column}" if item.span else "", item.headline, item.help, item.fix is not None)
        for item in found
    ] == expected


def test_an_unknown_environment_is_an_error_that_names_the_known_ones() -> None:
    report = Report()
    root = load_text(HEAD + "environments: {production: {}}\n", "s.yaml", report)
    assert root is not None
    assert resolve_overlays(root, "prodution", report) is None
    (problem,) = report
    assert (problem.code, problem.headline, problem.notes, problem.help) == (
        "MON1114",
        "there is no environment `prodution`",
        ("the spec has: production",),
        "did you mean `production`?",
    )


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("defaults: {allerts: {}}\n", "`defaults` has no section `allerts`"),
        ("defaults: {alerts: {sevrity: critical}}\n", "`defaults.alerts` has no key `sevrity`"),
        ("defaults: {alerts: 5}\n", "`defaults.alerts` should be a map of fields"),
        ("defaults: 5\n", "`defaults` should be a map of sections"),
        ("environments: 5\n", "`environments` should be a map of names"),
    ],
)
def test_overlay_sections_are_checked_even_when_nothing_uses_them(text: str, headline: str) -> None:
    assert [item.headline for item in problems(HEAD + text)] == [headline]
