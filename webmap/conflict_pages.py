"""The page of conflicts: of one draft, of a plan in force, or of the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from landdata.errors import Missing
from landdata.models import PublicUnit
from planning.models import PlanLevel, PlanTerritory, PlanVersion
from planning.permissions import drafts_open_to
from planning.plan_queries import versions_in_force
from tileserver.services import in_language
from webmap.plan_words import LEVELS
from webmap.plans import base_map
from webmap.texts import client_texts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

#: What is in view where no plan is in force yet, in metres around the middle of the grid.
_NOWHERE_M = 5_000.0


@require_safe
def conflicts(request: HttpRequest) -> HttpResponse:
    """Show the conflicts of `?draft=` (a draft or a plan in force), or of the whole city.

    Raises Missing for a draft that is not open to this person.
    """
    today = timezone.localdate()
    drafts = _versions(drafts_open_to(request.user, on=today))
    in_force = _versions(versions_in_force(on=today))
    chosen = _chosen(request, [*drafts, *in_force])
    return render(
        request,
        "webmap/conflicts.html",
        {
            "chosen": chosen.pk if chosen else None,
            "name": in_language(chosen.name_vi, chosen.name_en) if chosen else "",
            "scopes": [
                (_("Being drawn"), [_scope(version) for version in drafts]),
                (_("In force"), [_scope(version) for version in in_force]),
            ],
            "settings": {
                **_settings(request, chosen, today),
                "plans": sorted({version.plan.code for version in (*drafts, *in_force)}),
                "workbench": _workbench(chosen, drafts),
            },
            "catalogue": {"catalog": client_texts(get_language() or settings.LANGUAGE_CODE)},
        },
    )


def _versions(keys: Iterable[int]) -> list[PlanVersion]:
    found = PlanVersion.objects.filter(pk__in=keys).select_related("plan").defer("extent")
    return list(found.order_by("plan__code", "-sequence"))


def _chosen(request: HttpRequest, known: list[PlanVersion]) -> PlanVersion | None:
    given = request.GET.get("draft", "")
    if not given:
        return None
    for version in known:
        if str(version.pk) == given:
            return version
    raise Missing("draft", id=given[:20])


def _scope(version: PlanVersion) -> tuple[int, str]:
    """Return what the choice of a plan says: its code, level and name."""
    level = LEVELS[PlanLevel(version.plan.level)]
    name = in_language(version.name_vi, version.name_en)
    return version.pk, f"{version.plan.code} · {level} · {name}"


def _workbench(chosen: PlanVersion | None, drafts: list[PlanVersion]) -> str:
    """Return where the plan is drawn: only the newest draft of a plan opens there."""
    newest = next((v for v in drafts if chosen and v.plan_id == chosen.plan_id), None)
    if chosen is None or newest is None or newest.pk != chosen.pk:
        return ""
    return reverse("webmap:workbench", args=[chosen.plan.code])


def _settings(request: HttpRequest, chosen: PlanVersion | None, today: dt.date) -> dict[str, Any]:
    box = _box(chosen, today)
    wards = (
        PublicUnit.objects.known_now()
        .valid_on(today)
        .filter(level="ward", boundary__bboverlaps=Polygon.from_bbox(box))
        .order_by("name")
    )
    return {
        "planning": f"{reverse('api:api-root')}planning",
        "draft": chosen.pk if chosen else None,
        "map": reverse("api:map"),
        "epsg": settings.STORAGE_EPSG,
        "box": box,
        "base": base_map(),
        "wards": [
            {"code": code, "name": in_language(vi, en)}
            for code, vi, en in wards.values_list("code", "full_name", "full_name_en").distinct()
        ],
        "token": get_token(request),
        "sprite": static("webmap/icons.svg"),
        "language": get_language(),
    }


def _box(chosen: PlanVersion | None, today: dt.date) -> tuple[float, float, float, float]:
    """Return the box of the plan, or of all plans in force, in metres of the storage system."""
    if chosen is not None:
        west, south, east, north = chosen.extent.extent
        return west, south, east, north
    grounds = PlanTerritory.objects.known_now().valid_on(today)
    found = grounds.aggregate(box=Extent("boundary"))["box"]
    if found is not None:
        return tuple(found)
    east, north = 500_000.0, 2_325_000.0
    return east - _NOWHERE_M, north - _NOWHERE_M, east + _NOWHERE_M, north + _NOWHERE_M
