"""Measures every budget and prints the ratios as a table; the exit code is 1 when one is missed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from tests.benchmarks.measuring import peak_memory, seconds
from tests.benchmarks.synthetic import slo_spec
from tests.real.tools import tools

MONMC = Path(sys.executable).with_name("monmc")
GIB = 2**30


@dataclass(frozen=True, slots=True)
class Budget:
    """A ratio that was measured and what it may be at most."""

    name: str
    ratio: float
    at_most: float
    detail: str

    @property
    def kept(self) -> bool:
        """True when the ratio is within the budget."""
        return self.ratio <= self.at_most


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
    memory = peak_memory(build(large))
    yield Budget(
        "1,000 SLOs against promtool check rules", thousand / promtool, 1, f"{thousand:.2f} s : {promtool:.2f} s"
    )
    yield Budget("10,000 SLOs against 1,000", ten_thousand / thousand, 11, f"{ten_thousand:.2f} s : {thousand:.2f} s")
    yield Budget("peak memory of 10,000 SLOs against 1 GiB", memory / GIB, 1, f"{memory / 2**20:.0f} MiB : 1024 MiB")
    yield Budget(
        "a build after no change against a full one", again / thousand, 0.25, f"{again:.2f} s : {thousand:.2f} s"
    )


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        budgets = [*start_up(), *slos(Path(folder))]
    print("| budget | ratio | at most | measured |")
    print("|---|---|---|---|")
    for budget in budgets:
        kept = "" if budget.kept else " **missed**"
        print(f"| {budget.name} | {budget.ratio:.2f}{kept} | {budget.at_most:g} | {budget.detail} |")
    return 0 if all(budget.kept for budget in budgets) else 1


if __name__ == "__main__":
    sys.exit(main())
