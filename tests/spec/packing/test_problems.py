"""What can be wrong with a use of a pack, and where it is said."""

from __future__ import annotations

from pathlib import Path

from skillforge_mon.compiler import compile_project, merged_spec
from skillforge_mon.diagnostics.render import render
from skillforge_mon.diagnostics.summary import Summary
from tests.spec.packing.expanding import PACK, problems


def using(use: str) -> str:
    """A spec whose service says ``use``."""
    return f"{PACK}services:\n  web: {{use: {use}}}\n"


def test_an_unknown_pack() -> None:
    (problem,) = problems(using("[queu]"))
    assert problem == ("MON1240", "23:15", "there is no pack `queu`", "did you mean `queue`?")


def test_an_unknown_parameter() -> None:
    (problem,) = problems(using("[{pack: queue, with: {limits: 3}}]"))
    assert problem == ("MON1241", "23:36", "the pack `queue` has no parameter `limits`", "did you mean `limit`?")


def test_a_missing_parameter() -> None:
    text = using("[queue]").replace("kind: number, default: 100", "kind: number, required: true")
    assert problems(text) == [
        (
            "MON1242",
            "23:15",
            "the pack `queue` needs `limit`: How many may wait",
            "write `{pack: queue, with: {limit: …}}`",
        )
    ]


def test_a_parameter_of_another_kind() -> None:
    (problem,) = problems(using("[{pack: queue, with: {limit: many}}]"))
    assert problem == ("MON1243", "23:43", "`limit` should be a number", "")


def test_a_placeholder_for_no_parameter_is_told_where_it_stands_used_or_not() -> None:
    text = PACK.replace("${pack:limit}", "${pack:limti}")
    assert problems(text) == [
        ("MON1244", "15:34", "the pack `queue` has no parameter `limti`", "did you mean `${pack:limit}`?")
    ]


def test_a_null_that_deletes_nothing() -> None:
    text = using("[queue]") + "alerts: {WebBacklogs: null}\n"
    assert problems(text) == [("MON1246", "24:10", "no pack brings `alerts.WebBacklogs`", "did you mean `WebBacklog`?")]


def test_a_null_whose_pack_an_environment_switches_off_is_no_slip() -> None:
    text = using("[queue]") + "alerts: {WebBacklog: null}\nenvironments: {test: {services: {web: {use: []}}}}\n"
    assert problems(text) == []
    assert problems(text, "test") == []


def test_an_environment_that_deletes_what_no_pack_brings() -> None:
    text = using("[queue]") + "environments: {test: {alerts: {WebBacklogs: null}}}\n"
    assert problems(text, "test") == [
        ("MON1115", "24:32", "there is no `alerts.WebBacklogs` to delete", "did you mean `WebBacklog`?")
    ]


def test_a_pack_that_is_used_twice() -> None:
    (problem,) = problems(using("[queue, {pack: queue, with: {limit: 1}}]"))
    assert problem == ("MON1247", "23:29", "`web` uses the pack `queue` twice", "take one of the two out")


def test_a_section_that_packs_do_not_have() -> None:
    text = PACK.replace("      slos:", "      services:")
    (problem,) = problems(text)
    assert problem[:3] == ("MON1249", "10:7", "the fragment of a pack has no section `services`")


BROKEN = """\
version: 1
project: shop
targets: {prometheus: {}}
teams:
  shop: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: shop}]
services:
  web:
    team: shop
    escalation: page
    scrape: ["web:8000"]
    use:
      - {pack: http, with: {errors: 'stat="500"'}}
"""


def test_a_problem_in_a_packaged_pack_shows_its_text_and_the_use(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    spec.write_text(BROKEN, encoding="utf-8")
    compilation = compile_project(spec)
    (problem,) = compilation.diagnostics
    shown = render([problem], compilation.sources, "text", Summary(1), False).replace(f"{tmp_path.as_posix()}/", "")
    assert shown.split("\n\n")[0] == (
        "error[MON2104]: label `stat` is not on metric `http_requests_total`\n"
        "  --> pack http (web):87:53\n"
        "   |\n"
        '85 |       severity: {critical: "> ${pack:error_ratio}", warning: "> ${pack:error_ratio_warning}"}\n'
        "86 |       expr: |\n"
        "87 |         sum(rate(${pack:requests}{${pack:selector}, ${pack:errors}}[5m]))\n"
        "   |                                                     ^^^^^^^^^^^^^^ this label\n"
        "  ::: pack http (web):59:5\n"
        "   |\n"
        "59 |     ${pack:requests}:\n"
        "   |     ---------------- the metric is declared here\n"
        "  ::: shop.yaml:14:16\n"
        "   |\n"
        "14 |       - {pack: http, with: {errors: 'stat=\"500\"'}}\n"
        "   |                ---- services.web uses the pack `http`\n"
        "   = the metric has: status, job, instance, service\n"
        "   = help: did you mean `status`?\n"
        "   = more: monmc explain MON2104"
    )


def test_what_is_ignored_beside_a_changed_alert_of_a_pack_is_ignored_in_the_pack(tmp_path: Path) -> None:
    spec = tmp_path / "shop.yaml"
    needless = BROKEN.replace('stat="500"', 'status=~"500"')
    spec.write_text(needless, encoding="utf-8")
    assert [item.code for item in compile_project(spec).diagnostics] == ["MON2118"]
    spec.write_text(needless + "alerts:\n  WebHighErrorRate: {ignore: {MON2118: as it is}}\n", encoding="utf-8")
    compilation = compile_project(spec)
    assert (compilation.diagnostics, [item.code for item in compilation.ignored]) == ((), ["MON2118"])


def test_show_says_where_a_value_of_a_pack_comes_from(tmp_path: Path) -> None:
    from skillforge_mon.spec.origins import with_origins

    spec = tmp_path / "shop.yaml"
    spec.write_text(BROKEN, encoding="utf-8")
    merged = merged_spec(spec)
    assert merged.root is not None
    shown = with_origins(merged.root, "alerts.WebSlowResponses.severity", origins=True)
    assert shown == (
        "alerts:\n  WebSlowResponses:\n    severity:\n"
        "      warning: '> 2s'                                         # pack http (web):95\n"
    )
