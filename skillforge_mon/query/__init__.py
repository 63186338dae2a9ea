"""Queries: PromQL as trees with places, the metric catalogue, types and inference."""
