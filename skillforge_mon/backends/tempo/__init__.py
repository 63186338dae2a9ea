"""Grafana Tempo: a store of traces that is asked in TraceQL."""
