"""What rules of the usual collections look like: read into the algebra, typed, and translated or refused by name."""

from __future__ import annotations

import pytest

from skillforge_mon.backends.datadog.translation import translate_query
from skillforge_mon.documents.document import Grade
from skillforge_mon.query.algebra import read, walk
from skillforge_mon.query.promql import parse
from skillforge_mon.query.types import infer
from skillforge_mon.spec.quantities import Duration
from tests.interpreters.reasons import bounds_of
from tests.interpreters.shapes import SHAPES, expressions
from tests.interpreters.translations import shop

TEXTS = expressions(len(SHAPES))


@pytest.mark.parametrize("promql", TEXTS)
@pytest.mark.parametrize("hold", [Duration(0), Duration.of(minutes=15)])
def test_every_shape_has_a_verdict(promql: str, hold: Duration) -> None:
    expr = parse(promql)
    assert infer(expr, shop().catalogue) is not None
    assert list(walk(read(expr)))
    found = translate_query(shop(), expr, hold)
    assert found.reasons
    if found.grade is Grade.UNTRANSLATABLE:
        assert (found.text, bool(found.instead)) == ("", True)
    else:
        assert found.text
        assert bounds_of(found.reasons)


def test_many_shapes_are_translated() -> None:
    grades = [translate_query(shop(), parse(text), Duration(0)).grade for text in TEXTS]
    assert grades.count(Grade.APPROXIMATE) == 12
    assert grades.count(Grade.EXACT) == 0
