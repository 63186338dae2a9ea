"""What must not be kept: groups and rules of Sensitive Data Scanner, judged by the client's own models, and pushed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from skillforge_mon.backends.datadog.scanner import in_configuration, scanner_body
from skillforge_mon.documents.document import Document, Grade, Reference, Resource
from tests.backends.datadog.logs.specs import compiled
from tests.backends.datadog.pushing import Place, placed
from tests.fakes.datadog_models import CHANGED, CREATED, understood

SPEC = """\
logs:
  web:
    service: web
    mask:
      - {name: card, matches: '\\b(\\d{4}[ -]?){4}\\b', by: "[card]"}
      - {name: mail, matches: '[\\w.]+@[\\w.]+'}
"""
GROUP = "logs/scanner/web.json"


def test_a_stream_is_a_group_and_each_mask_a_rule_in_it() -> None:
    documents = compiled(SPEC)
    assert {path: each.content for path, each in documents.items() if "/scanner/" in path} == {
        GROUP: {
            "data": {
                "type": "sensitive_data_scanner_group",
                "attributes": {
                    "name": "[shop] web",
                    "description": "What must not be kept of lines of web",
                    "filter": {"query": "service:web"},
                    "is_enabled": True,
                    "product_list": ["logs"],
                },
            }
        },
        "logs/scanner/web-card.json": rule("card", r"\b(?:\d{4}[ -]?){4}\b", "[card]"),
        "logs/scanner/web-mail.json": rule("mail", r"[\w.]+@[\w.]+", "***"),
    }
    assert [documents[path].resource for path in (GROUP, "logs/scanner/web-card.json")] == [
        Resource("datadog", "scanner_group", "logs.web"),
        Resource("datadog", "scanner_rule", "logs.web.mask.card", (Reference("scanner_group", "logs.web"),)),
    ]
    (verdict,) = documents["logs/pipelines/web.json"].verdicts
    assert verdict.grade is Grade.EXACT


def rule(name: str, pattern: str, by: str) -> dict[str, Any]:
    """The rule of a mask of ``web``."""
    group = {"type": "sensitive_data_scanner_group", "id": {"$ref": {"kind": "scanner_group", "key": "logs.web"}}}
    return {
        "data": {
            "type": "sensitive_data_scanner_rule",
            "attributes": {
                "name": f"web: {name}",
                "description": f"`{name}` in lines of web",
                "pattern": pattern,
                "is_enabled": True,
                "text_replacement": {"type": "replacement_string", "replacement_string": by},
            },
            "relationships": {"group": {"data": group}},
        }
    }


def test_what_is_sent_is_what_the_client_understands() -> None:
    found: Any = compiled(SPEC)
    attributes = found[GROUP].content["data"]["attributes"]
    made = in_configuration(scanner_body("scanner_group", attributes, None), "c1")
    assert understood(json.loads(json.dumps(made)), CREATED["scanner_group"], "group") == []
    fields = {**found["logs/scanner/web-card.json"].content["data"]["attributes"], "group": "g1"}
    made = scanner_body("scanner_rule", fields, None)
    assert understood(json.loads(json.dumps(made)), CREATED["scanner_rule"], "rule") == []
    assert understood({**made, "data": {**made["data"], "id": "r1"}}, CHANGED["scanner_rule"], "rule") == []


def test_two_masks_of_one_name_are_two_rules() -> None:
    twice = SPEC.replace("name: mail", "name: card")
    assert [path for path in compiled(twice) if "/scanner/web-" in path] == [
        "logs/scanner/web-card.json",
        "logs/scanner/web-card-2.json",
    ]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a)(?P<b>c)", "(?:a)(?:c)"),
        ("^a$|(?m)^b$", r"\Aa\z|(?m)^b$"),
        (r"[[:alpha:]]\p{Greek}\Q(a)\E", r"[[:alpha:]]\p{Greek}\(a\)"),
    ],
)
def test_a_pattern_is_that_of_the_scanner(pattern: str, text: str) -> None:
    spec = f"logs: {{web: {{service: web, mask: [{{name: a, matches: '{pattern}'}}]}}}}\n"
    body: Any = compiled(spec)["logs/scanner/web-a.json"].content
    assert body["data"]["attributes"]["pattern"] == text


def test_a_pattern_without_a_counterpart_stops_the_stream() -> None:
    documents = compiled("logs: {web: {service: web, mask: [{name: a, matches: '(?U)a+'}]}}\n")
    assert list(documents) == ["untranslatable/logs-web.txt"]
    (verdict,) = documents["untranslatable/logs-web.txt"].verdicts
    assert (verdict.grade, verdict.reason, verdict.instead) == (
        Grade.UNTRANSLATABLE,
        "`mask: a`: the flag `U` of `(?U)a+` has no counterpart",
        "write the expression without it",
    )


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with placed(tmp_path) as found:
        yield found


def documents(text: str) -> list[Document]:
    return list(compiled(text, "production").values())


def test_pushed_means_nothing_left_to_do(place: Place) -> None:
    outcome = place.push(documents(SPEC))
    assert {event.what for event in outcome.events} == {"done"}
    assert place.plan(documents(SPEC)).work == ()
    ((group, _),) = place.server.objects["scanner_group"].items()
    rules = place.server.objects["scanner_rule"].values()
    assert [each["relationships"]["group"]["data"]["id"] for each in rules] == [group, group]
    assert all("managed by monmc shop/production/logs.web" in each["attributes"]["description"] for each in rules)


def test_a_change_is_made_in_place_and_one_by_hand_is_taken_back(place: Place) -> None:
    place.push(documents(SPEC))
    before = list(place.server.objects["scanner_rule"])
    place.push(documents(SPEC.replace("[card]", "(card)")))
    by_hand = place.server.objects["scanner_rule"][before[0]]["attributes"]
    assert by_hand["text_replacement"]["replacement_string"] == "(card)"
    by_hand["is_enabled"] = False
    place.push(documents(SPEC))
    assert list(place.server.objects["scanner_rule"]) == before
    assert by_hand["is_enabled"] is True


def test_what_is_gone_is_deleted_and_what_others_made_stays(place: Place) -> None:
    theirs = {"id": "theirs", "type": "sensitive_data_scanner_group", "attributes": {"name": "theirs"}}
    place.server.objects["scanner_group"]["theirs"] = theirs
    place.push(documents(SPEC))
    place.push(documents(re.sub(r"      - {name: mail.*\n", "", SPEC)))
    assert [each["attributes"]["name"] for each in place.server.objects["scanner_rule"].values()] == ["web: card"]
    outcome = place.push(documents("logs: {web: {service: web}}\n"))
    assert {event.what for event in outcome.events} == {"done"}
    assert place.server.objects["scanner_rule"] == {}
    assert place.server.objects["scanner_group"] == {"theirs": theirs}
