"""What reach says to people, in the active language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.utils import numberformat
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext

from planning.norms import State
from planning.reach.records import Measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.reach.norm_check import Part


def of_reason(code: str) -> str:
    """Return why something is not known; empty where it is."""
    return gettext(f"reach.reason.{code}") if code else ""


def of_part(part: Part) -> str:
    """Return what one demand of a norm came to."""
    if part.state is State.NOT_CHECKED and part.share is None:
        return of_reason(part.reason)
    if part.measure is Measure.PROVISION:
        return _provision(part)
    if part.measure is Measure.SPACING:
        return _spacing(part)
    return _distance(part)


def _spacing(part: Part) -> str:
    """Return how many metres of street are too far from what stands along it."""
    found = part.values
    values = {
        "limit": whole(found["limit_m"]),
        "street": whole(found["street_m"]),
        "beyond": whole(found["beyond_m"], up=True),
    }
    return gettext(f"reach.spacing.{part.state}") % values


def _distance(part: Part) -> str:
    """Return who is within; never "all" where somebody is not, nor "none" where somebody is."""
    share = part.share
    if share is None:
        return of_reason(part.reason)
    limits = _limits(part.values)
    values = {
        "limit": limits,
        "covered": whole(share.covered),
        "beyond": whole(share.not_covered, up=True),
        "unknown": whole(share.unknown, up=True),
        "share": percent(share.value),
        "reason": of_reason(part.reason),
    }
    text = gettext(f"reach.distance.{part.state}") % values
    if share.unknown and part.state is State.NOT_MET:
        text += " " + gettext("reach.distance.unknown") % values
    return text


def _limits(values: Any) -> str:
    low, high = values["strictest_m"], values["laxest_m"]
    kind = gettext(f"reach.measured.{values['measured']}")
    if low is None:
        return kind
    if high is None:
        return gettext("reach.limit_at_least") % {"low": whole(low), "measured": kind}
    if low == high:
        return gettext("reach.limit") % {"low": whole(low), "measured": kind}
    return gettext("reach.limit_between") % {
        "low": whole(low),
        "high": whole(high),
        "measured": kind,
    }


def _provision(part: Part) -> str:
    found = part.values
    values = {
        "people": whole(found["people"]),
        "need": whole(found["need"], up=True),
        "have": whole(found["have"]),
        "unit": gettext(f"reach.unit.{found['unit']}") if found["unit"] else "",
        "reason": of_reason(part.reason),
    }
    if not found["need"]:
        return gettext("reach.provision.none") % values
    return gettext(f"reach.provision.{part.state}") % values


def percent(share: float | None) -> str:
    """Return a share in percent, cut and never rounded up: 100 is all of them."""
    if share is None:
        return "–"
    shown = math.floor(share * 1000 + 1e-9) / 10
    return number_format(shown, decimal_pos=1, use_l10n=True)


def whole(value: float, *, up: bool = False) -> str:
    """Return a number without fractions: what is had cut, what is missing rounded up."""
    shown = math.ceil(value - 1e-6) if up else math.floor(value + 1e-6)
    return grouped(shown, 0)


def grouped(value: float, digits: int) -> str:
    """Return a number with so many digits behind the mark, its thousands apart."""
    # Django's Vietnamese formats name the mark between groups, but not how long a group is.
    return numberformat.format(
        value,
        get_format("DECIMAL_SEPARATOR"),
        digits,
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )


def of_left_out(reason: str, many: float) -> str:
    """Return what a search for sites did not look at, or could not know."""
    return gettext(f"siting.left_out.{reason}") % {"many": whole(many, up=True)}


def of_siting(values: Mapping[str, Any]) -> str:
    """Return in a sentence or two what a search for sites found, and how sure that is.

    What is gained is cut, what may be missed rounded up.
    """
    if values["status"] == "none":
        return gettext("siting.none")
    if not values["chosen"]:
        return gettext("siting.nothing_to_gain")
    said = {
        "sites": whole(len(values["chosen"])),
        "people": whole(values["newly_people"]),
        "before": percent(values["share_before"]),
        "after": percent(values["share_after"]),
        "limit": whole(values["limit_m"]),
        "objective": _amount(values, "objective"),
    }
    found = gettext(f"siting.found.{values['model']}") % said
    return f"{found} {_how_sure(values)}"


def _how_sure(values: Mapping[str, Any]) -> str:
    if values["status"] == "optimal":
        return gettext(f"siting.optimal.{values['model']}")
    # Less cost and fewer metres are better: the bound of these lies below.
    is_least = values["model"] in ("p_median", "set_cover")
    said = {
        "bound": _amount(values, "bound", up=not is_least),
        "gap": percent_up(values["gap"]),
        "loosened": whole(values["loosened_m"], up=True),
    }
    return gettext(f"siting.feasible.{values['model']}") % said


def _amount(values: Mapping[str, Any], name: str, *, up: bool = False) -> str:
    """Return people or cost; of metres of all people together how many that is for each."""
    amount, people = values[name], values["people_total"]
    if values["model"] == "p_median":
        people -= values["out_of_reach_people"]
        return whole(amount / people if people else 0.0, up=name == "objective")
    return whole(amount, up=up)


def percent_up(share: float | None) -> str:
    """Return a share in percent that is a risk, or possible; rounded up and never down."""
    if share is None:
        return "–"
    return number_format(math.ceil(share * 1000 - 1e-9) / 10, decimal_pos=1, use_l10n=True)
