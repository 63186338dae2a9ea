"""Promtail, which Alloy has taken the place of: the same stages, in its YAML."""
