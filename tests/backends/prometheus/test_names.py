"""Names of labels, as each version takes them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.prometheus.names import allowed_name, renamed

NEW, OLD = (3, 0), (2, 55)


@given(st.text(min_size=1))
def test_version_3_takes_any_name_and_earlier_ones_get_one_that_they_take(name: str) -> None:
    assert allowed_name(name, NEW) == name
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", allowed_name(name, OLD))


@given(st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]*\Z"))
def test_a_classic_name_is_never_changed(name: str) -> None:
    assert allowed_name(name, OLD) == name
    assert renamed([name], OLD) == ""


def test_what_is_changed_is_said() -> None:
    assert allowed_name("2xx-rate", OLD) == "_2xx_rate"
    assert renamed(["a", "b.c", "d-e"], OLD) == (
        "`b.c` is `b_c`, `d-e` is `d_e`: only Prometheus 3.0 and later take other names"
    )
