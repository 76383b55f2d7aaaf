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
from planning.extract.layers import OBJECT_NAMES
from planning.extract.pieces import Source, clip
from planning.extract.restrictions import corridors_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

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
    #: As it is stored.
    stored: BaseGeometry
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
    reading = _Reading(plot, around, book)
    for layer in around.rows.keys() - set(OBJECT_NAMES):
        reading.try_layers([layer], reading.plain)
    objects = sorted(around.rows.keys() & set(OBJECT_NAMES))
    if objects and not reading.try_layers(objects, reading.measured):
        for layer in objects:
            reading.try_layers([layer], reading.measured)
    return reading.cut()


class _Reading:
    """Collects the shapes of what is near a plot; a layer that fails takes down no other."""

    def __init__(self, plot: Plot, around: Surroundings, book: RuleBook) -> None:
        self._plot, self._around, self._book = plot, around, book
        self._shapes: dict[Key, BaseGeometry] = {}
        self._ground: dict[Key, BaseGeometry] = {}
        self._corridors: dict[str, list[tuple[Key, Reaching]]] = {}
        self._failed = set(around.failed)

    def try_layers(self, layers: list[str], read: Callable[[list[Row]], None]) -> bool:
        """Read layers together and say whether that went well."""
        near = [row for layer in layers for row in self._around.rows[layer]]
        try:
            with savepoint(rows.PUBLIC):
                read(near)
        except (DatabaseError, ShapelyError):
            logger.exception("%s near parcel %s failed", layers, self._plot.row.uuid)
            self._failed.update(layers)
            return False
        self._failed.difference_update(set(layers) - self._around.failed)
        return True

    def plain(self, near: list[Row]) -> None:
        """Take over what is shared already, and note the shapes of what is to be cut."""
        plot = self._plot
        for row in near:
            key = (row.layer, row.id)
            if row.is_share:
                # No piece is kept where the zone covers all of the plot.
                self._ground[key] = (
                    plot.ground if row.shape is None else shapely.from_wkb(bytes(row.shape))
                )
                continue
            shape = rows.shape_of(row)
            if shape is not None:
                self._shapes[key] = in_sheet_zone(shape, plot)

    def measured(self, near: list[Row]) -> None:
        """Measure the corridors around objects, and note the shapes of their parts."""
        plot = self._plot
        reaching_plot = corridors_of(near, self._book, epsg=plot.epsg, reaching=plot.stored)
        for row, corridors in reaching_plot:
            for place, reaching in enumerate(corridors):
                key = (row.layer, row.id, place)
                self._corridors.setdefault(row.layer, []).append((key, reaching))
                for part, shape in ((CERTAIN, reaching.certain), (UNCERTAIN, reaching.uncertain)):
                    if not shape.is_empty:
                        self._shapes[*key, part] = shape

    def cut(self) -> Shared:
        """Clip everything that was noted to the plot."""
        try:
            self._ground.update(_clipped(self._plot, self._shapes))
        except ShapelyError:
            logger.exception("what is near %s could not be cut at once", self._plot.row.uuid)
            for key, shape in self._shapes.items():
                try:
                    self._ground.update(_clipped(self._plot, {key: shape}))
                except ShapelyError:
                    logger.exception("%s at %s could not be cut", key, self._plot.row.uuid)
                    self._failed.add(key[0])
        return Shared(self._around, self._corridors, self._ground, frozenset(self._failed))


def _clipped(plot: Plot, shapes: dict[Key, BaseGeometry]) -> dict[Key, BaseGeometry]:
    if not shapes:
        return {}
    grounds = np.full(len(shapes), plot.ground, dtype=object)
    shared, _ = clip(grounds, np.array(list(shapes.values()), dtype=object))
    return {key: shape for key, shape in zip(shapes, shared, strict=True) if shape is not None}


def in_sheet_zone(shape: BaseGeometry, plot: Plot) -> BaseGeometry:
    """Everything is cut and measured in the zone in which the sheet was drawn."""
    return cast("BaseGeometry", crs.transform(shape, settings.STORAGE_EPSG, plot.epsg))
