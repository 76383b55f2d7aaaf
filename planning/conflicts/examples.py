"""Making facts of the examples in the catalogue, which stand there in numbers a reader can check.

Coordinates are metres from a corner far from the origin, as those of a city are. A surface is
written "0 0, 100 0, 100 50, 0 50", its holes behind "|", further parts behind ";". A column that an
example leaves out is empty, not known, or follows from the others.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from planning.conflicts.facts import (
    Buildings,
    ControlLines,
    Facts,
    Grid,
    Items,
    Parcels,
    Plan,
    Roads,
    Table,
    Zones,
)
from planning.corridors import ObjectKind, SourceObject, corridors_of_many
from planning.indicators import parse_bounds
from planning.topology.shapes import as_array

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from planning.corridors import Rule as CorridorRule

#: Where the corner (0, 0) of an example lies.
ORIGIN: Final = (500_000.0, 2_300_000.0)
#: The day of an example that names none.
DAY: Final = dt.date(2026, 6, 30)

_NAN: Final = float("nan")


@dataclass(frozen=True)
class Reference:
    """The tables of norms and corridors that rules point into."""

    norms: Sequence[Any] = ()
    service_norms: Sequence[Mapping[str, str]] = ()
    corridor_rules: Sequence[CorridorRule] = ()


def example_facts(example: Mapping[str, Any], reference: Reference | None = None) -> Facts:
    """Return the facts that an example (`violates` or `clean` of a rule) tells of."""
    reference = reference or Reference()
    on = example.get("on", DAY)
    zones, plans = _zones(example), _plans(example, on)
    plans = [_summed(plan, zones, row) for row, plan in enumerate(plans)]
    objects = [_object(entry, number) for number, entry in enumerate(example.get("objects", ()))]
    return Facts(
        on=on,
        plans=plans,
        zones=zones,
        parcels=_table(Parcels, example, "parcels", read_surface, _PARCEL),
        buildings=_table(Buildings, example, "buildings", read_surface, _BUILDING),
        roads=_table(Roads, example, "roads", read_line, _ROAD),
        items=_table(Items, example, "items", read_surface, _ITEM),
        control_lines=_table(ControlLines, example, "control_lines", read_surface, _CONTROL_LINE),
        objects=objects,
        corridors=corridors_of_many(objects, reference.corridor_rules, on=on),
        corridor_rules=reference.corridor_rules,
        grids=[_grid(entry) for entry in example.get("grids", ())],
        precedence=[
            (entry["gives_way"], entry["prevails"], read_surface(entry["ground"]))
            for entry in example.get("precedence", ())
        ],
        norms=reference.norms,
        service_norms=reference.service_norms,
    )


def read_surface(text: str) -> BaseGeometry:
    """Return the surface that a text of an example describes, far from the origin."""
    parts = []
    for part in text.split(";"):
        shell, *holes = [_points(ring) for ring in part.split("|")]
        parts.append(shapely.Polygon(shell, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def read_line(text: str) -> BaseGeometry:
    """Return the line that a text of an example describes, far from the origin."""
    lines = [shapely.LineString(_points(part)) for part in text.split(";")]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def read_point(text: str) -> BaseGeometry:
    """Return the point that a text of an example describes, far from the origin."""
    return shapely.Point(_points(text)[0])


def _points(text: str) -> list[tuple[float, float]]:
    return [
        (ORIGIN[0] + float(east), ORIGIN[1] + float(north))
        for east, north in (point.split() for point in text.split(","))
    ]


# Column → what stands there when an example says nothing; its kind decides that of the array.
_PARCEL: Final = {
    "unit_code": "00001", "sheet": "1", "number": "1", "uses": "", "origins": "", "people": 0.0,
}  # fmt: skip
_BUILDING: Final = {"use": "", "storeys": _NAN, "height_m": _NAN}
_ROAD: Final = {
    "name": "", "road_class": "", "technical_class": "", "width_m": _NAN, "red_line_m": _NAN,
    "level": 0, "planned_by": "",
}  # fmt: skip
_ITEM: Final = {
    "name": "", "kind": "", "purpose": "", "status": "", "year": 0, "first_listed_year": 0,
    "area_m2_stated": _NAN,
}  # fmt: skip
_CONTROL_LINE: Final = {"kind": "red_line", "plan_code": ""}
_ZONE: Final = {
    "label": "", "function": "", "land_use_code": "", "density": "", "storeys": "",
    "floor_area_ratio": "", "population": _NAN, "note": "",
}  # fmt: skip
_READERS: Final = {"ground": read_surface, "line": read_line, "point": read_point}


def _columns(entries: Sequence[Mapping[str, Any]], defaults: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, default in defaults.items():
        listed = [entry.get(name, default) for entry in entries]
        kind = {float: float, int: np.int64}.get(type(default), object)
        columns[name] = np.array(listed, dtype=kind)
    return columns


def _table(
    kind: type[Any],
    example: Mapping[str, Any],
    name: str,
    read: Callable[[str], BaseGeometry],
    defaults: Mapping[str, Any],
) -> Any:
    """Return a table of an example, None if it has none."""
    if name not in example:
        return None
    entries = example[name]
    where = "line" if read is read_line else "ground"
    return kind(
        key=np.array([entry["key"] for entry in entries], dtype=object),
        shape=as_array(read(entry[where]) if where in entry else None for entry in entries),
        is_judged=np.array([entry.get("judged", True) for entry in entries], dtype=bool),
        **_columns(entries, defaults),
    )


def _zones(example: Mapping[str, Any]) -> Zones:
    """Return the zones; one with `draft = true` is of the draft of its plan."""
    entries = example.get("zones", [])
    rows = {
        (plan["code"], plan.get("draft", False)): (row, plan.get("judged", True))
        for row, plan in enumerate(example.get("plans", []))
    }
    of = [rows[entry["plan"], entry.get("draft", False)] for entry in entries]
    columns = _columns(entries, _ZONE)
    largest = {
        f"{name}_max": np.array(
            [bound if (bound := parse_bounds(text).high) is not None else _NAN for text in texts],
            dtype=float,
        )
        for name in ("density", "storeys", "floor_area_ratio")
        if (texts := columns[name]) is not None
    }
    return Zones(
        key=np.array([entry["key"] for entry in entries], dtype=object),
        shape=as_array(read_surface(entry["ground"]) for entry in entries),
        is_judged=np.array([is_judged for _, is_judged in of], dtype=bool),
        plan=np.array([row for row, _ in of], dtype=np.int64),
        **columns,
        **largest,
    )


def _plans(example: Mapping[str, Any], on: dt.date) -> list[Plan]:
    named = {field.name for field in dataclasses.fields(Plan)}
    plans = []
    for entry in example.get("plans", []):
        values = {name: value for name, value in entry.items() if name in named}
        values["ground"] = read_surface(entry["ground"]) if "ground" in entry else None
        values |= {"is_draft": entry.get("draft", False), "is_judged": entry.get("judged", True)}
        plans.append(Plan(**{"parent": "", "on": on, "level": "zoning", **values}))
    return plans


def _summed(plan: Plan, zones: Table, row: int) -> Plan:
    """Return a plan with the ground, the balance and the people that its zones add up to."""
    assert isinstance(zones, Zones)  # noqa: S101
    own = zones.take(zones.plan == row)
    balance = {
        function: float(own.area_m2[own.function == function].sum())
        for function in sorted(set(own.function))
    }
    counted = own.population[~np.isnan(own.population)]
    return dataclasses.replace(
        plan,
        ground=shapely.union_all(own.shape) if plan.ground is None else plan.ground,
        balance=plan.balance or balance,
        people=float(counted.sum()) if plan.people is None and len(counted) else plan.people,
    )


def _object(entry: Mapping[str, Any], number: int) -> SourceObject:
    where = next(name for name in _READERS if name in entry)
    return SourceObject(
        kind=ObjectKind(entry["kind"]),
        id=number,
        key=entry["key"],
        name=entry.get("name", entry["key"]),
        name_en=entry.get("name", entry["key"]),
        shape=_READERS[where](entry[where]),
        attributes=entry.get("attributes", {}),
    )


def _grid(entry: Mapping[str, Any]) -> Grid:
    """Return a grid; `west` and `north` of its corner count from the corner of the example."""
    return Grid(
        kind=entry["kind"],
        key=entry["key"],
        cells=np.array(entry["cells"], dtype=np.float32),
        west=ORIGIN[0] + entry.get("west", 0.0),
        north=ORIGIN[1] + entry["north"],
        cell_width=entry["cell"],
        cell_height=entry["cell"],
    )
