"""A draft as a printed map: what is read, what is drawn, and what the sheet says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from django.contrib.gis.geos import Polygon
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext

from landdata.errors import Invalid
from landdata.geometry import to_shapely
from planning.draft_queries import functions_known_to
from planning.models import PlanLevel, PlanStatus
from tileserver.drawing import Order, draw
from tileserver.freshness import newest
from tileserver.services import in_language
from webmap.plan_words import LEVELS, STATES
from webmap.printing.document import pdf_of
from webmap.printing.sheet import DPI, PAPERS, SCALES, Sheet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from planning.models import PlanVersion

#: From the bottom up. Zones hide what they lie on, and planners look for the plots in them.
_LAYERS: Final = ("water", "buildings", "roads", "draft_zones", "parcels")
#: Said in both languages on every sheet: whoever finds it must not take it for a plan in force.
DRAFT_MARK: Final = "BẢN DỰ THẢO / DRAFT"
LONGEST_TITLE: Final = 120
#: Eastings and northings of Viet Nam in any VN-2000 zone, in metres.
_EASTINGS: Final = (0.0, 1_500_000.0)
_NORTHINGS: Final = (500_000.0, 3_000_000.0)
#: Styles speak of pixels of a screen, 96 to the inch, and MapServer takes them for 72.
_STYLE_DPI: Final = DPI * 72 // 96
#: The bar of the scale has so many parts of at most this length, in millimetres.
_BAR_PARTS: Final = 4
_BAR_PART_MM: Final = 12.5
_NICE: Final = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Printed:
    """Who asks for a sheet, when, and under which title; empty: the plan's name."""

    by: str
    on: dt.date
    title: str = ""


def read_sheet(given: Mapping[str, str], *, usual_scale: int) -> Sheet:
    """Return the sheet that an address asks for. Raises Invalid, naming what cannot be printed."""
    scale, paper = given.get("scale") or str(usual_scale), given.get("paper") or "A3"
    orientation = given.get("orientation") or "landscape"
    allowed = sorted({*SCALES, usual_scale})
    if scale not in map(str, allowed):
        raise Invalid("print_scale", given=scale[:20], allowed=", ".join(map(str, allowed)))
    if paper not in PAPERS:
        raise Invalid("print_paper", given=paper[:20], allowed=", ".join(PAPERS))
    if orientation not in ("landscape", "portrait"):
        raise Invalid("print_orientation", given=orientation[:20])
    east, north = (_metres(given.get(name, "")) for name in ("east", "north"))
    if not (_EASTINGS[0] <= east <= _EASTINGS[1] and _NORTHINGS[0] <= north <= _NORTHINGS[1]):
        raise Invalid("print_place")
    return Sheet(paper, orientation == "landscape", int(scale), east, north)


def print_draft(version: PlanVersion, sheet: Sheet, printed: Printed) -> bytes:
    """Return the sheet as PDF. Raises NoPicture when MapServer draws none."""
    if len(printed.title) > LONGEST_TITLE:
        raise Invalid("print_title", limit=LONGEST_TITLE)
    width_px, height_px = sheet.pixels
    order = Order(
        layers=_LAYERS,
        epsg=settings.STORAGE_EPSG,
        box=sheet.box,
        width_px=width_px,
        height_px=height_px,
        as_of=printed.on,
        known_at=newest().revision,
        is_transparent=False,
        background="#ffffff",
        drafts=(version.pk,),
        dpi=_STYLE_DPI,
    )
    return pdf_of(_data(version, sheet, printed), draw(order))


def _data(version: PlanVersion, sheet: Sheet, printed: Printed) -> dict[str, Any]:
    eastings, northings = sheet.ticks()
    legend = _legend(version, sheet)
    return {
        "language": get_language() or "vi",
        "landscape": sheet.is_landscape,
        "page": sheet.size_mm,
        "corner": sheet.corner_mm,
        "frame": sheet.frame_mm,
        "side": sheet.side_mm,
        "picture": sheet.picture_mm,
        "boundary": _boundary(version, sheet),
        "eastings": [{"at": tick.at_mm, "name": _grouped(tick.value_m)} for tick in eastings],
        "northings": [{"at": tick.at_mm, "name": _grouped(tick.value_m)} for tick in northings],
        "title": printed.title or in_language(version.name_vi, version.name_en),
        "mark": "" if version.status == PlanStatus.PUBLISHED else DRAFT_MARK,
        "scale": f"1:{_grouped(sheet.scale)}",
        "bar": _bar(sheet),
        "legend": legend,
        "legend-columns": 1 if sheet.is_landscape and len(legend) < 24 else 2,
        "facts": _facts(version, printed),
        "words": {
            "north": pgettext("compass", "N"),
            "legend": gettext("Legend"),
            "boundary": gettext("Boundary of the plan"),
        },
    }


def _facts(version: PlanVersion, printed: Printed) -> list[tuple[str, str]]:
    facts = [
        (gettext("Plan code"), version.plan.code),
        (gettext("Level"), str(LEVELS[PlanLevel(version.plan.level)])),
        (gettext("Decision"), _decision(version)),
        (gettext("Drawing"), _version(version)),
        (gettext("System"), f"VN-2000 / EPSG:{settings.STORAGE_EPSG}"),
        (gettext("Printed"), f"{_day(printed.on)}, {printed.by}"),
    ]
    head = bytes(version.edits_head).hex()
    if head:
        # Who holds this number can prove which state of the draft the sheet shows.
        facts.append((gettext("State (hash)"), f"{head[:16]} {head[16:32]}"))
    return facts


def _decision(version: PlanVersion) -> str:
    if not version.decision_number:
        return gettext("not decided yet")
    return f"{version.decision_number} · {_day(version.decision_date)} · {version.authority}"


def _version(version: PlanVersion) -> str:
    return gettext("version %(number)s, change %(edit)s, %(state)s") % {
        "number": version.sequence,
        "edit": version.edits,
        "state": str(STATES[PlanStatus(version.status)]),
    }


def _legend(version: PlanVersion, sheet: Sheet) -> list[dict[str, str]]:
    """Return the functions of the zones in the frame."""
    frame = Polygon.from_bbox(sheet.frame)
    frame.srid = settings.STORAGE_SRID
    present = set(
        version.drafts.filter(boundary__intersects=frame).values_list("function", flat=True)
    )
    known = [one for one in functions_known_to(version) if one["code"] in present]
    listed = [
        {"colour": one["colour"], "name": in_language(one["name_vi"], one["name_en"])}
        for one in known
    ]
    unknown = sorted(present - {one["code"] for one in known})
    return listed + [{"colour": "#ffffff", "name": code} for code in unknown]


def _boundary(version: PlanVersion, sheet: Sheet) -> list[list[tuple[float, float]]]:
    """Return the plan's boundary where the frame shows it, in mm from the frame's corner."""
    frame = shapely.box(*sheet.frame)
    # A tenth of a millimetre is less than the line is wide.
    lines = shapely.intersection(to_shapely(version.extent).boundary, frame)
    plain = shapely.simplify(lines, sheet.scale / 10_000)
    return [
        [sheet.on_paper(east, north) for east, north in part.coords]
        for part in shapely.get_parts(plain)
        if part.geom_type == "LineString" and not part.is_empty
    ]


def _bar(sheet: Sheet) -> dict[str, Any]:
    """Return the bar of the scale: parts of a round length, not longer than fits."""
    most_m = _BAR_PART_MM * sheet.scale / 1000
    magnitude = 10 ** (len(str(int(most_m))) - 1)
    part_m = max(nice * magnitude for nice in _NICE if nice * magnitude <= most_m)
    names = [_grouped(part_m * part) for part in range(_BAR_PARTS + 1)]
    names[-1] = f"{names[-1]} m"
    return {"parts": _BAR_PARTS, "part": part_m * 1000 / sheet.scale, "names": names}


def _metres(text: str) -> float:
    try:
        value = float(text)
    except ValueError as unreadable:
        raise Invalid("print_place") from unreadable
    return value


def _grouped(value: float) -> str:
    """Write a number as maps do: groups of three with a narrow space, in every language."""
    text = (f"{value:,.1f}" if value % 1 else f"{value:,.0f}").replace(",", "\u202f")
    return text if get_language() == "en" else text.replace(".", ",")


def _day(day: dt.date) -> str:
    return date_format(day, "d/m/Y" if get_language() == "vi" else "Y-m-d")
