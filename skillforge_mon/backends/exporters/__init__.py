"""Exporters that monmc configures: sql_exporter and json_exporter."""
