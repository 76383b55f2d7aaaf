"""The citizens' page of the city's services: who has them near enough, ward by ward."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from planning.reach.measures import DOES_NOT_HOLD
from planning.reach_summary import city_summary
from planning.reach_words import of_reason
from webmap.figures import area, day, metres, number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from planning.norms.radii import Service
    from planning.reach_summary import CityReached, NormTold, ShareTold, WardTold

#: Tenths of a per cent.
_PARTS: Final = 1000
_NOISE: Final = 1e-6
#: Wards that the first page lists, those with the lowest share first.
FEW: Final = 8


@require_safe
def city_reach(request: HttpRequest) -> HttpResponse:
    """Show who lives near enough to all services, whole without script."""
    city = city_summary()
    return render(
        request, "webmap/city_reach.html", {"city": None if city is None else _laid_out(city)}
    )


def headline() -> dict[str, Any] | None:
    """Return the figure of the first page; None where nothing can be said."""
    city = city_summary()
    if city is None or city.told.low is None:
        return None
    return {
        **spoken(city.told),
        "worst": None if city.worst is None else _ward(city.worst),
        "wards": [_ward(ward) for ward in city.wards[:FEW]],
        "more_wards": len(city.wards) > FEW,
    }


def spoken(told: ShareTold) -> dict[str, Any]:
    """Return a share in words and as lengths of a bar of 100; never more than is certain."""
    if told.low is None or told.high is None:
        return {"text": of_reason(told.reason), "is_known": False}
    low = at_least(told.low)
    # What is certain is one figure: cutting it is no doubt.
    high = low if told.is_certain else at_most(told.high)
    is_certain = low == high
    return {
        "is_known": True,
        "is_certain": is_certain,
        "low": low,
        "high": high,
        "text": low if is_certain else gettext("%(low)s to %(high)s") % {"low": low, "high": high},
        "sure": f"{told.low * 100:.2f}",
        "doubt": f"{(told.high - told.low) * 100:.2f}",
    }


def at_least(share: float) -> str:
    """Write a share in per cent, cut: 100 is all of them."""
    return _percent(math.floor(share * _PARTS + _NOISE))


def at_most(share: float) -> str:
    """Write a share in per cent, rounded up: 0 is none of them."""
    return _percent(math.ceil(share * _PARTS - _NOISE))


def _percent(tenths: int) -> str:
    return f"{number(tenths / 10, 1 if tenths % 10 else 0)}%"


def _laid_out(city: CityReached) -> dict[str, Any]:
    return {
        "day": day(city.legal_day),
        "released_on": day(city.released_on),
        "share": spoken(city.told),
        "kinds": city.kinds,
        "not_recorded": city.not_recorded,
        "worst": None if city.worst is None else _ward(city.worst),
        "wards": [_ward(ward) for ward in city.wards],
        "has_unranked": not all(ward.is_ranked for ward in city.wards),
        "norms": [_norm(one) for one in city.norms if one.told.reason != DOES_NOT_HOLD],
    }


def _ward(ward: WardTold) -> dict[str, Any]:
    return {"name": ward.name, "is_ranked": ward.is_ranked, **spoken(ward.told)}


def _norm(one: NormTold) -> dict[str, Any]:
    return {
        "kind": one.kind_name,
        "source": one.service.source if one.service else one.norm,
        "radius": "" if one.service is None else _radius(one.service),
        "least_m2": _least(one.service),
        **spoken(one.told),
    }


def _radius(service: Service) -> str:
    """Write the radii of a norm, from the strictest to the laxest."""
    known = sorted({radius.limit_m for radius in service.distances if radius.limit_m is not None})
    if not known:
        return ""
    low, high = metres(known[0]), metres(known[-1])
    return low if low == high else gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def _least(service: Service | None) -> str:
    return area(service.least_m2) if service is not None and service.least_m2 else ""
