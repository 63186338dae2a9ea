"""The case of every kind of alert and channel, on a stand-in for Sentry that has what it names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.sentry.pushing import Pushing, case, pushing


@pytest.fixture(params=("workflows", "legacy"))
def shop(request: pytest.FixtureRequest) -> Iterator[Pushing]:
    """In either mode; nothing is pushed yet."""
    with pushing(case(request.param), request.param) as found:
        yield found
