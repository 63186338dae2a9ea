"""Fixtures of the tests that run the vendors' programs."""

from __future__ import annotations

import pytest

from tests.real.tools import GENERATIONS, Generation, tools


@pytest.fixture(params=GENERATIONS)
def generation(request: pytest.FixtureRequest) -> Generation:
    """Each generation in turn. Where its programs are not to be had, the test errors with the way out: no skipping."""
    return tools(request.param)
