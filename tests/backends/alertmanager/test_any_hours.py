"""Whatever the hours, policies and windows: at every moment exactly those are told whose hours it is."""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from skillforge_mon.diagnostics.diagnostic import Report
from skillforge_mon.lower.lowering import Lowering
from skillforge_mon.lower.notifications import level_labels
from skillforge_mon.routing.config import read_configuration
from skillforge_mon.routing.evaluate import routes_of
from skillforge_mon.routing.intervals import interval_of
from tests.backends.alertmanager.emitting import text as compiled
from tests.backends.alertmanager.specs import TEAMS, specs, text
from tests.projects import project

NEW_YEAR = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
HOURS = st.fixed_dictionaries(
    {},
    optional={
        "days": st.sampled_from(("weekday", "weekend", ["monday", "sunday"], "day")),
        "from": st.sampled_from(("00:00", "08:30")),
        "to": st.sampled_from(("17:45", "24:00")),
        "timezone": st.sampled_from(("UTC", "Europe/Paris", "America/New_York")),
    },
)


@st.composite
def specs_with_hours(draw: st.DrawFn) -> dict[str, Any]:
    """A spec of which some levels, policies and teams have hours."""
    spec: dict[str, Any] = draw(specs())
    for policy in spec["escalation"].values():
        for stated in (policy, *policy["levels"]):
            if draw(st.booleans()):
                stated["hours"] = draw(HOURS)
                if draw(st.booleans()):
                    stated["otherwise"] = draw(st.sampled_from(TEAMS))
    for team in spec["teams"].values():
        if draw(st.integers(0, 3)) == 0:
            team["hours"] = draw(HOURS)
    return spec


@settings(max_examples=60, deadline=None)
@given(
    spec=specs_with_hours(),
    moments=st.lists(
        st.integers(0, 365 * 24 * 60).map(lambda minute: NEW_YEAR + datetime.timedelta(minutes=minute)),
        min_size=3,
        max_size=6,
    ),
)
def test_at_every_moment_exactly_those_are_told_whose_hours_it_is(
    spec: dict[str, Any], moments: list[datetime.datetime]
) -> None:
    written = text(spec)
    plan = Lowering(project(written), Report()).notifications
    read = read_configuration(compiled(written), "alertmanager.yml", Report())
    assert read is not None
    for notice in plan.notices:
        for level in plan.levels(notice.policy) or (None,):
            labels = dict(notice.labels)
            if notice.policy is not None and level is not None:
                labels |= level_labels(notice.policy, level)
            first = next((route for route in plan.routes if route.labels.items() <= labels.items()), plan.default)
            together = [route for route in plan.everyone if first is not None and route.labels == first.labels]
            for moment in moments:
                sending = {
                    route.receiver
                    for route in routes_of(read.root, labels)
                    if not route.active or any(interval.holds(moment) for interval in route.active)
                }
                expected = {
                    route.name for route in together if route.hours is None or interval_of(route.hours).holds(moment)
                }
                assert sending == (expected if first is not None else {"nobody"})
