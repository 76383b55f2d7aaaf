"""Shares and names as the document writes them, in the active language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from planning.reach_words import percent, percent_up

if TYPE_CHECKING:
    from planning.reach_reports.records import ReportFigure


def between(one: ReportFigure) -> str:
    """Write a share in per cent, from what is certain to what is possible."""
    if one.low is None or one.high is None:
        return "–"
    return share(one.low, one.high)


def share(low: float, high: float) -> str:
    """Write what is certain and what is possible; one figure where they are the same."""
    if low == high:
        return f"{percent(low)}\u00a0%"
    shares = {"low": f"{percent(low)}\u00a0%", "high": f"{percent_up(high)}\u00a0%"}
    return gettext("reach_report.between") % shares


def in_english() -> bool:
    """Whether the document is in English."""
    return (get_language() or "").startswith("en")


def either(vi: str, en: str) -> str:
    """Return a name in the active language; without one it is of all services."""
    if not vi:
        return gettext("reach_report.all_services")
    return en if in_english() and en else vi
