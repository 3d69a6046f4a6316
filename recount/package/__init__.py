"""Data packages: load one and check it, draft one from a text, make a small one in code."""

from recount.package.dataset import DataError, Dataset, load
from recount.package.small import report

__all__ = ["DataError", "Dataset", "load", "report"]
