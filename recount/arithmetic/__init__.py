"""Intervals, relations between quantities, and what follows from them: numbers and ids, nothing else."""
