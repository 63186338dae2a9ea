"""Times of whole commands, as people meet them: the median of several runs of a fresh process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


def environment(**further: str) -> dict[str, str]:
    """The environment of measured commands: ours, in which modules are compiled once, as installing does."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | further


def seconds(command: Callable[[], Sequence[str | Path]], *, runs: int) -> float:
    """The median wall-clock time in seconds of the commands that ``command`` gives, one for each run.

    Raises CalledProcessError when the command fails.
    """
    times = []
    for _ in range(runs):
        arguments = command()
        started = time.perf_counter()
        subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment())
        times.append(time.perf_counter() - started)
    return statistics.median(times)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took: CPU seconds of all its threads, and its largest resident size in bytes."""

    cpu: float
    memory: int


def usage(command: Sequence[str | Path], **environ: str) -> Usage:
    """What ``command`` takes, with further variables in its environment. Raises CalledProcessError when it fails."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(**environ)
    )
    _, status, taken = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    memory = taken.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Usage(taken.ru_utime + taken.ru_stime, memory)
