"""Questions about plans over HTTP."""

from __future__ import annotations

import datetime as dt  # ninja reads annotations at run time
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
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
) -> Any:
    """Say what is planned for a parcel, piece by piece."""
    return as_json(build_extract(parcel_id, as_of=as_of or timezone.localdate(), known_at=known_at))
