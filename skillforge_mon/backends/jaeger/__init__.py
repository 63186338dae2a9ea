"""Jaeger v2: a store of traces, with the page on which people look at them."""
