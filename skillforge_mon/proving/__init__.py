"""The rules of a spec, run by promtool over made-up series, with expectations computed from what the spec means."""
