"""What the importers remember of their runs."""

from importers.models.import_run import ImportIssue, ImportRun, Outcome

__all__ = ["ImportIssue", "ImportRun", "Outcome"]
