"""The spec that the examples about errors start from: it sets a project up in Sentry without a problem."""

from __future__ import annotations

from typing import Final

SET_UP: Final = """\
version: 1
project: shop
targets:
  sentry: {organization: acme}
teams:
  shop: {slack: "#shop", sentry: shop}
services:
  web:
    team: shop
    errors:
      sentry_project: web
      platform: python-fastapi
      resolve_age: 14d
      keys: {server: {rate_limit: {count: 1000, within: 1m}}}
      ownership:
        - {path: "src/payments/*", owners: shop}
      fingerprints: "error.type:ReadTimeout -> timeout"
      sampling: {errors: 100%, traces: 10%}
"""


def set_up_with(old: str, new: str) -> str:
    """The example with one text replaced, which must be there."""
    assert old in SET_UP, old  # noqa: S101 - a slip in an example must not go unseen
    return SET_UP.replace(old, new)
