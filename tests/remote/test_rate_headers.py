"""What vendors' headers say of rate limits."""

from __future__ import annotations

import pytest

from skillforge_mon.remote.rate_headers import RateNews, rate_news, refusal_wait, retry_after

DATE = "Sat, 01 Nov 2025 12:00:00 GMT"
EPOCH = 1761998400


@pytest.mark.parametrize(
    ("headers", "news"),
    [
        (
            {"x-ratelimit-limit": "100", "x-ratelimit-period": "10", "x-ratelimit-remaining": "7", "x-ratelimit-reset": "4", "x-ratelimit-name": "slo"},
            RateNews(7, 4.0, 100, "slo"),
        ),
        (
            {"x-sentry-rate-limit-limit": "40", "x-sentry-rate-limit-remaining": "39", "x-sentry-rate-limit-reset": str(EPOCH + 1), "x-sentry-rate-limit-concurrentlimit": "25", "date": DATE},
            RateNews(39, 1.0, 40, concurrent=25),
        ),
        (
            {"ratelimit-limit": "960, 960;w=60", "ratelimit-remaining": "959", "ratelimit-reset": "58"},
            RateNews(959, 58.0, 960),
        ),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": str((EPOCH + 30) * 1000), "date": DATE}, RateNews(1, 30.0)),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-period": "300"}, RateNews(1, 300.0)),
        ({"x-ratelimit-remaining": "1", "x-ratelimit-reset": "0"}, RateNews(1, 1.0)),
        ({"x-ratelimit-remaining": "1"}, RateNews(1, 10.0)),
        ({"x-ratelimit-remaining": "many"}, None),
        ({"x-ratelimit-limit": "100"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_news_of_a_limit(headers: dict[str, str], news: RateNews | None) -> None:
    assert rate_news(headers) == news


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30.0),
        ({"retry-after": "Sat, 01 Nov 2025 12:01:30 GMT", "date": DATE}, 90.0),
        ({"retry-after": "Sat, 01 Nov 2025 11:59:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_after_a_refusal_the_longest_wait_that_is_asked_for_counts() -> None:
    assert refusal_wait({"retry-after": "3", "x-ratelimit-reset": "9"}) == 9.0
    assert refusal_wait({"retry-after": "12", "ratelimit-reset": "9"}) == 12.0
    assert refusal_wait({}) is None
