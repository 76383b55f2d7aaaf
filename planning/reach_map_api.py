"""What the map of reach draws, over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router
from ninja.security import django_auth

from landdata.errors import Forbidden, Invalid, Missing
from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.draft_answers import as_json, box_in, user_of
from planning.models import PlanVersion
from planning.models.published_reach import KINDS
from planning.operations.coverage_runs import last_coverage
from planning.permissions import conflicts_open_to
from planning.reach_on_map import bands_of, facilities_in, plots_in, plots_of_town
from planning.reach_towns import NotReadyError, held_town

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User
    from planning.reach_on_map import Box

router = Router(tags=["reach"], auth=django_auth)


@router.get("/reach/map", url_name="reach-map")
def on_map(
    request: HttpRequest,
    box: Annotated[str, Query(max_length=120)],
    kind: Annotated[str, Query(max_length=40)] = "",
    draft: Annotated[int | None, Query(ge=1)] = None,
) -> HttpResponse:
    """Return plots by what their norm says and the facilities of a kind, in a box.

    Without a kind plots are told under all norms together, and no facilities. Those of the city
    are as its last run found them; those of a plan are told once it is put together (`has_plots`).
    """
    user, on = user_of(request), timezone.localdate()
    if not conflicts_open_to(user, draft, on=on):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")
    if kind and kind not in KINDS:
        raise Missing("service_kind", kind=kind)
    area = box_in(box)
    if area is None:
        raise Invalid("box_unreadable")
    moment = Moment(on, newest_revision())
    found = plots_in(area, kind, moment) if draft is None else _of_plan(draft, area, kind, user, on)
    facilities = facilities_in(area, [kind], moment) if kind else []
    return as_json({"has_plots": True, **found, "facilities": facilities})


def _of_plan(draft: int, area: Box, kind: str, user: User, on: dt.date) -> dict[str, Any]:
    version = PlanVersion.objects.select_related("plan").get(pk=draft)
    # Nobody asked for a run by looking at a map.
    if last_coverage(draft) is None:
        return {"plots": [], "is_cut": False, "has_plots": False}
    try:
        _, town = held_town(version, by=user, on=on)
    except NotReadyError:
        return {"plots": [], "is_cut": False, "has_plots": False}
    return plots_of_town(town, area, kind)


@router.get("/reach/map/bands", url_name="reach-map-bands")
def bands(request: HttpRequest, kind: Annotated[str, Query(max_length=40)]) -> HttpResponse:
    """Return the ground around a kind of service as the last run of the city published it.

    Not every kind is published: then there are no bands.
    """
    on = timezone.localdate()
    if not conflicts_open_to(user_of(request), None, on=on):
        raise Forbidden("work_out_reach")
    return as_json(bands_of(kind, Moment(on, newest_revision())))
