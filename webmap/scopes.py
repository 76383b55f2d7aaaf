"""What planners look at on a page: one draft, one plan in force, or the whole city."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.urls import reverse
from django.utils.translation import gettext as _

from landdata.errors import Missing
from landdata.models import PublicUnit
from planning.models import PlanLevel, PlanTerritory, PlanVersion
from planning.permissions import drafts_open_to
from planning.plan_queries import versions_in_force
from tileserver.services import in_language
from webmap.plan_words import LEVELS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.http import HttpRequest

Box = tuple[float, float, float, float]

#: What is in view where no plan is in force yet, in metres around the middle of the grid.
_NOWHERE_M = 5_000.0


class Scopes(NamedTuple):
    """What somebody may choose among, and what the address says that they chose; None: the city."""

    drafts: list[PlanVersion]
    in_force: list[PlanVersion]
    chosen: PlanVersion | None

    @property
    def name(self) -> str:
        """What the chosen plan is called, "" for the city."""
        return in_language(self.chosen.name_vi, self.chosen.name_en) if self.chosen else ""

    @property
    def choices(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """Plans to choose among, by group: key and words of each."""
        return [
            (_("Being drawn"), [_choice(version) for version in self.drafts]),
            (_("In force"), [_choice(version) for version in self.in_force]),
        ]

    @property
    def workbench(self) -> str:
        """Where the plan is drawn, "" if nowhere: only the newest draft of a plan opens there."""
        of_plan = (v for v in self.drafts if self.chosen and v.plan_id == self.chosen.plan_id)
        newest = next(of_plan, None)
        if self.chosen is None or newest is None or newest.pk != self.chosen.pk:
            return ""
        return reverse("webmap:workbench", args=[self.chosen.plan.code])


def scopes_for(request: HttpRequest, *, on: dt.date) -> Scopes:
    """Return what this person may look at, `?draft=` among it.

    Raises Missing for a draft that is not open to them.
    """
    drafts = _versions(drafts_open_to(request.user, on=on))
    in_force = _versions(versions_in_force(on=on))
    return Scopes(drafts, in_force, _chosen(request, [*drafts, *in_force]))


def box_of(chosen: PlanVersion | None, *, on: dt.date) -> Box:
    """Return the box of the plan, or of all plans in force, in metres of the storage system."""
    if chosen is not None:
        west, south, east, north = chosen.extent.extent
        return west, south, east, north
    grounds = PlanTerritory.objects.known_now().valid_on(on)
    found = grounds.aggregate(box=Extent("boundary"))["box"]
    if found is not None:
        return tuple(found)
    east, north = 500_000.0, 2_325_000.0
    return east - _NOWHERE_M, north - _NOWHERE_M, east + _NOWHERE_M, north + _NOWHERE_M


def wards_in(box: Box, *, on: dt.date) -> list[dict[str, str]]:
    """Return code and name of the wards in a box."""
    wards = (
        PublicUnit.objects.known_now()
        .valid_on(on)
        .filter(level="ward", boundary__bboverlaps=Polygon.from_bbox(box))
        .order_by("name")
    )
    return [
        {"code": code, "name": in_language(vi, en)}
        for code, vi, en in wards.values_list("code", "full_name", "full_name_en").distinct()
    ]


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


def _choice(version: PlanVersion) -> tuple[int, str]:
    """Return what the choice of a plan says: its code, level and name."""
    level = LEVELS[PlanLevel(version.plan.level)]
    name = in_language(version.name_vi, version.name_en)
    return version.pk, f"{version.plan.code} · {level} · {name}"
