"""Writes source code from the metric catalogue, so that what a service exports and what is asked of it cannot drift."""
