"""A list of sites that can be had, as JSON: what offices hand over in bulk."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from accounts.models import Office
from landdata.errors import Invalid
from planning.content import SiteContent
from planning.models import SiteStatus
from planning.site_reading import read_boundary, read_plots

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_BYTES: Final = 20_000_000
_TEXTS: Final = ("code", "title_vi", "title_en", "legal_basis")
_OPTIONAL_TEXTS: Final = ("price_basis", "contact_phone")
_DAYS: Final = ("offered_from", "offered_until")


def read_sites(path: Path) -> list[SiteContent]:
    """Return the sites of a file; `epsg` of the file is the system of its shapes.

    Raises Invalid `site_file_unreadable` naming the entry, or as `read_plots` and
    `read_boundary` do.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Invalid("site_file_unreadable", entry="-")
        written: Any = json.loads(path.read_text(encoding="utf-8"))
        epsg, entries = int(written["epsg"]), list(written["sites"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise Invalid("site_file_unreadable", entry="-") from error
    offices = {office.code: office for office in Office.objects.all()}
    return [_site(entry, place, epsg, offices) for place, entry in enumerate(entries, start=1)]


def _site(entry: Any, place: int, epsg: int, offices: dict[str, Office]) -> SiteContent:
    try:
        area = entry.get("area_m2")
        boundary = entry.get("boundary")
        words: dict[str, Any] = {name: _text(entry[name]) for name in _TEXTS}
        words |= {name: _text(entry.get(name, "")) for name in _OPTIONAL_TEXTS}
        words |= {name: _day(entry.get(name)) for name in _DAYS}
        return SiteContent(
            **words,
            status=SiteStatus(entry["status"]),
            contact_office=offices[entry["contact_office"]],
            plots=read_plots("\n".join(entry.get("plots", ()))),
            boundary=None if boundary is None else read_boundary(json.dumps(boundary), epsg),
            area_m2=None if area is None else Decimal(str(area)),
        )
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise Invalid("site_file_unreadable", entry=place) from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _day(value: str | None) -> dt.date | None:
    return None if value is None else dt.date.fromisoformat(value)
