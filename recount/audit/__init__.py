"""Evidence, conflicts, verdicts, explanations and the ledger of a report."""

from recount.audit.audit import VERDICTS, Audit, AuditError, Conflict, Settings

__all__ = ["VERDICTS", "Audit", "AuditError", "Conflict", "Settings"]
