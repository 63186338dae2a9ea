"""What the rules of SLOs cost a running Prometheus, against the usual eight: ``python -m tests.benchmarks.slo_cost``.

The usual eight: an error ratio over each of seven windows straight from the raw counters, and over 30 days the mean of
the first. For both schemes alike a Prometheus of its own starts with the same history, scrapes the same services every
15 seconds, and evaluates for two minutes: every rule of either scheme comes round, at its own interval.

Three days of 50,000 series are 864 million samples, which nobody waits for. So there are two fleets: the wide one has
all the series and an hour of raw history, so that five of the seven windows find an hour instead of 2 hours to 3 days
and the usual eight read far less than they would; the deep one has one SLO and all of the history.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.budget import Budget, told
from tests.benchmarks.fleet import BAD_CODE, CODES, DAY, EVALUATION, SCRAPE, Fleet
from tests.real.generation import Generation
from tests.real.servers import asked, prometheus_server
from tests.real.tools import tools

MONMC = Path(sys.executable).with_name("monmc")
WIDE = Fleet("100 SLOs of 500 series, 1 h of raw history", slos=100, raw_seconds=3600, thinned=True)
DEEP = Fleet("1 SLO of 500 series, 3 d of raw history", slos=1, raw_seconds=3 * DAY, thinned=False)
USUAL_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
SETTLING_SECONDS = EVALUATION + 5
"""Until every rule of 30 seconds was evaluated once."""

MEASURED_SECONDS = 120
"""The interval of our slowest rules: each of them comes round once, the others four times."""

SAMPLES = "prometheus_engine_query_samples_total"
SECONDS = "prometheus_rule_evaluation_duration_seconds_sum"
FAILED = "prometheus_rule_evaluation_failures_total"
MISSED = "prometheus_rule_group_iterations_missed_total"


@dataclass(frozen=True, slots=True)
class Cost:
    """What Prometheus read and how long it evaluated, per SLO and minute."""

    samples: float
    seconds: float


def usual_rules(fleet: Fleet) -> str:
    """The usual eight recording rules of each SLO, as a rule file; JSON is YAML."""
    groups = []
    for number, service in enumerate(fleet.services()):
        labels = {"slo": f"slo-{number:05d}", "service": service}
        total = f'http_requests_total{{service="{service}"}}'
        bad = f'http_requests_total{{service="{service}",code="{BAD_CODE}"}}'
        rules = [
            {
                "record": f"slo:sli_error:ratio_rate{window}",
                "expr": f"sum(rate({bad}[{window}])) / sum(rate({total}[{window}]))",
                "labels": labels,
            }
            for window in USUAL_WINDOWS
        ]
        first = f'slo:sli_error:ratio_rate5m{{slo="{labels["slo"]}"}}[30d]'
        mean = f"sum_over_time({first}) / count_over_time({first})"
        rules.append({"record": "slo:sli_error:ratio_rate30d", "expr": mean, "labels": labels})
        groups.append({"name": labels["slo"], "interval": f"{EVALUATION}s", "rules": rules})
    return json.dumps({"groups": groups}, indent=1)


@contextmanager
def scraped_fleet(fleet: Fleet) -> Iterator[str]:
    """The instances of ``fleet``, as one target to scrape; yields its address, ``127.0.0.1:PORT``."""

    class _Instances(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = fleet.scraped(int(time.time())).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Instances)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A Prometheus that evaluates one scheme over one fleet."""

    fleet: Fleet
    scheme: str
    address: str

    def check(self) -> None:
        """Raises RuntimeError unless every rule finds what it is to read, and makes something of it."""
        every = self.fleet.slos
        ratio = {"ours": "slo:error_ratio:rate30m", "usual": "slo:sli_error:ratio_rate3d"}[self.scheme]
        gapless = f"count(count_over_time(http_requests_total[5m]) >= {300 // SCRAPE - 1})"
        for query, expected in ((gapless, len(self.fleet.raw_series(CODES))), (f"count({ratio} == 0)", every)):
            found = asked(self.address, "query", query=query)["result"]
            if [result["value"][1] for result in found] != [str(expected)]:
                raise RuntimeError(f"{self.fleet.name}, {self.scheme}: {query} is {found}, not {expected}")

    def counters(self) -> dict[str, float]:
        """The metrics of the server itself, added up by name."""
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"{self.address}/metrics", timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        found: dict[str, float] = {}
        for line in lines:
            if not line.startswith("#"):
                name, _, value = line.rpartition(" ")
                name = name.partition("{")[0]
                found[name] = found.get(name, 0) + float(value)
        return found


def servers(stack: ExitStack, programs: Generation, fleet: Fleet, home: Path, target: str) -> Iterator[Evaluation]:
    """A Prometheus for each scheme, on the history in ``home``; the second gets links to the blocks of the first."""
    rules = {"ours": home / "out/fleet/default/prometheus/rules/*.yml", "usual": home / "usual.yml"}
    for scheme, files in rules.items():
        folder = home / scheme
        folder.mkdir()
        shutil.copytree(home / "prometheus", folder / "prometheus", copy_function=os.link)
        config = folder / "prometheus.yml"
        scrape = {
            "job_name": "fleet",
            "static_configs": [{"targets": [target]}],
            "honor_labels": True,
            # The history has no label of a scrape, and the series of the history are to go on.
            "metric_relabel_configs": [
                {"source_labels": ["__name__"], "regex": "http_requests_total", "action": "keep"},
                {"regex": "job", "action": "labeldrop"},
            ],
        }
        content = {
            "global": {"scrape_interval": f"{SCRAPE}s", "evaluation_interval": f"{EVALUATION}s"},
            "rule_files": [str(files)],
            "scrape_configs": [scrape],
        }
        config.write_text(json.dumps(content), encoding="utf-8")
        address = stack.enter_context(prometheus_server(programs, config, folder, "--storage.tsdb.retention.time=90d"))
        yield Evaluation(fleet, scheme, address)


def prepared(fleet: Fleet, home: Path) -> None:
    """Write the rules of both schemes."""
    home.mkdir()
    (home / "fleet.yaml").write_text(fleet.spec(), encoding="utf-8")
    (home / "usual.yml").write_text(usual_rules(fleet), encoding="utf-8")
    subprocess.run([MONMC, "build", "--out", home / "out", home / "fleet.yaml"], check=True, capture_output=True)


def filled(programs: Generation, homes: Mapping[Fleet, Path]) -> None:
    """Write the history of all, and of the minutes that this takes; return when scraping is to go on."""
    end = _next_evaluation()
    _ended([process for fleet, home in homes.items() for process in fleet.history(programs, home, end)])
    last = _next_evaluation()
    _ended([process for fleet, home in homes.items() for process in fleet.sequel(programs, home, end, last)])
    time.sleep(max(0, last - time.time()))


def _next_evaluation() -> int:
    """A moment in at least half an evaluation interval, in seconds."""
    return int(time.time() + EVALUATION * 1.5) // EVALUATION * EVALUATION


def _ended(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)


def measured(evaluations: list[Evaluation]) -> list[tuple[Evaluation, Cost]]:
    """What each evaluation cost in MEASURED_SECONDS. Raises RuntimeError when a rule failed or was left out."""
    before = [each.counters() for each in evaluations]
    time.sleep(MEASURED_SECONDS)
    after = [each.counters() for each in evaluations]
    costs = []
    for each, then, now in zip(evaluations, before, after, strict=True):
        grown = {name: now[name] - then[name] for name in (SAMPLES, SECONDS, FAILED, MISSED)}
        if grown[FAILED] or grown[MISSED]:
            raise RuntimeError(f"{each.fleet.name}, {each.scheme}: {grown}")
        share = each.fleet.slos * MEASURED_SECONDS / 60
        costs.append((each, Cost(grown[SAMPLES] / share, grown[SECONDS] / share)))
    return costs


def budgets(costs: list[tuple[Evaluation, Cost]]) -> Iterator[Budget]:
    """Our cost against the usual one, fleet by fleet: at most a tenth."""
    of = {(each.fleet, each.scheme): cost for each, cost in costs}
    for fleet in (WIDE, DEEP):
        ours, usual = of[fleet, "ours"], of[fleet, "usual"]
        yield Budget(
            f"samples read, {fleet.name}",
            ours.samples / usual.samples,
            0.1,
            f"{ours.samples:,.0f} : {usual.samples:,.0f} per SLO and minute",
        )
        yield Budget(
            f"evaluation seconds, {fleet.name}",
            ours.seconds / usual.seconds,
            0.1,
            f"{ours.seconds:.4f} s : {usual.seconds:.4f} s per SLO and minute",
        )


def main() -> int:
    """Fill, run, measure and print the table."""
    programs = tools("new")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        homes = {WIDE: Path(folder) / "wide", DEEP: Path(folder) / "deep"}
        for fleet, home in homes.items():
            prepared(fleet, home)
        filled(programs, homes)
        evaluations: list[Evaluation] = []
        for fleet, home in homes.items():
            target = stack.enter_context(scraped_fleet(fleet))
            evaluations += servers(stack, programs, fleet, home, target)
        time.sleep(SETTLING_SECONDS)
        for each in evaluations:
            each.check()
        costs = measured(evaluations)
    return told(budgets(costs))


if __name__ == "__main__":
    sys.exit(main())
