"""What a running program tells its operator: structured logs with secrets removed, counters, quantiles."""
