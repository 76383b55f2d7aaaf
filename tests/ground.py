"""A small ground for map tests: rows written straight through open revisions.

Coordinates are metres of the named VN-2000 zone; (590000, 2325000) of EPSG:5897 lies in Hà Nội.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import shapely
from django.conf import settings
from django.contrib.gis.geos import GEOSGeometry

from accounts.models import User
from landdata import crs
from landdata.models import (
    AdministrativeUnit,
    CadastralSheet,
    Dataset,
    Parcel,
    ParcelAlias,
    ParcelLandUse,
    ParcelVersion,
    Revision,
    RoadSegment,
    SourceFile,
    UnitLevel,
)
from landdata.search.fold import fold, tone_fold

DAY = dt.date(2026, 1, 1)
LATER = dt.date(2026, 9, 1)


@dataclass(frozen=True)
class Shape:
    """One shape in the storage zone and in EPSG:3857."""

    stored: Any
    mercator: Any

    @property
    def extent(self):
        return self.mercator.extent


def shape(geometry: Any, *, epsg: int = 5897) -> Shape:
    """Return a shapely geometry of a zone as both columns hold it, as a collection."""
    kind: dict[str, Any] = {"Polygon": shapely.MultiPolygon, "LineString": shapely.MultiLineString}
    many = kind[geometry.geom_type]([geometry]) if geometry.geom_type in kind else geometry
    both = []
    for target, srid in ((settings.STORAGE_EPSG, settings.STORAGE_SRID), (3857, 3857)):
        moved = GEOSGeometry(memoryview(shapely.to_wkb(crs.transform(many, epsg, target))))
        moved.srid = srid
        both.append(moved)
    return Shape(*both)


def square(east: float, north: float, size: float = 20, *, epsg: int = 5897) -> Shape:
    """Return a square by its south-west corner."""
    return shape(shapely.box(east, north, east + size, north + size), epsg=epsg)


def source_file() -> SourceFile:
    """Return the one file that all rows are said to come from."""
    dataset, _ = Dataset.objects.get_or_create(code="ground", defaults={"kind": "cadastre"})
    found = SourceFile.objects.filter(dataset=dataset).first()
    return found or SourceFile.objects.create(
        dataset=dataset,
        name="ground.shp",
        sha256="0" * 64,
        size_bytes=1,
        stored_as="ground",
        data_date=DAY,
    )


def sheet(number: str = "12", *, unit_code: str = "00004", scale: int = 500, epsg: int = 5897):
    """Return a sheet, made if it is new."""
    found, _ = CadastralSheet.objects.get_or_create(
        unit_code=unit_code, number=number, scale=scale, defaults={"epsg": epsg}
    )
    return found


def add_parcel(
    number: str,
    ground: Shape | None,
    *,
    on: CadastralSheet | None = None,
    land_uses: tuple[str, ...] = ("ODT",),
    valid_from: dt.date = DAY,
    **values,
) -> ParcelVersion:
    """Add one parcel in a revision of its own."""
    on = on or sheet()
    file = source_file()
    national_id = values.pop("national_id", "")
    with Revision.open(by=None, why="test") as revision:
        version = ParcelVersion.objects.create(
            parcel=Parcel.objects.create(uuid=uuid.uuid4()),
            sheet=on,
            number=number,
            national_id=national_id,
            boundary=ground.stored if ground else None,
            boundary_3857=ground.mercator if ground else None,
            geometry_state=values.pop("geometry_state", "valid" if ground else "missing"),
            unit_code=values.pop("unit_code", on.unit_code),
            source_file=file,
            source_row=0,
            fingerprint=b"",
            valid_from=valid_from,
            from_revision=revision.number,
            **values,
        )
        for position, code in enumerate(land_uses):
            ParcelLandUse.objects.create(version=version, position=position, code=code)
    return version


def add_alias(
    version: ParcelVersion,
    sheet_number: str,
    number: str,
    *,
    unit_code: str = "",
    valid_from: dt.date = DAY,
    valid_to: dt.date | None = None,
) -> ParcelAlias:
    """Add one number that a parcel had before, in a revision of its own."""
    with Revision.open(by=None, why="test") as revision:
        return ParcelAlias.objects.create(
            parcel=version.parcel,
            unit_code=unit_code,
            sheet_number=sheet_number,
            number=number,
            source_file=version.source_file,
            source_row=version.source_row,
            valid_from=valid_from,
            valid_to=valid_to,
            from_revision=revision.number,
        )


def close_parcel(version: ParcelVersion) -> None:
    """Stop believing a row, as an import does."""
    with Revision.open(by=None, why="test") as revision:
        ParcelVersion.objects.filter(pk=version.pk).close(revision)


def add_road(name: str, line: Shape, *, road_class: str = "residential") -> RoadSegment:
    """Add one street in a revision of its own."""
    file = source_file()
    with Revision.open(by=None, why="test") as revision:
        return RoadSegment.objects.create(
            source_key=name,
            name=name,
            road_class=road_class,
            axis=line.stored,
            axis_3857=line.mercator,
            source_file=file,
            source_row=0,
            valid_from=DAY,
            from_revision=revision.number,
        )


def add_unit(
    code: str,
    full_name: str,
    ground: Shape | None = None,
    *,
    level: str = UnitLevel.WARD,
    parent_code: str = "01",
    valid_from: dt.date = dt.date(2025, 7, 1),
    valid_to: dt.date | None = None,
) -> AdministrativeUnit:
    """Add one unit; its bare name is the full one without its first word."""
    kind, _, bare = full_name.partition(" ")
    if kind == "Thành":
        bare = full_name.removeprefix("Thành phố ")
    with Revision.open(by=None, why="test") as revision:
        return AdministrativeUnit.objects.create(
            code=code,
            level=level,
            name=bare,
            name_en=bare,
            full_name=full_name,
            full_name_en=bare,
            folded=fold(full_name),
            tone_folded=tone_fold(full_name),
            parent_code=parent_code,
            boundary=ground.stored if ground else None,
            boundary_3857=ground.mercator if ground else None,
            point=ground.stored.centroid if ground else None,
            source="test",
            confidence="high",
            valid_from=valid_from,
            valid_to=valid_to,
            from_revision=revision.number,
        )


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return the x and y of the Web Mercator tile around a point."""
    east, north = crs.transformer(4326, 3857).transform(lon, lat)
    half = 20037508.342789244
    width = 2 * half / 2**z
    return int((east + half) // width), int((half - north) // width)


def tile_of(ground: Shape, z: int) -> tuple[int, int]:
    """Return the x and y of the tile around the centre of a shape."""
    centre = ground.mercator.centroid
    return tile_at(*crs.transformer(3857, 4326).transform(centre.x, centre.y), z)


def a_user() -> User:
    """Return somebody on whose behalf rows can be made."""
    user, _ = User.objects.get_or_create(
        username="ground", defaults={"full_name": "Người thử", "password": "!"}
    )
    return user
