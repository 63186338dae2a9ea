"""What a change of the spec does to people: the messages of two compiled projects, compared person by person."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from skillforge_mon.routing.calls import About, Call, Calls, about, calls, services_of
from skillforge_mon.routing.inspection import Inspection
from skillforge_mon.routing.mutes import ALWAYS_TOLD, Weeks
from skillforge_mon.routing.subjects import Subject
from skillforge_mon.routing.timeline import Between
from skillforge_mon.routing.timeline_text import between_text
from skillforge_mon.spec.quantities import Duration


class Sign(enum.StrEnum):
    """Whether somebody hears more, less, or otherwise."""

    MORE = "+"
    LESS = "-"
    OTHERWISE = "~"


@dataclass(frozen=True, slots=True)
class CallChange:
    """One change for one person. ``detail`` are its times or channels, apart so that alerts can share ``words``.

    ``about`` are the alerts at which it is the same.
    """

    person: str
    sign: Sign
    words: str
    detail: str
    about: tuple[About, ...]


@dataclass(frozen=True, slots=True)
class CallDifference:
    """Everything that differs, the people in the order of their names. ``compared`` counts alerts and severities."""

    changes: tuple[CallChange, ...]
    compared: int
    weeks: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Those to whom something changes."""
        return tuple(dict.fromkeys(change.person for change in self.changes))


Key = tuple[bool, str, str]
"""Whether it is an SLO, its name, its severity."""
Saying = tuple[Sign, str, str]


def call_difference(before: Inspection, after: Inspection, was: Mapping[str, str]) -> CallDifference:
    """What differs from ``before`` to ``after``. ``was`` are former ids of renamed objects: ``alerts.New`` -> old."""
    weeks = Weeks((*before.configuration.intervals.values(), *after.configuration.intervals.values()))
    old = {_key(subject): subject for subject in before.subjects}
    pairs: dict[Key, tuple[Subject | None, Subject | None]] = {}
    for subject in after.subjects:
        former = was.get(f"{'slos' if subject.is_slo else 'alerts'}.{subject.name}", "").partition(".")[2]
        key = _key(subject)
        pairs[key] = (old.pop(key, None) or old.pop((key[0], former, key[2]), None), subject)
    pairs |= {key: (subject, None) for key, subject in old.items()}
    services = tuple(dict.fromkeys((*before.project.services, *after.project.services)))
    found: dict[tuple[str, Saying], list[About]] = {}
    for one, other in pairs.values():
        for name, person, saying in _sayings(before, after, (one, other), services, weeks):
            found.setdefault((person, saying), []).append(name)
    changes = [CallChange(person, *saying, about=tuple(names)) for (person, saying), names in found.items()]
    order = {sign: index for index, sign in enumerate(Sign)}
    changes.sort(key=lambda each: (each.person, order[each.sign]))
    return CallDifference(tuple(changes), len(pairs), tuple(f"{monday:%Y-%m-%d}" for monday in weeks.mondays))


def _key(subject: Subject) -> Key:
    return subject.is_slo, subject.name, subject.severity


def _sayings(
    before: Inspection,
    after: Inspection,
    pair: tuple[Subject | None, Subject | None],
    services: tuple[str, ...],
    weeks: Weeks,
) -> Iterator[tuple[About, str, Saying]]:
    """What changes about one alert; for a service only what does not change for all."""
    one, other = pair
    known = other or one
    assert known is not None  # noqa: S101 - at least one of the two is there
    asked = dict.fromkeys(service for each in pair if each is not None for service in services_of(each, services))
    for_all: set[tuple[str, Saying]] = set()
    for service in asked:
        old: Calls = calls(before, one, service) if one is not None else {}
        new: Calls = calls(after, other, service) if other is not None else {}
        for person in dict.fromkeys((*old, *new)):
            for saying in _of_person(old.get(person, ()), new.get(person, ()), pair, weeks):
                if service and (person, saying) in for_all:
                    continue
                for_all |= {(person, saying)} if not service else set()
                yield about(known, service), person, saying


def _of_person(
    before: tuple[Call, ...], after: tuple[Call, ...], pair: tuple[Subject | None, Subject | None], weeks: Weeks
) -> Iterator[Saying]:
    """The calls of one person for one alert. Those at the same time belong together, then those in the same order."""
    if not after:
        yield Sign.LESS, "no longer called", "" if pair[1] is not None else "it is gone"
        return
    if not before:
        words = "now called" if pair[0] is not None else "new: called"
        yield Sign.MORE, words, ", then ".join(map(_call, after))
        for call in after:
            never = weeks.newly_muted(ALWAYS_TOLD, call.ways).words
            if never:
                yield Sign.OTHERWISE, f"not called during {never}{_of_levels((call.level,))}", ""
        return
    pairs: list[tuple[Call, Call]] = []
    left, right = list(before), list(after)
    for same_channels in (True, False):
        for one in tuple(left):
            alike = (each for each in right if each.channels == one.channels or not same_channels)
            other = next((each for each in alike if each.told == one.told), None)
            if other is not None:
                pairs.append((one, other))
                left.remove(one)
                right.remove(other)
    pairs += zip(left, right, strict=False)
    sayings: dict[Saying, list[int | None]] = {}
    for one, other in pairs:
        for saying in _of_call(one, other, weeks):
            sayings.setdefault(saying, []).append(other.level)
    for (sign, words, detail), levels in sayings.items():
        yield sign, words + ("" if len(levels) == len(after) else _of_levels(levels)), detail
    for one in left[len(right) :]:
        yield Sign.LESS, "no longer called again", _call(one)
    for other in right[len(left) :]:
        yield Sign.MORE, "called again", _call(other)


def _of_call(one: Call, other: Call, weeks: Weeks) -> Iterator[Saying]:
    if one.told != other.told:
        yield Sign.OTHERWISE, _moved(one.told, other.told), f"{between_text(one.told)} -> {between_text(other.told)}"
    gone = [channel for channel in one.channels if channel not in other.channels]
    new = [channel for channel in other.channels if channel not in one.channels]
    if gone or new:
        through = [*(f"no longer through {each}" for each in gone), *(f"now through {each}" for each in new)]
        yield Sign.OTHERWISE, f"called {', '.join(through)}", ""
    if one.repeats != other.repeats:
        yield Sign.OTHERWISE, f"called again every {other.repeats} instead of every {one.repeats}", ""
    muted = weeks.newly_muted(one.ways, other.ways).words
    if muted:
        yield Sign.LESS, f"no longer called during {muted}", ""
    heard = weeks.newly_muted(other.ways, one.ways).words
    if heard:
        yield Sign.MORE, f"now called during {heard} as well", ""


def _moved(one: Between, other: Between) -> str:
    earliest, latest = other.earliest - one.earliest, other.latest - one.latest
    if earliest == latest or min(earliest, latest) == 0 or max(earliest, latest) == 0:
        by = max(earliest, latest, key=abs)
        most = "" if earliest == latest else "up to "
        return f"called {most}{Duration(abs(by))} {'later' if by > 0 else 'earlier'}"
    return (
        "called later"
        if earliest > 0 < latest
        else "called earlier"
        if earliest < 0 > latest
        else "called at other times"
    )


def _of_levels(levels: Iterable[int | None]) -> str:
    known = [str(level) for level in levels if level is not None]
    return f" (level {', '.join(known)})" if known else ""


def _call(call: Call) -> str:
    return f"{between_text(call.told)} through {', '.join(call.channels)}{_of_levels((call.level,))}"
