"""What the planner's list says of a draft's services, beside the city as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from planning.reach_review import review_of
from webmap.city_reach import at_least, at_most

if TYPE_CHECKING:
    from planning.models import PlanVersion
    from planning.reach_review import Between, Compared


def reach_of(draft: PlanVersion) -> dict[str, Any]:
    """Return what the row and the approval of a draft print."""
    address = f"{reverse('webmap:reach')}?{urlencode({'draft': draft.pk})}"
    review = review_of(draft.pk)
    if review is None:
        return {"is_known": False, "address": address}
    worse = [one for one in review.norms if one.is_worse]
    better = [one for one in review.norms if one.is_better]
    return {
        "is_known": True,
        "address": address,
        "is_current": review.is_current,
        "is_compared": review.city_run is not None,
        "is_city_current": review.is_city_current,
        "before": _between(review.all_services.before),
        "after": _between(review.all_services.after),
        "worse": _names(worse),
        "better": _names(better),
        "changes": [_row(one) for one in (*worse, *better)],
    }


def _names(compared: list[Compared]) -> list[str]:
    return list(dict.fromkeys(one.name for one in compared))


def _row(one: Compared) -> dict[str, Any]:
    return {
        "name": one.name,
        "norm": one.norm,
        "before": _between(one.before),
        "after": _between(one.after),
        "is_worse": one.is_worse,
    }


def _between(share: Between | None) -> str:
    """Write a share from what is certain to what is possible."""
    if share is None:
        return gettext("not known")
    low, high = at_least(share.low), at_most(share.high)
    if share.low == share.high:
        return low
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}
