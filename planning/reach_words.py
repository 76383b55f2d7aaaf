"""What reach says to people, in the active language."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from planning.norms import State
from planning.reach.records import Measure

if TYPE_CHECKING:
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
    return _distance(part)


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
    return number_format(shown, decimal_pos=0, use_l10n=True, force_grouping=True)
