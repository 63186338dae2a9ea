"""Services with an SLO each and many raw series: what Prometheus finds of them when a measurement begins, and after."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.real.generation import Generation

SCRAPE = 15
"""Seconds between two samples of a raw series."""

EVALUATION = 30
"""Seconds between two samples of a recorded series."""

TILE = 300
"""Seconds between the samples of a thinned history: our rules take one recorded count per base window over days."""

DAY = 86_400
DENSE = 6 * 3600
"""The last seconds of a thinned history, which are not thinned: there our rules read every sample."""

RECORDED_DAYS = 30
METHODS = ("GET", "POST")
GOOD_CODES = ("200", "201", "302", "404")
BAD_CODE = "500"
CODES = (*GOOD_CODES, BAD_CODE)
INSTANCES = 50

RECORDED = {"slo:events_total:rate5m": "400", "slo:events_bad:rate5m": "0", "slo:sli_error:ratio_rate5m": "0"}
"""What the rules of either scheme read that they recorded before: ours the first two, the usual ones the last."""

History = tuple[Iterable[int], list[str], str]
"""Moments in seconds, the series that have a sample at each, and its value, where ``{at}`` stands for the moment."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """``slos`` services of 50 instances with 2 methods and 5 codes each: 500 raw series, 100 of them of bad events.

    There are raw samples for ``raw_seconds`` before the measurement. ``thinned`` leaves out what most of the recorded
    samples of 30 days would be: the history of the recorded series is then one sample in 5 minutes until 6 hours ago.
    """

    name: str
    slos: int
    raw_seconds: int
    thinned: bool

    def spec(self) -> str:
        """A spec with these SLOs."""
        parts = [_SPEC_HEAD, "services:\n"]
        parts += [f"  {_service(number)}: {{team: platform, escalation: page, runbook: burning}}\n" for number in self]
        parts.append("slos:\n")
        parts += [_SLO.format(number, service=_service(number), bad=BAD_CODE) for number in self]
        return "".join(parts)

    def services(self) -> list[str]:
        """The name of each service."""
        return [_service(number) for number in self]

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.slos))

    def raw_series(self, codes: Iterable[str]) -> list[str]:
        """The raw series of these codes."""
        return [
            f'http_requests_total{{service="{service}",instance="i-{instance}",method="{method}",code="{code}"}}'
            for service in self.services()
            for instance in range(INSTANCES)
            for method in METHODS
            for code in codes
        ]

    def scraped(self, at: int) -> str:
        """What all instances expose at a moment in seconds."""
        good, bad = f" {at}\n", " 0\n"
        return good.join([*self.raw_series(GOOD_CODES), ""]) + bad.join([*self.raw_series([BAD_CODE]), ""])

    def history(self, programs: Generation, folder: Path, end: int) -> Iterator[subprocess.Popen[bytes]]:
        """Start the promtools that fill the data folder ``folder/prometheus``, with samples up to ``end``."""
        begin = end - RECORDED_DAYS * DAY
        recorded = list(range(begin, end - DENSE, TILE)) if self.thinned else []
        recorded += range(end - DENSE if self.thinned else begin, end + 1, EVALUATION)
        yield _backfilled(programs, folder, "raw", self._raw(range(end - self.raw_seconds, end + 1, SCRAPE)))
        yield _backfilled(programs, folder, "recorded", self._recorded(recorded))

    def sequel(self, programs: Generation, folder: Path, after: int, end: int) -> Iterator[subprocess.Popen[bytes]]:
        """The same for what came to pass while that was being written: after ``after``, up to ``end``."""
        raw, recorded = range(after + SCRAPE, end + 1, SCRAPE), range(after + EVALUATION, end + 1, EVALUATION)
        yield _backfilled(programs, folder, "last", [*self._raw(raw), *self._recorded(recorded)])

    def _raw(self, moments: Iterable[int]) -> Iterator[History]:
        yield moments, self.raw_series(GOOD_CODES), "{at}"
        yield moments, self.raw_series([BAD_CODE]), "0"

    def _recorded(self, moments: Iterable[int]) -> Iterator[History]:
        for name, value in RECORDED.items():
            yield moments, [f'{name}{{slo="{_slo(number)}",service="{_service(number)}"}}' for number in self], value


def _service(number: int) -> str:
    return f"service-{number:05d}"


def _slo(number: int) -> str:
    return f"slo-{number:05d}"


def _backfilled(programs: Generation, folder: Path, name: str, histories: Iterable[History]) -> subprocess.Popen[bytes]:
    text = folder / f"{name}.txt"
    with text.open("w", encoding="utf-8") as file:
        for moments, series, value in histories:
            for at in moments:
                sample = f" {value.format(at=at)} {at}\n"
                file.write(sample.join([*series, ""]))
        file.write("# EOF\n")
    # Without the last flag promtool reads the whole text again for every two hours of it.
    arguments = ("tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=1000d")
    command: list[str | Path] = [programs.promtool, *arguments, text.name, "prometheus"]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)


_SPEC_HEAD = """\
version: 1
project: fleet
targets:
  prometheus: {version: "3.5", retention: 90d}
  alertmanager: {version: "0.25"}
metrics:
  http_requests_total:
    type: counter
    help: Requests
    labels: {service: bounded, instance: bounded, method: bounded, code: bounded}
teams:
  platform: {webhook: "http://hooks:8080/"}
escalation:
  page: [{notify: platform}]
runbooks:
  burning: {resolve: [Roll back.]}
"""
_SLO = """\
  slo-{0:05d}:
    service: {service}
    objective: 99.9%
    bad: http_requests_total{{service="{service}", code="{bad}"}}
    total: http_requests_total{{service="{service}"}}
"""
