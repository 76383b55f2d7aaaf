"""What a person may type, shown with a plot that really is in the city's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext

from landdata import crs
from landdata.geometry import to_shapely
from landdata.models import GeometryState, PublicParcel, PublicUnit

if TYPE_CHECKING:
    import datetime as dt


def examples(*, as_of: dt.date) -> list[str]:
    """Return questions that find something: by numbers and ward, and by coordinates.

    None while the land data hold no plot with a usable boundary.
    """
    parcels = PublicParcel.objects.known_now().valid_on(as_of)
    row = (
        parcels.filter(is_disputed=False, geometry_state=GeometryState.VALID).order_by("pk").first()
    )
    if row is None or row.boundary is None:
        return []
    ward = (
        PublicUnit.objects.known_now()
        .valid_on(as_of)
        .filter(code=row.unit_code)
        .values_list("full_name", flat=True)
        .first()
    )
    inside = crs.transform(
        to_shapely(row.boundary).representative_point(), settings.STORAGE_EPSG, crs.GEOGRAPHIC
    )
    by_numbers = gettext("sheet %(sheet)s plot %(number)s") % {
        "sheet": row.sheet_number,
        "number": row.number,
    }
    # In the middle of a sentence the kind of unit is written small: "phường Ba Đình".
    place = f"{ward[0].lower()}{ward[1:]}" if ward else ""
    return [f"{by_numbers} {place}".strip(), f"{inside.y:.6f}, {inside.x:.6f}"]
