"""Reads that join nouns, through the public views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from landdata.errors import Invalid
from landdata.models import (
    PublicLandUseCode,
    PublicParcel,
    PublicParcelLandUse,
    PublicRevision,
    PublicSourceHealth,
    PublicThemeCoverage,
    PublicUnit,
    Theme,
)
from planning.models import (
    THEME_OF_LEVEL,
    PublicPlanFunction,
    PublicPlanTerritory,
    PublicZone,
)

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Iterable

    from django.contrib.gis.geos import GEOSGeometry

_Named = TypeVar("_Named", PublicLandUseCode, PublicPlanFunction)

LEVEL_OF_THEME = {theme: level for level, theme in THEME_OF_LEVEL.items()}


def revision_known_at(known_at: int | None) -> PublicRevision:
    """Return the revision to answer from, the newest by default.

    Raises Invalid for a number that was not given out yet, and when there is none at all.
    """
    revisions = PublicRevision.objects.order_by("-number")
    revision = revisions.first() if known_at is None else revisions.filter(number=known_at).first()
    if revision is None:
        raise Invalid("revision_unknown", known_at=known_at or 0)
    return revision


def parcel_row(uuid: uuid.UUID, *, as_of: dt.date, known_at: int) -> PublicParcel | None:
    """Return the row of a parcel that holds on a day, else the nearest in time."""
    rows = list(PublicParcel.objects.known_at(known_at).filter(uuid=uuid).order_by("valid_from"))
    if not rows:
        return None
    before = [row for row in rows if row.valid_from <= as_of]
    return before[-1] if before else rows[0]


def twins(row: PublicParcel, *, known_at: int) -> list[PublicParcel]:
    """Return the other rows that claim the same number in the same sheet at the same time."""
    return list(
        PublicParcel.objects.known_at(known_at)
        .valid_on(row.valid_from)
        .filter(sheet_id=row.sheet_id, number=row.number)
        .exclude(uuid=row.uuid)
        .order_by("source_row", "id")
    )


def land_uses(row: PublicParcel) -> list[PublicParcelLandUse]:
    """Return the registered purposes of a parcel row, in the register's order."""
    return list(PublicParcelLandUse.objects.filter(version_id=row.pk).order_by("position"))


def land_use_names(
    codes: Iterable[str], *, as_of: dt.date, known_at: int
) -> dict[str, PublicLandUseCode]:
    """Return codes of land use by code, as named on the day or else at another time."""
    return _by_code(PublicLandUseCode.objects.known_at(known_at).filter(code__in=set(codes)), as_of)


def function_names(
    codes: Iterable[str], *, as_of: dt.date, known_at: int
) -> dict[str, PublicPlanFunction]:
    """Return functions of planned land by code, as named on the day or else at another time."""
    return _by_code(
        PublicPlanFunction.objects.known_at(known_at).filter(code__in=set(codes)), as_of
    )


def _by_code(rows: Iterable[_Named], as_of: dt.date) -> dict[str, _Named]:
    ordered = sorted(rows, key=lambda row: (_holds(row.valid_from, row.valid_to, as_of), row.pk))
    return {row.code: row for row in ordered}


def _holds(valid_from: dt.date, valid_to: dt.date | None, day: dt.date) -> bool:
    return valid_from <= day and (valid_to is None or day < valid_to)


def ward(code: str, *, as_of: dt.date, known_at: int) -> PublicUnit | None:
    """Return the ward that had a code on a day; the code alone would be ambiguous."""
    return (
        PublicUnit.objects.known_at(known_at)
        .valid_on(as_of)
        .filter(level="ward", code=code)
        .defer("boundary", "boundary_3857", "point")
        .first()
    )


@dataclass(frozen=True)
class ThemeRows:
    """What a theme's answer rests on, around one plot."""

    zones: list[PublicZone]
    territories: list[PublicPlanTerritory]
    registers: list[PublicThemeCoverage]
    troubles: list[PublicSourceHealth]


def theme_rows(theme: Theme, ground: GEOSGeometry, *, as_of: dt.date, known_at: int) -> ThemeRows:
    """Return all that a theme has on `ground`, which is in the storage system."""
    level = LEVEL_OF_THEME[theme]
    touching = {"boundary__intersects": ground}
    return ThemeRows(
        zones=list(
            PublicZone.objects.known_at(known_at)
            .valid_on(as_of)
            .filter(level=level, **touching)
            .select_related("introduced_by")
            .defer("boundary_3857")
            .order_by("plan_code", "label", "pk")
        ),
        territories=list(
            PublicPlanTerritory.objects.known_at(known_at)
            .valid_on(as_of)
            .filter(level=level, **touching)
            .select_related("version")
            .order_by("plan_code", "pk")
        ),
        registers=list(
            PublicThemeCoverage.objects.known_at(known_at)
            .valid_on(as_of)
            .filter(theme=theme, **touching)
            .order_by("pk")
        ),
        troubles=list(
            PublicSourceHealth.objects.known_at(known_at)
            .valid_on(as_of)
            .filter(theme=theme, **touching)
            .order_by("pk")
        ),
    )
