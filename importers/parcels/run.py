"""Bring a file of parcels in: the steps, one after another, and the report."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from django.db import transaction
from django.utils import timezone

from importers import sandbox
from importers.elis.columns import PROFILES, ColumnMap, Profile
from importers.issues import IssueLog
from importers.models import ImportRun, Outcome
from importers.parcels import coordinates, rows, text
from importers.parcels.old_numbers import read_old_numbers
from importers.parcels.wards import known_at_any_time, known_wards
from importers.received import Received, received
from landdata.errors import Invalid, Refusal
from landdata.models import Dataset, LandUseCode, SourceFile
from landdata.operations.parcels import ARRIVING, ParcelIntake, take_in_parcels
from planning.operations.shares import plan_refresh

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from accounts.models import User

logger = logging.getLogger(__name__)

DEFAULT_DATASET: Final = "cadastre"
_BATCH: Final = 25_000
_KIND: Final = "parcels"


@dataclass(frozen=True)
class Options:
    """What the operator chose. `as_of` is the day of the run, `data_date` that of the data."""

    as_of: dt.date
    data_date: dt.date
    crs: str = ""
    encoding: str = text.AUTO
    datum: str = "EPSG:6960"
    profile: str = "elis"
    dataset: str = DEFAULT_DATASET
    complete_sheets: bool = False
    retire_gone: bool = False
    accept_gone: bool = False
    swap_axes: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Checked:
    """A delivery whose rows are checked and ready to be compared."""

    rows: pa.Table
    read: int
    refused: int
    settled: coordinates.Settled
    encodings: dict[str, str]
    columns: ColumnMap


@dataclass(frozen=True)
class Report:
    """What a run has to say; `as_json` is what --report writes."""

    file: Received
    options: Options
    profile: str
    checked: Checked
    intake: ParcelIntake
    log: IssueLog

    @property
    def outcome(self) -> Outcome:
        """Return how it ended: nothing in is a failure even if every row was read."""
        if self.checked.refused == self.checked.read:
            return Outcome.NOTHING
        return Outcome.SOME_REFUSED if self.checked.refused else Outcome.ALL_IN

    @property
    def counts(self) -> dict[str, int]:
        """Return what became of the rows: read is the sum of the other four."""
        return {
            "read": self.checked.read,
            "new": self.intake.new,
            "changed": self.intake.changed,
            "unchanged": self.intake.unchanged,
            "refused": self.checked.refused,
        }

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values; no value in it is personal."""
        return {
            "kind": _KIND,
            "outcome": self.outcome.value,
            "reason": "every_row_refused" if self.outcome is Outcome.NOTHING else "",
            "dry_run": self.options.dry_run,
            "file": {
                "name": self.file.name,
                "sha256": self.file.sha256,
                "bytes": self.file.size_bytes,
                "stored_as": "" if self.options.dry_run else self.file.stored_as,
            },
            "counts": self.counts,
            "gone": len(self.intake.gone),
            "retired": self.intake.retired,
            "gone_parcels": [asdict(gone) for gone in self.intake.gone[:1000]],
            "revision": self.intake.revision,
            "data_date": self.options.data_date.isoformat(),
            "crs": {
                "epsg": self.checked.settled.epsg,
                "datum_operation": self.checked.settled.datum_operation,
                "chosen_by": self.checked.settled.chosen_by,
                "axes_swapped": self.checked.settled.axes_swapped,
            },
            "encodings": self.checked.encodings,
            "profile": self.profile,
            "columns": {
                "taken": self.checked.columns.taken,
                "dropped_personal": self.checked.columns.personal,
                "ignored": self.checked.columns.ignored,
            },
            "issues": self.log.summary(),
        }


def import_parcels(
    path: Path, options: Options, *, by: User | None, progress: Callable[[str], None]
) -> Report:
    """Bring a delivery in and return what became of it.

    `progress` gets the name of each step as it begins. Raises Refusal (Invalid, Forbidden) when
    the delivery as a whole stays out; that is noted as a run, unless nothing was to be written.
    """
    started = timezone.now()
    try:
        return _import(path, options, by, progress, started)
    except Refusal as refusal:
        if not options.dry_run:
            _note_refusal(path, options, by, started, refusal)
        raise


def _import(
    path: Path,
    options: Options,
    by: User | None,
    progress: Callable[[str], None],
    started: dt.datetime,
) -> Report:
    profile = _profile(options.profile)
    log = IssueLog()
    progress("receive")
    with received(path, keep=not options.dry_run) as file:
        progress("read")
        layer = sandbox.read_shapefile(file.path, profile.wanted())
    checked = _check(layer, profile, options, log, progress)
    progress("compare")
    with transaction.atomic():
        intake = take_in_parcels(
            rows=_batches(checked.rows, progress),
            source_file=_source_file(file, options, checked, by),
            as_of=options.as_of,
            by=by,
            why=f"parcels: {file.name}",
            complete_sheets=options.complete_sheets,
            retire_gone=options.retire_gone,
            accept_gone=options.accept_gone,
            dry_run=options.dry_run,
        )
        for code in sorted({finding.code for finding in intake.findings}):
            found = [finding for finding in intake.findings if finding.code == code]
            log.add(code, np.array([f.row for f in found]), values=[f.value for f in found])
        report = Report(file, options, profile.title, checked, intake, log)
        if options.dry_run:
            transaction.set_rollback(True)
        else:
            log.store(_note_run(report, by, started))
            if intake.revision is not None:
                plan_refresh()
    logger.info("import of %s: %s, revision %s", file.sha256, report.counts, intake.revision)
    return report


def _profile(name: str) -> Profile:
    if name not in PROFILES:
        raise Invalid("profile_unknown", given=name, known=", ".join(PROFILES))
    return PROFILES[name]


def _check(
    layer: sandbox.Layer,
    profile: Profile,
    options: Options,
    log: IssueLog,
    progress: Callable[[str], None],
) -> Checked:
    table = layer.table
    if not table.num_rows:
        raise Invalid("file_empty")
    described = layer.header["columns"]
    columns = profile.map([column["name"] for column in described])
    progress("decode")
    widths = {c["name"].upper(): int(c["width"]) for c in described if c["kind"] == "C"}
    decoded = text.decode_columns(
        table, columns.taken, widths, text.parse_choice(options.encoding), log
    )
    progress("check")
    numbers = np.asarray(table.column("row"))
    alive = ~np.asarray(table.column("deleted"))
    log.add("record_deleted", numbers[~alive], refuses=True)
    settled = coordinates.settle(
        layer.header["epsg"],
        coordinates.parse_crs(options.crs) if options.crs else None,
        options.datum,
        axes_swapped=options.swap_axes,
    )
    boxes = _boxes(table, swapped=options.swap_axes)
    coordinates.check_axes(boxes)
    astray = boxes.there & ~boxes.plausible & alive
    log.add("coordinates_implausible", numbers[astray], refuses=True)
    alive[astray] = False

    names = columns.taken
    keys = rows.read_keys(decoded, names, profile.unit_offset, numbers, alive, log)
    codes = np.asarray(keys.unit_code, object)
    wards = known_wards(codes[alive].tolist(), data_date=options.data_date, as_of=options.as_of)
    rows.refuse_unknown_wards(
        keys, list(wards.ground), wards.reused, names["unit"], numbers, alive, log
    )
    outside = coordinates.far_from_wards(settled, boxes, codes, wards)
    log.add("outside_ward", numbers[outside & alive], values=codes[outside & alive].tolist())

    drawn_m2 = np.asarray(table.column("area_m2").fill_null(np.nan))
    legal, legal_m2 = rows.areas("area_legal", decoded, names, numbers, alive, log)
    rows.note_areas("area_differs", legal_m2, drawn_m2, numbers, alive, log)
    _, surveyed_m2 = rows.areas("area_measured", decoded, names, numbers, alive, log)
    rows.note_areas("survey_area_differs", surveyed_m2, drawn_m2, numbers, alive, log)
    known = set(LandUseCode.objects.known_now().values_list("code", flat=True))
    shapes, _ = coordinates.to_storage(table.column("shape").to_pylist(), settled)
    states = rows.geometry_states(
        table.column("problem"), table.column("where"), numbers, alive, log
    )
    old = read_old_numbers(decoded, names, profile.unit_offset, numbers, alive, log)
    old.note_unknown_wards(
        known_at_any_time(old.unit_codes()), names.get("old_unit", ""), numbers, alive, log
    )
    address = decoded.columns.get("address", pa.array([""] * len(numbers), pa.string()))
    arriving = pa.table(
        {
            "row": numbers,
            "unit_code": keys.unit_code,
            "sheet": keys.sheet,
            "scale": pa.array(keys.scale, pa.int32()),
            "number": keys.number,
            "national_id": rows.national_ids(decoded, names, numbers, alive, log),
            "legal_area_m2": legal,
            "address": address,
            "land_uses": rows.land_uses(decoded, names, sorted(known), numbers, alive, log),
            "geometry_state": pa.array(states, pa.string()),
            "old_unit_code": old.unit_code,
            "old_sheets": old.sheets,
            "old_numbers": old.numbers,
            "shape": pa.array(shapes, pa.binary()),
        },
        schema=ARRIVING,
    ).filter(pa.array(alive))
    return Checked(
        rows=arriving,
        read=len(numbers),
        refused=int((~alive).sum()),
        settled=settled,
        encodings=decoded.encodings,
        columns=columns,
    )


def _boxes(table: pa.Table, *, swapped: bool) -> coordinates.Boxes:
    boxes = coordinates.Boxes(
        *(
            np.asarray(table.column(side).fill_null(np.nan))
            for side in ("west", "south", "east", "north")
        )
    )
    return boxes.swapped() if swapped else boxes


def _batches(table: pa.Table, progress: Callable[[str], None]) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in table.combine_chunks().to_batches(max_chunksize=_BATCH):
        yield batch
        done += batch.num_rows
        progress(f"stage {done}/{table.num_rows}")


def _source_file(file: Received, options: Options, checked: Checked, by: User | None) -> SourceFile:
    return SourceFile(
        dataset=_dataset(options.dataset),
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        stored_as=file.stored_as,
        epsg=checked.settled.epsg,
        datum_operation=checked.settled.datum_operation,
        data_date=options.data_date,
        encodings=checked.encodings,
        chosen_by=by,
    )


def _dataset(code: str) -> Dataset:
    if code == DEFAULT_DATASET:
        dataset, _ = Dataset.objects.get_or_create(
            code=code,
            defaults={
                "title_vi": "Cơ sở dữ liệu địa chính",
                "title_en": "Cadastral register",
                "kind": _KIND,
            },
        )
        return dataset
    found = Dataset.objects.filter(code=code).first()
    if found is None:
        raise Invalid("dataset_unknown", given=code)
    return found


def _note_run(report: Report, by: User | None, started: dt.datetime) -> ImportRun:
    counts = report.counts
    return ImportRun.objects.create(
        kind=_KIND,
        file_name=report.file.name,
        sha256=report.file.sha256,
        source_file=report.intake.source_file,
        by=by,
        started_at=started,
        options=_options(report.options),
        outcome=report.outcome,
        reason="every_row_refused" if report.outcome is Outcome.NOTHING else "",
        rows_read=counts["read"],
        rows_new=counts["new"],
        rows_changed=counts["changed"],
        rows_unchanged=counts["unchanged"],
        rows_refused=counts["refused"],
        gone=len(report.intake.gone),
        retired=report.intake.retired,
        revision=report.intake.revision,
    )


def _note_refusal(
    path: Path, options: Options, by: User | None, started: dt.datetime, refusal: Refusal
) -> None:
    ImportRun.objects.create(
        kind=_KIND,
        file_name=path.name,
        by=by,
        started_at=started,
        options=_options(options),
        outcome=Outcome.NOTHING,
        reason=refusal.code,
    )


def _options(options: Options) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in asdict(options).items()
    }
