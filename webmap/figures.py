"""Numbers, days and names as a page writes them in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import numberformat
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language

if TYPE_CHECKING:
    import datetime as dt
    from decimal import Decimal


def in_english() -> bool:
    """Say whether the page is in English; names of plans and functions exist in both languages."""
    return (get_language() or "").startswith("en")


def name(vi: str, en: str) -> str:
    """Return the name in the page's language, the Vietnamese one where there is no other."""
    return en if in_english() and en else vi


def number(value: float, digits: int = 0) -> str:
    """Write a number with this many digits after the mark, thousands grouped."""
    # Django's Vietnamese formats name the mark between groups, but not how long a group is.
    return numberformat.format(
        round(value, digits),
        get_format("DECIMAL_SEPARATOR"),
        digits,
        grouping=3,
        thousand_sep=get_format("THOUSAND_SEPARATOR"),
        force_grouping=True,
    )


def metres(value: float) -> str:
    """Write a length in metres with the digits it has, at most two."""
    _, _, decimals = f"{value:.2f}".rstrip("0").partition(".")
    return f"{number(value, len(decimals))}\u00a0m"


def area(value_m2: float | Decimal) -> str:
    """Write an area; below 1 m² with two digits, so that a strip is not rounded away."""
    value = float(value_m2)
    # Half of what two digits can show.
    if 0 < value < 0.005:
        return f"< {number(0.01, 2)}\u00a0m²"
    return f"{number(value, 2 if abs(value) < 1 else 1)}\u00a0m²"


def percent(share: float) -> str:
    """Write a share (0 to 1) as per cent with one digit; neither 0 nor 100 unless it is."""
    if 0 < share < 0.0005:
        return f"< {number(0.1, 1)}%"
    if 0.9995 < share < 1 - 1e-9:
        return f"> {number(99.9, 1)}%"
    return f"{number(share * 100, 0 if abs(share - round(share)) < 1e-9 else 1)}%"


def day(value: dt.date) -> str:
    """Write a day in the page's language."""
    return date_format(value, "DATE_FORMAT" if in_english() else "d/m/Y")
