"""What only the data can say of a layer: its sources, their licence and date, how far it reaches.

Asked through the restricted role. An answer holds until rows of the layer change again, so a
change of one layer costs one statement on that layer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connections

from tileserver.freshness import ALIAS
from tileserver.freshness import newest as newest_edition
from tileserver.layer import Audience, in_both_times
from tileserver.layers import MAP_LAYERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tileserver.layer import Layer

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Source:
    """A data set that rows of a layer come from; `data_date` is that of its newest row there."""

    code: str
    title_vi: str
    title_en: str
    publisher: str
    licence: str
    data_date: dt.date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a layer's content now."""

    sources: tuple[Source, ...] = ()
    #: Day that the newest of the data stand for; None where no row says one.
    data_date: dt.date | None = None
    #: West, south, east, north in degrees of WGS 84; None for a layer without shapes.
    extent: Box | None = None
    #: First day on which a row holds.
    valid_from: dt.date | None = None
    #: When the first revision with a row of the layer was made, and the last.
    issued: dt.datetime | None = None
    modified: dt.datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the layer."""
        return self.extent is None


def facts_of(layers: Sequence[Layer] = MAP_LAYERS) -> dict[str, Facts]:
    """Return what is known now of each of these layers that is public, by its id."""
    made_at = newest_edition().made_at_us
    changes = _last_changes()
    # A history of its own, as after a restore, has moments of its own.
    nothing = (0, made_at)
    return {
        layer.id: _facts(layer, *max(changes.get(name, nothing) for name in layer.noted_as))
        for layer in layers
        if layer.audience is Audience.PUBLIC
    }


_LAST_CHANGES = """
    SELECT c.layer, c.revision, (extract(epoch FROM r.made_at) * 1000000)::bigint
    FROM (
        SELECT layer, max(revision) AS revision FROM public_changed_areas GROUP BY layer
    ) c JOIN public_revisions r ON r.number = c.revision
"""


def _last_changes() -> dict[str, tuple[int, int]]:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_LAST_CHANGES)
        return {layer: (revision, made_at) for layer, revision, made_at in cursor.fetchall()}


_FACTS = """
    SELECT s.code, d.title_vi, d.title_en, d.publisher, d.licence, s.data_date, s.valid_from,
        ST_XMin(s.box), ST_YMin(s.box), ST_XMax(s.box), ST_YMax(s.box),
        (SELECT made_at FROM public_revisions WHERE number = s.first),
        (SELECT made_at FROM public_revisions WHERE number = s.last)
    FROM (
        SELECT {dataset} AS code, max({data_date}) AS data_date, min(v.valid_from) AS valid_from,
            min(v.from_revision) AS first, max(v.from_revision) AS last,
            ST_Transform(ST_SetSRID(ST_Extent(v.{geometry})::geometry, 3857), 4326) AS box
        FROM {view} v
        WHERE v.to_revision IS NULL {where}
        GROUP BY 1
    ) s LEFT JOIN public_datasets d ON d.code = s.code
    ORDER BY s.code
"""


@lru_cache(maxsize=256)
def _facts(layer: Layer, revision: int, made_at_us: int) -> Facts:
    """Ask the layer's view; `revision` and `made_at_us` name the state that the answer is of."""
    origin, day = layer.origin, "current_date"
    statement = _FACTS.format(
        dataset=in_both_times(origin.dataset, known=None, day=day),
        data_date=in_both_times(origin.data_date, known=None, day=day),
        geometry=layer.geometry,
        view=layer.view,
        where=f"AND {layer.where}" if layer.where else "",
    )
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    boxes = [row[7:11] for row in rows if row[7] is not None]
    return Facts(
        sources=tuple(
            Source(code, vi, en, publisher, licence, day)
            for code, vi, en, publisher, licence, day, *_ in rows
            if code is not None and vi is not None
        ),
        data_date=max((row[5] for row in rows if row[5]), default=None),
        extent=_around(boxes) if boxes else None,
        valid_from=min((row[6] for row in rows), default=None),
        issued=min((row[11] for row in rows), default=None),
        modified=max((row[12] for row in rows), default=None),
    )


def _around(boxes: Sequence[Box]) -> Box:
    west, south, east, north = zip(*boxes, strict=True)
    return (min(west), min(south), max(east), max(north))
