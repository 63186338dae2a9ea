"""Both stacks, end to end: see ``tests/real/stacks`` for what runs, what is played, and what is altered."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.real.escalation import until
from tests.real.servers import asked
from tests.real.stacks.faults import NOT_PROVOKED, faults
from tests.real.stacks.play import Play, watching
from tests.real.stacks.world import RELEASE, World, world
from tests.real.tools import tools

pytestmark = [pytest.mark.waits, pytest.mark.timeout(900)]
"""A hundred seconds on a machine that has nothing else to do."""
QUIET_SECONDS = 30


def test_every_alert_of_jac_and_toolboxai_fires_is_told_and_clears(tmp_path: Path) -> None:
    with world(tools(RELEASE), tmp_path) as stacks:
        built = [stack.built for stack in stacks.stacks.values()]
        alerts = {(each.platform, each.name, each.severity): each for one in built for each in one.alerts}
        log_alerts = {(each.platform, each.name, each.severity) for one in built for each in one.log_alerts}
        assert len(alerts) == sum(len(one.alerts) for one in built), "one rule of a name and a severity"
        told_alike = Counter((each.platform, each.name, each.receiver) for each in alerts.values())
        assert [key for key, count in told_alike.items() if count > 1] == [], "who is told can tell severities apart"
        played = faults(stacks.watched)
        provoked = {key for fault in played for key in fault.provokes}
        assert sorted({*alerts} - provoked - {*NOT_PROVOKED}) == [], (
            "stacks/faults.py knows no fault that provokes them"
        )
        assert sorted(provoked - {*alerts}) == [], "stacks/faults.py names alerts that are not built"
        assert {*NOT_PROVOKED} == log_alerts, "what is not provoked is exactly what Loki would evaluate"
        with watching(stacks) as watch:
            assert until(lambda: not _down(stacks), QUIET_SECONDS), _down(stacks)
            watch.look()
            # A Prometheus that has just started finds its targets after 5 s: until then some are missing, and told of.
            assert until(lambda: not watch.firing and _told_over(stacks), QUIET_SECONDS), (
                f"all is well at first, but for {sorted(watch.firing)}"
            )
            play = Play(watch, alerts)
            play.play(played)
            assert "\n".join(play.failed) == ""
            assert until(lambda: not watch.firing, QUIET_SECONDS), f"still firing: {sorted(watch.firing)}"
        assert [people.unread for people in (stack.people for stack in stacks.stacks.values())] == [[], []]
        assert {name: _unhealthy(stacks, name) for name in stacks.stacks} == {name: [] for name in stacks.stacks}


def _told_over(stacks: World) -> bool:
    """Whether the last that everybody was told of each alert is that it is over."""
    told = [each for stack in stacks.stacks.values() for each in stack.people.told]
    return not any({(each.by, each.receiver, each.alert): each.is_firing for each in told}.values())


def _down(stacks: World) -> list[str]:
    """The targets that are not up, of servers that have looked at all of theirs."""
    down = []
    for name, stack in stacks.stacks.items():
        targets = asked(f"http://127.0.0.1:{stack.servers.prometheus_port}", "targets")["activeTargets"]
        down += [f"{name}: {each['scrapeUrl']}: {each['lastError']}" for each in targets if each["health"] != "up"]
        down += [] if targets else [f"{name}: no targets"]
    return down


def _unhealthy(stacks: World, name: str) -> list[str]:
    """The rules that could not be evaluated at last."""
    groups = asked(f"http://127.0.0.1:{stacks.stacks[name].servers.prometheus_port}", "rules")["groups"]
    return [
        f"{rule['name']}: {rule['lastError']}" for group in groups for rule in group["rules"] if rule["health"] != "ok"
    ]
