"""What everything near a plot shares with it, worked out at once.

One pass over arrays: a plot has a dozen themes, and asking shape by shape would cost more than the
answers.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import shapely
from django.conf import settings
from django.db import DatabaseError
from shapely.errors import ShapelyError

from landdata import crs
from landdata.database import savepoint
from planning.extract import rows
from planning.extract.pieces import Source, clip
from planning.extract.restrictions import corridors_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from planning.extract.restrictions import Reaching, RuleBook
    from planning.extract.rows import PlotRow, Row, Surroundings

logger = logging.getLogger(__name__)

#: Layer and row; for corridors also which of the row's corridors, and which part of it.
Key = tuple[Any, ...]
CERTAIN, UNCERTAIN = "certain", "uncertain"


@dataclass(frozen=True)
class Plot:
    """A plot that can be measured: its row, and its ground in the zone of its sheet."""

    row: PlotRow
    ground: BaseGeometry
    #: The same ground as (lon, lat) on WGS 84.
    on_earth: BaseGeometry
    as_of: dt.date

    @property
    def epsg(self) -> int:
        """The zone in which everything is cut and measured."""
        return self.row.sheet_epsg


@dataclass(frozen=True)
class Shared:
    """Rows near a plot with the ground that each shares with it."""

    around: Surroundings
    corridors: Mapping[str, list[tuple[Key, Reaching]]]
    ground: Mapping[Key, BaseGeometry]
    #: Layers of which something could not be read or cut.
    failed: frozenset[str]

    def sources(self, near: list[Row]) -> list[Source[Row]]:
        """Return the rows that share ground with the plot."""
        found = ((row, self.ground.get((row.layer, row.id))) for row in near)
        return [Source(shape, row) for row, shape in found if shape is not None]

    def corridor_sources(self, layer: str, part: str) -> list[Source[Any]]:
        """Return the corridors around objects of a layer whose part shares ground with the plot."""
        found = (
            (reaching, self.ground.get((*key, part)))
            for key, reaching in self.corridors.get(layer, ())
        )
        return [Source(shape, reaching.corridor) for reaching, shape in found if shape is not None]


def share_out(plot: Plot, around: Surroundings, book: RuleBook) -> Shared:
    """Return what every row near the plot shares with it."""
    failed = set(around.failed)
    shapes: dict[Key, BaseGeometry] = {}
    ground: dict[Key, BaseGeometry] = {}
    corridors: dict[str, list[tuple[Key, Reaching]]] = {}
    for layer, near in around.rows.items():
        try:
            with savepoint(rows.PUBLIC):
                if layer in rows.OBJECT_NAMES:
                    corridors[layer] = _corridors(plot, near, book, shapes)
                else:
                    _plain(plot, near, shapes, ground)
        except (DatabaseError, ShapelyError):
            logger.exception("layer %s near parcel %s could not be read", layer, plot.row.uuid)
            failed.add(layer)
    try:
        ground.update(_clipped(plot, shapes))
    except ShapelyError:
        logger.exception("what is near parcel %s could not be cut at once", plot.row.uuid)
        for key, shape in shapes.items():
            try:
                ground.update(_clipped(plot, {key: shape}))
            except ShapelyError:
                logger.exception("%s at parcel %s could not be cut", key, plot.row.uuid)
                failed.add(key[0])
    return Shared(around, corridors, ground, frozenset(failed))


def _plain(
    plot: Plot,
    near: tuple[Row, ...],
    shapes: dict[Key, BaseGeometry],
    ground: dict[Key, BaseGeometry],
) -> None:
    """Take over what is shared already, and note the shapes of what is to be cut."""
    for row in near:
        key = (row.layer, row.id)
        if row.is_share:
            # No piece is kept where the zone covers all of the plot.
            ground[key] = plot.ground if row.shape is None else shapely.from_wkb(bytes(row.shape))
            continue
        shape = rows.shape_of(row)
        if shape is not None:
            shapes[key] = in_sheet_zone(shape, plot)


def _corridors(
    plot: Plot, near: tuple[Row, ...], book: RuleBook, shapes: dict[Key, BaseGeometry]
) -> list[tuple[Key, Reaching]]:
    found = []
    for row in near:
        for place, reaching in enumerate(corridors_of(row, book, epsg=plot.epsg)):
            key = (row.layer, row.id, place)
            found.append((key, reaching))
            for part, shape in ((CERTAIN, reaching.certain), (UNCERTAIN, reaching.uncertain)):
                if not shape.is_empty:
                    shapes[*key, part] = shape
    return found


def _clipped(plot: Plot, shapes: dict[Key, BaseGeometry]) -> dict[Key, BaseGeometry]:
    if not shapes:
        return {}
    grounds = np.full(len(shapes), plot.ground, dtype=object)
    shared, _ = clip(grounds, np.array(list(shapes.values()), dtype=object))
    return {key: shape for key, shape in zip(shapes, shared, strict=True) if shape is not None}


def in_sheet_zone(shape: BaseGeometry, plot: Plot) -> BaseGeometry:
    """Everything is cut and measured in the zone in which the sheet was drawn."""
    return cast("BaseGeometry", crs.transform(shape, settings.STORAGE_EPSG, plot.epsg))
