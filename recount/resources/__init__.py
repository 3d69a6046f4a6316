"""Files that the package reads, and carries wherever it is installed."""
