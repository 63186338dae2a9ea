"""What goes wrong with Redis and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tests.real.stacks import postgres, redis
from tests.real.stacks.play import Fault, of
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched


def stores(world: Watched) -> Iterator[Fault]:
    """The faults of both."""
    yield from _redis(world)
    yield from _postgres(world)


def _provoked(severity: str, *names: str) -> frozenset[tuple[str, str, str]]:
    """What both platforms' packs tell."""
    return of(JAC, severity, *names) | of(TOOLBOXAI, severity, *names)


def _redis(world: Watched) -> Iterator[Fault]:
    full, filling = world.full, world.filling

    @contextmanager
    def loaded() -> Iterator[None]:
        with ExitStack() as load:
            load.enter_context(redis.unsaved(filling))
            for server in (full, filling):
                load.callback(server.do, "FLUSHALL")
            redis.refuse_somebody(full)
            full.do("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
            full.fill(1.2)
            filling.fill(0.87)
            load.enter_context(redis.crowded(full, redis.CLIENTS - 6))
            load.enter_context(redis.crowded(filling, round(redis.CLIENTS * 0.85)))
            writes = tuple(("SET", "new:{n}", redis.VALUE) for _ in range(3))
            reads = tuple(("GET", "nothing:{n}") for _ in range(3))
            load.enter_context(redis.busy(full, *writes, *reads, every=0.1))
            load.enter_context(redis.busy(filling, ("DEBUG", "SLEEP", 0.1), every=0.2))
            yield

    @contextmanager
    def down() -> Iterator[None]:
        with redis.followed(full, filling):
            full.stop()
            yield
            full.start()

    yield Fault(
        "Redis has more to do than it can",
        _provoked("critical", "RedisMemory", "RedisClients")
        | _provoked("warning", "RedisMemory", "RedisClients", "RedisEvictions", "RedisRejected", "RedisMisses")
        | _provoked("warning", "RedisSlow", "RedisSaveFailed"),
        loaded,
    )
    yield Fault(
        "Redis is down, and its replica has nobody to follow",
        _provoked("critical", "RedisDown", "RedisReplicaBroken"),
        down,
        after=("Redis has more to do than it can",),
    )


def _postgres(world: Watched) -> Iterator[Fault]:
    primary, replica = world.primary, world.replica

    @contextmanager
    def crowded() -> Iterator[None]:
        with postgres.crowded(primary, 94), postgres.crowded(replica, 85):
            yield

    @contextmanager
    def deadlocked() -> Iterator[None]:
        postgres.deadlocks(primary, 10)
        yield

    @contextmanager
    def lagging() -> Iterator[None]:
        with postgres.lagging(replica, "+3m"):
            yield

    @contextmanager
    def far_behind() -> Iterator[None]:
        with postgres.forgotten(replica), postgres.lagging(replica, "+1h"):
            yield

    @contextmanager
    def down() -> Iterator[None]:
        replica.stop()
        yield
        replica.start()

    crowd, lag, far = "PostgreSQL is crowded", "the replica lags", "the replica is far behind"
    dead, back, cache = "transactions wait for each other", "transactions are given up", "reads miss the cache"
    unread, archive, slow = "a slot is not read", "the archive is full", "queries take long"
    yield Fault(dead, _provoked("warning", "PostgresDeadlocks"), deadlocked)
    yield Fault(back, _provoked("warning", "PostgresRollbacks"), lambda: postgres.rollbacks(primary))
    yield Fault(cache, _provoked("warning", "PostgresCacheMisses"), lambda: postgres.cache_misses(primary))
    yield Fault(unread, _provoked("warning", "PostgresSlotInactive"), lambda: postgres.unread_slot(primary))
    yield Fault(archive, _provoked("warning", "PostgresArchiving"), lambda: postgres.unarchived(primary))
    yield Fault(slow, of(JAC, "warning", "DatabaseQueriesRegression"), lambda: postgres.slow(primary))
    # The faults above need connections of their own.
    yield Fault(lag, _provoked("warning", "PostgresReplicationLag"), lagging)
    yield Fault(
        far,
        _provoked("critical", "PostgresReplicationLag") | _provoked("warning", "PostgresLongTransaction"),
        far_behind,
        after=(lag,),
    )
    connections = _provoked("critical", "PostgresConnections") | _provoked("warning", "PostgresConnections")
    yield Fault(crowd, connections, crowded, after=(far, dead, back, cache, unread, archive, slow))
    yield Fault(
        "PostgreSQL is down",
        of(JAC, "critical", "DatabaseConnectionFailure") | of(TOOLBOXAI, "critical", "PostgresDown"),
        down,
        after=(crowd,),
    )
