"""What must hold of a site that an office wants to offer, and the ground that follows from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from django.conf import settings
from django.contrib.gis.db.models.functions import Area, Intersection
from django.contrib.gis.geos import GEOSGeometry, MultiPolygon
from django.db import connection
from django.db.models import Q

from landdata.errors import Invalid
from planning.extract.pieces import SLIVER_M2
from planning.models import AreaSource, AvailableSite, SiteShape, SiteStatus
from planning.operations.named_plots import parcels_named

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from uuid import UUID

    from planning.content import SiteContent
    from planning.models import AvailableSiteParcel

#: Part of addresses of pages, so it needs no escaping there.
_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{0,39}")
#: Land lines begin with 02, service numbers with 18 or 19; mobile numbers belong to people.
_OFFICE_LINE: Final = re.compile(r"(?:02\d{9}|1[89]00\d{4,6})")
#: Identity numbers have 9 digits, newer ones 12; mobile numbers 10 that begin with 03 to 09. An
#: amount of money may have as many.
_IDENTITY: Final = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d|\s*(?:đ|VN))")
_MOBILE: Final = re.compile(r"(?<!\d)(?:\+?84|0)[35789](?:[ .-]?\d){8}(?!\d)")
_MAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
#: Texts with the most letters that they may have.
_FREE_TEXTS: Final = {"title_vi": 200, "title_en": 200, "legal_basis": 2000, "price_basis": 2000}
#: No site is larger than a province.
_LARGEST_M2: Final = Decimal(10) ** 11
_NEEDED: Final = ("title_vi", "title_en", "legal_basis")
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Plot:
    """A plot of a site, in its numbers of the day."""

    parcel_id: UUID
    unit_code: str
    sheet_number: str
    scale: int
    number: str


@dataclass(frozen=True)
class Ground:
    """The ground of a site and what was found about it."""

    boundary: MultiPolygon
    shape_from: SiteShape
    area_m2: Decimal
    area_from: AreaSource
    unit_code: str
    plots: tuple[Plot, ...] = ()

    @classmethod
    def of(cls, site: AvailableSite, parcels: Sequence[AvailableSiteParcel]) -> Ground:
        """Return the ground that a row of a site has."""
        return cls(
            boundary=site.boundary,
            shape_from=SiteShape(site.shape_from),
            area_m2=site.area_m2,
            area_from=AreaSource(site.area_from),
            unit_code=site.unit_code,
            plots=tuple(
                Plot(p.parcel_id, p.unit_code, p.sheet_number, p.scale, p.number) for p in parcels
            ),
        )


def checked_ground(content: SiteContent, *, on: dt.date) -> Ground:
    """Return the ground of a site as it would be published. Raises Invalid; see the codes."""
    _check_words(content)
    _check_days(content, on)
    if bool(content.plots) == (content.boundary is not None):
        raise Invalid("site_ground", site=content.code)
    plots: tuple[Plot, ...] = ()
    registered: Decimal | None = None
    if content.boundary is None:
        plots, boundary, registered = _of_plots(content, on)
    else:
        boundary = content.boundary
    _check_boundary(content.code, boundary)
    _check_neighbours(content.code, boundary, on)
    area_m2, source = _area(content, boundary, registered)
    return Ground(
        boundary=boundary,
        shape_from=SiteShape.PARCELS if plots else SiteShape.DRAWN,
        area_m2=area_m2,
        area_from=source,
        unit_code=_ward_of(boundary, content.code, on),
        plots=plots,
    )


def _check_words(content: SiteContent) -> None:
    if not _CODE.fullmatch(content.code):
        raise Invalid("site_code", site=content.code[:40])
    for name in _NEEDED:
        if not getattr(content, name).strip():
            raise Invalid("site_words_missing", site=content.code, field=name)
    for name, most in _FREE_TEXTS.items():
        text = getattr(content, name)
        if len(text) > most or "\0" in text:
            raise Invalid("site_words_long", site=content.code, field=name, most=most)
        if _IDENTITY.search(text) or _MOBILE.search(text) or _MAIL.search(text):
            raise Invalid("site_personal_data", site=content.code, field=name)
    phone = re.sub(r"[ .()-]", "", content.contact_phone)
    if phone and not _OFFICE_LINE.fullmatch(phone):
        raise Invalid("site_phone", site=content.code)
    area = content.area_m2
    # Also false for what is not a number.
    if area is not None and not (area.is_finite() and 0 < area < _LARGEST_M2):
        raise Invalid("site_area", site=content.code)


def _check_days(content: SiteContent, on: dt.date) -> None:
    first, last = content.offered_from, content.offered_until
    if first is not None and last is not None and last < first:
        raise Invalid("site_offer_days", site=content.code)
    if content.status == SiteStatus.OFFERED and last is not None and last < on:
        raise Invalid("site_offer_over", site=content.code, day=f"{last:%d/%m/%Y}")


#: The plots of a site: their numbers, whether they can be measured, their union and legal area.
_PLOTS: Final = """
    SELECT v.parcel_id, v.unit_code, s.number, s.scale, v.number, v.boundary IS NOT NULL,
        v.legal_area_m2
    FROM unnest(%(parcels)s::uuid[]) WITH ORDINALITY AS named(parcel, place)
    JOIN landdata_parcelversion v ON v.parcel_id = named.parcel
        AND v.to_revision IS NULL AND v.valid_to IS NULL
    JOIN landdata_cadastralsheet s ON s.id = v.sheet_id
    ORDER BY named.place
"""
_UNION: Final = """
    SELECT ST_AsEWKB(ST_Multi(ST_UnaryUnion(ST_Collect(v.boundary))))
    FROM landdata_parcelversion v
    WHERE v.parcel_id = ANY (%(parcels)s::uuid[]) AND v.to_revision IS NULL AND v.valid_to IS NULL
"""


def _of_plots(
    content: SiteContent, on: dt.date
) -> tuple[tuple[Plot, ...], MultiPolygon, Decimal | None]:
    """Return the plots that are named, their union, and their legal area where all have one."""
    parcels: list[UUID] = []
    for plot, (parcel, problem) in zip(
        content.plots, parcels_named(content.plots, on), strict=True
    ):
        if parcel is None:
            raise Invalid(
                f"site_{problem}",
                site=content.code,
                plot=f"{plot.unit_code}/{plot.sheet_number}/{plot.number}",
            )
        parcels.append(parcel)
    values = {"parcels": [str(parcel) for parcel in dict.fromkeys(parcels)]}
    plots: list[Plot] = []
    areas: list[Decimal | None] = []
    with connection.cursor() as cursor:
        cursor.execute(_PLOTS, values)
        for parcel, unit_code, sheet, scale, number, has_boundary, area_m2 in cursor.fetchall():
            if not has_boundary:
                raise Invalid(
                    "site_plot_without_boundary",
                    site=content.code,
                    plot=f"{unit_code}/{sheet}/{number}",
                )
            plots.append(Plot(parcel, unit_code, sheet, scale, number))
            areas.append(area_m2)
        cursor.execute(_UNION, values)
        (union,) = cursor.fetchone()
    known = [area for area in areas if area is not None]
    registered = sum(known, Decimal(0)) if len(known) == len(areas) else None
    return tuple(plots), cast("MultiPolygon", GEOSGeometry(union)), registered


def _check_boundary(code: str, boundary: MultiPolygon) -> None:
    if boundary.srid != settings.STORAGE_SRID:
        raise ValueError(f"geometry in SRID {boundary.srid}, not in the storage SRID")
    if boundary.empty or not boundary.valid:
        raise Invalid("site_boundary", site=code, reason=boundary.valid_reason)
    if boundary.area < 1:
        raise Invalid("site_too_small", site=code, m2=round(boundary.area, 2))


def _check_neighbours(code: str, boundary: MultiPolygon, on: dt.date) -> None:
    """One piece of land is offered once."""
    other = (
        AvailableSite.objects.known_now()
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), boundary__intersects=boundary)
        .exclude(code=code)
        .annotate(shared=Area(Intersection("boundary", boundary)))
        .order_by("code")
    )
    for site in other:
        if site.shared.sq_m > SLIVER_M2:
            raise Invalid(
                "site_overlaps", site=code, other=site.code, m2=round(site.shared.sq_m, 2)
            )


def _area(
    content: SiteContent, boundary: MultiPolygon, registered: Decimal | None
) -> tuple[Decimal, AreaSource]:
    if content.area_m2 is not None:
        return content.area_m2.quantize(_CENT), AreaSource.STATED
    if registered:
        return registered.quantize(_CENT), AreaSource.REGISTER
    return Decimal(str(boundary.area)).quantize(_CENT), AreaSource.MEASURED


#: Boundaries of wards are simplified: plots decide first whose the ground is.
_WARD: Final = """
    SELECT coalesce(
        (
            SELECT v.unit_code FROM landdata_parcelversion v
            WHERE v.boundary && g.ground AND ST_Intersects(v.boundary, g.ground)
                AND v.to_revision IS NULL AND v.valid_to IS NULL
            GROUP BY v.unit_code
            ORDER BY sum(ST_Area(ST_Intersection(v.boundary, g.ground))) DESC, v.unit_code LIMIT 1
        ),
        (
            SELECT u.code FROM landdata_administrativeunit u
            WHERE u.level = 'ward' AND u.boundary && g.ground
                AND ST_Intersects(u.boundary, g.ground) AND u.to_revision IS NULL
                AND u.valid_from <= %(day)s AND (u.valid_to IS NULL OR u.valid_to > %(day)s)
            ORDER BY ST_Area(ST_Intersection(u.boundary, g.ground)) DESC, u.code LIMIT 1
        )
    )
    FROM (SELECT ST_GeomFromEWKB(%(ground)s) AS ground) g
"""


def _ward_of(boundary: MultiPolygon, code: str, on: dt.date) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WARD, {"ground": bytes(boundary.ewkb), "day": on})
        (found,) = cursor.fetchone()
    if found is None:
        raise Invalid("site_outside_wards", site=code)
    return str(found)
