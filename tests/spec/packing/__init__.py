"""Packs: placeholders, expansion, exporters."""
