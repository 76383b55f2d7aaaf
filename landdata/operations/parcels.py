"""Taking in a delivery of parcels: the only place that writes them.

Rows come by COPY into a staging table and are compared there, set against set, so that half a
million take seconds. What differs is written in one revision: the row of before is closed and
written again up to the day of the data, the new one holds from that day on. A delivery that says
what is known already makes no revision at all.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.conf import settings
from django.db import connection, transaction

from landdata.errors import Forbidden, Invalid
from landdata.models import AdministrativeUnit, Revision, SourceFile, UnitLevel
from landdata.operations import parcels_sql as sql
from landdata.permissions import may_take_in_parcels

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from accounts.models import User

#: What a row carries into the staging table. `old_numbers` are joined by "+" like `land_uses`, and
#: `old_sheets` is one for all of them or one for each; empty where the row says none. `shape` is
#: WKB in the storage system, there also for rings that cannot be measured: it tells a changed row
#: from an unchanged one.
ARRIVING: Final = pa.schema(
    [
        ("row", pa.int64()),
        ("unit_code", pa.string()),
        ("sheet", pa.string()),
        ("scale", pa.int32()),
        ("number", pa.string()),
        ("national_id", pa.string()),
        ("legal_area_m2", pa.string()),
        ("address", pa.string()),
        ("land_uses", pa.string()),
        ("geometry_state", pa.string()),
        ("old_unit_code", pa.string()),
        ("old_sheets", pa.string()),
        ("old_numbers", pa.string()),
        ("shape", pa.binary()),
    ]
)
#: More than this share of what stands leaving at once is more often a bad delivery than news.
GONE_WITHOUT_ASKING: Final = 0.01
_HEX: Final = np.array([f"{byte:02x}" for byte in range(256)], "S2")


@dataclass(frozen=True)
class Finding:
    """Something about one row that only the comparison with the register could show."""

    row: int
    code: str
    value: str


@dataclass(frozen=True)
class Gone:
    """A parcel that a complete delivery no longer names."""

    uuid: str
    unit_code: str
    sheet: str
    scale: int
    number: str


@dataclass(frozen=True)
class ParcelIntake:
    """What became of the rows of a delivery."""

    read: int
    new: int
    changed: int
    unchanged: int
    gone: list[Gone]
    retired: int
    findings: list[Finding]
    revision: int | None
    source_file: SourceFile | None = field(compare=False)


@transaction.atomic
def take_in_parcels(
    *,
    rows: Iterable[pa.RecordBatch],
    source_file: SourceFile,
    as_of: dt.date,
    by: User | None,
    why: str,
    complete_sheets: bool = False,
    retire_gone: bool = False,
    accept_gone: bool = False,
    dry_run: bool = False,
) -> ParcelIntake:
    """Compare a delivery with the register and write what differs.

    `rows` are checked rows of ARRIVING. `source_file` is unsaved; its `data_date` is the day from
    which the delivery holds. `by` None is the operator at the machine itself. With
    `complete_sheets` every sheet named in the delivery is whole in it: parcels it no longer has
    are `gone`, a proposal that `retire_gone` carries out.

    Raises Forbidden, or Invalid `too_many_gone` above one per cent unless `accept_gone`.
    """
    _stage(rows)
    if by is not None:
        _check_permission(by, as_of)
    seen = _newest_revision()
    _compare(complete_sheets=complete_sheets, retire_gone=retire_gone)
    intake = _tally(source_file.data_date)
    _check_gone(intake, retire_gone=retire_gone, accept_gone=accept_gone)
    if dry_run:
        transaction.set_rollback(True)
        return intake
    kept = _kept_source(source_file)
    if not _has_news(intake, retire_gone=retire_gone):
        return _answer(intake, kept, None)
    try:
        with Revision.open(by=by, why=why, source_file=kept) as revision:
            if revision.number != seen + 1:
                # Somebody wrote while we compared: look again, now that nobody else can.
                _compare(complete_sheets=complete_sheets, retire_gone=retire_gone)
                intake = _tally(source_file.data_date)
                _check_gone(intake, retire_gone=retire_gone, accept_gone=accept_gone)
                if not _has_news(intake, retire_gone=retire_gone):
                    raise _NothingLeftError
            _write(revision, kept)
    except _NothingLeftError:
        return _answer(intake, kept, None)
    return _answer(intake, kept, revision.number)


class _NothingLeftError(Exception):
    """Somebody else brought the same meanwhile: takes the opened revision back."""


def _has_news(intake: ParcelIntake, *, retire_gone: bool) -> bool:
    return bool(intake.new or intake.changed or (retire_gone and intake.gone))


def _answer(intake: ParcelIntake, kept: SourceFile, revision: int | None) -> ParcelIntake:
    retired = _number("SELECT count(*) FROM leaving") if revision else 0
    return replace(intake, retired=retired, revision=revision, source_file=kept)


def _stage(rows: Iterable[pa.RecordBatch]) -> None:
    """COPY the rows into a table of this transaction.

    Raises RuntimeError if PostgreSQL took another number of rows than were sent: it accepts a
    stream that was cut short.
    """
    sent = taken = 0
    with connection.cursor() as cursor:
        cursor.execute(sql.STAGING)
        for batch in rows:
            sent += batch.num_rows
            cursor.copy_expert(sql.COPY, _as_csv(batch))
            taken += cursor.rowcount
        if taken != sent:
            raise RuntimeError(f"{sent} rows were sent to the staging table, {taken} arrived")
        cursor.execute("ANALYZE arriving")


def _as_csv(batch: pa.RecordBatch) -> io.BytesIO:
    """Return the batch as CSV: null is an empty field, an empty text is quoted."""
    batch = batch.select(ARRIVING.names).cast(ARRIVING)
    at = batch.schema.get_field_index("shape")
    batch = batch.set_column(at, "shape", _as_bytea(batch.column(at)))
    out = io.BytesIO()
    pyarrow.csv.write_csv(
        batch, out, pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid")
    )
    out.seek(0)
    return out


def _as_bytea(column: pa.BinaryArray) -> pa.LargeStringArray:
    """Return bytes in PostgreSQL's hexadecimal spelling, all at once."""
    column = pa.concat_arrays([column])
    _, offset_buffer, data_buffer = column.buffers()
    offsets = np.frombuffer(offset_buffer, np.int32)[column.offset :][: len(column) + 1]
    data = np.frombuffer(data_buffer or b"", np.uint8)[offsets[0] : offsets[-1]]
    digits = pa.Array.from_buffers(
        pa.large_string(),
        len(column),
        [
            pc.is_valid(column).buffers()[1],
            pa.py_buffer(((offsets - offsets[0]).astype(np.int64) * 2).tobytes()),
            pa.py_buffer(_HEX[data].tobytes()),
        ],
    )
    prefix, nothing = (pa.scalar(text, pa.large_string()) for text in ("\\x", ""))
    return pc.binary_join_element_wise(prefix, digits, nothing)


def _check_permission(by: User, on: dt.date) -> None:
    codes = _column("SELECT DISTINCT unit_code FROM arriving")
    wards = (
        AdministrativeUnit.objects.known_now()
        .valid_on(on)
        .filter(level=UnitLevel.WARD, code__in=codes)
    )
    if not may_take_in_parcels(by, on=on, at=[w.point for w in wards if w.point is not None]):
        raise Forbidden("take_in_parcels", wards=", ".join(sorted(codes)[:5]))


def _compare(*, complete_sheets: bool, retire_gone: bool) -> None:
    """Pair arriving rows with standing ones and judge each: new, changed or unchanged."""
    with connection.cursor() as cursor:
        cursor.execute(sql.FORGET)
        cursor.execute(sql.ARRIVED)
        cursor.execute(sql.STANDING)
        cursor.execute(sql.PAIRS)
        for pairing in sql.PAIRINGS:
            cursor.execute("ANALYZE pairs")
            cursor.execute(pairing)
        cursor.execute("ANALYZE pairs")
        cursor.execute(sql.GONE if complete_sheets else sql.NOTHING_GONE)
        cursor.execute(sql.LEAVING, [retire_gone])
        cursor.execute(sql.JUDGED)
        cursor.execute("ANALYZE judged")


def _tally(data_date: dt.date) -> ParcelIntake:
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict, count(*) FROM judged GROUP BY verdict")
        counts: dict[str, int] = dict(cursor.fetchall())
        cursor.execute(sql.FINDINGS, [data_date])
        findings = [Finding(*found) for found in cursor.fetchall()]
        cursor.execute(sql.GONE_NAMED)
        gone = [Gone(*named) for named in cursor.fetchall()]
    return ParcelIntake(
        read=sum(counts.values()),
        new=counts.get("new", 0),
        changed=counts.get("changed", 0),
        unchanged=counts.get("unchanged", 0),
        gone=gone,
        retired=0,
        findings=findings,
        revision=None,
        source_file=None,
    )


def _check_gone(intake: ParcelIntake, *, retire_gone: bool, accept_gone: bool) -> None:
    """Ask before more than a hundredth of what stands on the delivered sheets leaves."""
    if not retire_gone or accept_gone:
        return
    standing = _number(sql.STANDING_ON_SHEETS)
    if len(intake.gone) > GONE_WITHOUT_ASKING * standing:
        raise Invalid("too_many_gone", gone=len(intake.gone), standing=standing)


def _kept_source(source_file: SourceFile) -> SourceFile:
    """Return the row for the same file received before under the same terms, or save this one."""
    known = SourceFile.objects.filter(
        dataset=source_file.dataset,
        sha256=source_file.sha256,
        epsg=source_file.epsg,
        datum_operation=source_file.datum_operation,
        data_date=source_file.data_date,
        encodings=source_file.encodings,
    ).first()
    if known is not None:
        return known
    source_file.save()
    return source_file


def _write(revision: Revision, source: SourceFile) -> None:
    """Close, write again and open rows."""
    values: dict[str, Any] = {
        "revision": revision.number,
        "data_date": source.data_date,
        "source": source.pk,
        "epsg": source.epsg,
        "datum_operation": source.datum_operation,
        "accuracy_m": source.accuracy_m,
        "srid": settings.STORAGE_SRID,
    }
    with connection.cursor() as cursor:
        for statement in sql.WRITING:
            cursor.execute(statement, values)
        # Until the planner knows the new rows, a search by address reads all of them.
        cursor.execute(
            "ANALYZE landdata_parcelversion, landdata_parcellanduse, landdata_parcelalias"
        )


def _newest_revision() -> int:
    return _number("SELECT coalesce(max(number), 0) FROM landdata_revision")


def _number(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def _column(query: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [value for (value,) in cursor.fetchall()]
