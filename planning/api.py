"""Questions about plans over HTTP."""

from __future__ import annotations

import datetime as dt  # ninja reads annotations at run time
import json
import uuid
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from planning.extract import build_extract
from planning.extract.as_json import as_json
from planning.schemas import ExtractAnswer

router = Router(tags=["extract"])


@router.get("/parcels/{uuid:parcel_id}/extract", response=ExtractAnswer, url_name="parcel-extract")
def parcel_extract(
    request: HttpRequest,
    parcel_id: uuid.UUID,
    as_of: Annotated[dt.date | None, Query(description="Legal day; default today.")] = None,
    known_at: Annotated[
        int | None, Query(ge=1, le=2_147_483_647, description="Revision; default the newest.")
    ] = None,
) -> HttpResponse:
    """Say what is planned for a parcel, piece by piece."""
    extract = build_extract(parcel_id, as_of=as_of or timezone.localdate(), known_at=known_at)
    # Printed as it is: checking our own words against the schema would take longer than finding
    # them, and a test holds them against it.
    return HttpResponse(
        json.dumps(as_json(extract), ensure_ascii=False),
        content_type="application/json; charset=utf-8",
    )
