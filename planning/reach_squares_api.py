"""Where those live who have it farthest, over HTTP: squares of 100 m by tenths of the people."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
from django.http import HttpRequest, HttpResponse  # noqa: TC002  # ninja reads annotations
from django.utils import timezone
from ninja import Query, Router
from ninja.security import django_auth

from landdata.errors import Forbidden, Invalid, Missing
from planning.draft_answers import as_json, user_of
from planning.models import PlanVersion
from planning.operations.background import told
from planning.permissions import conflicts_open_to
from planning.reach.distributions import NO_WAY, NOT_KNOWN
from planning.reach.gains import SQUARE_M
from planning.reach.mosaic import mosaic
from planning.reach_queries import kind_names
from planning.reach_towns import NotReadyError, held_town

router = Router(tags=["reach"], auth=django_auth)

Draft = Annotated[int | None, Query(ge=1, description="Plan version; default the city as it is.")]
Kind = Annotated[str, Query(max_length=40, description="Kind of service.")]


@router.get("/reach/squares", url_name="reach-squares")
def squares(request: HttpRequest, kind: Kind, draft: Draft = None) -> HttpResponse:
    """Return squares with people by how far these have to walk to a kind of service.

    Each is west, south, people, metres on the average (null where nobody has a way) and its tenth
    of the city, 1 to 10, "no_way" or "not_known". A run instead where the city is not ready yet.
    """
    user, on = user_of(request), timezone.localdate()
    if not conflicts_open_to(user, draft, on=on):
        raise Missing("draft", id=draft) if draft else Forbidden("work_out_reach")
    if kind not in kind_names():
        raise Invalid("scenario_kind", kind=kind)
    version = None
    if draft is not None:
        version = PlanVersion.objects.select_related("plan").get(pk=draft)
    values: dict[str, Any] = {"kind": kind, "name": kind_names()[kind], "side_m": SQUARE_M}
    try:
        _, town = held_town(version, by=user, on=on)
    except NotReadyError as missing:
        return as_json({**values, "breaks": [], "squares": [], "run": told(missing.run)})
    served = town.base.served[kind]
    cost = served.nearest.cost
    if not len(served.facilities):
        # None is recorded, which does not say that there is none.
        cost = np.full(len(cost), np.nan)
    found = mosaic(town.city.inside, cost, town.city.plots.people.people)
    rows = zip(
        found.corner.tolist(),
        found.people.tolist(),
        found.metres.tolist(),
        found.tenth.tolist(),
        strict=True,
    )
    told_of = [
        [*corner, many, metres if np.isfinite(metres) else None, _tenth(tenth)]
        for corner, many, metres, tenth in rows
    ]
    return as_json({**values, "breaks": found.breaks, "squares": told_of, "run": None})


def _tenth(tenth: int) -> int | str:
    return {NO_WAY: "no_way", NOT_KNOWN: "not_known"}.get(tenth, tenth + 1)
