"""Taking in reference data: units, their succession, codes of land use.

Reference tables are brought in as a whole. What is new is added, what differs is closed and added
again, what left the table is closed, all in one revision; the same table twice changes nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pyarrow.parquet as pq
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon, Point
from django.db import connection, transaction

from landdata import crs
from landdata.models import (
    AdministrativeUnit,
    LandUseCode,
    Revision,
    Revisioned,
    SuccessionKind,
    UnitLevel,
    UnitSuccession,
)
from landdata.search.fold import fold, tone_fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from accounts.models import User

#: The day on which 63 provinces became 34 and districts ended (NQ 202/2025/QH15).
REORGANISATION = dt.date(2025, 7, 1)
#: The table of the older units describes the months before; what held earlier is not known.
OLD_UNITS_FROM = dt.date(2025, 1, 1)
#: TT 08/2024/TT-BTNMT came into force.
CODES_OF_2024_FROM = dt.date(2024, 8, 1)
#: TT 27/2018/TT-BTNMT came into force (day from memory, to be verified); the retired codes are
#: those of its generation.
CODES_OF_2018_FROM = dt.date(2019, 2, 1)

UNITS_2026_SOURCE = "thanglequoc/vietnamese-provinces-database cd58063 (MIT), as of 2026-07-25"
UNITS_OLD_SOURCE = "vietnamadminunits 1.0.4 (MIT)"


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one table."""

    read: int
    new: int
    changed: int
    unchanged: int
    gone: int


@transaction.atomic
def bring_in(
    rows: Sequence[Revisioned], *, key: Sequence[str], by: User | None, why: str
) -> Counts:
    """Make the known rows of a reference table equal to `rows`, in one revision or none.

    All rows are of one model and unsaved. `key` names the fields that identify a row.
    Raises ValueError when two rows share a key.
    """
    model: Any = type(rows[0])
    content = [
        f.attname
        for f in model._meta.concrete_fields
        if not f.primary_key
        and f.name not in ("from_revision", "to_revision")
        # Follows from the shape that it is a copy of, to the last bit or not.
        and not f.name.endswith("_3857")
    ]

    def identity(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in key)

    def words(row: Any) -> tuple[Any, ...]:
        values = (getattr(row, name) for name in content)
        return tuple(bytes(v.ewkb) if isinstance(v, GEOSGeometry) else v for v in values)

    wanted = {identity(row): row for row in rows}
    if len(wanted) != len(rows):
        raise ValueError(f"{model.__name__}: two rows share a key {tuple(key)}")
    known = {identity(row): row for row in model.objects.known_now()}
    new = [row for k, row in wanted.items() if k not in known]
    gone = [row for k, row in known.items() if k not in wanted]
    changed = [
        (known[k], row) for k, row in wanted.items() if k in known and words(known[k]) != words(row)
    ]
    if new or gone or changed:
        closing = [row.pk for row in gone] + [old.pk for old, _ in changed]
        opening = new + [row for _, row in changed]
        with Revision.open(by=by, why=why) as revision:
            model.objects.filter(pk__in=closing).close(revision)
            for row in opening:
                row.from_revision = revision.number
            model.objects.bulk_create(opening, batch_size=500)
    return Counts(
        read=len(rows),
        new=len(new),
        changed=len(changed),
        unchanged=len(rows) - len(new) - len(changed),
        gone=len(gone),
    )


def load_units(folder: Path, *, by: User | None) -> Counts:
    """Take in the units of 2026 with boundaries and the older ones with points.

    `folder` holds the files that fixtures/units/README.md describes.
    """
    rows = [*_units_of_2026(folder), *_units_before(folder)]
    return bring_in(rows, key=("level", "code", "valid_from"), by=by, why="reference: units")


def _units_of_2026(folder: Path) -> Iterator[AdministrativeUnit]:
    boundaries = _boundaries(folder / "boundaries_2026.parquet")
    with (folder / "units_2026.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            stored, drawn = boundaries[row["level"], row["code"]]
            yield AdministrativeUnit(
                code=row["code"],
                level=row["level"],
                name=row["name"],
                name_en=row["name_en"],
                full_name=row["full_name"],
                full_name_en=row["full_name_en"],
                folded=fold(row["full_name"]),
                tone_folded=tone_fold(row["full_name"]),
                parent_code=row["parent_code"],
                boundary=stored,
                boundary_3857=drawn,
                source=UNITS_2026_SOURCE,
                confidence="high",
                valid_from=REORGANISATION,
            )


def _boundaries(file: Path) -> dict[tuple[str, str], tuple[MultiPolygon, MultiPolygon]]:
    """Return (stored, web mercator) boundaries by (level, code).

    The few rings that cross themselves at a simplified corner are mended: these boundaries find
    and check, nothing is measured in them.
    """
    table = pq.read_table(file).to_pydict()
    packed = json.dumps(
        [
            {"level": level, "code": code, "twkb": twkb.hex()}
            for level, code, twkb in zip(
                table["level"], table["code"], table["boundary_twkb"], strict=True
            )
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT level, code, ST_AsEWKB(ST_Transform(boundary, %s)),
                ST_AsEWKB(ST_Transform(boundary, 3857))
            FROM json_to_recordset(%s) AS packed(level text, code text, twkb text),
            LATERAL (SELECT ST_SetSRID(ST_GeomFromTWKB(decode(twkb, 'hex')), 4326) AS raw) AS r,
            LATERAL (SELECT ST_Multi(CASE WHEN ST_IsValid(raw) THEN raw
                ELSE ST_CollectionExtract(ST_MakeValid(raw, 'method=structure'), 3) END)
                AS boundary) AS b
            """,
            [settings.STORAGE_SRID, packed],
        )
        return {
            (level, code): (_multipolygon(stored), _multipolygon(drawn))
            for level, code, stored, drawn in cursor.fetchall()
        }


def _multipolygon(ewkb: memoryview) -> MultiPolygon:
    return cast("MultiPolygon", GEOSGeometry(ewkb))


def _units_before(folder: Path) -> Iterator[AdministrativeUnit]:
    to_storage = crs.transformer(crs.GEOGRAPHIC, settings.STORAGE_EPSG)
    to_mercator = crs.transformer(crs.GEOGRAPHIC, crs.WEB_MERCATOR)
    seen: set[tuple[str, str]] = set()
    for row in _zipped_csv(folder / "units_before_2025-07-01.csv.gz"):
        for level, code, name, parent in (
            (UnitLevel.PROVINCE, row["provinceCode"], row["province"], ""),
            (UnitLevel.DISTRICT, row["districtCode"], row["district"], row["provinceCode"]),
            (UnitLevel.WARD, row["wardCode"], row["ward"], row["districtCode"]),
        ):
            # Five island districts have no wards.
            if not code or (level, code) in seen:
                continue
            seen.add((level, code))
            point = drawn = None
            if level == UnitLevel.WARD:
                place = float(row["wardLon"]), float(row["wardLat"])
                point = Point(*to_storage.transform(*place), srid=settings.STORAGE_SRID)
                drawn = Point(*to_mercator.transform(*place), srid=crs.WEB_MERCATOR)
            yield AdministrativeUnit(
                code=code,
                level=level,
                name=_without_kind(name),
                name_en=fold(_without_kind(name)).title(),
                full_name=name,
                full_name_en="",
                folded=fold(name),
                tone_folded=tone_fold(name),
                parent_code=parent,
                point=point,
                point_3857=drawn,
                source=UNITS_OLD_SOURCE,
                confidence="medium-high",
                valid_from=OLD_UNITS_FROM,
                valid_to=REORGANISATION,
            )


_KINDS = ("Thành phố ", "Thị xã ", "Thị trấn ", "Tỉnh ", "Quận ", "Huyện ", "Phường ", "Xã ")


def _without_kind(full_name: str) -> str:
    for kind in _KINDS:
        # "Quận 1" and "Phường 12" have nothing but a number beside the kind.
        if full_name.startswith(kind) and not full_name[len(kind) :].isdigit():
            return full_name[len(kind) :]
    return full_name


def load_succession(folder: Path, *, by: User | None) -> Counts:
    """Take in which ward of before 2025-07-01 went into which of after."""
    rows = [
        UnitSuccession(
            old_code=row["old_ward"],
            new_code=row["new_ward"],
            kind=SuccessionKind.WHOLE if row["kind"] == "whole" else SuccessionKind.PART,
            is_default=row["is_default"] == "True",
            source=UNITS_OLD_SOURCE,
            confidence="medium-high",
            valid_from=REORGANISATION,
        )
        for row in _zipped_csv(folder / "succession_2025-07-01.csv.gz")
    ]
    return bring_in(
        rows, key=("old_code", "new_code", "valid_from"), by=by, why="reference: succession"
    )


def load_land_use_codes(file: Path, *, by: User | None) -> Counts:
    """Take in the codes of land use, current and retired."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [_land_use_code(row) for row in csv.DictReader(lines)]
    return bring_in(rows, key=("code", "valid_from"), by=by, why="reference: land-use codes")


def _land_use_code(row: dict[str, str]) -> LandUseCode:
    is_retired = row["status"] == "retired"
    return LandUseCode(
        code=row["code"],
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        group=row["group"],
        parent=row["parent"],
        status=row["status"],
        replaced_by=row["replaced_by"],
        colour=row["hex"],
        source=row["name_source"],
        confidence=row["confidence_name"],
        confidence_colour=row["confidence_colour"],
        note=row["note"],
        valid_from=CODES_OF_2018_FROM if is_retired else CODES_OF_2024_FROM,
        valid_to=CODES_OF_2024_FROM if is_retired else None,
    )


def _zipped_csv(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file) as packed, io.TextIOWrapper(packed, "utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
