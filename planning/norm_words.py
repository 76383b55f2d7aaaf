"""What the check of norms says to people, in the active language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext

if TYPE_CHECKING:
    import datetime as dt

    from planning.norms import Finding, Norm


def sentence(finding: Finding) -> str:
    """Return what was held against what."""
    values = {name: _number(value) for name, value in finding.values.items()}
    return gettext(f"norm.{finding.said}") % values


def reason(finding: Finding) -> str:
    """Return why the norm could not be decided; empty where it was."""
    return "" if finding.doubt is None else gettext(f"norm.doubt.{finding.doubt}")


def basis(norm: Norm) -> str:
    """Return source, days and confidence of a norm in one line."""
    source = norm.source
    if get_language() == "vi":
        # The table is in English; "Bảng" and "Luật" are what the documents say themselves.
        source = (
            re.sub(r"\bTable\b", "Bảng", source).replace("Law ", "Luật ").replace("law ", "Luật ")
        )
    parts = [source]
    if norm.first_day is not None:
        parts.append(gettext("norm.from_day") % {"day": _day(norm.first_day)})
    if norm.last_day is not None:
        parts.append(gettext("norm.until_day") % {"day": _day(norm.last_day)})
    if norm.confidence != "high":
        parts.append(gettext("norm.not_sure"))
    return " · ".join(parts)


def _day(day: dt.date) -> str:
    return date_format(day, "d/m/Y" if get_language() == "vi" else "Y-m-d")


def _number(value: float) -> str:
    places = 0 if float(value).is_integer() else 2
    return number_format(round(value, 2), decimal_pos=places, use_l10n=True, force_grouping=True)
