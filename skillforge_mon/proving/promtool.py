"""Prometheus's own tool: where it is, which version it has, and what it says of test files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic
from skillforge_mon.proving.codes import PROMTOOL_MISSING
from skillforge_mon.proving.evaluate import LEFT_OPEN_SINCE

VARIABLE: Final = "MONMC_PROMTOOL"
_VERSION: Final = re.compile(r"promtool, version (\d+)\.(\d+)(\S*)")
_VERDICT: Final = re.compile(r"^  (SUCCESS|FAILED:)\n", re.MULTILINE)
"""One per file, in their order. Some builds print the name of the file before it, and some do not."""

_HEADING: Final = re.compile(r"^Unit Testing:  .*$", re.MULTILINE)
_SECONDS: Final = 20
_GARBAGE: Final = "400"
"""Memory is cleared when it has grown by so many percent, not by 100: a run is short, and takes a sixth less time."""


@dataclass(frozen=True, slots=True)
class Promtool:
    """The program, and the version that it says."""

    path: str
    version: tuple[int, int]
    text: str

    @property
    def left_open(self) -> bool:
        """Whether a range leaves out the sample at its very beginning."""
        return self.version >= LEFT_OPEN_SINCE


def found_promtool(chosen: Path | None) -> Promtool | Diagnostic:
    """The promtool that was ``chosen``, else the one that MONMC_PROMTOOL names, else the one on PATH."""
    named = str(chosen) if chosen is not None else os.environ.get(VARIABLE, "")
    whence = "--promtool" if chosen is not None else VARIABLE
    path = shutil.which(named or "promtool")
    if path is None:
        said = f"{whence} names `{named}`, which is no program" if named else "there is no promtool on PATH"
        return PROMTOOL_MISSING.at(
            None, said, help=f"install Prometheus, whose package has it, or give its path: --promtool or {VARIABLE}"
        )
    try:
        done = subprocess.run(  # noqa: S603 - the program that the user has chosen
            [path, "--version"], capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return PROMTOOL_MISSING.at(
            None, f"`{path}` does not run: {error}", help="give the path of a promtool that does"
        )
    match = _VERSION.search(done.stdout + done.stderr)
    if match is None:
        return PROMTOOL_MISSING.at(None, f"`{path}` does not say that it is promtool", help="give the path of promtool")
    return Promtool(path, (int(match[1]), int(match[2])), f"{match[1]}.{match[2]}{match[3].partition('+')[0]}")


def run_files(promtool: Promtool, files: Sequence[Path]) -> dict[Path, str]:
    """What promtool says of each test file: empty when every expectation is met. Each core runs its share.

    Raises OSError when it cannot be started.
    """
    workers = max(1, min(len(files), os.cpu_count() or 1))
    shares = [files[start::workers] for start in range(workers)]
    outputs: dict[Path, str] = {}
    with ThreadPoolExecutor(workers) as pool:
        for output in pool.map(lambda share: _run(promtool, share), shares):
            outputs |= output
    return {file: outputs.get(file, "promtool said nothing of it") for file in files}


def _run(promtool: Promtool, files: Sequence[Path]) -> dict[Path, str]:
    if not files:
        return {}
    done = subprocess.run(  # noqa: S603 - the program that the user has chosen
        [promtool.path, "test", "rules", *map(str, files)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        env={"GOGC": _GARBAGE, **os.environ},
    )
    verdicts = list(_VERDICT.finditer(done.stdout))
    if len(verdicts) != len(files):
        return dict.fromkeys(files, done.stdout.strip() or "promtool said nothing")
    ends = [*(verdict.start() for verdict in verdicts[1:]), len(done.stdout)]
    return {
        file: "" if verdict[1] == "SUCCESS" else _HEADING.sub("", done.stdout[verdict.end() : end])
        for file, verdict, end in zip(files, verdicts, ends, strict=True)
    }


@dataclass(frozen=True, slots=True)
class Complaint:
    """One expectation that was not met. ``subject`` is the name of an alert, or a query; ``time`` as promtool says it.

    ``alerts`` are those that fired, as pairs of labels and annotations; ``got`` is all of it as promtool says it.
    """

    subject: str
    time: str
    got: str
    alerts: tuple[tuple[dict[str, str], dict[str, str]], ...]


_ALERT: Final = re.compile(r"^ {4}alertname: (.*), time: (\S+), ?$")
_QUERY: Final = re.compile(r"^ {4}expr: (\".*\"), time: (\S+),$")
_PAIR: Final = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s,{}="]+)="((?:[^"\\]|\\.)*)"')


def complaints(output: str) -> tuple[list[Complaint], str]:
    """The expectations of one test file that were not met, and whatever else promtool said."""
    found: list[Complaint] = []
    other: list[str] = []
    for head, body in _blocks(output):
        alert, query = _ALERT.match(head), _QUERY.match(head)
        if alert is not None:
            got = body.partition("got:[")[2]
            found.append(Complaint(alert[1], alert[2], got, tuple(_alerts(got))))
        elif query is not None:
            got = body.partition("got: ")[2].strip()
            found.append(Complaint(_unquoted(query[1]), query[2], got, ()))
        elif head.strip():
            other.append(f"{head}\n{body}".strip())
    return found, "\n".join(other)


def _blocks(output: str) -> Iterator[tuple[str, str]]:
    """Each line with four spaces or fewer, and what is indented below it."""
    head, body = "", list[str]()
    for line in output.splitlines():
        if line.startswith("     "):
            body.append(line)
            continue
        if head or body:
            yield head, "\n".join(body)
        head, body = line, []
    if head or body:
        yield head, "\n".join(body)


def _alerts(got: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    labels: dict[str, str] = {}
    for line in got.splitlines():
        text = line.strip()
        if text.startswith("Labels:"):
            labels = _pairs(text)
        elif text.startswith("Annotations:"):
            yield labels, _pairs(text)


def _pairs(text: str) -> dict[str, str]:
    return {
        _unquoted(name) if name.startswith('"') else name: _unquoted(f'"{value}"')
        for name, value in _PAIR.findall(text.partition(":")[2])
    }


_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))")
_PLAIN_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


def _unquoted(text: str) -> str:
    """A string as Go quotes it (strconv.Quote)."""

    def meant(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        return chr(int(code, 16)) if code else _PLAIN_ESCAPES.get(match[4], match[4])

    return _ESCAPE.sub(meant, text[1:-1])
