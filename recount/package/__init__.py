"""Data packages: load one and check it, draft one from a text, make a small one in code."""

from recount.package.dataset import Dataset
from recount.package.loading import default_folder, load
from recount.package.problems import DataError
from recount.package.small import report

__all__ = ["DataError", "Dataset", "default_folder", "load", "report"]
