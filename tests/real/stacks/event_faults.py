"""What is told of the pipeline, the proxy, learners and the nightly backup."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.real.stacks import shops
from tests.real.stacks.play import Fault, of
from tests.real.stacks.proxy import REQUESTS_PER_SECOND
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched


def events(world: Watched) -> Iterator[Fault]:
    """All of them."""
    yield from _proxy(world)
    yield from _pipeline(world)
    yield from _learners(world)
    yield from _backup(world)


def _proxy(world: Watched) -> Iterator[Fault]:
    nginx = world.nginx

    @contextmanager
    def overrun() -> Iterator[None]:
        nginx.suffer(rate=0.0, dropped=0.1, active=20_000)
        yield
        nginx.suffer(rate=REQUESTS_PER_SECOND, dropped=0.0, active=20)

    @contextmanager
    def down() -> Iterator[None]:
        nginx.stop()
        yield
        nginx.start()

    full = "Nginx has too many connections, and serves nobody"
    yield Fault(full, of(JAC, "warning", "NginxDropped", "NginxConnections", "NginxTrafficDrop"), overrun)
    yield Fault("Nginx is down", of(JAC, "critical", "NginxDown"), down, after=(full,))


def _pipeline(world: Watched) -> Iterator[Fault]:
    pipeline = world.pipeline

    @contextmanager
    def failing() -> Iterator[None]:
        # Its first failure: until now there was no series of it. What is told ends of itself.
        pipeline.push({'deployments_total{status="failure"}': 1.0})
        yield

    @contextmanager
    def working() -> Iterator[None]:
        pipeline.push({"maintenance_mode": 1.0})
        yield
        pipeline.push({"maintenance_mode": 0.0})

    failure = "a deployment fails"
    yield Fault(failure, of(JAC, "warning", "FailedDeployment"), failing)
    yield Fault("somebody works on it", of(JAC, "info", "SystemMaintenance"), working, after=(failure,))


def _learners(world: Watched) -> Iterator[Fault]:
    @contextmanager
    def a_good_day() -> Iterator[None]:
        # With those of a day ago it is enough, and without them it is not: the alerts end when these are too long ago.
        world.jac.backend.gauges |= {shops.LEARNED: 60.0, shops.REGISTERED: 30.0}
        yield

    yield Fault("learners do well", of(JAC, "info", "LearningMilestone", "UserRegistrations"), a_good_day)


def _backup(world: Watched) -> Iterator[Fault]:
    @contextmanager
    def never() -> Iterator[None]:
        yield
        world.cluster.gauges |= {shops.BACKED_UP: time.time()}

    @contextmanager
    def long_ago() -> Iterator[None]:
        world.cluster.gauges |= {shops.BACKED_UP: time.time() - 30 * 3600}
        yield
        world.cluster.gauges |= {shops.BACKED_UP: time.time()}

    unknown = "there has never been a backup"
    yield Fault(unknown, of(TOOLBOXAI, "warning", "DatabaseBackupUnknown"), never)
    yield Fault(
        "there was no backup last night", of(TOOLBOXAI, "warning", "DatabaseBackupMissed"), long_ago, after=(unknown,)
    )
