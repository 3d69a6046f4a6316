"""Recount: recompute every number of a statistics-laden report from the other numbers in it."""

__version__ = "0.1.0"
