"""What goes wrong with the services of both platforms."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from tests.real.stacks import shops
from tests.real.stacks.play import Fault, of
from tests.real.stacks.shops import Application
from tests.real.stacks.world import JAC, TOOLBOXAI, Watched

_During = Callable[[], AbstractContextManager[object]]
_ALL = dict.fromkeys((shops.WAITED, shops.SPANS), 0.9)
"""Nine of ten of browsers' requests, and of spans, take long."""


def services(world: Watched) -> Iterator[Fault]:
    """The faults of both."""
    yield from _jac(world)
    yield from _toolboxai(world)


def _burdened(application: Application, rate: float, bad: dict[str, float], relief: float) -> _During:
    """So many events a second of which some go wrong; then so many more that go well that shares of all become small."""

    @contextmanager
    def during() -> Iterator[None]:
        application.carry(rate, bad)
        yield
        application.carry(relief, 0.0)

    return during


def _process(platform: str, service: str, application: Application) -> Iterator[Fault]:
    """What goes wrong with the process of a service; no other fault needs it."""

    @contextmanager
    def grown() -> Iterator[None]:
        application.process |= {shops.MEMORY: 3e9}
        yield
        application.process |= {shops.MEMORY: shops.USUAL_MEMORY}

    @contextmanager
    def restarted() -> Iterator[None]:
        # It is forgotten when the first of them is an hour ago.
        for _ in range(5):
            application.process |= {shops.STARTED: time.time()}
            time.sleep(2)
        yield

    def opened(share: float) -> _During:
        @contextmanager
        def during() -> Iterator[None]:
            application.process |= {shops.FILES: share * application.process[shops.MOST_FILES]}
            yield
            application.process |= {shops.FILES: 100.0}

        return during

    name = f"{service}Python"
    warned = f"{platform}: {service} has many files open"
    yield Fault(
        f"{platform}: {service} needs more and more memory",
        of(platform, "warning", f"{name}Memory", f"{name}MemoryGrowth"),
        grown,
    )
    yield Fault(
        f"{platform}: {service} restarts again and again", of(platform, "warning", f"{name}Restarts"), restarted
    )
    yield Fault(warned, of(platform, "warning", f"{name}FileDescriptors"), opened(0.85))
    yield Fault(
        f"{platform}: {service} has nearly all files open",
        of(platform, "critical", f"{name}FileDescriptors"),
        opened(0.97),
        after_told=(warned,),
    )


def _jac(world: Watched) -> Iterator[Fault]:
    backend, frontend, celery = world.jac.backend, world.jac.frontend, world.jac.celery
    errors, slow, code = shops.REQUESTS, shops.DURATIONS, "code_executions_total"
    slos = ("BackendAvailability", "BackendLatency", "CodeExecutionSuccess", "AgentTaskSuccess")
    burns = [f"{name}BudgetBurn" for name in slos]
    # Each wave is far larger than what went well before it: budgets are shares of all that ever was.
    yield Fault(
        "some of JAC's requests fail",
        of(JAC, "warning", *burns[:3]),
        _burdened(backend, 1e3, {errors: 0.005, slow: 0.2, code: 0.3}, 1e5),
    )
    yield Fault("agents give up", of(JAC, "warning", burns[3]), _burdened(celery, 1e3, {"agent_tasks_total": 0.5}, 1e5))
    # While it is critical, nobody is told of the warning, nor that it has ended.
    yield Fault(
        "one of three of JAC's requests fails",
        of(JAC, "critical", "HighErrorRate", burns[0]),
        _burdened(backend, 1e6, {errors: 0.33}, 1e8),
        after_told=("some of JAC's requests fail",),
    )
    yield Fault(
        "JAC is slow, and one request of twenty fails",
        of(JAC, "critical", burns[1])
        | of(JAC, "warning", "HighErrorRate", "HighResponseTime")
        | of(JAC, "warning", "BackendRequestsRegression"),
        _burdened(backend, 1e9, {errors: 0.05, slow: 0.9}, 1e11),
        after=("one of three of JAC's requests fails",),
    )

    yield Fault("browsers wait", of(JAC, "warning", "FrontendRequestsRegression"), _burdened(frontend, 1e6, _ALL, 1e9))
    yield Fault("agents take long", of(JAC, "warning", "AgentSpansRegression"), _burdened(world.spans, 1e6, _ALL, 1e9))
    processes = [*_process(JAC, "JacBackend", backend), *_process(JAC, "JacCelery", celery)]
    yield from processes

    @contextmanager
    def uncounted() -> Iterator[None]:
        for each in (backend, celery):
            each.silent = True
        yield
        for each in (backend, celery):
            each.silent = False

    @contextmanager
    def gone() -> Iterator[None]:
        for each in (backend, celery):
            each.stop()
        yield
        for each in (backend, celery):
            each.start()

    yield Fault(
        "JAC's backend and workers forget to count",
        of(JAC, "warning", *(f"{name}InstrumentationBroken" for name in slos)),
        uncounted,
        after=("JAC is slow, and one request of twenty fails", "agents give up"),
    )
    yield Fault(
        "JAC's backend and workers are gone",
        of(JAC, "warning", *(f"{name}TargetDown" for name in slos)),
        gone,
        after=("JAC's backend and workers forget to count", *(each.name for each in processes)),
    )


def _toolboxai(world: Watched) -> Iterator[Fault]:
    api = world.toolboxai
    slos = ("HealthLatency", "LoginLatency", "ContentGenerationLatency")
    burns = [f"{name}BudgetBurn" for name in slos]
    wrong = {shops.REQUESTS: 0.3, shops.DURATIONS: 0.9, shops.QUERIES: 0.9, shops.TASKS: 0.9, shops.CACHE: 0.9}
    yield Fault(
        "ToolboxAI is a little slow",
        of(TOOLBOXAI, "warning", *burns),
        _burdened(api, 1e3, {shops.DURATIONS: 0.2}, 1e5),
    )
    yield Fault(
        "ToolboxAI is slow, fails and finds nothing in its cache",
        of(TOOLBOXAI, "critical", *burns, "HighErrorRate")
        | of(TOOLBOXAI, "warning", "HighResponseTime", "ApiEndpointsRegression", "DatabaseQueriesRegression")
        | of(TOOLBOXAI, "warning", "AgentTasksRegression", "ApiCacheMisses"),
        _burdened(api, 1e6, wrong, 1e9),
        after_told=("ToolboxAI is a little slow",),
        after=("nobody comes to ToolboxAI",),
    )

    @contextmanager
    def still() -> Iterator[None]:
        api.still = frozenset([shops.REQUESTS])
        yield
        api.still = frozenset()

    traffic = "nobody comes to ToolboxAI"
    yield Fault(traffic, of(TOOLBOXAI, "warning", "ApiTrafficDrop"), still)
    processes = list(_process(TOOLBOXAI, "Api", api))
    yield from processes

    @contextmanager
    def exhausted() -> Iterator[None]:
        api.gauges |= {shops.CONNECTIONS: 95.0}
        yield
        api.gauges |= {shops.CONNECTIONS: 10.0}

    @contextmanager
    def dropped() -> Iterator[None]:
        # It compares with ten minutes ago, so there must have been some.
        time.sleep(12)
        api.gauges |= {shops.SOCKETS: 20.0}
        yield
        api.gauges |= {shops.SOCKETS: 200.0}

    @contextmanager
    def gone() -> Iterator[None]:
        api.stop()
        yield
        api.start()

    pool, sockets = "the pool of connections is exhausted", "WebSockets are dropped"
    yield Fault(pool, of(TOOLBOXAI, "critical", "DatabaseConnectionPoolExhausted"), exhausted)
    yield Fault(sockets, of(TOOLBOXAI, "warning", "ApiWebsocketDrop"), dropped)
    yield Fault(
        "ToolboxAI's API is gone",
        of(TOOLBOXAI, "critical", "ApiGone") | of(TOOLBOXAI, "warning", *(f"{name}NoData" for name in slos)),
        gone,
        after=(
            "ToolboxAI is slow, fails and finds nothing in its cache",
            pool,
            sockets,
            *(each.name for each in processes),
        ),
    )
