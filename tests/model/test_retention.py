"""How long data is kept."""

from __future__ import annotations

from skillforge_mon.model.retention import retention_span, samples_kept
from skillforge_mon.spec.models.retention import LogRetention
from skillforge_mon.spec.quantities import Duration
from tests.projects import project

HEAD = "version: 1\nproject: shop\n"


def test_one_declaration_holds_for_every_system() -> None:
    found = project(f"{HEAD}targets: {{prometheus: {{}}}}\nretention: {{metrics: 30d}}\n")
    kept = samples_kept(found)
    assert kept is not None
    assert (kept.length, str(kept.span)) == (Duration.parse("30d"), str(retention_span(found, "metrics")))
    assert str(kept.span) == "spec.yaml:4:22"


def test_where_it_is_missing_the_target_says_so() -> None:
    kept = samples_kept(project(f"{HEAD}targets: {{prometheus: {{retention: 15d}}}}\n"))
    assert kept is not None
    assert (kept.length, str(kept.span)) == (Duration.parse("15d"), "spec.yaml:3:35")


def test_nothing_is_known_where_nothing_is_said() -> None:
    assert samples_kept(project(f"{HEAD}targets: {{prometheus: {{}}}}\n")) is None


def test_a_bare_duration_is_that_of_every_level() -> None:
    logs = LogRetention.model_validate("14d")
    assert [str(logs.of(level)) for level in ("error", "warning", "info", "debug")] == ["14d"] * 4
    assert str(logs.longest) == "14d"


def test_levels_that_are_not_named_are_kept_as_the_default_says() -> None:
    logs = LogRetention.model_validate({"error": "90d", "debug": "1d", "default": "30d"})
    assert [str(logs.of(level)) for level in ("error", "warning", "info", "debug")] == ["90d", "30d", "30d", "1d"]
    assert str(logs.longest) == "90d"


def test_nothing_is_kept_where_nothing_is_said() -> None:
    assert LogRetention.model_validate({}).longest is None
