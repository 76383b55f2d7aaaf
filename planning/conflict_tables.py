"""What the record has around plans, as tables for the check for conflicts.

Rows of the record are read as known at one revision, so that many statements see one state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django.db import connection

from landdata.copying import copied_columns, copied_shapes, copied_wkb, shapes_in
from landdata.grids import height_grids
from planning import conflict_facts_sql as sql
from planning.conflicts.facts import (
    Buildings,
    ControlLines,
    Grid,
    Items,
    Parcels,
    Roads,
    Zones,
)
from planning.conflicts.outlines import Outlines, outlines_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from planning.models import PlanVersion

    Boxes = NDArray[np.float64]


#: Cells are read so far around judged zones, in metres: the slope of a cell asks its neighbours.
GRID_M: Final = 200.0


@dataclass(frozen=True)
class Scope:
    """What is checked: a draft, a plan in force, or the whole city."""

    version: PlanVersion | None

    @property
    def draft(self) -> PlanVersion | None:
        """The version whose draft zones are checked, None where zones in force are."""
        version = self.version
        return version if version is not None and version.status != "published" else None

    @property
    def code(self) -> str:
        """Code of the plan that is checked, "" for all of them."""
        return "" if self.version is None else self.version.plan.code


@dataclass(frozen=True)
class Moment:
    """State of the record that is looked at."""

    on: dt.date
    revision: int


class Tables:
    """One reading of the record; every method is a statement or two. Without boxes: everything."""

    def __init__(self, cursor: Any, scope: Scope, moment: Moment) -> None:
        """Take what is checked, and the state of the record that is looked at."""
        self.cursor, self.scope, self.moment = cursor, scope, moment

    def values(self, boxes: Boxes | None = None) -> dict[str, Any]:
        """Return the parameters of the statements."""
        sides = (np.empty((0, 4)) if boxes is None else boxes).T.tolist()
        draft = self.scope.draft
        return {
            "on": self.moment.on,
            "revision": self.moment.revision,
            "version": None if draft is None else draft.pk,
            "code": self.scope.code,
            **dict(zip(("west", "south", "east", "north"), sides, strict=True)),
        }

    def columns(self, text: str, boxes: Boxes | None) -> list[tuple[Any, ...]]:
        """Return the columns of a question, none where it finds no row."""
        self.cursor.execute(text, self.values(boxes))
        rows = self.cursor.fetchall()
        return list(zip(*rows, strict=True)) if rows else []

    def parcels(self, boxes: Boxes) -> Parcels:
        """Return the plots with a boundary near to boxes; who lives there by the newest count."""
        wkb, *columns, people = self.columns(sql.PARCELS_NEAR, boxes) or [()] * 8
        words = dict(zip(sql.PARCEL_COLUMNS, map(objects_of, columns), strict=False))
        return Parcels(
            shape=shapes_of(wkb),
            is_judged=np.ones(len(wkb), dtype=bool),
            people=np.array(people, dtype=float),
            **words,
        )

    def all_parcels(self) -> tuple[Parcels, Outlines]:
        """Return all plots with a boundary, and what their areas follow from."""
        _, content, spans = copied_wkb(self.cursor, sql.PARCEL_GROUNDS, self.values())
        # The record is read at one revision: both questions find the same rows.
        held = copied_columns(
            self.cursor, sql.ALL_PARCELS, self.values(), sql.PARCEL_COLUMNS, ("people",)
        )
        judged = np.ones(len(spans), dtype=bool)
        parcels = Parcels(shape=shapes_in(content, spans), is_judged=judged, **held)
        return parcels, outlines_in(content, spans)

    def _features(self, word: str, boxes: Boxes | None) -> dict[str, Any]:
        """Return the columns of the objects of a kind, all of them judged."""
        feature = sql.FEATURES[word]
        names = ("key", *feature.columns)
        text = sql.features(word, is_everywhere=boxes is None)
        if boxes is None:
            _, shapes = copied_shapes(self.cursor, sql.all_grounds(word), self.values())
            held = copied_columns(self.cursor, text, self.values(), names, feature.numbers)
        else:
            wkb, *columns = self.columns(text, boxes) or [()] * (1 + len(names))
            shapes = shapes_of(wkb)
            held = {
                name: np.array(column, dtype=float)
                if name in feature.numbers
                else objects_of(column)
                for name, column in zip(names, columns, strict=True)
            }
        return {**held, "shape": shapes, "is_judged": np.ones(len(shapes), dtype=bool)}

    def roads(self, boxes: Boxes | None) -> Roads:
        """Return axes of streets."""
        columns = self._features("road", boxes)
        return Roads(**{**columns, "level": columns["level"].astype(np.int64)})

    def control_lines(self, boxes: Boxes | None) -> ControlLines:
        """Return ground that lines keep free."""
        return ControlLines(**self._features("control_line", boxes))

    def buildings(self, boxes: Boxes | None) -> Buildings:
        """Return footprints."""
        return Buildings(**self._features("building", boxes))

    def items(self, boxes: Boxes | None) -> Items:
        """Return projects of the annual plans of the day."""
        columns = self.columns(sql.items(is_everywhere=boxes is None), boxes)
        key, wkb, name, kind, purpose, status, year, first, area = columns or [()] * 9
        return Items(
            key=objects_of(key),
            shape=shapes_of(wkb),
            is_judged=np.ones(len(key), dtype=bool),
            name=objects_of(name),
            kind=objects_of(kind),
            purpose=objects_of(purpose),
            status=objects_of(status),
            year=np.array(year, dtype=np.int64),
            first_listed_year=np.array(first, dtype=np.int64),
            area_m2_stated=np.array(area, dtype=float),
        )

    def grids(self, zones: Zones, *, is_whole: bool) -> list[Grid]:
        """Return heights and depths below the judged zones, and around them for slopes."""
        box = None
        if not is_whole:
            if not zones.is_judged.any():
                return []
            west, south, east, north = shapely.total_bounds(zones.shape[zones.is_judged])
            box = (west - GRID_M, south - GRID_M, east + GRID_M, north + GRID_M)
        found = height_grids(on=self.moment.on, known_at=self.moment.revision, box=box)
        return [Grid(**vars(grid)) for grid in found]


def parcels_near(scope: Scope, moment: Moment, boxes: Boxes) -> Parcels:
    """Return the plots whose boxes meet one of the boxes."""
    with connection.cursor() as cursor:
        return Tables(cursor, scope, moment).parcels(boxes)


def shapes_of(wkb: Sequence[Any]) -> NDArray[np.object_]:
    """Return the shapes of WKB, None for none."""
    held = objects_of([None if one is None else bytes(one) for one in wkb])
    return np.asarray(shapely.from_wkb(held), dtype=object)


def objects_of(values: Sequence[Any]) -> NDArray[np.object_]:
    """Return values as an array of objects."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
