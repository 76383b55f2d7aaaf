"""What everybody may ask of services within reach, over HTTP."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # ninja reads annotations at run time
import uuid  # noqa: TC003  # ninja reads annotations at run time
from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Query, Router

from planning.draft_answers import as_json
from planning.reach_public import ServiceReached, plot_reached
from planning.reach_summary import summary_values

router = Router(tags=["reach"])


@router.get("/planning/reach/summary", url_name="reach-summary")
def summary(request: HttpRequest) -> HttpResponse:
    """Return the share of people within reach of all services, by ward, with the worst ward.

    `low` is certain, `high` at most possible: between them lies what could not be checked.
    """
    return as_json({"city": summary_values()})


@router.get("/parcels/{uuid:parcel_id}/reach", url_name="parcel-reach")
def parcel_reach(
    request: HttpRequest,
    parcel_id: uuid.UUID,
    as_of: Annotated[dt.date | None, Query(description="Legal day; default today.")] = None,
    known_at: Annotated[
        int | None, Query(ge=1, le=2_147_483_647, description="Revision; default the newest.")
    ] = None,
) -> HttpResponse:
    """Say how far a parcel is from each kind of service, and whether that is near enough."""
    told = plot_reached(parcel_id, as_of=as_of or timezone.localdate(), known_at=known_at)
    return as_json({**asdict(told), "services": [_service(one) for one in told.services]})


def _service(one: ServiceReached) -> dict[str, Any]:
    values = asdict(one)
    for name in ("name", "facility"):
        vi, en = values.pop(f"{name}_vi"), values.pop(f"{name}_en")
        is_english = (get_language() or "").startswith("en")
        values["name" if name == "name" else "facility_name"] = en if is_english and en else vi
    return values
