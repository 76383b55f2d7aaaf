"""Works that keep others away, and the corridors around them, for the check for conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.conf import settings
from django.db import connection

from planning.corridors import (
    OFFSET_ATTRIBUTES,
    Corridor,
    DayRules,
    ObjectKind,
    Role,
    Rule,
    SourceObject,
    reach_m,
)
from planning.extract.layers import OBJECTS
from planning.models import CorridorRule

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.extract.layers import Layer

#: Rules that draw ground; the others say where works may be placed, and which corridor governs.
DRAWN: Final = (Role.CORRIDOR, Role.POLYGON)
_OWN: Final = ("source_key", "name", "name_en")


@dataclass(frozen=True, eq=False)
class Works:
    """Objects that may bear on the ground in question, and the rules of the day."""

    objects: list[SourceObject]
    rules: tuple[Rule, ...]
    day: DayRules


def works_near(cursor: Any, on: dt.date, revision: int, boxes: NDArray[np.float64] | None) -> Works:
    """Return the objects whose corridors may come near to boxes; all of them without boxes.

    Objects of siting rules are among them: such distances are figures of rules too.
    """
    rules, day = _rules_of(on, revision)
    objects: list[SourceObject] = []
    for layer in OBJECTS:
        objects += _objects(cursor, layer, on, revision, boxes)
    return Works(objects, rules, day)


@lru_cache(maxsize=8)
def _rules_of(on: dt.date, revision: int) -> tuple[tuple[Rule, ...], DayRules]:
    """Return the rules known at a revision, and those of a day that draw ground.

    What was known at a revision never changes.
    """
    rows = CorridorRule.objects.known_at(revision).order_by("rule", "measure", "valid_from")
    rules = tuple(row.as_rule() for row in rows)
    return rules, DayRules.on([rule for rule in rules if rule.role in DRAWN], on)


@lru_cache(maxsize=64)
def widest_m(kind: ObjectKind, *, revision: int) -> float:
    """Return how far from an object of a kind any rule may look, in metres."""
    rules = [row.as_rule() for row in CorridorRule.objects.known_at(revision).filter(object=kind)]
    (layer,) = (layer for layer in OBJECTS if layer.name == kind)
    offsets, widest = OFFSET_ATTRIBUTES[kind], 0.0
    if offsets:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(greatest({', '.join(offsets)})) FROM {layer.view}")  # noqa: S608 - own words
            widest = cursor.fetchone()[0] or 0.0
    return reach_m(rules, kind, recorded_m=widest)


def corridors_near(works: Works, shapes: NDArray[np.object_], *, is_whole: bool) -> list[Corridor]:
    """Return the corridors that reach one of the shapes.

    In a partial run they may be cut short where none of the shapes is.
    """
    if not len(shapes) or not works.objects:
        return []
    if is_whole:
        return works.day.corridors(works.objects)
    near = shapely.union_all(shapely.envelope(shapes))
    sources = works.day.reaching(works.objects, near)
    return works.day.corridors(sources, near=near)


def _objects(
    cursor: Any,
    layer: Layer,
    on: dt.date,
    revision: int,
    boxes: NDArray[np.float64] | None,
) -> list[SourceObject]:
    kind = ObjectKind(layer.name)
    columns = [name for name in layer.columns if name not in ("valid_from", "valid_to")]
    cursor.execute(
        _statement(layer, columns, is_everywhere=boxes is None),
        {
            "on": on,
            "revision": revision,
            "reach": widest_m(kind, revision=revision) if boxes is not None else 0.0,
            **_sides(boxes),
        },
    )
    rows = cursor.fetchall()
    shapes = shapely.from_wkb([bytes(row[2]) for row in rows])
    found = []
    for (number, dataset, _, *values), shape in zip(rows, shapes, strict=True):
        given = dict(zip(columns, values, strict=True))
        found.append(
            SourceObject(
                kind=kind,
                id=number,
                key=f"{layer.name}/{dataset}/{given['source_key']}",
                name=given["name"],
                name_en=given["name_en"],
                shape=shape,
                attributes={name: value for name, value in given.items() if name not in _OWN},
            )
        )
    return found


def _sides(boxes: NDArray[np.float64] | None) -> dict[str, list[float]]:
    sides = (np.empty((0, 4)) if boxes is None else boxes).T.tolist()
    return dict(zip(("west", "south", "east", "north"), sides, strict=True))


def _statement(layer: Layer, columns: Sequence[str], *, is_everywhere: bool) -> str:
    conditions = [
        "t.from_revision <= %(revision)s",
        "(t.to_revision IS NULL OR t.to_revision > %(revision)s)",
        "t.valid_from <= %(on)s AND (t.valid_to IS NULL OR t.valid_to > %(on)s)",
    ]
    if layer.name == ObjectKind.ROAD:
        # Lanes need no corridor (Law on Roads 35/2024/QH15 art. 15), and most streets are lanes.
        conditions.append("t.technical_class <> 'lane'")
    if not is_everywhere:
        # The surfaces of a runway reach over any zone of the city.
        runway = "t.kind = 'runway' OR " if layer.name == ObjectKind.PROTECTED_SITE else ""
        conditions.append(
            f"""({runway}t.id = ANY(ARRAY(
                SELECT n.id FROM unnest(
                    %(west)s::float8[], %(south)s::float8[], %(east)s::float8[], %(north)s::float8[]
                ) AS b (west, south, east, north)
                JOIN {layer.view} n ON n.{layer.shape} && ST_Expand(ST_MakeEnvelope(
                    b.west, b.south, b.east, b.north, {settings.STORAGE_SRID}
                ), %(reach)s)
            )))"""  # noqa: S608 - our own words
        )
    named = ", ".join(f"t.{name}" for name in columns)
    return (
        f"SELECT t.id, coalesce(t.dataset, ''), ST_AsBinary(t.{layer.shape}), {named}"  # noqa: S608 - our own words
        f" FROM {layer.view} t WHERE {' AND '.join(conditions)} ORDER BY t.id"
    )
