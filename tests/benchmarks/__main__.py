"""Measures every budget and prints the ratios as a table; the exit code is 1 when one is missed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import chain, count
from pathlib import Path

from tests.benchmarks.budget import Budget, told
from tests.benchmarks.live import live
from tests.benchmarks.measuring import seconds, usage
from tests.benchmarks.synthetic import alert_spec, slo_spec
from tests.benchmarks.translating import translating
from tests.real.tools import tools

MONMC = Path(sys.executable).with_name("monmc")
GIB = 2**30


def start_up() -> Iterator[Budget]:
    """``monmc --version`` and ``--help`` against an empty Python program."""
    nothing = seconds(lambda: [sys.executable, "-c", "pass"], runs=21)
    for argument in ("--version", "--help"):
        time = seconds(partial(list, (MONMC, argument)), runs=21)
        yield Budget(
            f"start-up, monmc {argument}", time / nothing, 8, f"{time * 1000:.0f} ms : {nothing * 1000:.0f} ms"
        )


def slos(folder: Path) -> Iterator[Budget]:
    """A thousand and ten thousand SLOs, against promtool, against each other, and against a build after no change.

    Every full build goes to a folder of its own: deleting the one before would go on in the file system while the next
    is measured.
    """
    small, large = folder / "small.yaml", folder / "large.yaml"
    small.write_text(slo_spec(1000))
    large.write_text(slo_spec(10_000))
    folders = (folder / f"out{number}" for number in count())

    def build(spec: Path) -> list[str | Path]:
        return [MONMC, "build", "--out", next(folders), spec]

    thousand = seconds(lambda: build(small), runs=7)
    out = folder / "out0"
    rules = sorted((out / "synthetic" / "default" / "prometheus" / "rules").glob("*.yml"))
    promtool = seconds(lambda: [tools("new").promtool, "check", "rules", *rules], runs=7)
    again = seconds(lambda: [MONMC, "build", "--out", out, small], runs=7)
    ten_thousand = seconds(lambda: build(large), runs=1)
    memory = usage(build(large)).memory
    yield Budget(
        "1,000 SLOs against promtool check rules", thousand / promtool, 1, f"{thousand:.2f} s : {promtool:.2f} s"
    )
    yield Budget("10,000 SLOs against 1,000", ten_thousand / thousand, 11, f"{ten_thousand:.2f} s : {thousand:.2f} s")
    yield Budget("peak memory of 10,000 SLOs against 1 GiB", memory / GIB, 1, f"{memory / 2**20:.0f} MiB : 1024 MiB")
    yield Budget(
        "a build after no change against a full one", again / thousand, 0.25, f"{again:.2f} s : {thousand:.2f} s"
    )


def proofs(folder: Path) -> Iterator[Budget]:
    """``monmc test`` on a thousand alerts, against half a minute; on two cores it takes half of that."""
    spec = folder / "alerts.yaml"
    spec.write_text(alert_spec(1000))
    time = seconds(lambda: [MONMC, "test", "--promtool", tools("new").promtool, spec], runs=1)
    yield Budget("monmc test of 1,000 alerts against 30 s", time / 30, 1, f"{time:.1f} s : 30 s")


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        stages = (slos, proofs, translating, live)
        return told(chain(start_up(), *(stage(Path(folder)) for stage in stages)))


if __name__ == "__main__":
    sys.exit(main())
