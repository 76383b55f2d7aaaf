"""What became of the rows of a dossier, layer by layer, and the note of the run that it leaves."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from importers.issues import IssueLog
from importers.models import ImportRun, Outcome

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from accounts.models import User
    from importers.plans.rows import Row
    from importers.received import Received
    from landdata.models import SourceFile
    from landdata.operations.reference import Counts

_FATES: Final = ("new", "changed", "unchanged", "refused")


@dataclass(frozen=True)
class Options:
    """What the operator chose; `plan` is the code of the only plan to take, empty for all."""

    as_of: dt.date
    plan: str = ""
    accept_gone: bool = False
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the options as plain values."""
        return {**asdict(self), "as_of": self.as_of.isoformat()}


@dataclass
class Report:
    """What became of the rows of each layer."""

    kind: str
    file: Received
    options: Options
    #: Rows of a GeoPackage have numbers of their own.
    log: IssueLog = field(default_factory=lambda: IssueLog(first_row=0))
    layers: dict[str, dict[str, int]] = field(default_factory=dict)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    #: Code of the annual plan and key of each item that it lists no more.
    gone_items: list[dict[str, str]] = field(default_factory=list)
    revision: int | None = None

    def count(self, layer: str, fate: str, rows: int = 1) -> None:
        """Note what became of rows; those that are gone were not read."""
        counts = self.layers.setdefault(layer, dict.fromkeys(("read", *_FATES, "gone"), 0))
        counts[fate] += rows
        if fate != "gone":
            counts["read"] += rows

    def take(self, layer: str, counts: Counts) -> None:
        """Note what an operation made of the rows that it got."""
        for fate in ("new", "changed", "unchanged", "gone"):
            self.count(layer, fate, getattr(counts, fate))

    def refuse(
        self, layer: str, code: str, column: str, rows: Sequence[Row], *, value: str = ""
    ) -> None:
        """Count rows as refused and note why."""
        self.count(layer, "refused", len(rows))
        self.note(code, column, rows, value=value)

    def note(
        self,
        code: str,
        column: str,
        rows: Sequence[Row],
        *,
        value: str = "",
        refuses: bool = True,
    ) -> None:
        """Note something about rows."""
        self.log.add(
            code,
            [row.number for row in rows],
            column=column,
            values=[value or row.values.get(column, "") for row in rows],
            refuses=refuses,
        )

    @property
    def counts(self) -> dict[str, int]:
        """Return what became of all rows: read is the sum of the other four."""
        return {
            fate: sum(layer[fate] for layer in self.layers.values()) for fate in ("read", *_FATES)
        }

    @property
    def gone(self) -> int:
        """Return how many rows stood before and are in the file no more."""
        return sum(layer["gone"] for layer in self.layers.values())

    @property
    def outcome(self) -> Outcome:
        """Return how it ended."""
        counts = self.counts
        if counts["refused"] == counts["read"]:
            return Outcome.NOTHING
        return Outcome.SOME_REFUSED if counts["refused"] else Outcome.ALL_IN

    @property
    def reason(self) -> str:
        """Return why nothing came in, empty if something did."""
        return "every_row_refused" if self.outcome is Outcome.NOTHING else ""

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "kind": self.kind,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "dry_run": self.options.dry_run,
            "file": {
                "name": self.file.name,
                "sha256": self.file.sha256,
                "bytes": self.file.size_bytes,
                "stored_as": "" if self.options.dry_run else self.file.stored_as,
            },
            "counts": self.counts,
            "gone": self.gone,
            "gone_items": self.gone_items,
            "layers": self.layers,
            "drafts": self.drafts,
            "revision": self.revision,
            "issues": self.log.summary(),
        }

    def keep(self, by: User | None, started: dt.datetime, source: SourceFile) -> None:
        """Leave the run and its notes in the record."""
        counts = self.counts
        run = ImportRun.objects.create(
            kind=self.kind,
            file_name=self.file.name,
            sha256=self.file.sha256,
            source_file=source,
            by=by,
            started_at=started,
            options=self.options.as_json(),
            outcome=self.outcome,
            reason=self.reason,
            rows_read=counts["read"],
            rows_new=counts["new"],
            rows_changed=counts["changed"],
            rows_unchanged=counts["unchanged"],
            rows_refused=counts["refused"],
            gone=self.gone,
            revision=self.revision,
            fingerprints=self.fingerprints,
        )
        self.log.store(run)


def keep_refusal(
    kind: str, file_name: str, options: Options, *, by: User | None, started: dt.datetime, why: str
) -> None:
    """Leave in the record that a file stayed out as a whole, unless nothing was to be written."""
    if not options.dry_run:
        ImportRun.objects.create(
            kind=kind,
            file_name=file_name,
            by=by,
            started_at=started,
            options=options.as_json(),
            outcome=Outcome.NOTHING,
            reason=why,
        )
