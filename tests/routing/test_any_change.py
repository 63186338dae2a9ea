"""What holds for the change from any spec to any other."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from skillforge_mon.backends.alertmanager import emit as alertmanager
from skillforge_mon.backends.prometheus import emit as prometheus
from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.routing.call_changes import CallDifference, Sign, call_difference
from skillforge_mon.routing.call_changes_text import changes_data, changes_markdown, changes_text
from skillforge_mon.routing.inspection import Inspection, inspect
from tests.backends.alertmanager.specs import specs, text
from tests.projects import project


def _compiled(spec: dict[str, Any]) -> Inspection:
    """The project, also where the checks would complain of it."""
    found = project(text(spec))
    report = Report()
    lowering = Lowering(found, report)
    documents = [*prometheus.emit(found, lowering, report), *alertmanager.emit(found, lowering, report)]
    inspection = inspect(found, documents)
    assert inspection is not None
    return inspection


@settings(max_examples=12, deadline=None)
@given(specs(), specs())
def test_there_and_back_again(one: dict[str, Any], other: dict[str, Any]) -> None:
    before, after = _compiled(one), _compiled(other)
    assert call_difference(before, before, {}).changes == ()
    there, back = call_difference(before, after, {}), call_difference(after, before, {})
    assert there.people == back.people
    assert there.compared == back.compared
    for sign, words in ((Sign.MORE, MORE), (Sign.LESS, LESS)):
        mirrored = (Sign.LESS, LESS) if sign is Sign.MORE else (Sign.MORE, MORE)
        for more, less in zip(words, mirrored[1], strict=True):
            assert _who(there, sign, more) == _who(back, mirrored[0], less)
    for render in (changes_text, changes_markdown):
        assert render(there, "main").count("\n") >= len(there.people)
    json.dumps(changes_data(there, "main"))


MORE = (("now called", "new: called"), ("called again",), ("now called during",))
LESS = (("no longer called",), ("no longer called again",), ("no longer called during",))


def _who(found: CallDifference, sign: Sign, words: tuple[str, ...]) -> set[tuple[str, str, str]]:
    """Person, alert and severity of the changes that are ``words``, or begin with them where they name hours."""
    return {
        (change.person, about.name, about.severity)
        for change in found.changes
        for about in change.about
        if change.sign is sign
        and (change.words in words or any(each.endswith("during") and change.words.startswith(each) for each in words))
    }
