"""Saying in public which land can be had: publishing, changing and withdrawing sites.

What an office says holds from the day on which it says it; what it said before stays known. What
the plans permit on a site nobody types: it is worked out in the same revision.
"""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django.db import connection, transaction
from django.utils import timezone

from landdata.errors import Forbidden, Invalid, Missing, Stale
from landdata.models import Revision
from planning.models import AvailableSite, AvailableSiteParcel, SiteStatus
from planning.operations.permitted_uses import close_uses, write_uses
from planning.operations.site_checks import Ground, checked_ground
from planning.permissions import may_publish_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.contrib.gis.geos import MultiPolygon

    from accounts.models import User
    from planning.content import SiteContent

#: One change of sites at a time, from the comparison on: nobody else writes these tables.
_LOCK: Final = 7_305_912
_TYPED: Final = (
    *("code", "title_vi", "title_en", "legal_basis", "status", "contact_office", "price_basis"),
    *("contact_phone", "offered_from", "offered_until"),
)


def check_site(
    content: SiteContent, *, based_on: int | None, by: User | None, on: dt.date
) -> Ground:
    """Refuse what publishing would refuse, or with `based_on` what changing would; write nothing.

    Return the ground that the site would have. Raises as `publish_available_site` and
    `change_available_site` do.
    """
    if based_on is None and AvailableSite.objects.filter(code=content.code).exists():
        raise Invalid("site_code_taken", site=content.code)
    known = [] if based_on is None else _known(content.code, based_on)
    ground = checked_ground(content, on=on)
    for place in (*(row.boundary for row in known[-1:]), ground.boundary):
        _check_permission(by, content.code, on, place)
    return ground


@transaction.atomic
def publish_available_site(
    content: SiteContent, *, by: User | None, on: dt.date, why: str = ""
) -> AvailableSite:
    """Say from `on` on that a site can be had.

    `by` None is the operator at the machine. Raises Forbidden outside the person's territory;
    Invalid for a code that is taken, ground that is none, is somebody else's offer or cannot be
    found, an offer that is over, and for what looks like personal data.
    """
    _lock()
    ground = check_site(content, based_on=None, by=by, on=on)
    new = _row(content, ground, on=on, published_at=timezone.now())
    with Revision.open(by=by, why=_why("publish", content.code, why)) as revision:
        _write([(new, ground)], revision)
    return new


@transaction.atomic
def change_available_site(
    content: SiteContent, *, based_on: int, by: User | None, on: dt.date, why: str = ""
) -> AvailableSite:
    """Let a site be as said from `on` on; before that day it was as it was said to be.

    `based_on` is the revision that the person had on screen. If somebody else said something of
    the site meanwhile we refuse (Stale). Saying the same again makes no revision. Raises as
    `publish_available_site` does; Missing for a site that is not there.
    """
    _lock()
    ground = check_site(content, based_on=based_on, by=by, on=on)
    known = _known(content.code, based_on)
    new = _row(content, ground, on=on, published_at=known[-1].published_at)
    if _says(known[-1]) == _says(new):
        return known[-1]
    with Revision.open(by=by, why=_why("change", content.code, why)) as revision:
        kept = _end(known, revision, on=on)
        _write([*kept, (new, ground)], revision)
    return new


@transaction.atomic
def withdraw_available_site(
    *, code: str, based_on: int, by: User | None, on: dt.date, why: str
) -> Revision:
    """Let a site be offered no more from `on` on; what was said before stays known.

    `why` goes on record. Raises Missing, Stale, Forbidden; Invalid without a reason.
    """
    _lock()
    known = _known(code, based_on)
    _check_permission(by, code, on, known[-1].boundary)
    if not why.strip():
        raise Invalid("site_withdrawn_without_reason", site=code)
    with Revision.open(by=by, why=_why("withdraw", code, why)) as revision:
        _write(_end(known, revision, on=on), revision)
    return revision


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _known(code: str, based_on: int) -> list[AvailableSite]:
    """Return what is known of a site, by day. Raises Missing and Stale."""
    rows = list(
        AvailableSite.objects.known_now()
        .select_related("contact_office")
        .filter(code=code)
        .order_by("valid_from")
    )
    if not rows:
        raise Missing("available_site", site=code)
    newest = max(row.from_revision for row in rows)
    if newest != based_on:
        raise Stale("available_site_changed", site=code, now=newest, edited=based_on)
    return rows


def _check_permission(by: User | None, code: str, on: dt.date, ground: MultiPolygon) -> None:
    if by is not None and not may_publish_site(by, on=on, at=ground):
        raise Forbidden("publish_site", site=code)


def _why(verb: str, code: str, why: str) -> str:
    return f"{verb} site {code}: {why.strip()}" if why.strip() else f"{verb} site {code}"


def _row(
    content: SiteContent, ground: Ground, *, on: dt.date, published_at: dt.datetime
) -> AvailableSite:
    is_over = None
    if content.status == SiteStatus.OFFERED and content.offered_until is not None:
        is_over = content.offered_until + dt.timedelta(days=1)
    return AvailableSite(
        **{name: getattr(content, name) for name in _TYPED},
        boundary=ground.boundary,
        shape_from=ground.shape_from,
        area_m2=ground.area_m2,
        area_from=ground.area_from,
        unit_code=ground.unit_code,
        published_at=published_at,
        valid_from=on,
        valid_to=is_over,
    )


def _says(row: AvailableSite) -> tuple[Any, ...]:
    typed = (getattr(row, name) for name in _TYPED)
    ground = bytes(row.boundary.wkb), row.shape_from, row.area_m2, row.area_from
    return (*typed, *ground, row.valid_to)


def _end(
    known: Sequence[AvailableSite], revision: Revision, *, on: dt.date
) -> list[tuple[AvailableSite, Ground | None]]:
    """Close what reaches `on` or beyond, and return what of it stays true before that day."""
    going = [row for row in known if row.valid_to is None or row.valid_to > on]
    kept: list[tuple[AvailableSite, Ground | None]] = []
    for row in going:
        if row.valid_from < on:
            again = copy.copy(row)
            again.pk = None
            again._state = copy.copy(row._state)
            again._state.adding = True
            again.valid_to = on
            again.to_revision = None
            kept.append((again, _plots_of(row)))
    close_uses(going, revision)
    AvailableSite.objects.filter(pk__in=[row.pk for row in going]).close(revision)
    return kept


def _plots_of(row: AvailableSite) -> Ground:
    return Ground.of(row, list(row.parcels.order_by("pk")))


def _write(rows: Sequence[tuple[AvailableSite, Ground | None]], revision: Revision) -> None:
    for row, _ in rows:
        row.from_revision = revision.number
    sites = AvailableSite.objects.bulk_create([row for row, _ in rows])
    AvailableSiteParcel.objects.bulk_create(
        [
            AvailableSiteParcel(
                site=site,
                unit_code=plot.unit_code,
                sheet_number=plot.sheet_number,
                scale=plot.scale,
                number=plot.number,
                parcel_id=plot.parcel_id,
            )
            for site, (_, ground) in zip(sites, rows, strict=True)
            if ground is not None
            for plot in ground.plots
        ]
    )
    write_uses(sites, revision)
