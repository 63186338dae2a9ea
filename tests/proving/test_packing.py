"""Which cases share a run."""

from __future__ import annotations

from skillforge_mon.documents.document import Plain
from skillforge_mon.proving.case import AlertCheck, Case
from skillforge_mon.proving.packing import LARGEST, packed
from skillforge_mon.proving.traffic import InputSeries, Piece
from skillforge_mon.query.promql import VectorSelector, parse


def case(alert: str, job: str, query: str, *, alone: bool = False) -> Case:
    """A case of ``alert`` that writes ``up`` of ``job`` and reads ``query``."""
    selector = parse(query)
    assert isinstance(selector, VectorSelector)
    group: Plain = {"name": f"alert {alert}", "rules": []}
    series = InputSeries({"__name__": "up", "job": job}, (Piece(3, 1.0),))
    checks = (AlertCheck(0, alert, (), ""),)
    return Case(f"alerts.{alert}", "", None, "", (group,), (series,), (selector,), checks, 1000, 1000, 3, alone)


def names(*cases: Case) -> list[list[str]]:
    """The objects of each run."""
    return [[each.subject for each in run.cases] for run in packed(cases)]


def test_cases_with_labels_of_their_own_share_a_run() -> None:
    assert names(case("A", "a", 'up{job="a"}'), case("B", "b", 'up{job="b"}')) == [["alerts.A", "alerts.B"]]


def test_a_case_that_reads_everything_is_kept_apart_in_either_order() -> None:
    own, all_ = case("A", "a", 'up{job="a"}'), case("B", "b", "up")
    assert names(own, all_) == [["alerts.A"], ["alerts.B"]]
    assert names(all_, own) == [["alerts.B"], ["alerts.A"]]


def test_two_cases_of_one_alert_are_kept_apart() -> None:
    assert names(case("A", "a", 'up{job="a"}'), case("A", "b", 'up{job="b"}')) == [["alerts.A"], ["alerts.A"]]


def test_a_case_that_wants_to_be_alone_is() -> None:
    runs = names(case("A", "a", 'up{job="a"}', alone=True), case("B", "b", 'up{job="b"}'))
    assert runs == [["alerts.A"], ["alerts.B"]]


def test_runs_have_a_largest_size() -> None:
    cases = [case(f"A{number}", f"job-{number}", f'up{{job="job-{number}"}}') for number in range(LARGEST + 1)]
    assert [len(run) for run in names(*cases)] == [LARGEST, 1]
