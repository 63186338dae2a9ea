"""The OpenTelemetry Collector: takes traces, counts them, leaves some out, and hands them on."""
