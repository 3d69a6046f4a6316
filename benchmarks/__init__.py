"""What the audit reaches, measured: `make bench`, or `python -m benchmarks --quick`."""
