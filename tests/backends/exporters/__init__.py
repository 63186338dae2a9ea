"""The configuration of exporters."""
