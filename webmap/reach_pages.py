"""The planners' page of reach: of one draft, of a plan in force, or of the whole city."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from landdata.models import PublicLandUseCode
from planning.models import DraftZone, PublicPlanFunction, Zone
from planning.norm_queries import services
from planning.reach_queries import facility_kinds, kind_names
from tileserver.services import in_language
from webmap.plans import base_map
from webmap.scopes import box_of, scopes_for, wards_in
from webmap.texts import client_texts

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

    from planning.models import PlanVersion
    from planning.norms.radii import Service
    from webmap.scopes import Scopes


#: Stands in an address for any plot.
_NOBODY: Final = uuid.UUID(int=0)

#: How features are asked for by a box in the storage system.
_OGC_CRS = f"http://www.opengis.net/def/crs/EPSG/0/{settings.STORAGE_EPSG}"


@require_safe
def reach(request: HttpRequest) -> HttpResponse:
    """Show who reaches which service in `?draft=` (a draft or a plan in force), or in the city.

    Raises Missing for a draft that is not open to this person.
    """
    today = timezone.localdate()
    scopes = scopes_for(request, on=today)
    return render(
        request,
        "webmap/reach.html",
        {
            "chosen": scopes.chosen.pk if scopes.chosen else None,
            "name": scopes.name,
            "scopes": scopes.choices,
            "settings": _settings(request, scopes, today),
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
    )


def _settings(request: HttpRequest, scopes: Scopes, today: dt.date) -> dict[str, Any]:
    chosen = scopes.chosen
    is_draft = chosen is not None and chosen in scopes.drafts
    return {
        "planning": f"{reverse('api:api-root')}planning",
        "draft": chosen.pk if chosen else None,
        "is_draft": is_draft,
        "map": reverse("api:map"),
        "epsg": settings.STORAGE_EPSG,
        "box": box_of(chosen, on=today),
        "base": base_map(),
        # A run has figures of the whole city, whatever plan it is of.
        "wards": wards_in(box_of(None, on=today), on=today),
        # A run holds ways against the norms of its day; those of the plan's day are another tab.
        "kinds": kinds_on(today),
        "zones": f"{reverse('ogc-items', args=['zones'])}?bbox-crs={_OGC_CRS}",
        "functions": _functions(chosen if is_draft else None, chosen, today),
        "workbench": scopes.workbench,
        "plot": reverse("webmap:plot-reach", args=[_NOBODY]).replace(str(_NOBODY), "{uuid}"),
        "token": get_token(request),
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
    }


def _functions(
    draft: PlanVersion | None, chosen: PlanVersion | None, today: dt.date
) -> list[dict[str, str]]:
    """Return the functions that ground has in the zones of the scope, by their names."""
    if draft is not None:
        drawn = DraftZone.objects.filter(version_of=draft).values_list("function", flat=True)
        wanted = set(drawn.distinct())
    else:
        zones = Zone.objects.known_now().valid_on(today)
        if chosen is not None:
            zones = zones.filter(plan=chosen.plan_id)
        wanted = set(zones.values_list("function", flat=True).distinct())
    # Plans of land use name their ground by codes of land use.
    uses = PublicLandUseCode.objects.known_now().filter(code__in=wanted)
    functions = PublicPlanFunction.objects.known_now().filter(code__in=wanted)
    named = {
        code: in_language(vi, en)
        for rows in (uses, functions)
        for code, vi, en in rows.order_by("valid_from").values_list("code", "name_vi", "name_en")
    }
    found = [{"code": code, "name": named.get(code, code)} for code in wanted if code]
    return sorted(found, key=lambda one: (one["name"], one["code"]))


def kinds_on(day: dt.date) -> list[dict[str, Any]]:
    """Return the kinds of services with the norms that hold on a day."""
    names, norms = kind_names(), {one.id: one for one in services()}
    return [
        {
            "code": row["code"],
            "name": names[row["code"]],
            "norms": [
                _norm(norms[code]) for code in row["norms"].split() if norms[code].holds_on(day)
            ],
        }
        for row in facility_kinds()
    ]


def _norm(norm: Service) -> dict[str, Any]:
    limits = [one.limit_m for one in norm.distances if one.limit_m is not None]
    return {
        "id": norm.id,
        "limit_m": min(limits, default=None),
        "laxest_m": max(limits, default=None),
        "measured": norm.distances[0].measured if norm.distances else "none",
        "source": norm.source,
        "confidence": norm.confidence,
        "in_force": norm.in_force,
    }
