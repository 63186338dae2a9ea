"""Two specs, and what has changed between them in the words that people would use."""

from __future__ import annotations

import pytest

from skillforge_mon.diff.change import SPEC, Change, ChangeKind, ChangeSet, FieldChange
from skillforge_mon.diff.render.text import render_text
from tests.diff.shop import SHOP, changed, spec_changes


def told(*pairs: tuple[str, str]) -> str:
    """What is printed about the spec with these replacements, below its title."""
    found = spec_changes(SHOP, changed(*pairs))
    assert (found.project, found.environment, found.against) == ("shop", "default", "before")
    lines = render_text([found]).splitlines()
    assert lines[0] == "Spec  shop/default, against before"
    return "\n".join(lines[1:]) + "\n"


CASES = {
    "a stricter objective": (
        [("objective: 99.9%", "objective: 99.95%")],
        """\
  ~ slo  web-availability  objective 99.9 % -> 99.95 %
           budget 43 m 12 s -> 21 m 36 s per 30 d; page from 0.72 % errors (was 1.44 %)
           ticket from 0.15 % errors (was 0.3 %)
1 to change, 0 to add, 0 to delete
""",
    ),
    "another window": (
        [("window: 30d", "window: 7d")],
        """\
  ~ slo  web-availability  budget 43 m 12 s per 30 d -> 10 m 4 s per 7 d
           window 30d -> 7d
1 to change, 0 to add, 0 to delete
""",
    ),
    "another limit of latency": (
        [("below: 500ms", "below: 100ms")],
        """\
  ~ slo  web-latency  latency.below 500ms -> 100ms
1 to change, 0 to add, 0 to delete
""",
    ),
    "an alert that waits longer": (
        [("for: 10m\n    summary", "for: 15m\n    summary")],
        """\
  ~ alert  Backlog  for 10m -> 15m
1 to change, 0 to add, 0 to delete
""",
    ),
    "other thresholds": (
        [('when: "> 5%"', 'when: "> 6%"'), ('warning: "> 1%"', 'warning: "> 2%"')],
        """\
  ~ alert  HighErrorRate  critical threshold > 5% -> > 6%
             warning threshold > 1% -> > 2%
1 to change, 0 to add, 0 to delete
""",
    ),
    "a severity less": (
        [(', warning: "> 1%"', "")],
        """\
  ~ alert  HighErrorRate  severity warning removed: when > 1%
1 to change, 0 to add, 0 to delete
""",
    ),
    "an alert that follows another policy": (
        [("    escalation: ticket\n    backends: [prometheus]\nmaintenance", "    escalation: page\nmaintenance")],
        """\
  ~ alert  Backlog  now also pages: on-call; now also tells: managers
             follows page (was ticket)
             escalation ticket -> page
             no longer backends prometheus
1 to change, 0 to add, 0 to delete
""",
    ),
    "a policy that tells somebody else": (
        [("notify: [shop, managers]", "notify: [shop]"), ("timeout: 10m", "timeout: 15m")],
        """\
  ~ escalation  page  no longer: managers
                  level 1 lasts 15 m (was 10 m)
                  level 2 no longer managers
                  followed by HighErrorRate, web-availability
1 to change, 0 to add, 0 to delete
""",
    ),
    "another level": (
        [
            (
                "      - {notify: [shop, managers]}\n",
                "      - {notify: [shop, managers], timeout: 20m}\n      - {notify: [on-call]}\n",
            )
        ],
        """\
  ~ escalation  page  level 2 lasts 20 m (was no end)
                  level 3 added: on-call after 30 m
                  followed by HighErrorRate, web-availability
1 to change, 0 to add, 0 to delete
""",
    ),
    "working hours of a level": (
        [
            (
                "notify: [shop, managers]}",
                'notify: [shop], hours: {from: "09:00", to: "18:00", timezone: Europe/Paris}, otherwise: managers}',
            )
        ],
        """\
  ~ escalation  page  2 fields differ
                  level 2 tells shop during Monday to Friday 09:00 - 18:00 Europe/Paris; managers outside \
Monday to Friday 09:00 - 18:00 Europe/Paris (was always)
                  followed by HighErrorRate, web-availability
1 to change, 0 to add, 0 to delete
""",
    ),
    "another channel": (
        [('managers: {webhook: ["http://hooks:8080/managers"]}', 'managers: {slack: "#managers"}')],
        """\
  ~ team  managers  now slack #managers
            no longer webhook http://hooks:8080/managers
1 to change, 0 to add, 0 to delete
""",
    ),
    "a panel that moves, and one that is new": (
        [
            ("          - {title: Jobs, query: sum(jobs_waiting), width: 12, unit: jobs}\n", ""),
            (
                "max(jobs_waiting), decimals: 1}\n",
                """\
max(jobs_waiting), decimals: 1}
          - {title: Jobs, query: sum(jobs_waiting), width: 6, unit: jobs}
          - {title: Lowest, query: min(jobs_waiting)}
""",
            ),
        ],
        """\
  ~ dashboard  overview  panel "Oldest" moved
                 panel "Jobs": width 12 -> 6
                 panel "Lowest" added to row "Work"
1 to change, 0 to add, 0 to delete
""",
    ),
    "a row less": (
        [("      - {use: red, service: web}\n", "")],
        """\
  ~ dashboard  overview  row "rate, errors and duration of web" removed
1 to change, 0 to add, 0 to delete
""",
    ),
    "a row with another title": (
        [("title: Work", "title: Queues")],
        """\
  ~ dashboard  overview  row "Queues" added
                 row "Work" removed
1 to change, 0 to add, 0 to delete
""",
    ),
    "a rename": (
        [("  Backlog:\n    service", "  QueueTooLong:\n    was: Backlog\n    service")],
        """\
  > alert  QueueTooLong  was Backlog
0 to change, 0 to add, 0 to delete, 1 to rename
""",
    ),
    "a new name without `was`": (
        [("  Backlog:\n", "  QueueTooLong:\n")],
        """\
  + alert  QueueTooLong  warning for 10m
  - alert  Backlog
0 to change, 1 to add, 1 to delete
""",
    ),
    "a metric more": (
        [("recordings:", "  users: {type: gauge, labels: {plan: bounded}}\nrecordings:")],
        """\
  + metric  users  gauge by plan
0 to change, 1 to add, 0 to delete
""",
    ),
    "a label of a metric": (
        [("{queue: bounded}", "{queue: [mail, images]}")],
        """\
  ~ metric  jobs_waiting  labels.queue bounded -> mail, images
1 to change, 0 to add, 0 to delete
""",
    ),
    "a system more": (
        [("  datadog: {site: datadoghq.eu}\n", "  datadog: {site: datadoghq.com}\n  sentry: {organization: shop}\n")],
        """\
  ~ target  datadog  site datadoghq.eu -> datadoghq.com
  + target  sentry
1 to change, 1 to add, 0 to delete
""",
    ),
    "steps of a runbook": (
        [("resolve: [Roll back., Tell people.]", "resolve: [Roll back., Call somebody.]")],
        """\
  ~ runbook  errors  resolve now also Call somebody.; no longer Tell people.
1 to change, 0 to add, 0 to delete
""",
    ),
    "long steps of a runbook": (
        [
            (
                "resolve: [Roll back., Tell people.]",
                "resolve: [Roll back., 'Tell people: those who are on call, and those who wait for an answer of the shop.']",
            )
        ],
        """\
  ~ runbook  errors  resolve: 1 line added, 1 line removed
                   Roll back.
                 - Tell people.
                 + Tell people: those who are on call, and those who wait for an answer of the shop.
1 to change, 0 to add, 0 to delete
""",
    ),
    "a long text": (
        [
            (
                "description: It has done so for {{ for }}.",
                "description: |\n      It has done so for {{ for }}.\n      Look at the dashboard.",
            )
        ],
        """\
  ~ alert  HighErrorRate  description: 1 line added
                 It has done so for {{ for }}.
               + Look at the dashboard.
1 to change, 0 to add, 0 to delete
""",
    ),
    "another query": (
        [("/ sum by (service) (rate(requests_total[5m]))", "/ sum by (service) (rate(requests_total[10m]))")],
        """\
  ~ alert  HighErrorRate  expr: 1 line added, 1 line removed
                 sum by (service) (rate(requests_total{code=~"5.."}[5m]))
               - / sum by (service) (rate(requests_total[5m]))
               + / sum by (service) (rate(requests_total[10m]))
1 to change, 0 to add, 0 to delete
""",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_told_in_the_words_of_the_domain(name: str) -> None:
    pairs, expected = CASES[name]
    assert told(*pairs) == expected


SAME = {
    "a duration in other units": [("window: 30d", "window: 720h")],
    "an objective as a ratio": [("objective: 99.9%", "objective: 0.999")],
    "a default that is written out": [("path: /metrics", "path: /metrics, scheme: http")],
    "a query in another layout": [
        ("expr: sum by (queue) (jobs_waiting) > 100", "expr: sum(jobs_waiting) by (queue)>100.0")
    ],
    "keys in another order": [("{use: red, service: web}", "{service: web, use: red}")],
    "a comment": [("slos:", "# promises\nslos:")],
    "a list of one without its brackets": [
        ('webhook: ["http://hooks:8080/managers"]', 'webhook: "http://hooks:8080/managers"')
    ],
}


@pytest.mark.parametrize("name", SAME)
def test_another_spelling_is_no_change(name: str) -> None:
    assert spec_changes(SHOP, changed(*SAME[name])) == ChangeSet("shop", "default", "before")


def test_the_whole_of_a_change_set() -> None:
    found = spec_changes(SHOP, changed(("objective: 99.9%", "objective: 99.95%"), ("tier: 1", "tier: 2")))
    fields = (
        FieldChange("objective", "99.9 %", "99.95 %"),
        FieldChange(
            "budget",
            "43 m 12 s",
            "21 m 36 s",
            "budget 43 m 12 s -> 21 m 36 s per 30 d; page from 0.72 % errors (was 1.44 %)",
        ),
        FieldChange("ticket", "0.3 %", "0.15 %", "ticket from 0.15 % errors (was 0.3 %)"),
    )
    assert found == ChangeSet(
        "shop",
        "default",
        "before",
        (
            Change(ChangeKind.CHANGE, SPEC, "slo", "web-availability", "objective 99.9 % -> 99.95 %", fields),
            Change(ChangeKind.CHANGE, SPEC, "service", "web", "tier 1 -> 2", (FieldChange("tier", "1", "2"),)),
        ),
    )


def test_probes_are_told_as_they_are_written() -> None:
    before = """\
version: 1
project: shop
targets: {prometheus: {}, blackbox: {}}
probes:
  front: {http: {url: "https://shop.example/", status: 2xx, certificate: 14d}, alerting: false}
"""
    after = before.replace("2xx", "[200, 300-302]").replace("14d", "21d").replace("false}", "false, every: 30s}")
    after += "  backup: {alerting: false, cron: {every: 1d, metric: up}}\n"
    assert render_text([spec_changes(before, after)]).splitlines() == [
        "Spec  shop/default, against before",
        "  ~ probe  front   http.status now also 200, 300-302; no longer 2xx",
        "             http.certificate.warning 14d -> 21d",
        "             now every 30s",
        "  + probe  backup  job, watched by prometheus",
        "1 to change, 1 to add, 0 to delete",
    ]
