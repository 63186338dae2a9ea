"""A metric page, from text to families, with every problem at its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Span
from skillforge_mon.query.exposition import codes
from skillforge_mon.query.exposition.metadata import Metadata, read_metadata
from skillforge_mon.query.exposition.page import Family, FamilyType, Format, Page, Sample
from skillforge_mon.query.exposition.sample_rules import problems_of, suffixes
from skillforge_mon.query.exposition.scanner import LineError, scan_sample

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_PROBLEMS: Final = 20
"""A page in another format has a problem on every line; nobody reads further."""

_EOF = "# EOF"
_OPENMETRICS_ONLY: Final = re.compile(
    r"^# (?:UNIT \S|TYPE \S+ (?:unknown|info|stateset|gaugehistogram)$)", re.MULTILINE
)


def format_of(text: str, content_type: str = "") -> Format:
    """The format of a page: what the server says, else what only one of the formats has."""
    if content_type:
        return "openmetrics" if content_type.startswith("application/openmetrics-text") else "text"
    ended = text.endswith((_EOF, f"{_EOF}\n"))
    return "openmetrics" if ended or _OPENMETRICS_ONLY.search(text) else "text"


def read_page(content: bytes, file: str, content_type: str = "") -> tuple[Page | None, tuple[Diagnostic, ...]]:
    """The page, None when it cannot be read, and what is wrong with it (at most MOST_PROBLEMS).

    ``file`` is what the problems call it; ``content_type`` is the server's, empty for a file.
    """
    if len(content) > MOST_BYTES:
        return None, (too_large(file),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = len(content[content.rfind(b"\n", 0, error.start) + 1 : error.start].decode("utf-8")) + 1
        return None, (codes.BAD_LINE.at(Span.at(file, line, column), "the page is not UTF-8 text"),)
    format_ = format_of(text, content_type)
    reader = _Reader(file, openmetrics=format_ == "openmetrics")
    reader.read(text)
    problems = tuple(reader.problems[:MOST_PROBLEMS])
    return (None if problems else Page(file, format_, tuple(reader.families.values()))), problems


def too_large(file: str) -> Diagnostic:
    """The problem that a page has which goes beyond MOST_BYTES."""
    return codes.TOO_LARGE.at(None, f"`{file}` is larger than {MOST_BYTES // 1024**2} MiB, the most that monmc reads")


@dataclass(slots=True)
class _Reader:
    """Collects families line by line."""

    file: str
    openmetrics: bool
    families: dict[str, Family] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)
    _said: set[tuple[str, str]] = field(default_factory=set)
    _series: set[tuple[str, frozenset[tuple[str, str]]]] = field(default_factory=set)
    _current: Family | None = None

    def read(self, text: str) -> None:
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        ended = False
        for number, line in enumerate(lines, 1):
            if len(self.problems) >= MOST_PROBLEMS:
                return
            if ended:
                self._problem(number, 1, "nothing follows `# EOF`")
                return
            if self.openmetrics and line == _EOF:
                ended = True
                continue
            try:
                self._line(line if self.openmetrics else line.removesuffix("\r"), number)
            except LineError as error:
                self._problem(number, error.column, error.message)
        if self.openmetrics and not ended:
            self._problem(
                max(len(lines), 1), 1, "an OpenMetrics page ends with the line `# EOF`: this one is cut short"
            )
        for family in self.families.values():
            for sample, message in problems_of(family, openmetrics=self.openmetrics):
                self.problems.append(codes.BAD_SAMPLE.at(Span.at(self.file, sample.line), message))

    def _problem(self, line: int, column: int, message: str) -> None:
        self.problems.append(codes.BAD_LINE.at(Span.at(self.file, line, column), message))

    def _line(self, line: str, number: int) -> None:
        if not line.strip(" \t"):
            if self.openmetrics:
                raise LineError("OpenMetrics has no empty lines", 1)
            return
        start = line if self.openmetrics else line.lstrip(" \t")
        if start.startswith("#"):
            metadata = read_metadata(start, openmetrics=self.openmetrics)
            if metadata is not None:
                self._metadata(metadata, number)
            return
        sample = scan_sample(line, number, openmetrics=self.openmetrics)
        family = self._family_of(sample)
        if self.openmetrics:
            self._enter(family, number)
        series = (sample.name, frozenset(sample.labels.items()))
        if series in self._series and sample.timestamp is None:
            self.problems.append(
                codes.BAD_SAMPLE.at(Span.at(self.file, number), "this series stands on the page a second time")
            )
        self._series.add(series)
        family.samples.append(sample)

    def _metadata(self, metadata: Metadata, number: int) -> None:
        span = Span.at(self.file, number)
        family = self.families.get(metadata.name)
        if family is None:
            family = self.families[metadata.name] = self._new(metadata.name, number)
        if self.openmetrics:
            self._enter(family, number)
        said = (metadata.name, metadata.keyword)
        if said in self._said:
            self.problems.append(
                codes.BAD_METADATA.at(span, f"`# {metadata.keyword}` of `{metadata.name}` is given a second time")
            )
        elif family.samples and (self.openmetrics or metadata.keyword == "TYPE"):
            self.problems.append(
                codes.BAD_METADATA.at(span, f"`# {metadata.keyword}` of `{metadata.name}` comes after its samples")
            )
        self._said.add(said)
        if metadata.keyword == "TYPE":
            family.type = metadata.value  # type: ignore[assignment] # read_metadata lets only types through
        elif metadata.keyword == "HELP":
            family.help = metadata.value
        elif metadata.value and not metadata.name.endswith(f"_{metadata.value}"):
            self.problems.append(
                codes.BAD_METADATA.at(span, f"the unit `{metadata.value}` is not the end of the name `{metadata.name}`")
            )
        else:
            family.unit = metadata.value

    def _new(self, name: str, line: int) -> Family:
        unknown: FamilyType = "unknown" if self.openmetrics else "untyped"
        return Family(name, unknown, line=line)

    def _enter(self, family: Family, number: int) -> None:
        """OpenMetrics: the lines of a family stand together."""
        if family is not self._current and (family.samples or self._has_left(family)):
            self.problems.append(
                codes.BAD_METADATA.at(
                    Span.at(self.file, number), f"the lines of `{family.name}` do not stand together on the page"
                )
            )
        self._current = family

    def _has_left(self, family: Family) -> bool:
        return family.line != 0 and self._current is not None and family.line < self._current.line

    def _family_of(self, sample: Sample) -> Family:
        """The family that a sample belongs to by its name and the types said so far; a new one where there is none."""
        own = self.families.get(sample.name)
        if own is not None and "" in suffixes(own.type, openmetrics=self.openmetrics):
            return own
        for suffix in ("_bucket", "_sum", "_count", "_total", "_created", "_info", "_gsum", "_gcount"):
            if sample.name.endswith(suffix):
                family = self.families.get(sample.name.removesuffix(suffix))
                if family is not None and suffix in suffixes(family.type, openmetrics=self.openmetrics):
                    return family
        if own is not None:
            shown = ", ".join(own.name + suffix for suffix in suffixes(own.type, openmetrics=self.openmetrics))
            raise LineError(f"`{own.name}` is a {own.type}, whose samples are called {shown}", 1)
        family = self.families[sample.name] = self._new(sample.name, sample.line)
        return family
