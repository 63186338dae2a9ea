"""Grafana Alloy: it reads where lines are written, takes them apart, and sends them to Loki."""
