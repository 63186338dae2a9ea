"""What a review asks of a service, and what the spec answers."""

from __future__ import annotations

import json

import pytest

from skillforge_mon.explaining.readiness import (
    QUESTIONS,
    Answer,
    ProjectReview,
    Review,
    State,
    kept,
    reviews,
    score_of,
)
from skillforge_mon.explaining.readiness_text import review_badge, review_json, review_markdown, review_text
from skillforge_mon.spec.models.services import Service
from tests.projects import project

READY = """\
version: 1
project: shop
targets: {prometheus: {}, alertmanager: {}, grafana: {}, loki: {}, tempo: {}, sentry: {organization: shop}}
retention: {logs: 30d, traces: 14d}
traces: {sampling: {services: {web: 12.5%}}}
metrics:
  requests_total: {type: counter, labels: {code: bounded}}
  request_duration_seconds: {type: histogram, buckets: [0.1, 1]}
teams: {shop: {webhook: "http://hooks:8080/"}}
escalation: {page: [{notify: shop}]}
runbooks: {busy: {resolve: Add a worker.}}
services:
  web:
    team: shop
    escalation: page
    runbook: busy
    scrape: ["web:80", "web:81"]
    health: {url: "http://web", live: /live}
    errors: {sentry_project: web}
slos:
  availability: {service: web, objective: 99.9%, bad: 'requests_total{code="500"}', total: requests_total}
logs:
  web: {service: web}
baselines:
  latency: {service: web, metric: request_duration_seconds}
dashboards:
  home: {rows: [{title: Web, panels: [{title: Requests, query: 'rate(requests_total{job="web"}[5m])'}]}]}
"""


def review(text: str) -> Review:
    return reviews(project(text))[0]


def test_what_lacks_nothing_has_everything_named() -> None:
    found = review(READY)
    assert {name: answer.detail for name, answer in found.answers.items()} == {
        "owner": "shop",
        "metrics": "2 targets scraped",
        "health": "health endpoints",
        "slo": "1 SLO",
        "alerts": "1 alert, each with a runbook",
        "escalation": "by page",
        "dashboards": "on home",
        "logs": "1 stream, kept for 30d",
        "traces": "12.5 % in tempo, kept for 14d",
        "errors": "Sentry's web",
        "baselines": "latency",
    }
    assert (found.met, found.asked, found.score) == (11, 11, 100)


MISSING = {
    "owner": ("    team: shop\n", "", "it belongs to nobody", "add `team:` to `services.web`"),
    "health": (
        '    health: {url: "http://web", live: /live}\n',
        "",
        "no health check",
        "add `health:` to `services.web`, or a probe of it",
    ),
    "slo": ("{service: web, objective", "{objective", "nothing is promised", "declare an SLO with `service: web`"),
    "alerts": (
        "    runbook: busy\n",
        "",
        "no runbook for availability",
        "add `runbook:`, there or to `services.web`",
    ),
    "escalation": (
        "    escalation: page\n",
        "",
        "availability reaches nobody by a policy",
        "add `escalation:` to `services.web`",
    ),
    "dashboards": (
        '{job="web"}',
        "",
        "it is on no dashboard",
        "add a row `{use: red, service: web}` to a dashboard",
    ),
    "logs": (
        "{logs: 30d, traces: 14d}",
        "{traces: 14d}",
        "nobody says how long web is kept",
        "add `retention: {logs: 30d}`",
    ),
    "traces": (
        "logs: 30d, traces: 14d",
        "logs: 30d",
        "nobody says how long tempo keeps traces",
        "add `retention: {traces: 14d}`",
    ),
    "errors": (
        "    errors: {sentry_project: web}\n",
        "",
        "its errors are tracked nowhere",
        "add `errors:` to `services.web`",
    ),
    "baselines": (
        "latency: {service: web, ",
        "latency: {",
        "nobody knows what is usual",
        "declare a baseline with `service: web`",
    ),
}


@pytest.mark.parametrize("question", MISSING)
def test_what_is_missing_is_named_with_what_to_write(question: str) -> None:
    old, new, detail, helping = MISSING[question]
    assert old in READY
    assert review(READY.replace(old, new)).answers[question] == Answer(State.MISSING, detail, helping)


def test_without_anything_that_reads_it_nothing_is_measured() -> None:
    found = reviews(project("version: 1\nproject: shop\ntargets: {prometheus: {}}\nservices: {web: {}}\n"))[0]
    assert found.answers["metrics"].detail == "nothing is measured"
    assert (found.met, found.score) == (0, 0)


TRACED = {
    "no section": ("traces: {sampling: {services: {web: 12.5%}}}\n", "", "add a section `traces`"),
    "another service": (
        "traces: {sampling: {services: {web: 12.5%}}}",
        "traces: {services: []}",
        "add `web` to `services` of `traces`",
    ),
}


@pytest.mark.parametrize("change", TRACED)
def test_a_service_that_sends_no_traces_cannot_be_followed(change: str) -> None:
    old, new, helping = TRACED[change]
    answer = Answer(State.MISSING, "its requests cannot be followed", helping)
    assert review(READY.replace(old, new)).answers["traces"] == answer


def test_how_long_datadog_keeps_traces_is_not_asked() -> None:
    text = READY.replace(" tempo: {},", " datadog: {},").replace(", traces: 14d", "")
    assert review(text).answers["traces"] == Answer(State.MET, "12.5 % in datadog")


def test_what_does_not_fit_is_not_counted_and_says_why() -> None:
    text = READY.replace("    errors: {sentry_project: web}\n", "    exempt: {errors: It is not ours}\n")
    found = review(text)
    assert found.answers["errors"] == Answer(State.EXEMPT, "It is not ours")
    assert (found.met, found.asked, found.score) == (10, 10, 100)


def test_a_spec_can_exempt_from_every_question_and_no_other() -> None:
    names = Service.model_json_schema()["properties"]["exempt"]["propertyNames"]["enum"]
    assert names == [question.name for question in QUESTIONS]


def test_the_whole_counts_every_question_once_and_the_copy_of_the_spec() -> None:
    found = ProjectReview("shop", reviews(project(READY)), kept(tracked=False))
    assert found.score == 91  # eleven of twelve, rounded down
    assert score_of([found, ProjectReview("shop", reviews(project(READY)), kept(tracked=True))]) == 95


def test_a_review_reads_as_a_table_and_a_list_of_what_is_missing() -> None:
    services = reviews(project(READY.replace("    errors: {sentry_project: web}\n", "")))
    assert review_text(ProjectReview("shop", services, kept(tracked=True))) == (
        "shop: 91 %; the spec is under version control\n"
        "\n"
        "service  owner  metrics  health  slo  alerts  escalation  dashboards  logs  traces  errors  baselines  score\n"
        "web      yes    yes      yes     yes  yes     yes         yes         yes   yes     NO      yes        90 %\n"
        "\n"
        "web\n"
        "  errors: its errors are tracked nowhere: add `errors:` to `services.web`\n"
    )


def test_markdown_and_json_say_the_same() -> None:
    found = ProjectReview("shop", reviews(project(READY)), kept(tracked=True))
    assert review_markdown(found) == (
        "**shop: 100 %** ready for production; the spec is under version control\n"
        "\n"
        "| service | owner | metrics | health | slo | alerts | escalation | dashboards | logs | traces | errors | baselines | score |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| web | yes | yes | yes | yes | yes | yes | yes | yes | yes | yes | yes | 100 % |\n"
    )
    data = json.loads(review_json(found))
    assert (data["score"], data["services"]["web"]["score"]) == (100, 100)
    assert data["services"]["web"]["answers"]["owner"] == {"state": "met", "detail": "shop", "help": ""}


@pytest.mark.parametrize(("missing", "colour"), [(0, "#2e7d32"), (2, "#f9a825"), (9, "#c62828")])
def test_a_badge_has_the_score_and_its_colour(missing: int, colour: str) -> None:
    answers = {
        question.name: Answer(State.MISSING if index < missing else State.MET, "")
        for index, question in enumerate(QUESTIONS)
    }
    text = review_badge([ProjectReview("shop", (Review("web", answers),), kept(tracked=True))])
    assert f">{100 * (12 - missing) // 12} %</text>" in text
    assert colour in text
