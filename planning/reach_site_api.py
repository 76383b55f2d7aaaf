"""Where the next facilities should stand, over HTTP."""

from __future__ import annotations

import uuid  # noqa: TC003  # ninja reads annotations
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.security import django_auth
from pydantic import ConfigDict, Field

from landdata.errors import Forbidden, Missing
from planning import reach_site_queries as queries
from planning.draft_answers import as_json, user_of
from planning.operations.siting_runs import call_off_siting, start_siting, take_sites
from planning.permissions import conflicts_open_to
from planning.reach.siting.question import question_of
from planning.reach_queries import kind_names
from planning.reach_scenario_queries import line_values

router = Router(tags=["reach"], auth=django_auth)

Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the city as it is.")]
Metres = Annotated[float, Field(gt=0, le=50_000, allow_inf_nan=False)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Place = Annotated[float, Field(ge=-1e8, le=1e8, allow_inf_nan=False)]


class Drawn(Schema):
    """A place that somebody drew, in metres of the storage system."""

    model_config = ConfigDict(extra="forbid")

    place: tuple[Place, Place]
    cost: Amount | None = None
    capacity: Amount | None = None
    name: Annotated[str, Field(max_length=200)] = ""


class Asked(Schema):
    """Where candidates are looked for."""

    model_config = ConfigDict(extra="forbid")

    source: Literal["sites", "plots", "drawn"]
    #: Of plots: planned function of the zones they lie in, and least ground there.
    function: Annotated[str, Field(max_length=60)] = ""
    least_m2: Amount = 0.0
    points: Annotated[list[Drawn], Field(max_length=500)] = []


class Start(Schema):
    """What to look for, and among what; capacities in units of the kind: places, beds, m²."""

    model_config = ConfigDict(extra="forbid")

    draft: Annotated[int, Field(ge=1)] | None = None
    model: Literal["max_cover", "p_median", "capacitated", "set_cover"]
    kind: Annotated[str, Field(max_length=40)]
    limit_m: Metres
    count: Annotated[int, Field(ge=1, le=500)] | None = None
    budget: Annotated[Amount, Field(gt=0)] | None = None
    time_limit_s: Annotated[float, Field(ge=1, le=300)] = 60.0
    candidates: Annotated[list[Asked], Field(min_length=1, max_length=10)]
    cost_each: Amount = 1.0
    capacity_each: Amount | None = None
    need_per_1000: Annotated[float, Field(gt=0, le=1e6)] | None = None


class Take(Schema):
    """Which choice goes into which scenario: 0 the best, n the n-th alternative; null a new one."""

    model_config = ConfigDict(extra="forbid")

    choice: Annotated[int, Field(ge=0, le=5)] = 0
    scenario: uuid.UUID | None = None
    title: Annotated[str, Field(max_length=200)] = ""


@router.get("/reach/siting", url_name="reach-siting")
def searches(request: HttpRequest, draft: Draft = None) -> HttpResponse:
    """Return the searches of a scope, the newest first, without their candidates."""
    if not conflicts_open_to(user_of(request), draft, on=timezone.localdate()):
        raise Missing("draft", id=draft) if draft else Forbidden("search_for_sites")
    found = queries.searches_of(draft)
    return as_json({"runs": [queries.siting_values(run, with_candidates=False) for run in found]})


@router.post("/reach/siting", url_name="reach-siting")
def start(request: HttpRequest, body: Start) -> HttpResponse:
    """Ask where the next facilities should stand. The same question gives the search there is."""
    asked: dict[str, Any] = body.dict()
    run, is_new = start_siting(
        version_id=asked.pop("draft"),
        question=question_of(asked),
        by=user_of(request),
        on=timezone.localdate(),
    )
    return as_json(queries.siting_values(run), status=202 if is_new else 200)


@router.get("/reach/siting/{int:run}", url_name="reach-siting-run")
def one_search(request: HttpRequest, run: int) -> HttpResponse:
    """Return how far a search has come, and what it found."""
    found = queries.open_siting(user_of(request), run, on=timezone.localdate())
    return as_json(queries.siting_values(found))


@router.post("/reach/siting/{int:run}/cancel", url_name="reach-siting-cancel")
def cancel(request: HttpRequest, run: int) -> HttpResponse:
    """Call a search off; nothing of it is kept."""
    on = timezone.localdate()
    return as_json(queries.siting_values(call_off_siting(run_id=run, by=user_of(request), on=on)))


@router.post("/reach/siting/{int:run}/take", url_name="reach-siting-take")
def take(request: HttpRequest, run: int, body: Take) -> HttpResponse:
    """Put the sites of a choice into a scenario, as facilities that are added."""
    user, on = user_of(request), timezone.localdate()
    found = queries.open_siting(user, run, on=on)
    scenario = take_sites(
        run_id=run,
        choice=body.choice,
        scenario=body.scenario,
        title=body.title or f"{kind_names().get(found.kind, found.kind)} {found.number or ''}",
        by=user,
        on=on,
    )
    return as_json(line_values(scenario, user), status=201)
