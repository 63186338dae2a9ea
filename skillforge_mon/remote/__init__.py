"""HTTP for every API: credentials, rate limits, retries, time-outs, redaction; and the contract of what lives there."""
