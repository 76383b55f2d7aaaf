"""Streets, power lines, railways and water of an .osm, in the words of our layers.

What a tag does not say is left unknown: a voltage is not taken from the look of a line, nor a kind
of water from its name. How the tags are read is said in docs/importing.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely

from importers.features.layers import CheckedLayer, check_rows
from importers.features.run import About, FoundRows
from importers.features.spec import note
from importers.networks import (
    BARRIERS,
    NODE,
    POWER_LINE,
    RAILWAY,
    ROAD_CLASSES,
    SEGMENT,
    WATER,
)
from importers.osm.areas import NoSurfaceError
from importers.osm.elements import LICENCE, Gathering, line_of, names, note_elements, read_extract
from importers.osm.splitting import split, without_repeats
from landdata import crs
from landdata.models import OneWay

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from importers.issues import IssueLog
    from importers.osm.elements import Element, Extract

KEYS: Final = ("highway", "power", "railway", "natural", "waterway", "water", "landuse", "barrier")
_ROADS_OR_NONE: Final = ROAD_CLASSES | {""}
_FORWARD: Final = ("yes", "true", "1")
_BACKWARD: Final = ("-1", "reverse")
_BOTH: Final = ("", "no", "false", "0")
#: Where no `oneway` is said, these are driven in the direction in which they are drawn: the
#: OpenStreetMap wiki's page on the key.
_ROUND: Final = ("roundabout", "circular")
_MOTORWAYS: Final = ("motorway", "motorway_link")
#: Whom tags keep out: of each mode the first that says something decides.
_ACCESS: Final = {
    "no_walk": ("foot", "access"),
    "no_cycle": ("bicycle", "vehicle", "access"),
    "no_motorbike": ("motorcycle", "motor_vehicle", "vehicle", "access"),
    "no_car": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
_POWER: Final = ("line", "minor_line", "cable")
_PLACEMENT: Final = {"underground": "buried", "underwater": "underwater", "overhead": "overhead"}
_RAIL_KIND: Final = {
    "rail": "national",
    "narrow_gauge": "national",
    "subway": "urban",
    "light_rail": "urban",
    "tram": "urban",
    "monorail": "urban",
}
_INDUSTRIAL: Final = ("industrial", "military")
_WATER_KIND: Final = {
    "river": "river",
    "riverbank": "river",
    "stream": "stream",
    "canal": "canal",
    "ditch": "canal",
    "drain": "canal",
    "lake": "lake",
    "oxbow": "lake",
    "pond": "pond",
    "reservoir": "reservoir",
    "basin": "reservoir",
    "lagoon": "lagoon",
}


def read_osm_networks(path: Path, log: IssueLog) -> FoundRows:
    """Return the checked layers of an extract. Raises Invalid as `read_extract` does."""
    extract = read_extract(path, KEYS)
    nodes, segments = _streets(extract, log)
    return FoundRows(
        layers=[
            nodes,
            segments,
            _power_lines(extract, log),
            _water(extract, log),
            _railways(extract, log),
        ],
        epsg=crs.GEOGRAPHIC,
        about=About(
            "network", "network", "Mạng lưới hạ tầng (OSM)", "Networks (OpenStreetMap)", LICENCE
        ),
    )


def _streets(extract: Extract, log: IssueLog) -> tuple[CheckedLayer, CheckedLayer]:
    """Return nodes and segments of the ways that are roads."""
    ways = [way for way in extract.ways.values() if way.tags.get("highway") in ROAD_CLASSES]
    other = [
        way for way in extract.ways.values() if way.tags.get("highway", "") not in _ROADS_OR_NONE
    ]
    squares = [way for way in ways if way.is_closed and way.tags.get("area") == "yes"]
    note_elements("osm_not_taken", SEGMENT, other, log, column="highway", refuses=False)
    note_elements("osm_is_a_surface", SEGMENT, squares, log, refuses=False)
    left_out = {way.number for way in squares}
    sound: list[Element] = []
    refused: dict[str, list[Element]] = {}
    for way in ways:
        if way.number in left_out:
            continue
        try:
            line_of(extract, way)
        except NoSurfaceError as reason:
            refused.setdefault(str(reason), []).append(way)
        else:
            sound.append(way)
    for code, elements in sorted(refused.items()):
        note_elements(code, SEGMENT, elements, log)
    segments = _segments(extract, sound, log)
    stayed_out = [way for elements in refused.values() for way in elements]
    segments = segments.without([way.key for way in stayed_out], len(stayed_out))
    nodes = _ends(extract, segments, log)
    # Nodes of a way that stayed out are no rows; they are in the file all the same.
    held = [f"n{number}" for way in stayed_out for number in way.refs]
    return nodes.without(held, 0), segments


def _segments(extract: Extract, ways: list[Element], log: IssueLog) -> CheckedLayer:
    flat = np.array([number for way in ways for number in way.refs], np.int64)
    offsets = np.concatenate([[0], np.cumsum([len(way.refs) for way in ways])]).astype(np.int64)
    flat, offsets = without_repeats(flat, offsets)
    stopped = [node.number for node in extract.nodes if node.tags.get("barrier") in BARRIERS]
    found = split(flat, offsets, np.array(stopped, np.int64))
    sizes = found.ends - found.starts
    owner = np.repeat(np.arange(len(sizes)), sizes)
    # Position of every point of every segment in `flat`; neighbours share their junction.
    within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    points = extract.places[extract.at(flat[found.starts[owner] + within])]
    shapes = np.asarray(shapely.linestrings(points, indices=owner), object)
    first, last = flat[found.starts], flat[found.ends - 1]
    said = {
        "name": [way.tags.get("name") for way in ways],
        "name_en": [way.tags.get("name:en") for way in ways],
        "class": [way.tags["highway"] for way in ways],
        "level": _levels(ways, log),
        "one_way": _directions(ways, log),
        "access": [access_of(way.tags) for way in ways],
        "max_speed_kmh": _speeds(ways, log),
    }
    mine = pa.array(found.way)
    table = pa.table(
        {
            "row": pa.array([way.line for way in ways], pa.int64()).take(mine),
            "segment_key": pa.array(
                [
                    f"w{ways[way].number}.n{node}" + (f".{turn}" if turn else "")
                    for way, node, turn in zip(
                        found.way.tolist(), first.tolist(), found.turn.tolist(), strict=True
                    )
                ],
                pa.string(),
            ),
            "from_node": _node_keys(first),
            "to_node": _node_keys(last),
            **{name: pa.array(texts, pa.string()).take(mine) for name, texts in said.items()},
        }
    )
    good = np.asarray(shapely.is_valid(shapes), bool)
    note("line_invalid", SEGMENT, "", np.asarray(table.column("row"))[~good], log)
    return check_rows(table, shapes, SEGMENT, log, good)


def _node_keys(numbers: NDArray[np.int64]) -> pa.Array:
    return pa.array([f"n{number}" for number in numbers.tolist()], pa.string())


def _ends(extract: Extract, segments: CheckedLayer, log: IssueLog) -> CheckedLayer:
    """Return the nodes at which segments end."""
    keys = {
        key
        for name in ("from_node", "to_node")
        for key in segments.features.column(name).to_pylist()
    }
    numbers = np.array(sorted(int(key[1:]) for key in keys), np.int64)
    said = {node.number: node.tags.get("barrier", "") for node in extract.nodes}
    barriers = {number: kind for number, kind in said.items() if kind in BARRIERS}
    at = extract.at(numbers)
    table = pa.table(
        {
            "row": pa.array(extract.lines[at], pa.int64()),
            "node_key": _node_keys(numbers),
            "barrier": pa.array([barriers.get(number) for number in numbers.tolist()], pa.string()),
        }
    )
    shapes = np.asarray(shapely.points(extract.places[at]), object).reshape(-1)
    return check_rows(table, shapes, NODE, log, np.ones(len(numbers), bool))


def _levels(ways: list[Element], log: IssueLog) -> list[str]:
    """Return levels: what `layer` says, else a bridge is above and a tunnel below the ground."""
    levels, unreadable = [], []
    for way in ways:
        layer = way.tags.get("layer", "").strip()
        if layer and layer.lstrip("+-").isdigit() and abs(int(layer)) <= 10:
            levels.append(str(int(layer)))
            continue
        if layer:
            unreadable.append(way)
        is_bridge = way.tags.get("bridge", "no") != "no"
        is_tunnel = way.tags.get("tunnel", "no") != "no"
        levels.append("1" if is_bridge else "-1" if is_tunnel else "0")
    note_elements("osm_tag_unreadable", SEGMENT, unreadable, log, column="layer", refuses=False)
    return levels


def _directions(ways: list[Element], log: IssueLog) -> list[str]:
    directions, unreadable = [], []
    for way in ways:
        said = way.tags.get("oneway", "").strip()
        implied = way.tags.get("junction") in _ROUND or way.tags["highway"] in _MOTORWAYS
        if said in _BACKWARD:
            directions.append(OneWay.BACKWARD.value)
        elif said in _FORWARD or (not said and implied):
            directions.append(OneWay.FORWARD.value)
        else:
            if said not in _BOTH:
                unreadable.append(way)
            directions.append(OneWay.BOTH.value)
    note_elements("osm_tag_unreadable", SEGMENT, unreadable, log, column="oneway", refuses=False)
    return directions


def access_of(tags: dict[str, str]) -> str:
    """Return whom tags keep out of a street, in our words.

    >>> access_of({"access": "no", "foot": "yes"})
    'no_car no_cycle no_motorbike'
    >>> access_of({"motor_vehicle": "no", "motorcycle": "yes"}), access_of({"access": "private"})
    ('no_car', 'private')
    """
    words = set()
    for word, keys in _ACCESS.items():
        said = next((tags[key] for key in keys if tags.get(key)), "")
        if said == "no":
            words.add(word)
        elif said == "private":
            words |= {"private"}
    return " ".join(sorted(words))


def _speeds(ways: list[Element], log: IssueLog) -> list[str | None]:
    """Return signed speeds in km/h; other units and words are not known."""
    speeds: list[str | None] = []
    unreadable = []
    for way in ways:
        said = way.tags.get("maxspeed", "").removesuffix("km/h").strip()
        is_speed = said.isascii() and said.isdigit() and 1 <= int(said) <= 150
        speeds.append(said if is_speed else None)
        if said and not is_speed:
            unreadable.append(way)
    note_elements("osm_tag_unreadable", SEGMENT, unreadable, log, column="maxspeed", refuses=False)
    return speeds


def _power_lines(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(POWER_LINE, log)
    for way in extract.ways.values():
        if way.tags.get("power") not in _POWER:
            continue
        voltage = highest_kv(way.tags.get("voltage", ""))
        if voltage is None:
            gathered.refuse(way, "osm_voltage_missing")
            continue
        usual = "buried" if way.tags["power"] == "cable" else "overhead"
        _add_line(
            gathered,
            extract,
            way,
            voltage_kv=voltage,
            placement=_PLACEMENT.get(way.tags.get("location", ""), usual),
        )
    return gathered.checked()


def highest_kv(voltage: str) -> str | None:
    """Return the highest of the voltages of a line in kV; None if it says none.

    >>> highest_kv("110000;22000"), highest_kv("400"), highest_kv("high")
    ('110', '0.4', None)
    """
    parts = [part.strip() for part in voltage.split(";")]
    if not all(part.isdigit() and int(part) > 0 for part in parts):
        return None
    return f"{max(int(part) for part in parts) / 1000:g}"


def _railways(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(RAILWAY, log)
    for way in extract.ways.values():
        kind = _RAIL_KIND.get(way.tags.get("railway", ""))
        if kind is None:
            continue
        is_industrial = way.tags.get("usage") in _INDUSTRIAL
        _add_line(gathered, extract, way, kind="industrial" if is_industrial else kind)
    return gathered.checked()


def _add_line(gathered: Gathering, extract: Extract, way: Element, **said: str | None) -> None:
    try:
        line = line_of(extract, way)
    except NoSurfaceError as reason:
        gathered.refuse(way, str(reason))
    else:
        gathered.add(way, line, **names(way), **said)


def _water(extract: Extract, log: IssueLog) -> CheckedLayer:
    gathered = Gathering(WATER, log)
    lines = []
    for element in (*extract.ways.values(), *extract.relations):
        kind = _water_kind(element.tags)
        if kind is None:
            continue
        if element.kind == "relation" and element.tags.get("type") != "multipolygon":
            continue
        if element.kind == "way" and not element.is_closed:
            lines.append(element)
            continue
        try:
            ground = extract.surface(element)
        except NoSurfaceError as reason:
            gathered.refuse(element, str(reason))
        else:
            gathered.add(element, ground, **names(element), kind=kind)
    note_elements("osm_water_is_a_line", WATER, lines, log, refuses=False)
    return gathered.checked()


def _water_kind(tags: dict[str, str]) -> str | None:
    """Return our kind of water, "" where the tags do not say which, None where it is no water."""
    if tags.get("natural") == "water":
        return _WATER_KIND.get(tags.get("water", ""), "")
    waterway = tags.get("waterway", "")
    if waterway in _WATER_KIND:
        return _WATER_KIND[waterway]
    return "reservoir" if tags.get("landuse") in ("reservoir", "basin") else None
