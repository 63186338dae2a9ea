"""Expressions parsed, typed and translated to Datadog: a process of its own, on one core."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.budget import Budget
from tests.benchmarks.measuring import usage
from tests.interpreters.shapes import expressions

COUNT = 950
"""As many as a large public collection of rules has."""
RUNS = 7


def translating(_folder: Path) -> Iterator[Budget]:
    """CPU seconds of all three steps against the first alone, and the whole process against two seconds."""
    command = [sys.executable, "-m", __name__]
    told = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(RUNS)]
    parsed, translated = (min(times) for times in zip(*(map(float, each.split()) for each in told), strict=True))
    name = f"{COUNT:,} expressions parsed, typed and translated"
    detail = f"{translated * 1000:.0f} ms : {parsed * 1000:.0f} ms"
    yield Budget(f"{name}, against parsing them", translated / parsed, 6, detail)
    whole = min(usage(command).cpu for _ in range(RUNS))
    yield Budget(f"{name}, the whole process against 2 s", whole / 2, 1, f"{whole:.2f} s : 2 s")


def main() -> None:
    """Print the CPU seconds of parsing, and those of parsing, typing and translating."""
    from skillforge_mon.backends.datadog.translation import translate_query
    from skillforge_mon.query.promql import parse
    from skillforge_mon.query.types import infer
    from skillforge_mon.spec.quantities import Duration
    from tests.interpreters.translations import shop

    project, hold, texts = shop(), Duration.of(minutes=5), expressions(COUNT)
    started = time.process_time()
    trees = [parse(text) for text in texts]
    parsed = time.process_time() - started
    for expr in trees:
        infer(expr, project.catalogue)
        translate_query(project, expr, hold)
    print(parsed, time.process_time() - started)


if __name__ == "__main__":
    main()
