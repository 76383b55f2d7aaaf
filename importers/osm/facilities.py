"""Facilities, sites and buildings of an .osm, in the words of our layers.

Only what a tag or a name says is taken: a school whose level neither says stays out, with the
reason. How the tags are read is said in docs/importing.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import shapely
from shapely import Point

from importers.facilities import BUILDING, FACILITY, HAZARD_SITE
from importers.features.run import About, FoundRows
from importers.osm.areas import NoSurfaceError
from importers.osm.elements import LICENCE, Gathering, names, note_elements, read_extract
from landdata import crs
from landdata.search.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from importers.features.layers import CheckedLayer
    from importers.issues import IssueLog
    from importers.osm.elements import Element, Extract

SOURCE: Final = "OpenStreetMap"
#: Tag and value → our kind. The first that an element has is taken.
_FACILITIES: Final = {
    ("amenity", "kindergarten"): "kindergarten",
    ("amenity", "hospital"): "hospital",
    ("amenity", "marketplace"): "market",
    ("amenity", "parking"): "parking",
    ("amenity", "fire_station"): "fire_station",
    ("amenity", "community_centre"): "culture_sport_centre",
    ("leisure", "sports_centre"): "culture_sport_centre",
    ("leisure", "playground"): "playground",
    ("leisure", "garden"): "garden",
    ("leisure", "park"): "park",
    ("emergency", "fire_hydrant"): "hydrant",
    ("highway", "bus_stop"): "bus_stop",
}
_SITES: Final = {
    ("amenity", "fuel"): "petrol_station",
    ("amenity", "grave_yard"): "cemetery",
    ("landuse", "cemetery"): "cemetery",
    ("amenity", "crematorium"): "crematorium",
    ("landuse", "landfill"): "landfill",
    ("amenity", "waste_transfer_station"): "waste_transfer",
    ("man_made", "wastewater_plant"): "wastewater_plant",
    ("man_made", "water_works"): "water_works",
}
#: What names of schools say, folded, in whole words. "TH" and "high school" are said of several.
_SCHOOL_LEVELS: Final = (
    (r"tieu hoc|primary school", "primary_school"),
    (r"trung hoc co so|thcs", "lower_secondary_school"),
    (r"trung hoc pho thong|thpt", "upper_secondary_school"),
)
_HEALTH_STATION: Final = re.compile(r"\btram y te\b")
_STOREYS: Final = re.compile(r"\d{1,3}")
_METRES: Final = re.compile(r"(\d{1,4}(?:\.\d{1,3})?) ?m?")
KEYS: Final = tuple(
    sorted({key for key, _ in (*_FACILITIES, *_SITES)} | {"building", "amenity", "healthcare"})
)


def read_osm_facilities(path: Path, log: IssueLog) -> FoundRows:
    """Return the checked layers of an extract. Raises Invalid as `read_extract` does."""
    extract = read_extract(path, KEYS)
    return FoundRows(
        layers=[_facilities(extract, log), _sites(extract, log), _buildings(extract, log)],
        epsg=crs.GEOGRAPHIC,
        about=About(
            "facilities", "facilities", "Công trình (OSM)", "Facilities (OpenStreetMap)", LICENCE
        ),
    )


def _facilities(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(FACILITY, log)
    for element in _everything(extract):
        kind = _first(element.tags, _FACILITIES) or _clinic(element.tags)
        if element.tags.get("amenity") == "school":
            levels = school_levels(element.tags)
            if len(levels) != 1:
                gathered.refuse(
                    element, "osm_school_level_missing" if not levels else "osm_school_levels"
                )
                continue
            (kind,) = levels
        if kind is None:
            continue
        try:
            position = _position(extract, element)
        except NoSurfaceError as reason:
            gathered.refuse(element, str(reason))
            continue
        capacity, unit = _capacity(element.tags)
        gathered.add(
            element,
            position,
            **names(element),
            kind=kind,
            capacity=capacity,
            capacity_unit=unit,
            address=_address(element.tags),
            is_synthetic="no",
            source=SOURCE,
        )
    return gathered.checked()


def _sites(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(HAZARD_SITE, log)
    points = []
    for element in _everything(extract):
        kind = _first(element.tags, _SITES)
        if kind is None:
            continue
        if element.kind == "node":
            points.append(element)
            continue
        try:
            ground = extract.surface(element)
        except NoSurfaceError as reason:
            gathered.refuse(element, str(reason))
        else:
            said = names(element)
            gathered.add(element, ground, **said, kind=kind, is_synthetic="no", source=SOURCE)
    # A distance is kept from the edge of a site, and a point has none.
    note_elements("osm_site_is_a_point", HAZARD_SITE, points, log, refuses=False)
    return gathered.checked()


def _buildings(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(BUILDING, log)
    unreadable = []
    for element in _everything(extract):
        use = element.tags.get("building", "no")
        if use == "no" or element.kind == "node":
            continue
        try:
            ground = extract.surface(element)
        except NoSurfaceError as reason:
            gathered.refuse(element, str(reason))
            continue
        storeys = _matching(_STOREYS, element.tags.get("building:levels"))
        height = _matching(_METRES, element.tags.get("height"))
        if (storeys is None, height is None) != (
            "building:levels" not in element.tags,
            "height" not in element.tags,
        ):
            unreadable.append(element)
        gathered.add(
            element,
            ground,
            **names(element),
            use="" if use == "yes" else use,
            storeys=storeys,
            height_m=height,
        )
    note_elements("osm_tag_unreadable", BUILDING, unreadable, log, column="storeys", refuses=False)
    return gathered.checked()


def school_levels(tags: dict[str, str]) -> list[str]:
    """Return the kinds of school that an element says it is, by its level or its names.

    >>> school_levels({"name": "Trường THCS và THPT Nguyễn Tất Thành"})
    ['lower_secondary_school', 'upper_secondary_school']
    """
    by_isced = {"1": "primary_school", "2": "lower_secondary_school", "3": "upper_secondary_school"}
    said = [part.strip() for part in re.split(r"[;,]", tags.get("isced:level", ""))]
    if found := [by_isced[part] for part in said if part in by_isced]:
        return found
    text = fold(f"{tags.get('name', '')} {tags.get('name:en', '')}")
    return [kind for words, kind in _SCHOOL_LEVELS if re.search(rf"\b(?:{words})\b", text)]


def _clinic(tags: dict[str, str]) -> str | None:
    """Return the kind of a health station of a ward; a private clinic is none."""
    if tags.get("amenity") in ("clinic", "doctors") or "healthcare" in tags:
        return "health_station" if _HEALTH_STATION.search(fold(tags.get("name", ""))) else None
    return None


def _everything(extract: Extract) -> Iterator[Element]:
    """Yield the elements that can be a place; open ways and other relations cannot."""
    yield from extract.nodes
    yield from (way for way in extract.ways.values() if way.is_closed)
    yield from (r for r in extract.relations if r.tags.get("type") == "multipolygon")


def _first(tags: dict[str, str], kinds: dict[tuple[str, str], str]) -> str | None:
    return next((kind for (key, value), kind in kinds.items() if tags.get(key) == value), None)


def _position(extract: Extract, element: Element) -> BaseGeometry:
    """Return a point on the ground of an element. Raises NoSurfaceError."""
    if element.kind == "node":
        return Point(extract.points([element.number])[0])
    return shapely.point_on_surface(extract.surface(element))


def _capacity(tags: dict[str, str]) -> tuple[str | None, str | None]:
    for key, unit in (("beds", "beds"), ("capacity:persons", "people"), ("capacity", "places")):
        if tags.get(key, "").isdigit():
            return tags[key], unit
    return None, None


def _address(tags: dict[str, str]) -> str:
    parts = (tags.get("addr:housenumber"), tags.get("addr:street"), tags.get("addr:city"))
    return ", ".join(part for part in parts if part)


def _matching(pattern: re.Pattern[str], text: str | None) -> str | None:
    """Return the number of a tag, None if it has another form."""
    found = pattern.fullmatch((text or "").strip())
    if found is None:
        return None
    return found.group(1) if pattern.groups else found.group()
