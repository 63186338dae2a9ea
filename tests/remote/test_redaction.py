"""No secret is left in a text, however it is written there."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from skillforge_mon.remote.redaction import HIDDEN, Redactor

secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=9, max_size=40)


@given(secrets)
def test_every_form_is_hidden(secret: str) -> None:
    redactor = Redactor()
    redactor.hide(secret)
    for form in (
        secret, quote(secret), quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1], html.escape(secret), repr(secret.encode())[2:-1],
    ):  # fmt: skip
        assert redactor.clean(f"({form})") == f"({HIDDEN})"


@given(st.text("abcXYZ019.-_~/+%", min_size=9, max_size=40), st.text("user:", max_size=5))
def test_basic_authentication_is_hidden_whatever_stands_before_the_password(secret: str, before: str) -> None:
    redactor = Redactor()
    redactor.hide(secret)
    header = base64.b64encode(f"{before}{secret}:".encode()).decode()
    assert redactor.clean(f"Basic {header}!") == f"Basic {HIDDEN}!"


def test_lower_case_percent_signs_are_hidden_too() -> None:
    redactor = Redactor()
    redactor.hide("pass/word=")
    assert redactor.clean("?key=pass%2fword%3d") == f"?key={HIDDEN}"


def test_the_longer_of_two_secrets_goes_first() -> None:
    redactor = Redactor()
    redactor.hide("token")
    redactor.hide("token-of-production")
    assert redactor.clean("token-of-production, token") == f"{HIDDEN}, {HIDDEN}"


def test_each_long_line_of_a_key_is_hidden() -> None:
    redactor = Redactor()
    redactor.hide("-----BEGIN KEY-----\nMIIEvQIBADANBg\n")
    assert redactor.clean("line MIIEvQIBADANBg") == f"line {HIDDEN}"


def test_what_is_no_longer_than_a_word_is_left_alone() -> None:
    redactor = Redactor()
    redactor.hide("abc")
    redactor.hide("")
    assert redactor.clean("abc") == "abc"
