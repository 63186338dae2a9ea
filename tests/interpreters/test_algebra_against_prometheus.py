"""The algebra says what Prometheus does: every query has the value that promtool of each generation finds."""

from __future__ import annotations

import math
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillforge_mon.proving.evaluate import LEFT_OPEN_SINCE
from skillforge_mon.query.algebra import Condition, Unsaid, read, walk
from skillforge_mon.query.promql import PromQLSyntaxError, ValueType, parse
from tests.interpreters.algebra import Dialect, Interpreter, MatchingError, Vector
from tests.interpreters.prometheus import Question, answers
from tests.interpreters.promql import comparisons, holds, queries, worlds
from tests.interpreters.series import Key, RawSeries
from tests.interpreters.worlds import STEP, STEPS
from tests.real.generation import Generation

MOMENTS = (STEP * 3, STEP * 13, STEP * 22 + 10_000, STEP * 38)
EVALUATION = 60_000
EVALUATIONS = range(0, STEP * STEPS, EVALUATION)
AT_ONCE = 30
"""So many queries and a quarter as many conditions are asked in one run of promtool."""
RUNS = 20
TOLD = (EVALUATION * 7, EVALUATION * 16)


def dialect_of(generation: Generation) -> Dialect:
    version = generation.prometheus
    return Dialect(left_open=(version.major, version.minor) >= LEFT_OPEN_SINCE)


def said(promql: str) -> bool:
    """Whether Prometheus accepts it; the algebra must then have a word for all of it."""
    try:
        node = read(parse(promql))
    except PromQLSyntaxError:
        return False
    assert not [part for part in walk(node) if isinstance(part, Unsaid)], promql
    return True


def judged(promql: str) -> bool:
    """Whether it can be an alert's: no number, and nothing that promtool loads only after it evaluated the rules."""
    return parse(promql).type is ValueType.VECTOR and "offset -" not in promql


asked = queries.filter(said)
conditions = st.tuples(asked.filter(judged), comparisons, holds)


@settings(max_examples=RUNS, suppress_health_check=list(HealthCheck))
@given(
    worlds(),
    st.lists(asked, min_size=AT_ONCE, max_size=AT_ONCE),
    st.lists(conditions, min_size=AT_ONCE // 4, max_size=AT_ONCE // 4),
)
def test_every_query_and_condition_is_what_prometheus_makes_of_it(
    generation: Generation,
    series: list[RawSeries],
    texts: list[str],
    conditions: list[tuple[str, tuple[str, str], int]],
) -> None:
    interpreter = Interpreter(series, dialect_of(generation))
    fired = [firings(interpreter, condition) for condition in conditions]
    questions = [
        Question(text, MOMENTS[(number + later) % len(MOMENTS)])
        for number, text in enumerate(texts)
        for later in (0, 1)
    ]
    alerts = {
        f"A{number}": {"expr": f"({text}) {op} {limit}", "for": f"{hold // 1000}s"}
        for number, (text, (op, limit), hold) in enumerate(conditions)
        if fired[number] is not None
    }
    firing = [Question(f'ALERTS{{alertname="{name}", alertstate="firing"}}', at) for name in alerts for at in TOLD]
    with tempfile.TemporaryDirectory() as folder:
        found = answers(generation, Path(folder), series, [*questions, *firing], alerts, EVALUATION)
    for question, answer in zip(questions, found, strict=False):
        value = answered(interpreter, question)
        assert close(value, answer), (question, value, answer)
    told = iter(found[len(questions) :])
    for number, history in enumerate(fired):
        if history is None:
            continue
        for at in TOLD:
            expected = {alert(key, number) for key in history[at // EVALUATION]}
            assert expected == set(next(told)), (conditions[number], at)


def close(left: Vector | None, right: Vector | str) -> bool:
    """Equal to 1e-9 of their size; a query that fails is one whose series do not match."""
    if left is None or isinstance(right, str):
        return left is None and isinstance(right, str) and ("match" in right or "duplicate" in right)
    return left.keys() == right.keys() and all(
        math.isclose(left[key], right[key], rel_tol=1e-9, abs_tol=1e-9)
        or (math.isnan(left[key]) and math.isnan(right[key]))
        for key in left
    )


def answered(interpreter: Interpreter, question: Question) -> Vector | None:
    try:
        return interpreter.vector(read(parse(question.promql)), question.time)
    except MatchingError:
        return None


def firings(interpreter: Interpreter, asked: tuple[str, tuple[str, str], int]) -> list[set[Key]] | None:
    """What fires at each evaluation; None when one of them fails, which promtool takes for the end of the test."""
    text, (op, limit), hold = asked
    try:
        return interpreter.fires(Condition(read(parse(text)), op, Decimal(limit), hold), EVALUATIONS)
    except MatchingError:
        return None


def alert(key: Key, number: int) -> Key:
    """A result as the alert that it makes."""
    return tuple(sorted((*key, ("alertname", f"A{number}"), ("alertstate", "firing"))))
