"""The line by which something that is muted by hand is known again."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.backends.alertmanager.normalise import marked as marked_by_push
from skillforge_mon.backends.alertmanager.normalise import owner_of, unmarked
from skillforge_mon.remote.live import Owner
from skillforge_mon.remote.muting import Muting, Subject, marked, read_mark

NAMES = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_.-]{0,12}\Z")
SUBJECTS = st.builds(Subject, NAMES, st.one_of(st.just(""), NAMES), st.sampled_from(["", "critical", "warning"]))
UNTIL = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)


@given(st.text(), SUBJECTS, st.text(min_size=1).filter(str.strip), NAMES, NAMES)
def test_what_is_muted_is_known_again_whatever_the_reason(
    reason: str, subject: Subject, author: str, project: str, environment: str
) -> None:
    text = marked(reason, subject, author, project, environment)
    found = read_mark(text, project, environment, UNTIL, "7")
    assert found == Muting(subject, UNTIL, reason.strip(), " ".join(author.split()), "7")
    assert read_mark(text, project, f"{environment}x", UNTIL, "7") is None
    assert owner_of(text) == (None, "")


@given(st.text(), NAMES, NAMES, NAMES, st.from_regex(r"\A[0-9a-f]{0,8}\Z"))
def test_what_push_made_is_its_own_and_not_muted_by_hand(
    comment: str, project: str, environment: str, name: str, revision: str
) -> None:
    owner = Owner(project, environment, f"maintenance.{name}")
    text = marked_by_push(comment, owner, revision)
    assert owner_of(text) == (owner, revision)
    assert unmarked(text) == unmarked(comment)
    assert marked_by_push(text, owner, revision) == text
    assert read_mark(text, project, environment, UNTIL, "7") is None


def test_a_reason_of_several_lines_and_a_text_written_below_stay_readable() -> None:
    text = marked("one\ntwo", Subject("web", severity="critical"), "Ann A.", "shop", "default")
    assert text == "one\ntwo\n\n-- muted with monmc maintenance: shop/default service=web severity=critical by Ann A."
    found = read_mark(f"{text}\nmore", "shop", "default", UNTIL, "")
    assert found is not None
    assert (found.subject, found.author, found.reason) == (
        Subject("web", severity="critical"),
        "Ann A.",
        "one\ntwo\nmore",
    )
