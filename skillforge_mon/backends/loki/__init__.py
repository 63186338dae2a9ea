"""Loki: its configuration with retention by level, and alerts on log lines as rules of its ruler."""
