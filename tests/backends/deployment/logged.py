"""A spec with one stream of lines, and what brings it to Loki."""

from __future__ import annotations

SPEC = """\
version: 1
project: shop
targets:
  loki: {}
  READER: {}
logs:
  web: {source: SOURCE}
deploy:
"""
