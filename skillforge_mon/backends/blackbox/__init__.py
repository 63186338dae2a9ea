"""blackbox_exporter: what it asks, one module for each distinct check."""
