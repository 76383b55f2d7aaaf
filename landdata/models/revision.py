"""Two times: when something held (valid) and since when we know it (revision).

Every row that an answer rests on is append-only. It says on which legal days it holds,
`[valid_from, valid_to)` in Asia/Ho_Chi_Minh, and from which revision to which we believed so,
`[from_revision, to_revision)`. The pair (as_of, known_at) therefore always gives the same answer.
The database keeps the promise: triggers refuse a row that is written outside an open revision,
changed in place, closed twice or deleted.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from accounts.models import User
    from landdata.models.dataset import SourceFile

#: One advisory lock serialises the short write phase of all changes of public data.
REVISION_LOCK = 7_305_901


class Revision(models.Model):
    """One change of public data. Numbers are in commit order and have no gaps."""

    number = models.PositiveIntegerField(primary_key=True)
    made_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    why = models.TextField()
    source_file = models.ForeignKey(
        "landdata.SourceFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.number}: {self.why}"

    @classmethod
    @contextmanager
    def open(
        cls, *, by: User | None, why: str, source_file: SourceFile | None = None
    ) -> Iterator[Revision]:
        """Begin the write phase and yield the revision that its rows carry.

        Takes the lock that makes numbers follow commit order and holds it to the end of the
        outermost transaction, so open it after all reading and checking is done. Revisions do not
        nest: a second one inside the same transaction gets its own, higher number.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REVISION_LOCK])
            # A statement of its own: under READ COMMITTED it sees what the lock waited for.
            cursor.execute("SELECT coalesce(max(number), 0) + 1 FROM landdata_revision")
            (number,) = cursor.fetchone()
            revision = cls.objects.create(
                number=number, made_at=timezone.now(), by=by, why=why, source_file=source_file
            )
            cursor.execute("SELECT set_config('diado.revision', %s, true)", [str(number)])
            yield revision
            cursor.execute("SELECT set_config('diado.revision', '', true)")


_Row = TypeVar("_Row", bound=models.Model)


class RevisionedQuerySet(models.QuerySet[_Row], Generic[_Row]):
    """Questions in both times, for tables and for the public views over them alike."""

    def known_at(self, revision: int) -> Self:
        """Rows that were believed at this revision number."""
        return self.filter(
            Q(to_revision__isnull=True) | Q(to_revision__gt=revision), from_revision__lte=revision
        )

    def known_now(self) -> Self:
        """Rows that are believed today."""
        return self.filter(to_revision__isnull=True)

    def valid_on(self, day: dt.date) -> Self:
        """Rows that hold on this legal day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)

    def close(self, revision: Revision) -> int:
        """Stop believing these rows from this revision on; return how many."""
        return self.update(to_revision=revision.number)


class Revisioned(models.Model):
    """What every append-only row carries."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # Numbers without a foreign key: the trigger lets in none but the open revision's, and checking
    # a reference for every one of half a million copied rows costs more than writing them.
    from_revision = models.PositiveIntegerField()
    to_revision = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_validity_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(to_revision__isnull=True) | Q(to_revision__gt=F("from_revision")),
                name="%(app_label)s_%(class)s_closed_after_opened",
            ),
        ]
