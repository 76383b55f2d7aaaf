"""Building an extract: the only part of it that reads the database."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import DatabaseError, transaction
from shapely.errors import ShapelyError

from landdata import crs
from landdata.errors import Missing
from landdata.geometry import to_shapely
from landdata.models import GeometryState, Theme
from planning import queries
from planning.extract.pieces import (
    Cell,
    Source,
    ThemeSources,
    is_within_tolerance,
    partition,
)
from planning.extract.records import (
    Answer,
    LandUse,
    Notice,
    ParcelExtract,
    ParcelRecord,
    Piece,
    PlanReference,
    Reason,
    ThemeAnswer,
    Twin,
    ZoneReference,
)

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from django.contrib.gis.geos import GEOSGeometry
    from shapely.geometry.base import BaseGeometry

    from landdata.models import PublicParcel
    from planning.models import (
        PublicPlanFunction,
        PublicPlanTerritory,
        PublicPlanVersion,
        PublicZone,
    )

logger = logging.getLogger(__name__)

#: Registered and measured area may differ by this share before a reader is told. Our own choice,
#: no legal limit: both areas are always shown.
AREAS_DIFFER_SHARE = 0.05


def build_extract(
    parcel: uuid.UUID, *, as_of: dt.date, known_at: int | None = None
) -> ParcelExtract:
    """Return what is planned for a parcel on a day, as known at a revision (default the newest).

    The same (parcel, as_of, known_at) always gives the same extract. Raises Missing for a parcel
    that was not known then, Invalid for a revision that was not given out yet.
    """
    revision = queries.revision_known_at(known_at)
    row = queries.parcel_row(parcel, as_of=as_of, known_at=revision.number)
    if row is None:
        raise Missing("parcel", uuid=str(parcel), known_at=revision.number)
    ground = _in_sheet_zone(row.boundary, row) if row.boundary is not None else None
    record = _parcel_record(row, ground, as_of=as_of, known_at=revision.number)
    themes = tuple(
        ThemeAnswer(theme, _pieces(theme, row, ground, as_of=as_of, known_at=revision.number))
        for theme in Theme
    )
    return ParcelExtract(
        parcel=record,
        as_of=as_of,
        known_at=revision.number,
        known_since=revision.made_at,
        themes=themes,
        notices=_notices(record, themes, as_of=as_of),
    )


def _in_sheet_zone(geometry: GEOSGeometry, row: PublicParcel) -> BaseGeometry:
    """Everything is cut and measured in the zone in which the sheet was drawn."""
    return cast(
        "BaseGeometry",
        crs.transform(to_shapely(geometry), settings.STORAGE_EPSG, row.sheet_epsg),
    )


def _on_earth(shape: BaseGeometry, row: PublicParcel) -> BaseGeometry:
    return cast("BaseGeometry", crs.transform(shape, row.sheet_epsg, crs.GEOGRAPHIC))


def _pieces(
    theme: Theme,
    row: PublicParcel,
    ground: BaseGeometry | None,
    *,
    as_of: dt.date,
    known_at: int,
) -> tuple[Piece, ...]:
    """Return what a theme says, piece by piece; a source that fails makes it say so."""
    unmeasurable = _unmeasurable(row)
    if unmeasurable is not None or ground is None:
        return (_whole(row, ground, unmeasurable or Reason.PARCEL_WITHOUT_BOUNDARY),)
    try:
        # A failed statement must not take the other themes down with its transaction.
        with transaction.atomic(using="public"):
            rows = queries.theme_rows(
                theme, cast("GEOSGeometry", row.boundary), as_of=as_of, known_at=known_at
            )
            functions = queries.function_names(
                (zone.function for zone in rows.zones), as_of=as_of, known_at=known_at
            )
        sources = ThemeSources(
            zones=[Source(_in_sheet_zone(z.boundary, row), z) for z in rows.zones],
            territories=[Source(_in_sheet_zone(t.boundary, row), t) for t in rows.territories],
            registers=[
                Source(_in_sheet_zone(c.boundary, row), c.is_complete) for c in rows.registers
            ],
            troubles=[Source(_in_sheet_zone(s.boundary, row), s.trouble) for s in rows.troubles],
        )
        cells = partition(ground, sources)
    except (DatabaseError, ShapelyError):
        logger.exception("theme %s of parcel %s could not be checked", theme, row.uuid)
        return (_whole(row, ground, Reason.SOURCE_FAILED),)
    return tuple(_piece(cell, row, ground, functions) for cell in cells)


def _unmeasurable(row: PublicParcel) -> Reason | None:
    if row.is_disputed:
        return Reason.PARCEL_DISPUTED
    return {
        GeometryState.INVALID: Reason.PARCEL_INVALID,
        GeometryState.MISSING: Reason.PARCEL_WITHOUT_BOUNDARY,
    }.get(GeometryState(row.geometry_state))


def _whole(row: PublicParcel, ground: BaseGeometry | None, reason: Reason) -> Piece:
    return Piece(
        answer=Answer.NOT_CHECKED,
        reason=reason,
        trouble="",
        area_m2=ground.area if ground is not None else None,
        share=1.0 if ground is not None else None,
        within_tolerance=False,
        boundary=_on_earth(ground, row) if ground is not None else None,
    )


def _piece(
    cell: Cell,
    row: PublicParcel,
    ground: BaseGeometry,
    functions: dict[str, PublicPlanFunction],
) -> Piece:
    answer, reason = cell.finding
    zones = tuple(
        _zone_reference(cast("PublicZone", source.reference), functions) for source in cell.zones
    )
    territories = tuple(
        _plan_of_territory(cast("PublicPlanTerritory", source.reference))
        for source in cell.territories
    )
    return Piece(
        answer=answer,
        reason=reason,
        trouble=cell.troubles[0].reference if cell.troubles else "",
        area_m2=cell.shape.area,
        share=cell.shape.area / ground.area,
        within_tolerance=is_within_tolerance(cell.shape, ground),
        boundary=_on_earth(cell.shape, row),
        zones=zones if answer == Answer.APPLIES else (),
        plans=territories,
    )


def _zone_reference(zone: PublicZone, functions: dict[str, PublicPlanFunction]) -> ZoneReference:
    function = functions.get(zone.function)
    return ZoneReference(
        uid=zone.uid,
        label=zone.label,
        function=zone.function,
        function_name_vi=function.name_vi if function else zone.function,
        function_name_en=function.name_en if function else zone.function,
        colour=function.colour if function else "",
        land_use_code=zone.land_use_code,
        density=zone.density,
        storeys=zone.storeys,
        floor_area_ratio=zone.floor_area_ratio,
        plan=_plan_reference(zone.introduced_by, zone),
    )


def _plan_of_territory(territory: PublicPlanTerritory) -> PlanReference:
    return _plan_reference(territory.version, territory)


def _plan_reference(
    version: PublicPlanVersion, row: PublicZone | PublicPlanTerritory
) -> PlanReference:
    return PlanReference(
        code=version.plan_code,
        name_vi=version.name_vi,
        name_en=version.name_en,
        level=version.level,
        scale=version.scale,
        decision_number=version.decision_number,
        decision_date=version.decision_date,
        authority=version.authority,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        data_date=version.data_date,
        accuracy_m=version.accuracy_m,
    )


def _parcel_record(
    row: PublicParcel, ground: BaseGeometry | None, *, as_of: dt.date, known_at: int
) -> ParcelRecord:
    registered = queries.land_uses(row)
    names = queries.land_use_names((use.code for use in registered), as_of=as_of, known_at=known_at)
    unit = queries.ward(row.unit_code, as_of=row.valid_from, known_at=known_at)
    others = queries.twins(row, known_at=known_at) if row.is_disputed else []
    return ParcelRecord(
        uuid=row.uuid,
        national_id=row.national_id,
        unit_code=row.unit_code,
        unit_name=unit.full_name if unit else row.unit_code,
        unit_name_en=unit.full_name_en if unit else row.unit_code,
        sheet_number=row.sheet_number,
        sheet_scale=row.sheet_scale,
        sheet_epsg=row.sheet_epsg,
        number=row.number,
        address=row.address,
        legal_area_m2=row.legal_area_m2,
        measured_area_m2=ground.area if ground is not None else None,
        geometry_state=row.geometry_state,
        is_disputed=row.is_disputed,
        disputed_with=tuple(
            Twin(t.uuid, t.sheet_number, t.number, t.legal_area_m2) for t in others
        ),
        land_uses=tuple(
            LandUse(
                use.code,
                names[use.code].name_vi if use.code in names else use.code,
                names[use.code].name_en if use.code in names else use.code,
                use.area_m2,
            )
            for use in registered
        ),
        boundary=_on_earth(ground, row) if ground is not None else None,
        data_date=row.data_date,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source_name=row.source_name,
        source_row=row.source_row,
        source_sha256=row.source_sha256,
        accuracy_m=row.accuracy_m,
    )


def _notices(
    parcel: ParcelRecord,
    themes: tuple[ThemeAnswer, ...],
    *,
    as_of: dt.date,
) -> tuple[Notice, ...]:
    """Return what a reader has to know, most important first."""
    registered, measured = parcel.legal_area_m2, parcel.measured_area_m2
    differ = (
        registered is not None
        and measured is not None
        and abs(float(registered) - measured) > AREAS_DIFFER_SHARE * measured
    )
    told = {
        Notice.PARCEL_DISPUTED: parcel.is_disputed,
        Notice.PARCEL_RETIRED: parcel.valid_to is not None and parcel.valid_to <= as_of,
        Notice.BOUNDARY_OF_ANOTHER_DAY: as_of < parcel.valid_from,
        Notice.SAME_LEVEL_CONFLICT: any(p.conflict for t in themes for p in t.pieces),
        Notice.AREAS_DIFFER: differ,
        Notice.REFERENCE_ONLY: True,
    }
    return tuple(notice for notice, holds in told.items() if holds)
