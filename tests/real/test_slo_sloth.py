"""With `compat: sloth`, dashboards that were made for Sloth find the series that they ask for, with the right values."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.backends.prometheus.emitting import emitted
from tests.real.slo_promtool import RULES, SPEC, filled, run, series, value
from tests.real.tools import Generation

SLOTH = SPEC[: SPEC.index("  success:")].replace("evaluation_interval:", "compat: sloth, evaluation_interval:")
WHO = 'sloth_id="web-availability", sloth_service="web", sloth_slo="availability"'
ASKED = {
    'slo:sli_error:ratio_rate5m{sloth_service="web"}': ('sloth_window="5m"', 0.01),
    'slo:sli_error:ratio_rate3d{sloth_service="web"}': ('sloth_window="3d"', 0.01),
    'slo:sli_error:ratio_rate30d{sloth_service="web"}': ('sloth_window="30d"', 0.01),
    'slo:objective:ratio{sloth_id="web-availability"}': ("", 0.999),
    'slo:error_budget:ratio{sloth_id="web-availability"}': ("", 0.001),
    'slo:time_period:days{sloth_id="web-availability"}': ("", 30),
    'slo:current_burn_rate:ratio{sloth_id="web-availability"}': ('sloth_window="5m"', 10),
    'slo:period_burn_rate:ratio{sloth_id="web-availability"}': ('sloth_window="30d"', 10),
    'slo:period_error_budget_remaining:ratio{sloth_id="web-availability"}': ('sloth_window="30d"', -9),
}
"""What Sloth's own dashboards ask -> the labels besides the SLO's, and the value, when 1 % of the requests fail."""


def test_its_series_have_the_values_of_ours(generation: Generation, tmp_path: Path) -> None:
    expected = [
        value(f"round({query}, 0.001)", 120, {f"{{{WHO}{', ' if labels else ''}{labels}}}": number})
        for query, (labels, number) in ASKED.items()
    ]
    info = 'sloth_slo_info{sloth_mode="monmc", sloth_objective="99.9", sloth_spec="monmc/v1", sloth_version="monmc"'
    expected.append(value("sloth_slo_info", 120, {f"{info}, {WHO}}}": 1}))
    burning = 'count by (sloth_severity, sloth_slo) (ALERTS{alertstate="firing", level="1"})'
    pages = {f'{{sloth_severity="{severity}", sloth_slo="availability"}}': 1.0 for severity in ("page", "ticket")}
    expected.append(value(burning, 119, pages))
    run(generation, tmp_path, series(c200="0+990x120", c500="0+10x120"), *expected, spec=SLOTH)


@pytest.mark.parametrize("window", ["7d", "28d", "month", "quarter"])
def test_its_windows_are_there_for_every_window_of_an_slo(generation: Generation, tmp_path: Path, window: str) -> None:
    period = {"month": "30d", "quarter": "90d"}.get(window, window)
    windows = dict.fromkeys(["5m", "30m", "1h", "2h", "6h", "1d", "3d", period])
    spec = SLOTH.replace("objective:", f"window: {window}\n    objective:")
    expected = [
        value(f"round(slo:sli_error:ratio_rate{each}, 0.001)", 120, {f'{{{WHO}, sloth_window="{each}"}}': 0.01})
        for each in windows
    ]
    run(generation, tmp_path, series(c200="0+990x120", c500="0+10x120"), *expected, spec=spec)


def test_no_series_of_ours_changes_by_it() -> None:
    """The rules are the same and some more, and those carry no label `slo`, by which ours are found."""
    plain = emitted(filled(SLOTH.replace("compat: sloth, ", ""))).data(RULES)["groups"]
    groups = emitted(filled(SLOTH)).data(RULES)["groups"]
    ours = [group for group in groups if not group["name"].endswith(" sloth")]
    for group in ours:
        for rule in group["rules"]:
            rule["labels"] = {name: text for name, text in rule["labels"].items() if not name.startswith("sloth_")}
    assert ours == plain
    [theirs] = [group for group in groups if group["name"].endswith(" sloth")]
    assert not any({"slo", "service"} & {*rule["labels"]} for rule in theirs["rules"])
    assert not any("[" in rule["expr"] for rule in theirs["rules"])
