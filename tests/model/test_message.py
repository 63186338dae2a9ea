"""Messages have neutral placeholders; what is not one is refused with what to write instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.model.message import Message, MessageProblem, Placeholder, parse_message


def test_a_message_is_taken_apart_into_text_and_placeholders() -> None:
    assert parse_message("{{ labels.service }} answers {{value|percent}} with an error") == (
        Message(
            (
                Placeholder("labels", "service", "", 0, 20),
                " answers ",
                Placeholder("value", "", "percent", 29, 46),
                " with an error",
            )
        ),
        (),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "{{ $labels.job }} is down",
            MessageProblem(
                "`$labels.job` is the language of one backend",
                0,
                17,
                "write `{{ labels.job }}`, which every backend understands",
                "{{ labels.job }}",
            ),
        ),
        (
            "at {{ $value | humanizePercentage }}",
            MessageProblem(
                "`$value | humanizePercentage` is the language of one backend",
                3,
                36,
                "write `{{ value | percent }}`, which every backend understands",
                "{{ value | percent }}",
            ),
        ),
        (
            "{{ valu }}",
            MessageProblem(
                "there is no placeholder `valu`",
                0,
                10,
                "placeholders are: value, threshold, for, severity, service, alert, runbook, labels.NAME",
            ),
        ),
        (
            "{{ value | pct }}",
            MessageProblem("there is no format `pct`", 0, 17, "formats are: percent, duration, bytes, humanize"),
        ),
        ("open {{ value", MessageProblem("a placeholder is not closed", 5, 7, "close it with `}}`")),
    ],
)
def test_what_is_not_a_placeholder_is_refused(text: str, problem: MessageProblem) -> None:
    assert parse_message(text)[1] == (problem,)


def test_no_text_is_an_empty_message() -> None:
    assert (parse_message(None), parse_message("")) == ((Message(), ()), (Message(), ()))


@given(st.text(alphabet="{} $.|abvaluelabels\n", max_size=60))
def test_any_text_is_taken_apart_without_losing_a_letter(text: str) -> None:
    message, problems = parse_message(text)
    spans = sorted(
        [(part.start, part.end) for part in message.placeholders]
        + [(problem.start, problem.end) for problem in problems if "not closed" not in problem.text]
    )
    outside = []
    position = 0
    for start, end in spans:
        outside.append(text[position:start])
        position = end
    outside.append(text[position:])
    assert "".join(outside) == "".join(part for part in message.parts if isinstance(part, str))
