"""Applications that count what they are told to: the platforms' own metrics, in the text format, over HTTP.

A flow is one kind of event: how many there are in a second and which share of them goes wrong or takes long. The
counters and histograms grow by it from scrape to scrape.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Those of prometheus_client, which both platforms have."""


@dataclass(slots=True, kw_only=True)
class _Events:
    """Events of which the share ``bad`` is not as it should be."""

    bad: float = 0.0
    _counts: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def add(self, events: float) -> None:
        """Let so many more happen."""
        self._counts[0] += events * (1 - self.bad)
        self._counts[1] += events * self.bad


@dataclass(slots=True)
class Counted(_Events):
    """Two series of counters: of the events that went well, and of the others."""

    name: str
    well: str
    ill: str

    def lines(self) -> Iterator[str]:
        """Its series."""
        for series, count in zip((self.well, self.ill), self._counts, strict=True):
            yield f"{series} {count:.0f}"


@dataclass(slots=True)
class Timed(_Events):
    """A histogram of what takes ``quick`` seconds, and for the share ``bad`` of it ``slow`` seconds."""

    name: str
    labels: str
    quick: float
    slow: float

    def lines(self) -> Iterator[str]:
        """Its series."""
        quick, slow = self._counts
        for bound in (*BUCKETS, None):
            count = sum(
                each for each, took in ((quick, self.quick), (slow, self.slow)) if bound is None or took <= bound
            )
            le = "+Inf" if bound is None else bound
            yield f'{self.name}_bucket{{{self.labels}le="{le}"}} {count:.0f}'
        labels = f"{{{self.labels}}}"
        yield f"{self.name}_sum{labels} {quick * self.quick + slow * self.slow:.0f}"
        yield f"{self.name}_count{labels} {quick + slow:.0f}"


Flow = Counted | Timed


@dataclass(slots=True)
class Application:
    """A service with its page of metrics. While it is ``silent`` it answers, and has forgotten to count.

    ``process`` is what its library tells of the process, whatever the service counts. Of the metrics that are ``still``
    nothing is counted.
    """

    flows: Sequence[Flow]
    gauges: dict[str, float] = field(default_factory=dict)
    process: dict[str, float] = field(default_factory=dict)
    still: frozenset[str] = frozenset()
    rate: float = 100.0
    silent: bool = False
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _since: float = field(default_factory=time.monotonic)
    _server: ThreadingHTTPServer | None = None
    _thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """``host:port``."""
        return f"127.0.0.1:{self.port}"

    def carry(self, rate: float, bad: Mapping[str, float] | float) -> None:
        """From now on so many events in a second, and of each metric (by its name, or all) that share goes wrong."""
        with self._lock:
            self._count()
            self.rate = rate
            for flow in self.flows:
                flow.bad = bad if isinstance(bad, float) else bad.get(flow.name, 0.0)

    def page(self) -> str:
        """The metrics as they are now."""
        with self._lock:
            self._count()
            lines = [f"{name} {each}" for name, each in self.process.items()]
            if not self.silent:
                lines += [line for flow in self.flows for line in flow.lines()]
                lines += [f"{name} {each}" for name, each in self.gauges.items()]
            return "".join(f"{line}\n" for line in lines)

    def _count(self) -> None:
        now = time.monotonic()
        for flow in self.flows:
            if flow.name not in self.still:
                flow.add(self.rate * (now - self._since))
        self._since = now

    def start(self) -> None:
        """Listen, again at the same port."""
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = application.page().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None


@contextmanager
def running(applications: Sequence[Application]) -> Iterator[None]:
    """All of them listen, until the end of the block at the latest."""
    try:
        for each in applications:
            each.start()
        yield
    finally:
        for each in applications:
            each.stop()


@dataclass(frozen=True, slots=True)
class Jac:
    """The applications of JAC."""

    backend: Application
    frontend: Application
    celery: Application


def _counted(name: str, labels: str, well: str, ill: str) -> Counted:
    """A counter whose label `status` says how it went."""
    return Counted(name, f'{name}{{{labels}status="{well}"}}', f'{name}{{{labels}status="{ill}"}}')


MEMORY, FILES, MOST_FILES, STARTED = (
    "process_resident_memory_bytes", "process_open_fds", "process_max_fds", "process_start_time_seconds"
)  # fmt: skip
USUAL_MEMORY = 1e9
LEARNED, REGISTERED = "learning_path_completions_total", "user_registrations_total"


def _python() -> dict[str, float]:
    """What prometheus_client tells of its process."""
    return {MEMORY: USUAL_MEMORY, FILES: 100.0, MOST_FILES: 1000.0, STARTED: time.time()}


def spans() -> Application:
    """What the OpenTelemetry Collector counts of the spans of JAC's workers."""
    return Application([Timed(SPANS, 'service_name="jac-celery",span_name="tutor.step",', 0.04, 8.0)])


def containers() -> Application:
    """cAdvisor's page of one container. ``CFS`` are the periods in which it may run, and those in which it has to wait."""
    periods = Counted(
        CFS, f"container_cpu_cfs_periods_total{_NAMED}", f"container_cpu_cfs_throttled_periods_total{_NAMED}"
    )
    return Application(
        [periods], {WORKING_SET: 1e8, f"container_spec_memory_limit_bytes{_NAMED}": 1e9, OOM_EVENTS: 0.0}
    )


WAITED = "frontend_api_request_duration_seconds"
SPANS = "traces_span_metrics_duration_seconds"
_NAMED = '{name="jac-backend"}'
CFS, WORKING_SET, OOM_EVENTS = (
    "cfs",
    f"container_memory_working_set_bytes{_NAMED}",
    f"container_oom_events_total{_NAMED}",
)


def jac() -> Jac:
    """All is well: little traffic."""
    backend = (
        _counted("http_requests_total", 'method="GET",endpoint="/api/lessons",', "success", "error"),
        Timed("http_request_duration_seconds", "", 0.04, 8.0),
        _counted("code_executions_total", 'language="jac",', "success", "error"),
    )
    browser = Timed(WAITED, 'endpoint="/api/lessons",method="GET",', 0.4, 8.0)
    tasks = _counted("agent_tasks_total", 'agent_type="tutor",', "success", "error")
    return Jac(
        Application(backend, {LEARNED: 0.0, REGISTERED: 0.0}, _python()),
        Application([browser]),
        Application([tasks], process=_python()),
    )


CONNECTIONS, SOCKETS = "database_connections_active", "websocket_connections_active"
CACHE = "cache"
REQUESTS, DURATIONS = "http_requests_total", "http_request_duration_seconds"
QUERIES, TASKS = "database_query_duration_seconds", "agent_task_duration_seconds"


def toolboxai() -> Application:
    """The API of ToolboxAI, when all is well. Slow is what its baselines call slow."""
    flows = (
        _counted(REQUESTS, 'method="GET",endpoint="/api/lessons",', "200", "500"),
        Timed(DURATIONS, 'method="GET",endpoint="/health",', 0.008, 8.0),
        Timed(DURATIONS, 'method="POST",endpoint="/api/auth/login",', 0.2, 8.0),
        Timed(DURATIONS, 'method="POST",endpoint="/api/content/generate",', 0.9, 8.0),
        Timed(QUERIES, 'query_type="user_by_id",', 0.008, 1.0),
        Timed(TASKS, 'agent_type="content_agent",', 2.0, 20.0),
        Timed(TASKS, 'agent_type="quiz_agent",', 0.4, 20.0),
        Counted(CACHE, 'cache_hits_total{cache_type="redis"}', 'cache_misses_total{cache_type="redis"}'),
    )
    gauges = {CONNECTIONS: 10.0, "database_connections_max": 100.0, SOCKETS: 200.0}
    return Application(flows, gauges, _python())


BACKED_UP = 'kube_cronjob_status_last_successful_time{namespace="default",cronjob="postgres-backup"}'


def cluster() -> Application:
    """kube-state-metrics of a cluster whose backup has not run yet."""
    return Application([], {'kube_cronjob_info{namespace="default",cronjob="other"}': 1.0})
