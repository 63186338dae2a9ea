"""``monmc health``: what is asked, what is told, and what an error does to the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator

from skillforge_mon.push.health import SystemHealth, examine
from skillforge_mon.push.health_report import health_json, health_text
from skillforge_mon.remote.api import Check
from skillforge_mon.remote.errors import UnauthorisedError, UnavailableError


class System:
    """A system that says ``checks``, and then fails with ``error``."""

    def __init__(self, title: str, *checks: Check, error: Exception | None = None) -> None:
        self.title = title
        self.checks = checks
        self.error = error

    def health(self) -> Iterator[Check]:
        yield from self.checks
        if self.error is not None:
            raise self.error


ANSWERS = Check("answers", ok=True, detail="3.5.0")
DOWN = Check("target backend:8000", ok=False, detail="connection\nrefused", help="start it")
UNASKED = Check("permissions", ok=True, detail="the API does not say", skipped=True)


def test_what_a_system_said_before_an_error_is_kept() -> None:
    found = examine(
        {
            "prometheus": [System("Prometheus", ANSWERS, error=UnavailableError("no answer"))],
            "datadog": [System("Datadog", error=UnauthorisedError("403", 403))],
        }
    )
    assert found == (
        SystemHealth(
            "prometheus",
            "Prometheus",
            (ANSWERS, Check("answers", ok=False, detail="no answer", help="check the address and the network")),
        ),
        SystemHealth(
            "datadog",
            "Datadog",
            (Check("credentials", ok=False, detail="403", help="check the token and its permissions"),),
        ),
    )
    assert [system.ok for system in found] == [False, False]


def test_a_system_that_reads_files_and_has_an_api_is_one_system() -> None:
    found = examine({"alertmanager": [System("Alertmanager", ANSWERS), System("Alertmanager", ANSWERS, UNASKED)]})
    assert found == (SystemHealth("alertmanager", "Alertmanager", (ANSWERS, UNASKED)),)
    assert found[0].ok


def test_people_read_what_is_wrong_and_what_to_do() -> None:
    found = examine({"prometheus": [System("Prometheus", ANSWERS, DOWN, UNASKED)]})
    assert health_text(found, ["cannot reach sentry:\nno token"], colour=False) == (
        "Prometheus\n"
        "  ok    answers              3.5.0\n"
        "  FAIL  target backend:8000  connection refused\n"
        "                             -> start it\n"
        "  -     permissions          the API does not say\n"
        "not asked: cannot reach sentry: no token\n"
        "1 of 2 checks failed\n"
    )
    assert health_text(examine({"x": [System("X", ANSWERS)]}), [], colour=False).endswith("\n1 checks, nothing wrong\n")


def test_programs_read_a_state_for_each_check() -> None:
    found = examine({"prometheus": [System("Prometheus", ANSWERS, DOWN, UNASKED)]})
    document = json.loads(health_json(found, [], failed=False))
    assert document == {
        "format_version": 1,
        "ok": False,
        "problems": [],
        "systems": [
            {
                "backend": "prometheus",
                "title": "Prometheus",
                "ok": False,
                "checks": [
                    {"subject": "answers", "state": "ok", "detail": "3.5.0", "help": ""},
                    {
                        "subject": "target backend:8000",
                        "state": "failed",
                        "detail": "connection\nrefused",
                        "help": "start it",
                    },
                    {"subject": "permissions", "state": "skipped", "detail": "the API does not say", "help": ""},
                ],
            }
        ],
    }
