"""What a test run says: one line per object, every expectation that was not met in full, and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from skillforge_mon.proving.case import AlertCheck, Skipped, duration
from skillforge_mon.proving.prove import Outcome, Result, Unmet
from skillforge_mon.proving.traffic import series_text


@dataclass(frozen=True, slots=True)
class Subject:
    """All cases of one object of the spec."""

    name: str
    results: tuple[Result, ...]
    skipped: tuple[Skipped, ...]

    @property
    def checks(self) -> int:
        """How many expectations there are."""
        return sum(len(each.case.checks) for each in self.results)

    @property
    def failed(self) -> tuple[Result, ...]:
        """The cases in which something was not as expected."""
        return tuple(each for each in self.results if each.unmet)


def subjects(outcome: Outcome) -> tuple[Subject, ...]:
    """The results by object, in the order of the spec."""
    by_name: dict[str, list[Result | Skipped]] = {}
    for each in outcome.results:
        by_name.setdefault(each.subject if isinstance(each, Skipped) else each.case.subject, []).append(each)
    return tuple(
        Subject(
            name,
            tuple(each for each in of_one if isinstance(each, Result)),
            tuple(each for each in of_one if isinstance(each, Skipped)),
        )
        for name, of_one in by_name.items()
    )


def lines(found: Sequence[Subject]) -> Iterator[str]:
    """One line per object, and one per case that could not be made."""
    width = max((len(each.name) for each in found), default=0)
    for subject in found:
        verdict = "FAIL" if subject.failed else "ok  " if subject.results else "skip"
        counts = [_counted(len(subject.results), "case"), _counted(subject.checks, "check")]
        if subject.failed:
            counts.append(f"{len(subject.failed)} failed")
        if subject.skipped:
            counts.append(f"{len(subject.skipped)} skipped")
        yield f"{verdict} {subject.name:{width}}  {', '.join(counts)}"
        for skipped in subject.skipped:
            yield f"     {skipped.scenario} is skipped: {skipped.reason}"


def failures(found: Iterable[Subject]) -> Iterator[str]:
    """Everything that was not as expected: where, what was expected, and what came."""
    for subject in found:
        for result in subject.failed:
            place = result.case.place
            where = f"{place.file}:{place.line}" if place is not None else ""
            yield ""
            yield f"FAIL {subject.name} ({result.case.scenario})  {where}".rstrip()
            if result.case.expr:
                yield f"  expression  {result.case.expr}"
            for unmet in result.unmet:
                yield from _unmet_lines(unmet)


def _unmet_lines(unmet: Unmet) -> Iterator[str]:
    check = unmet.check
    if check is None:
        yield from _block("promtool says", unmet.got)
        return
    yield f"  at {duration(check.time)}: {check.what}"
    if isinstance(check, AlertCheck):
        expected = [
            f"{series_text({'alertname': check.alert, **each.labels})} {_texts(each.annotations)}"
            for each in check.firing
        ]
        yield from _block("expected", "\n".join(expected) or "nothing fires")
        got = [f"{series_text(labels)} {_texts(texts)}" for labels, texts in unmet.alerts]
        yield from _block("got", "\n".join(got) or "nothing fires")
        return
    yield f"    query     {check.query}"
    expected = [f"{labels} {value:g}" for labels, value in check.samples.items()]
    yield from _block("expected", "\n".join(expected) or "nothing")
    yield from _block("got", "nothing" if unmet.got == "nil" else unmet.got)


def _texts(annotations: Mapping[str, str]) -> str:
    return " ".join(f"{name}={text!r}" for name, text in sorted(annotations.items()))


def _block(head: str, text: str) -> Iterator[str]:
    for index, line in enumerate(text.splitlines() or [""]):
        yield f"    {head if not index else '':<9} {line}".rstrip()


def summary(found: Sequence[Subject], promtool: str, seconds: float) -> str:
    """``19 objects, 64 cases, 164 checks: all as expected (promtool 3.5.3, 2.10 s)``."""
    cases = sum(len(each.results) for each in found)
    failed = sum(len(each.failed) for each in found)
    skipped = sum(len(each.skipped) for each in found)
    verdict = f"{failed} failed" if failed else "all as expected"
    if skipped:
        verdict += f", {skipped} skipped"
    counts = (
        _counted(len(found), "object"),
        _counted(cases, "case"),
        _counted(sum(each.checks for each in found), "check"),
    )
    return f"{', '.join(counts)}: {verdict}, by promtool {promtool} ({seconds:.2f} s)"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def data(found: Iterable[Subject]) -> list[object]:
    """The results as plain data."""
    return [
        {
            "object": subject.name,
            "cases": [
                {
                    "scenario": result.case.scenario,
                    "checks": len(result.case.checks),
                    "unmet": [_unmet_data(unmet) for unmet in result.unmet],
                }
                for result in subject.results
            ],
            "skipped": [{"scenario": each.scenario, "reason": each.reason} for each in subject.skipped],
        }
        for subject in found
    ]


def _unmet_data(unmet: Unmet) -> object:
    if unmet.check is None:
        return {"got": unmet.got}
    return {
        "at_ms": unmet.check.time,
        "what": unmet.check.what,
        "text": "\n".join(line.strip() for line in _unmet_lines(unmet)),
    }
