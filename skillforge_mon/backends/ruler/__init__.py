"""Rulers of Mimir and Cortex: the rules of Prometheus as groups of a namespace, sent through an API."""
