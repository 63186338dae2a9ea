"""The arithmetic of rate limits under virtual time: whatever happens in whatever order, nothing is overdrawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from skillforge_mon.remote.rate_headers import RateNews
from skillforge_mon.remote.rate_limits import RateLimits, Ticket, Wait, path_shape

SHAPES = ("GET /a", "GET /b", "PUT /a/{}", "GET /c", "POST /c")
"""The first three share one limit of the server, the last two another."""
NAMES = ("reads", "reads", "reads", "others", "others")


@dataclass
class Window:
    """A fixed window as the server counts it; it starts with the first request after the one before."""

    limit: int
    period: float
    started: float = -math.inf
    used: int = 0

    def take(self, now: float) -> tuple[bool, int, float]:
        """Whether a request at ``now`` is taken, what remains, and the reset in whole seconds, rounded up."""
        if now - self.started >= self.period:
            self.started, self.used = now, 0
        taken = self.used < self.limit
        self.used += taken
        return taken, self.limit - self.used, max(1.0, float(math.ceil(self.started + self.period - now)))


@dataclass
class World:
    """A client that asks its ``RateLimits``, a server, and the requests between the two."""

    windows: dict[str, Window]
    limits: RateLimits = field(default_factory=RateLimits)
    now: float = 0.0
    underway: list[tuple[Ticket, int, bool]] = field(default_factory=list)
    counted: list[tuple[Ticket, RateNews]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    refused_though_known: int = 0
    sent: int = 0

    def ask(self, which: int) -> Ticket | Wait:
        """Send a request of shape ``which`` if that is granted."""
        turn = self.limits.grant(SHAPES[which], self.now)
        if isinstance(turn, Ticket):
            self.sent += 1
            self.underway.append((turn, which, SHAPES[which] in self.known))
        return turn

    def arrive(self, number: int) -> None:
        """Let a request reach the server."""
        if not self.underway:
            return
        ticket, which, known = self.underway.pop(number % len(self.underway))
        name = NAMES[which]
        taken, remaining, reset = self.windows[name].take(self.now)
        self.refused_though_known += not taken and known
        news = RateNews(remaining, reset, self.windows[name].limit, name)
        if taken:
            self.counted.append((ticket, news))
        else:
            self.limits.settle(ticket, news, self.now, hold=reset)

    def answer(self, number: int, *, lost: bool = False) -> None:
        """Let an answer reach the client, or get lost."""
        if not self.counted:
            return
        ticket, news = self.counted.pop(number % len(self.counted))
        self.limits.settle(ticket, None if lost else news, self.now, sound=False)
        if not lost:
            self.known.add(ticket.shape)


# Hundreds of steps do not shrink in any useful time.
@settings(max_examples=150, phases=(Phase.explicit, Phase.generate))
@given(st.randoms(use_true_random=False), st.integers(1, 12), st.sampled_from([1.0, 2.5, 4.0]), st.booleans())
def test_no_request_of_a_known_limit_is_refused_in_any_order_of_things(
    chance: Random, limit: int, period: float, several_shapes: bool
) -> None:
    world = World({"reads": Window(limit, period), "others": Window(limit + 1, period * 2)})
    which = (0, 0, 0, 1, 2, 3, 4) if several_shapes else (0,)
    for number in sorted(set(which)):
        world.ask(number)
        world.arrive(0)
        world.answer(0)
        world.now += 20.0
    losses = 3
    pace = chance.choice((0.02, 0.2, 0.8))
    for _ in range(400):
        match chance.choice(("ask", "ask", "ask", "arrive", "arrive", "answer", "answer", "lose", "pass", "pass")):
            case "ask":
                world.ask(chance.choice(which))
            case "arrive":
                world.arrive(chance.randrange(10))
            case "answer":
                world.answer(chance.randrange(10))
            case "lose" if losses and world.counted:
                world.answer(chance.randrange(10), lost=True)
                losses -= 1
            case "pass":
                world.now += chance.random() * pace * period
    assert world.refused_though_known == 0


@settings(max_examples=200)
@given(st.integers(1, 8), st.sampled_from([1.0, 2.0, 7.5, 10.0]), st.integers(1, 6), st.data())
def test_the_whole_of_each_window_is_used_where_answers_come(
    limit: int, period: float, threads: int, data: st.DataObject
) -> None:
    world = World({"reads": Window(limit, period), "others": Window(1, 1.0)})
    windows = 5
    for _ in range(windows):
        waits: list[Wait] = []
        while not waits:
            turns = [world.ask(0) for _ in range(threads)]
            while world.underway:
                world.arrive(data.draw(st.integers(0, 9)))
            while world.counted:
                world.answer(data.draw(st.integers(0, 9)))
            waits = [turn for turn in turns if isinstance(turn, Wait) and not turn.for_news]
        world.now = waits[0].until
    assert world.sent == windows * limit
    assert world.now <= windows * (period + 1)


def test_one_request_scouts_while_the_limit_is_unknown_and_the_others_wait_for_its_news() -> None:
    limits = RateLimits()
    scout = limits.grant("GET /a", 0.0)
    assert isinstance(scout, Ticket)
    assert limits.grant("GET /a", 0.0) == Wait(math.inf, for_news=True)
    limits.settle(scout, RateNews(2, 10.0), 0.5)
    turns = [limits.grant("GET /a", 0.5) for _ in range(3)]
    assert [type(turn) for turn in turns] == [Ticket, Ticket, Wait]
    assert turns[2] == Wait(10.5, for_news=True)


def test_a_service_without_limits_is_not_held_up() -> None:
    limits = RateLimits()
    scout = limits.grant("GET /a", 0.0)
    assert isinstance(scout, Ticket)
    limits.settle(scout, None, 0.1, sound=True)
    assert all(isinstance(limits.grant("GET /a", 0.1), Ticket) for _ in range(50))


def test_an_error_of_a_gateway_says_nothing_of_limits() -> None:
    limits = RateLimits()
    scout = limits.grant("GET /a", 0.0)
    assert isinstance(scout, Ticket)
    limits.settle(scout, None, 0.1, sound=False)
    assert isinstance(limits.grant("GET /a", 0.1), Ticket)
    assert limits.grant("GET /a", 0.1) == Wait(math.inf, for_news=True)


def test_paths_that_the_server_counts_together_are_one_bucket_from_the_first_answers_on() -> None:
    limits = RateLimits()
    first, second = limits.grant("GET /a", 0.0), limits.grant("GET /b", 0.0)
    assert isinstance(first, Ticket)
    assert isinstance(second, Ticket)
    limits.settle(first, RateNews(1, 10.0, name="reads"), 0.0)
    assert limits.grant("GET /a", 0.0) == Wait(10.0, for_news=True), "the one under way may count for it"
    limits.settle(second, RateNews(0, 10.0, name="reads"), 0.0)
    assert limits.grant("GET /a", 0.0) == limits.grant("GET /b", 0.0) == Wait(10.0)


def test_a_server_that_wants_to_be_left_alone_is() -> None:
    limits = RateLimits()
    scout = limits.grant("GET /a", 0.0)
    assert isinstance(scout, Ticket)
    limits.settle(scout, None, 1.0, hold=30.0)
    assert limits.grant("GET /a", 1.0) == Wait(31.0)
    assert isinstance(limits.grant("GET /b", 1.0), Ticket)
    assert isinstance(limits.grant("GET /a", 31.0), Ticket)
    assert limits.grant("GET /a", 31.0) == Wait(math.inf, for_news=True)


def test_no_more_go_at_a_time_than_the_server_allows() -> None:
    limits = RateLimits()
    scout = limits.grant("GET /a", 0.0)
    assert isinstance(scout, Ticket)
    limits.settle(scout, RateNews(40, 1.0, concurrent=2), 0.0)
    assert [type(limits.grant("GET /a", 0.0)) for _ in range(3)] == [Ticket, Ticket, Wait]


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/api/v1/monitor", "GET /api/v1/monitor"),
        ("/api/v1/monitor/1234?with_downtimes=true", "GET /api/v1/monitor/{}"),
        ("/api/v2/downtime/00000000-0000-1234-0000-000000000000", "GET /api/v2/downtime/{}"),
        ("/services/PX3TC8B/rules", "GET /services/{}/rules"),
        ("/api/0/organizations/shop/", "GET /api/{}/organizations/shop/"),
    ],
)
def test_the_shape_of_a_path_has_no_identifiers(path: str, shape: str) -> None:
    assert path_shape("GET", path) == shape


def test_an_answer_from_the_window_before_does_not_close_the_new_one() -> None:
    limits = RateLimits()
    first = limits.grant("GET /a", 0.0)
    assert isinstance(first, Ticket)
    limits.settle(first, RateNews(2, 10.0, 10), 0.0)
    late, _other = limits.grant("GET /a", 9.0), limits.grant("GET /a", 9.0)
    scout = limits.grant("GET /a", 10.0)
    assert isinstance(late, Ticket)
    assert isinstance(scout, Ticket)
    limits.settle(scout, RateNews(9, 10.0, 10), 10.1)
    limits.settle(late, RateNews(0, 1.0, 10), 10.2)
    turns = [limits.grant("GET /a", 10.2) for _ in range(8)]
    assert [type(turn) for turn in turns] == [Ticket] * 7 + [Wait], "the late one and the other may count here"
