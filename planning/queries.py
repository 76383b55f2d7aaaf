"""Reads that join nouns, through the public views."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from landdata.errors import Invalid, Missing
from landdata.models import PublicLandUseCode, PublicParcel, PublicRevision, PublicUnit
from planning.models import PlanStatus, PlanVersion, PublicCorridorRule, PublicPlanFunction

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Collection, Iterable

_Named = TypeVar("_Named", PublicLandUseCode, PublicPlanFunction)


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


def twins(
    *, uuid: uuid.UUID, sheet_id: int, number: str, on: dt.date, known_at: int
) -> list[PublicParcel]:
    """Return the other rows that claim the same number in the same sheet at the same time."""
    return list(
        PublicParcel.objects.known_at(known_at)
        .valid_on(on)
        .filter(sheet_id=sheet_id, number=number)
        .exclude(uuid=uuid)
        .defer("boundary", "boundary_3857")
        .order_by("source_row", "id")
    )


def square_metres(number: float) -> Decimal:
    """Return an area that JSON carried, in m² with the two decimals of the register."""
    return Decimal(str(number)).quantize(Decimal("0.01"))


def land_use_names(*, as_of: dt.date, known_at: int) -> dict[str, PublicLandUseCode]:
    """Return codes of land use by code, as named on the day or else at another time."""
    return _by_code(PublicLandUseCode.objects.known_at(known_at), as_of)


def function_names(*, as_of: dt.date, known_at: int) -> dict[str, PublicPlanFunction]:
    """Return functions of planned land by code, as named on the day or else at another time."""
    return _by_code(PublicPlanFunction.objects.known_at(known_at), as_of)


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


def corridor_rules(*, known_at: int) -> list[PublicCorridorRule]:
    """Return all rules on corridors as known at a revision, whatever their days."""
    return list(
        PublicCorridorRule.objects.known_at(known_at).order_by("rule", "measure", "valid_from")
    )


def newest_draft(code: str, *, among: Collection[int]) -> PlanVersion:
    """Return the newest version of a plan that is not in force yet, among those given by key.

    Raises Missing where there is none: for whoever may not see a draft there is none.
    """
    found = (
        PlanVersion.objects.select_related("plan")
        .filter(plan__code=code, pk__in=among)
        .exclude(status=PlanStatus.PUBLISHED)
        .order_by("-sequence")
        .first()
    )
    if found is None:
        raise Missing("no_draft_of_plan", plan=code)
    return found
