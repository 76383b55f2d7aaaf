"""Scenarios of reach over HTTP: trying out what if, and seeing at once who gains and who loses."""

from __future__ import annotations

import uuid  # ninja reads annotations
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from landdata.errors import Forbidden, Missing
from planning import reach_scenario_queries as queries
from planning.draft_answers import as_json, user_of
from planning.operations.scenario_checks import Wanted
from planning.operations.scenarios import (
    add_change,
    describe_scenario,
    new_scenario,
    scenario_open_to,
    undo_change,
    withdraw_scenario,
)
from planning.permissions import conflicts_open_to
from planning.reach_compare import comparison, effects_told, room_told

if TYPE_CHECKING:
    import datetime as dt

    from planning.models import Scenario

router = Router(tags=["reach"], auth=django_auth)

Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the city as it is.")]
Kind = Annotated[str, Query(max_length=40, description="Kind of service.")]
Norm = Annotated[str, Query(max_length=10, description="Row of norms; default the kind's first.")]
Metres = Annotated[float, Field(allow_inf_nan=False)]
EastNorth = tuple[Metres, Metres]


class New(Schema):
    """A scenario to begin; `copy_of` takes over the changes of another one."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=1000)]
    draft: Annotated[int, Field(ge=1)] | None = None
    is_shared: bool = False
    copy_of: uuid.UUID | None = None


class Described(Schema):
    """What shall be said of a scenario; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=1000)] | None = None
    is_shared: bool | None = None
    is_part_of_draft: bool | None = None


class Changed(Schema):
    """A change; `edits` is the number of the last one that was seen. Places in metres."""

    model_config = ConfigDict(extra="forbid")

    edits: Annotated[int, Field(ge=0)]
    action: Literal["add", "move", "close", "enlarge", "road", "people"]
    target: Annotated[str, Field(max_length=160)] = ""
    kind: Annotated[str, Field(max_length=40)] = ""
    place: EastNorth | None = None
    axis: Annotated[list[EastNorth], Field(max_length=1000)] | None = None
    capacity: Metres | None = None
    people: Metres | None = None
    why: Annotated[str, Field(max_length=2000)] = ""


class Undone(Schema):
    """A change to take back, and the number of the last one that was seen."""

    model_config = ConfigDict(extra="forbid")

    edits: Annotated[int, Field(ge=0)]
    number: Annotated[int, Field(ge=1)]


@router.get("/reach/scenarios", url_name="reach-scenarios")
def scenarios(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return the scenarios of a scope that the caller may see, the newest first."""
    user = user_of(request)
    if not conflicts_open_to(user, draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")
    found = queries.scenarios_for(user, draft)
    return as_json({"scenarios": [queries.line_values(one, user) for one in found]})


@router.post("/reach/scenarios", url_name="reach-scenarios")
def begin(request: HttpRequest, body: New) -> HttpResponse:
    """Begin a scenario."""
    on = timezone.localdate()
    scenario = new_scenario(
        title=body.title,
        version_id=body.draft,
        by=user_of(request),
        on=on,
        is_shared=body.is_shared,
        copy_of=body.copy_of,
    )
    return _told(request, scenario, on, status=201)


@router.get("/reach/scenarios/{uuidstr:key}", url_name="reach-scenario")
def one(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Return a scenario with its changes, and what they do to each kind of service."""
    on = timezone.localdate()
    return _told(request, scenario_open_to(user_of(request), key, on=on), on)


@router.patch("/reach/scenarios/{uuidstr:key}", url_name="reach-scenario")
def describe(request: HttpRequest, key: uuid.UUID, body: Described) -> HttpResponse:
    """Change a scenario's title, who sees it, and whether its draft is reviewed with it."""
    on = timezone.localdate()
    scenario = describe_scenario(
        key=key,
        by=user_of(request),
        on=on,
        title=body.title,
        is_shared=body.is_shared,
        is_part_of_draft=body.is_part_of_draft,
    )
    return _told(request, scenario, on)


@router.delete("/reach/scenarios/{uuidstr:key}", url_name="reach-scenario")
def withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Put a scenario away."""
    withdraw_scenario(key=key, by=user_of(request), on=timezone.localdate())
    return HttpResponse(status=204)


@router.post("/reach/scenarios/{uuidstr:key}/changes", url_name="reach-scenario-changes")
def change(request: HttpRequest, key: uuid.UUID, body: Changed) -> HttpResponse:
    """Make a change, and return what it does."""
    on = timezone.localdate()
    wanted = Wanted(**body.dict(exclude={"edits"}))
    scenario = add_change(key=key, edits=body.edits, by=user_of(request), on=on, change=wanted)
    return _told(request, scenario, on, status=201)


@router.post("/reach/scenarios/{uuidstr:key}/undo", url_name="reach-scenario-undo")
def undo(request: HttpRequest, key: uuid.UUID, body: Undone) -> HttpResponse:
    """Take a change back, or bring back what was taken back."""
    on = timezone.localdate()
    scenario = undo_change(
        key=key, edits=body.edits, number=body.number, by=user_of(request), on=on
    )
    return _told(request, scenario, on)


@router.get("/reach/scenarios/{uuidstr:key}/facilities", url_name="reach-scenario-facilities")
def facilities(request: HttpRequest, key: uuid.UUID, kind: Kind) -> HttpResponse:
    """Return the facilities of a kind as the scenario has them."""
    on = timezone.localdate()
    scenario = scenario_open_to(user_of(request), key, on=on)
    return as_json({"facilities": queries.facility_values(scenario, kind, on=on)})


@router.get("/reach/scenarios/{uuidstr:key}/room", url_name="reach-scenario-room")
def room(request: HttpRequest, key: uuid.UUID, kind: Kind) -> HttpResponse:
    """Return how many facilities of a kind people have, how much each has, and who finds room."""
    on, user = timezone.localdate(), user_of(request)
    scenario = scenario_open_to(user, key, on=on)
    return as_json(room_told(scenario, kind, by=user, on=on))


@router.get("/reach/scenarios/{uuidstr:key}/compare", url_name="reach-scenario-compare")
def compare(
    request: HttpRequest,
    key: uuid.UUID,
    kind: Kind,
    norm: Norm = "",
    other: Annotated[
        uuid.UUID | Literal["base"],
        Query(alias="with", description="Another scenario of the scope, or base: as it is."),
    ] = "base",
) -> HttpResponse:
    """Return who gains and who loses by a scenario, against another one or as it is."""
    on, user = timezone.localdate(), user_of(request)
    scenario = scenario_open_to(user, key, on=on)
    against = scenario_open_to(user, other, on=on) if isinstance(other, uuid.UUID) else None
    return as_json(comparison(scenario, against, kind, norm, by=user, on=on))


def _told(
    request: HttpRequest, scenario: Scenario, on: dt.date, *, status: int = 200
) -> HttpResponse:
    user = user_of(request)
    values: dict[str, Any] = {
        **queries.line_values(scenario, user),
        "changes": queries.change_values(scenario, on=on),
        **effects_told(scenario, by=user, on=on),
    }
    return as_json(values, status=status)
