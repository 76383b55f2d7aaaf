"""Reads of plans in force, for those who shall adjust them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from planning.editing.as_values import surface
from planning.models import Plan, PlanTerritory, PublicPlanFunction, PublicPlanVersion, Zone

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

#: Zones to choose from; in a larger plan the ground is drawn or its corners are given.
MOST_ZONES: Final = 3_000


def plans_to_adjust(levels: Collection[str], *, on: dt.date) -> list[dict[str, Any]]:
    """Return the plans in force at these levels, with what their newest decision calls them."""
    in_force = PlanTerritory.objects.known_now().valid_on(on).values_list("plan__code", flat=True)
    newest = (
        PublicPlanVersion.objects.filter(plan_code__in=set(in_force), level__in=levels)
        .order_by("plan_code", "-sequence")
        .distinct("plan_code")
    )
    return [
        {
            "code": version.plan_code,
            "level": version.level,
            "name_vi": version.name_vi,
            "name_en": version.name_en,
        }
        for version in newest
    ]


def versions_in_force(*, on: dt.date) -> set[int]:
    """Return the versions, by primary key, that are in force anywhere on that day."""
    grounds = PlanTerritory.objects.known_now().valid_on(on)
    return set(grounds.values_list("version_id", flat=True))


def codes_in_force(*, on: dt.date) -> set[str]:
    """Return the codes of the plans that are in force anywhere on that day."""
    grounds = PlanTerritory.objects.known_now().valid_on(on)
    return set(grounds.values_list("plan__code", flat=True))


def zones_to_adjust(code: str, *, on: dt.date) -> dict[str, Any]:
    """Return the zones of a plan in force, drawn in the storage system, and the plan's ground."""
    plan = Plan.objects.filter(code=code).first()
    colours = dict(PublicPlanFunction.objects.known_now().values_list("code", "colour"))
    zones = Zone.objects.known_now().valid_on(on).filter(plan=plan).order_by("label", "pk")
    grounds = PlanTerritory.objects.known_now().valid_on(on).filter(plan=plan).order_by("pk")
    shown = list(zones[: MOST_ZONES + 1])
    return {
        "is_cut": len(shown) > MOST_ZONES,
        "ground": [surface(ground.boundary) for ground in grounds],
        "zones": [
            {
                "uid": str(zone.uid),
                "label": zone.label,
                "function": zone.function,
                "colour": colours.get(zone.function, "#d9d4c5"),
                "boundary": surface(zone.boundary),
            }
            for zone in shown[:MOST_ZONES]
        ],
    }
