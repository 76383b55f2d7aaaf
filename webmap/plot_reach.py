"""The citizen's page of a plot's services: what is near enough, by the street and by the norm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from planning.reach_public import plot_reached
from webmap.figures import day, metres, name, number
from webmap.views import asked_day, asked_revision

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from planning.reach_public import ServiceReached

STATES: Final = {
    "met": _("Within the service radius"),
    "not_met": _("Not within the service radius"),
    "not_checked": _("Could not be checked"),
    "none": _("No radius is prescribed"),
}
#: Pictures that say the same as the words, with no colour needed.
LOOKS: Final = {
    "met": "clear",
    "not_met": "severity-warns",
    "not_checked": "not_checked",
    "none": "info",
}
#: What takes longer than this needs no tenths.
_WHOLE_MINUTES: Final = 10


@require_safe
def plot_reach(request: HttpRequest, parcel_id: UUID) -> HttpResponse:
    """Show how far a plot is from each kind of service, whole without script."""
    told = plot_reached(
        parcel_id,
        as_of=asked_day(request) or timezone.localdate(),
        known_at=asked_revision(request),
    )
    return render(
        request,
        "webmap/plot_reach.html",
        {
            "uuid": told.uuid,
            "title": gettext("Plot %(number)s, sheet %(sheet)s")
            % {"number": told.number, "sheet": told.sheet},
            "worked_out_on": None if told.worked_out_on is None else day(told.worked_out_on),
            "known_at": told.known_at,
            "met": told.many("met"),
            "not_met": told.many("not_met"),
            "checked": told.many("met") + told.many("not_met"),
            "not_checked": told.many("not_checked"),
            "services": [_row(one) for one in told.services],
        },
    )


def _row(one: ServiceReached) -> dict[str, Any]:
    nobody_knows = "" if one.is_unreached else gettext("not known")
    return {
        "name": name(one.name_vi, one.name_en),
        "state": one.state,
        "look": LOOKS[one.state],
        "state_name": STATES[one.state],
        "walk": gettext("no way leads there") if one.is_unreached else _metres(one.walk_m),
        "straight": _metres(one.straight_m),
        "walk_minutes": _minutes(one.walk_minutes) or nobody_knows,
        "motorbike_minutes": _minutes(one.motorbike_minutes) or nobody_knows,
        "facility": name(one.facility_vi, one.facility_en),
    }


def _metres(value: float | None) -> str:
    """Write metres as they are published: they were rounded away from the limit already."""
    return gettext("not known") if value is None else metres(round(value, 1))


def _minutes(value: float | None) -> str:
    if value is None:
        return ""
    said = number(value, 0 if value >= _WHOLE_MINUTES else 1)
    return gettext("%(minutes)s min") % {"minutes": said}
