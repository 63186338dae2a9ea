"""Reads the pages that exporters answer with (Prometheus text 0.0.4, OpenMetrics 1.0), and makes catalogue entries of
what stands on them.
"""
