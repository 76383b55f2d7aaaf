"""What looks wrong in the streets that reach is measured on, for those who can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from planning.conflict_tables import Moment
from planning.conflict_touch import newest_revision
from planning.models import PlanVersion
from planning.reach_city import read_city

if TYPE_CHECKING:
    import datetime as dt

    from planning.reach.records import Quality


def quality_values(version_id: int | None, *, on: dt.date) -> dict[str, Any]:
    """Return the report on the streets of the city, or of a plan with those that it foresees.

    Raises Invalid `no_network` and `network_ambiguous`.
    """
    plan = None
    if version_id is not None:
        plan = PlanVersion.objects.select_related("plan").get(pk=version_id).plan.code
    city = read_city(Moment(on, newest_revision()), plan=plan, step=lambda *_: None)
    return {
        "dataset": city.dataset,
        "junctions": city.network.nodes,
        "segments": city.network.edges,
        **_values(city.network.quality),
    }


def _values(quality: Quality) -> dict[str, Any]:
    named = {*quality.counts, *quality.metres}
    return {
        "counts": dict(quality.counts),
        "metres": {kind: round(metres, 1) for kind, metres in quality.metres.items()},
        "texts": {kind: gettext(f"reach.quality.{kind}") for kind in sorted(named)},
        "issues": [
            {
                "kind": one.kind,
                "text": gettext(f"reach.quality.{one.kind}"),
                "keys": list(one.keys),
                "place": [round(number, 3) for number in one.place],
                "metres": round(one.metres, 1),
            }
            for one in quality.issues
        ],
        "is_cut": quality.is_cut,
    }
