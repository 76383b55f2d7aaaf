"""A run of an importer and what it had to say about single rows."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Outcome(models.TextChoices):
    """How a run ended."""

    ALL_IN = "all_in"
    SOME_REFUSED = "some_refused"
    NOTHING = "nothing"


class ImportRun(models.Model):
    """One delivery on its way in: what was asked, what was counted, how it ended."""

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, blank=True)
    source_file = models.ForeignKey(
        "landdata.SourceFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Null is the operator at the machine itself.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(auto_now_add=True)
    options = models.JSONField(default=dict)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    #: Why nothing came in; its sentence stands in the catalogue under `error.<code>`.
    reason = models.CharField(max_length=60, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    retired = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(null=True, blank=True)
    #: Of plans: SHA-256 of the content of each dossier that became a draft, by the plan's code.
    fingerprints = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(
                    rows_read=models.F("rows_new")
                    + models.F("rows_changed")
                    + models.F("rows_unchanged")
                    + models.F("rows_refused")
                ),
                name="every_row_read_is_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name} ({self.outcome})"


class ImportIssue(models.Model):
    """Something about a row that its sender should know; never holds personal data."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="issues")
    #: The sender's row, counted from 0; null is the file as a whole.
    row = models.PositiveIntegerField(null=True, blank=True)
    column = models.CharField(max_length=63, blank=True)
    #: Its sentence stands in the catalogue under `import.<code>`.
    code = models.CharField(max_length=60)
    value = models.CharField(max_length=200, blank=True)
    #: Whether the row stayed out because of it.
    refuses = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["run", "code"], name="issue_of_run_by_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} row {self.row}"
