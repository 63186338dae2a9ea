"""What prometheus_client writes is read as it was meant, and what both readers take, both read alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
    StateSetMetricFamily,
    SummaryMetricFamily,
)
from prometheus_client.openmetrics import exposition as openmetrics_exposition
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from skillforge_mon.query.exposition.page import Page
from skillforge_mon.query.exposition.reader import read_page
from tests.query.exposition.pages import FILE, OPENMETRICS, TEXT

Seen = set[tuple[str, tuple[tuple[str, str], ...], str]]

LABEL_NAMES = st.lists(st.sampled_from(["method", "code", "_x", "Zone9"]), unique=True, max_size=3)
LABEL_VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(st.floats(), st.integers(-(10**6), 10**6).map(float))
COUNTS = st.lists(st.integers(0, 50), min_size=1, max_size=4).map(sorted)
HELP = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@st.composite
def families(draw: st.DrawFn) -> list[Metric]:
    """Families of every type, each under a name of its own."""
    made: list[Metric] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from("cghsiS"), min_size=1, max_size=5))):
        name, help_text = f"m{number}_seconds", draw(HELP)
        labels = draw(LABEL_NAMES)
        values = [draw(LABEL_VALUES) for _ in labels]
        family: Metric
        match kind:
            case "c":
                family = CounterMetricFamily(name, help_text, labels=labels)
                family.add_metric(values, abs(draw(st.floats(0, 1e9))))
            case "g":
                family = GaugeMetricFamily(name, help_text, labels=labels)
                family.add_metric(values, draw(VALUES))
            case "h":
                counts = draw(COUNTS)
                family = HistogramMetricFamily(name, help_text, labels=labels)
                bounds = [*(str(0.5 * (index + 1)) for index in range(len(counts) - 1)), "+Inf"]
                family.add_metric(values, list(zip(bounds, map(float, counts), strict=True)), draw(st.floats(0, 1e6)))
            case "s":
                family = SummaryMetricFamily(name, help_text, labels=labels)
                family.add_metric(values, draw(st.integers(0, 99)), draw(st.floats(0, 1e6)))
            case "i":
                family = InfoMetricFamily(name, help_text, labels=labels)
                family.add_metric(values, {"version": draw(LABEL_VALUES)})
            case _:
                family = StateSetMetricFamily(name, help_text, labels=labels)
                family.add_metric(values, {"on": draw(st.booleans()), "off": draw(st.booleans())})
        made.append(family)
    return made


class Collected:
    """A collector of what it was given."""

    def __init__(self, made: Iterable[Metric]) -> None:
        self.made = list(made)

    def collect(self) -> Iterable[Metric]:
        """What it was given."""
        return self.made


def of_page(page: Page) -> Seen:
    """The samples that our reader saw."""
    return {
        (sample.name, tuple(sorted(sample.labels.items())), repr(sample.value))
        for family in page.families
        for sample in family.samples
    }


def of_library(made: Iterable[Metric]) -> Seen:
    """The samples that the client library has or saw."""
    return {
        (sample.name, tuple(sorted(sample.labels.items())), repr(float(sample.value)))
        for family in made
        for sample in family.samples
    }


@given(families())
def test_the_text_format_is_read_as_it_was_written(made: list[Metric]) -> None:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected(made))
    page, problems = read_page(generate_latest(registry), FILE, "text/plain; version=0.0.4")
    assert problems == ()
    assert page is not None
    assert of_page(page) == of_library(made)


@given(families())
def test_openmetrics_is_read_as_it_was_written(made: list[Metric]) -> None:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Collected(made))
    written = openmetrics_exposition.generate_latest(registry)  # type: ignore[no-untyped-call]
    page, problems = read_page(written, FILE)
    assert problems == ()
    assert page is not None
    assert page.format == "openmetrics"
    assert of_page(page) == of_library(made)
    assert [(family.name, family.type) for family in page.families] == [(family.name, family.type) for family in made]


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """``text`` with a few characters put in, taken out or exchanged."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 2))
        text = (
            text[:at]
            + draw(st.sampled_from(["", " ", "\n", "{", "}", '"', "\\", "#", ",", "=", "x", "7", "é"]))
            + text[at + cut :]
        )
    return text


READERS = {"": (TEXT, read_text), "application/openmetrics-text": (OPENMETRICS, read_openmetrics)}


@pytest.mark.parametrize("content_type", READERS)
@given(data=st.data())
def test_what_both_readers_take_they_read_alike(content_type: str, data: st.DataObject) -> None:
    written, library = READERS[content_type]
    text = data.draw(edited(written))
    page, _ = read_page(text.encode(), FILE, content_type or "text/plain")
    theirs = _library_reads(library, text)
    if page is not None and theirs is not None:
        assert _without_total(of_page(page)) == _without_total(theirs)


def _library_reads(library: Callable[[str], Iterable[Metric]], text: str) -> Seen | None:
    try:
        return of_library(library(text))
    except Exception:  # noqa: BLE001 - the library refuses pages with whatever comes up
        return None


def _without_total(seen: Seen) -> Seen:
    """prometheus_client calls every counter of the text format ``_total``, whatever the page calls it."""
    return {(name.removesuffix("_total"), labels, value) for name, labels, value in seen}


@given(st.text(), st.sampled_from(["", "text/plain", "application/openmetrics-text; version=1.0.0"]))
def test_no_text_makes_the_reader_fail(text: str, content_type: str) -> None:
    page, problems = read_page(text.encode("utf-8", "surrogatepass"), FILE, content_type)
    assert (page is None) == bool(problems)


def test_the_pages_of_the_tests_are_as_the_library_reads_them() -> None:
    for content_type, (text, library) in READERS.items():
        page, problems = read_page(text.encode(), FILE, content_type)
        assert problems == ()
        assert page is not None
        ours = {(name, labels) for name, labels, value in of_page(page) if not math.isnan(float(value))}
        theirs = {(name, labels) for name, labels, value in of_library(library(text)) if not math.isnan(float(value))}
        assert ours == theirs
