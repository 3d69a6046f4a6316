"""The book: chapters run through papermill, compiled into a Chinese and an English edition."""

from recount.book.layout import Book, BookError
from recount.book.site import build_site

__all__ = ["Book", "BookError", "build_site"]
