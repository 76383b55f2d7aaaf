"""Ground within reach, and what is known of a plot, over HTTP. Coordinates are in metres."""

from __future__ import annotations

import uuid  # noqa: TC003  # ninja reads annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field, model_validator

from landdata.errors import Forbidden, Missing
from planning import reach_grounds as grounds
from planning.draft_answers import as_json, user_of
from planning.models import PlanVersion
from planning.operations.background import told
from planning.permissions import conflicts_open_to
from planning.reach.records import Direction, Metric, Mode
from planning.reach_queries import kind_names
from planning.reach_towns import NotReadyError, held_town

if TYPE_CHECKING:
    from collections.abc import Callable

    from planning.reach_town import Town

router = Router(tags=["reach"], auth=django_auth)

Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the city as it is.")]
Kind = Annotated[str, Query(max_length=40, description="Kind of service.")]
#: Up to five numbers of metres.
Bands = Annotated[str, Query(pattern=r"^(\d{1,5}(\.\d{1,2})?(,\d{1,5}(\.\d{1,2})?){0,4})?$")]
Metres = Annotated[float, Field(allow_inf_nan=False, ge=-1e8, le=1e8)]
Limit = Annotated[float, Field(gt=0, le=20_000)]


class Wanted(Schema):
    """Where somebody starts, or whom they want to get to, how, and how far."""

    model_config = ConfigDict(extra="forbid")

    draft: Annotated[int, Field(ge=1)] | None = None
    at: tuple[Metres, Metres] | None = None
    parcel: uuid.UUID | None = None
    facility: Annotated[str, Field(max_length=160)] | None = None
    mode: Literal["walk", "cycle", "motorbike", "car"] = "walk"
    metric: Literal["metres", "seconds"] = "metres"
    #: Metres or seconds.
    limits: Annotated[list[Limit], Field(min_length=1, max_length=3)]
    direction: Literal["from", "to"] = "from"

    @model_validator(mode="after")
    def _one_place(self) -> Wanted:
        if sum(one is not None for one in (self.at, self.parcel, self.facility)) != 1:
            raise ValueError("one of at, parcel, facility is asked for")
        return self


@router.get("/reach/areas", url_name="reach-areas")
def areas(
    request: HttpRequest,
    kind: Kind,
    draft: Draft = None,
    mode: Literal["walk", "motorbike"] = "walk",
    bands: Bands = "",
) -> HttpResponse:
    """Return the ground around the services of a kind, in bands of metres along the streets.

    Without `bands` by half, all and twice of what the norm of the kind allows most plots.
    """
    _check_kind(kind)

    def found(town: Town) -> dict[str, Any]:
        wanted = sorted({float(band) for band in bands.split(",") if band} - {0.0})
        return grounds.areas_values(town, kind, Mode(mode), wanted or grounds.bands_of(town, kind))

    return _of_town(request, draft, found)


@router.post("/reach/isochrone", url_name="reach-isochrone")
def isochrone(request: HttpRequest, body: Wanted) -> HttpResponse:
    """Return the ground that somebody reaches from a place, or comes to it from, by limits.

    It is told where the place meets the street, how far that is, and what is known of it.
    """

    def found(town: Town) -> dict[str, Any]:
        if body.at is not None:
            place = grounds.place_at(town, body.at)
        elif body.parcel is not None:
            place = grounds.place_of_plot(town, str(body.parcel))
        else:
            place = grounds.place_of_facility(town, body.facility or "")
        how = Mode(body.mode), Metric(body.metric), Direction(body.direction)
        return grounds.isochrone_values(town, place, *how, sorted(set(body.limits)))

    return _of_town(request, body.draft, found)


@router.get("/reach/plots/{uuidstr:parcel}", url_name="reach-plot")
def plot(
    request: HttpRequest, parcel: uuid.UUID, draft: Draft = None, kind: Kind = ""
) -> HttpResponse:
    """Return how far a plot is from each kind of service, and the way to the nearest of `kind`."""
    if kind:
        _check_kind(kind)
    return _of_town(request, draft, lambda town: grounds.plot_values(town, str(parcel), kind))


def _of_town(
    request: HttpRequest, draft: int | None, found: Callable[[Town], dict[str, Any]]
) -> HttpResponse:
    """Answer from the town of a scope; with the run that puts it together if it is not ready."""
    user, on = user_of(request), timezone.localdate()
    if not conflicts_open_to(user, draft, on=on):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")
    version = None
    if draft is not None:
        version = PlanVersion.objects.select_related("plan").get(pk=draft)
    try:
        _, town = held_town(version, by=user, on=on)
    except NotReadyError as missing:
        return as_json({"run": told(missing.run)}, status=202)
    return as_json({**found(town), "run": None})


def _check_kind(kind: str) -> None:
    if kind not in kind_names():
        raise Missing("service_kind", kind=kind)
