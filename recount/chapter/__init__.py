"""What a notebook needs: the audit under its parameters, tables, charts and glued numbers."""

from recount.chapter.chapter import Chapter, tell_verdicts

__all__ = ["Chapter", "tell_verdicts"]
