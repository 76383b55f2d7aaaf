"""Reading a GetMap or GetFeatureInfo, strictly: what is wrong is refused, never guessed."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from landdata import crs
from tileserver.drawing import JPEG, PNG, Box
from tileserver.limits import FIRST_DAY, LARGEST_PICTURE_PX, LAST_DAY, MOST_LAYERS
from tileserver.wms import tree
from tileserver.wms.errors import COLOUR, FORMATS, ServiceException
from tileserver.wms.legends import LEGEND_FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tileserver.layer import Layer

VERSIONS = ("1.1.1", "1.3.0")
WEBP = "image/webp"
PICTURE_FORMATS = (PNG, JPEG, WEBP)
#: Would make us fetch an address, or draw what somebody else wrote.
_REFUSED = ("SLD", "SLD_BODY", "REMOTE_OWS_TYPE", "REMOTE_OWS_URL", "WFS", "GSS", "SF")
#: Metres of a degree at the equator, by which scales of degrees are told (OGC 06-042, 7.2.4.6.9).
_METRES_OF_DEGREE = 6_378_137.0 * math.pi / 180
_PIXEL_M = 0.00028
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class System:
    """A coordinate system by the name it is asked by; `is_flipped`: boxes come as y, x."""

    name: str
    epsg: int
    is_flipped: bool = False


def systems(version: str) -> dict[str, System]:
    """Return the systems of a version by name.

    In 1.1.1 boxes are always x, y; in 1.3.0 they follow the axes of the system's definition
    (OGC 06-042, 6.7.2): latitude first in EPSG:4326, east first in Web Mercator and, by the EPSG
    data set, in every VN-2000 grid.
    """
    projected = {
        f"EPSG:{e}": System(f"EPSG:{e}", e) for e in (crs.WEB_MERCATOR, settings.STORAGE_EPSG)
    }
    degrees = {"EPSG:4326": System("EPSG:4326", crs.GEOGRAPHIC, is_flipped=version == "1.3.0")}
    if version == "1.3.0":
        degrees["CRS:84"] = System("CRS:84", crs.GEOGRAPHIC)
    return {**projected, **degrees}


@dataclass(frozen=True)
class MapRequest:
    """A GetMap, checked. `box` is west, south, east, north whatever order it came in."""

    version: str
    layers: tuple[Layer, ...]
    system: System
    box: Box
    width_px: int
    height_px: int
    format: str
    is_transparent: bool
    background: str
    #: The day that was asked for; None for the present one.
    day: dt.date | None

    @property
    def scale_denominator(self) -> float:
        """The scale for pixels of 0.28 mm, along the longer side of a pixel."""
        west, south, east, north = self.box
        unit_m = _METRES_OF_DEGREE if self.system.epsg == crs.GEOGRAPHIC else 1.0
        pixel = max((east - west) / self.width_px, (north - south) / self.height_px)
        return pixel * unit_m / _PIXEL_M

    @property
    def visible_layers(self) -> tuple[Layer, ...]:
        """The layers that are drawn at this scale."""
        scale = self.scale_denominator
        return tuple(y for y in self.layers if scale <= tree.largest_scale_denominator(y))


@dataclass(frozen=True)
class InfoRequest:
    """A GetFeatureInfo, checked: the map it belongs to, whom it asks, where, how."""

    map: MapRequest
    layers: tuple[Layer, ...]
    column: int
    row: int
    format: str
    count: int

    @property
    def point(self) -> tuple[float, float]:
        """The middle of the pixel that was asked for, in the map's system."""
        west, south, east, north = self.map.box
        return (
            west + (self.column + 0.5) * (east - west) / self.map.width_px,
            north - (self.row + 0.5) * (north - south) / self.map.height_px,
        )


def version_of(given: Mapping[str, str]) -> str:
    """Return the version of a request other than GetCapabilities."""
    asked = given.get("VERSION") or given.get("WMTVER") or ""
    if not asked:
        raise missing("VERSION")
    if asked not in VERSIONS:
        raise ServiceException(
            "version", code="InvalidParameterValue", locator="VERSION", given=short(asked)
        )
    return asked


def negotiated(asked: str) -> str:
    """Return the version for GetCapabilities (OGC 06-042, 6.2.4).

    >>> negotiated(""), negotiated("1.3.0"), negotiated("1.2.0"), negotiated("1.0.0")
    ('1.3.0', '1.3.0', '1.1.1', '1.1.1')
    """
    parts = asked.split(".")
    if not 1 <= len(parts) <= 3 or not all(
        p.isascii() and p.isdecimal() and len(p) < 4 for p in parts
    ):
        return "1.3.0"
    return "1.3.0" if tuple(map(int, parts)) >= (1, 3, 0) else "1.1.1"


def map_request(given: Mapping[str, str], *, for_info: bool = False) -> MapRequest:
    """Return a checked GetMap, or the part of a GetFeatureInfo that repeats one.

    Raises ServiceException.
    """
    version = version_of(given)
    _refuse_remote(given)
    if given.get("EXCEPTIONS", "XML") not in FORMATS:
        raise ServiceException(
            "exceptions",
            code="InvalidFormat",
            locator="EXCEPTIONS",
            given=short(given["EXCEPTIONS"]),
        )
    width_px, height_px = _size(given, "WIDTH"), _size(given, "HEIGHT")
    system = _system(given, version)
    return MapRequest(
        version=version,
        layers=_layers(given, is_styled=not for_info),
        system=system,
        box=_box(given, system),
        width_px=width_px,
        height_px=height_px,
        format=PNG if for_info else _format(given),
        is_transparent=_truth(given, "TRANSPARENT"),
        background=_background(given),
        day=_day(given),
    )


def info_request(given: Mapping[str, str], formats: tuple[str, ...]) -> InfoRequest:
    """Return a checked GetFeatureInfo. Raises ServiceException."""
    shown = map_request(given, for_info=True)
    names = _names(given, "QUERY_LAYERS")
    known = tree.by_name()
    for name in names:
        if name not in known:
            raise ServiceException(
                "layer", code="LayerNotDefined", locator="QUERY_LAYERS", layer=short(name)
            )
    layers = _without_repeats(names, known)
    if strange := [y for y in layers if y not in shown.layers]:
        raise ServiceException(
            "not_on_map", code="LayerNotDefined", locator="QUERY_LAYERS", layer=strange[0].id
        )
    format_ = given.get("INFO_FORMAT", "")
    if not format_:
        raise missing("INFO_FORMAT")
    if format_ not in formats:
        raise ServiceException(
            "info_format",
            code="InvalidFormat",
            locator="INFO_FORMAT",
            given=short(format_),
            formats=", ".join(formats),
        )
    across, down = ("I", "J") if shown.version == "1.3.0" else ("X", "Y")
    return InfoRequest(
        map=shown,
        layers=layers,
        column=_pixel(given, across, shown.width_px),
        row=_pixel(given, down, shown.height_px),
        format=format_,
        count=_count(given),
    )


def legend_request(given: Mapping[str, str]) -> str:
    """Return the name of the layer whose legend is asked for. Raises ServiceException.

    A width, a height or a scale may be named and changes nothing: a legend is as large as what it
    says (OGC 05-078r4, 12.2).
    """
    version_of(given)
    _refuse_remote(given)
    name = given.get("LAYER", "")
    if not name:
        raise missing("LAYER")
    if name not in tree.by_name():
        raise ServiceException("layer", code="LayerNotDefined", locator="LAYER", layer=short(name))
    style = given.get("STYLE", "")
    if style not in ("", "default"):
        raise ServiceException("style", code="StyleNotDefined", locator="STYLE", style=short(style))
    format_ = given.get("FORMAT") or LEGEND_FORMAT
    if format_ != LEGEND_FORMAT:
        raise ServiceException(
            "format",
            code="InvalidFormat",
            locator="FORMAT",
            given=short(format_),
            formats=LEGEND_FORMAT,
        )
    return name


def missing(name: str) -> ServiceException:
    """Return the refusal of a request that lacks a parameter."""
    return ServiceException("missing", code="MissingParameterValue", locator=name, name=name)


def short(text: str) -> str:
    """Return what somebody sent, as far as it is worth repeating.

    >>> short("a\\x00b")
    'a b'
    """
    return "".join(c if c.isprintable() else " " for c in text[:60])


def _refuse_remote(given: Mapping[str, str]) -> None:
    for name in _REFUSED:
        if given.get(name):
            raise ServiceException("remote", code="OperationNotSupported", locator=name, name=name)


def _names(given: Mapping[str, str], name: str) -> list[str]:
    if not given.get(name):
        raise missing(name)
    names = given[name].split(",")
    if len(names) > MOST_LAYERS:
        raise ServiceException(
            "too_many_layers",
            code="InvalidParameterValue",
            locator=name,
            asked=len(names),
            limit=MOST_LAYERS,
        )
    return names


def _layers(given: Mapping[str, str], *, is_styled: bool) -> tuple[Layer, ...]:
    names = _names(given, "LAYERS")
    known = tree.by_name()
    for name in names:
        if name not in known:
            raise ServiceException(
                "layer", code="LayerNotDefined", locator="LAYERS", layer=short(name)
            )
    if is_styled and "STYLES" not in given:
        raise missing("STYLES")
    styles = given.get("STYLES", "")
    asked = styles.split(",") if styles else [""] * len(names)
    if len(asked) != len(names):
        raise ServiceException("styles_count", code="StyleNotDefined", locator="STYLES")
    for style in asked:
        if style not in ("", "default"):
            raise ServiceException(
                "style", code="StyleNotDefined", locator="STYLES", style=short(style)
            )
    return _without_repeats(names, known)


def _without_repeats(names: list[str], known: Mapping[str, tuple[Layer, ...]]) -> tuple[Layer, ...]:
    return tuple(dict.fromkeys(layer for name in names for layer in known[name]))


def _system(given: Mapping[str, str], version: str) -> System:
    name = "CRS" if version == "1.3.0" else "SRS"
    asked = given.get(name, "")
    if not asked:
        raise missing(name)
    spoken = systems(version)
    if asked not in spoken:
        raise ServiceException(
            "crs", code=f"Invalid{name}", locator=name, given=short(asked), spoken=", ".join(spoken)
        )
    return spoken[asked]


def _box(given: Mapping[str, str], system: System) -> Box:
    if not given.get("BBOX"):
        raise missing("BBOX")
    parts = given["BBOX"].split(",")
    # An URL's plus sign is a blank; "1e+6" comes out as "1e 6" where it was not escaped.
    edges = [float(p) for p in parts if _NUMBER.fullmatch(p)]
    if len(parts) != 4 or len(edges) != 4 or not all(map(math.isfinite, edges)):
        raise ServiceException(
            "bbox", code="InvalidParameterValue", locator="BBOX", given=short(given["BBOX"])
        )
    a, b, c, d = edges
    west, south, east, north = (b, a, d, c) if system.is_flipped else (a, b, c, d)
    if west >= east or south >= north:
        raise ServiceException("bbox_empty", code="InvalidParameterValue", locator="BBOX")
    if max(map(abs, edges)) > 1e9:
        raise ServiceException(
            "bbox", code="InvalidParameterValue", locator="BBOX", given=short(given["BBOX"])
        )
    return (west, south, east, north)


def _size(given: Mapping[str, str], name: str) -> int:
    size = _whole_number(given, name)
    if not 1 <= size <= LARGEST_PICTURE_PX:
        raise ServiceException(
            "size",
            code="InvalidParameterValue",
            locator=name,
            name=name,
            asked=size,
            limit=LARGEST_PICTURE_PX,
        )
    return size


def _pixel(given: Mapping[str, str], name: str, limit: int) -> int:
    try:
        at = _whole_number(given, name)
    except ServiceException as refusal:
        if refusal.code == "InvalidParameterValue":
            # OGC 06-042, table E.1: the code of a point that is none, whatever is wrong with it.
            refusal.code = "InvalidPoint"
        raise
    if at >= limit:
        raise ServiceException(
            "point", code="InvalidPoint", locator=name, name=name, asked=at, last=limit - 1
        )
    return at


def _count(given: Mapping[str, str]) -> int:
    if not given.get("FEATURE_COUNT"):
        return 1
    count = _whole_number(given, "FEATURE_COUNT")
    if count < 1:
        raise ServiceException(
            "number",
            code="InvalidParameterValue",
            locator="FEATURE_COUNT",
            name="FEATURE_COUNT",
            given=count,
        )
    return count


def _whole_number(given: Mapping[str, str], name: str) -> int:
    text = given.get(name, "")
    if not text:
        raise missing(name)
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ServiceException(
            "number", code="InvalidParameterValue", locator=name, name=name, given=short(text)
        )
    return int(text)


def _format(given: Mapping[str, str]) -> str:
    asked = given.get("FORMAT", "")
    if not asked:
        raise missing("FORMAT")
    if asked not in PICTURE_FORMATS:
        raise ServiceException(
            "format",
            code="InvalidFormat",
            locator="FORMAT",
            given=short(asked),
            formats=", ".join(PICTURE_FORMATS),
        )
    return asked


def _truth(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "").upper()
    if text not in ("", "TRUE", "FALSE"):
        raise ServiceException(
            "truth", code="InvalidParameterValue", locator=name, name=name, given=short(given[name])
        )
    return text == "TRUE"


def _background(given: Mapping[str, str]) -> str:
    text = given.get("BGCOLOR", "")
    if not text:
        # OGC 06-042, 7.3.3.10: white where nothing is said.
        return "#ffffff"
    found = COLOUR.fullmatch(text)
    if found is None:
        raise ServiceException(
            "colour", code="InvalidParameterValue", locator="BGCOLOR", given=short(text)
        )
    return f"#{found[1].lower()}"


def _day(given: Mapping[str, str]) -> dt.date | None:
    text = given.get("TIME", "")
    if text in ("", "current"):
        return None
    # Clients that know no bare days send their beginnings.
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(T00:00(:00(\.0{1,6})?)?Z?)?", text, re.ASCII)
    try:
        day = dt.date.fromisoformat(found[1]) if found else None
    except ValueError:
        day = None
    if day is None or not FIRST_DAY <= day.isoformat() <= LAST_DAY:
        raise ServiceException(
            "day",
            code="InvalidDimensionValue",
            locator="TIME",
            given=short(text),
            first=FIRST_DAY,
            last=LAST_DAY,
        )
    return day
