"""Telling the public of reach, by plot and as ground on the map, as a run of the city found it.

What stands already stays; what is found no more is closed. It belongs to the transaction of the
run: nobody reads of a run whose results are not there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from landdata import crs
from landdata.geometry import surfaces, to_multipolygon
from landdata.models import Revision
from planning.models import PublishedArea, ReachRing, ReachSummary
from planning.operations.reach_rows import COLUMNS, PlotsReached, copy_plots
from planning.reach.fields import areas, rings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely import MultiPolygon
    from shapely.geometry.base import BaseGeometry

    from planning.models import CoverageRun
    from planning.reach.cells import Cells
    from planning.reach.records import Floats, Mode, Objects

#: Two rounds at once would work out the same.
PUBLICATION_LOCK: Final = 7_305_931
#: Shares of a limit that the ground of a service is told by.
SHARES: Final = {ReachRing.HALF: 0.5, ReachRing.LIMIT: 1.0, ReachRing.DOUBLE: 2.0}
#: Kinds whose ground is drawn; of the others plots are told.
DRAWN: Final = (
    "kindergarten",
    "primary_school",
    "lower_secondary_school",
    "upper_secondary_school",
    "health_station",
    "market",
    "park",
    "garden",
)


@dataclass(frozen=True, eq=False)
class AreaReached:
    """Ground from which a kind of service is reached within a band."""

    kind: str
    mode: Mode
    ring: ReachRing
    from_m: float
    band_m: float
    norm: str
    boundary: MultiPolygon
    people: float | None = None

    @property
    def fingerprint(self) -> str:
        """A digest of all that is told."""
        said = repr((self.kind, self.mode, self.ring, self.from_m, self.band_m, self.norm))
        told = hashlib.sha256(said.encode())
        told.update(shapely.to_wkb(self.boundary))
        return told.hexdigest()[:32]


@dataclass(frozen=True)
class Told:
    """What a round did, in rows; no revision where nothing had changed."""

    opened: int
    closed: int
    kept: int
    revision: int | None = None


def areas_of(
    kind: str,
    mode: Mode,
    norm: str,
    limit_m: float,
    reach: Floats,
    cells: Cells,
    *,
    water: Sequence[BaseGeometry] | Objects = (),
) -> list[AreaReached]:
    """Return the ground of a kind of service by shares of a limit; `reach` is that of the cells."""
    found = rings(areas(reach, cells, [limit_m * share for share in SHARES.values()], water=water))
    return [
        AreaReached(kind, mode, ring, low, high, norm, ground)
        for ring, (low, high, ground) in zip(SHARES, found, strict=True)
        if not ground.is_empty
    ]


@transaction.atomic
def publish_reach(
    *,
    run: CoverageRun,
    plots: PlotsReached,
    grounds: Sequence[AreaReached],
    values: Mapping[str, Any],
) -> Told:
    """Make what the public is told of reach that which a run of the city found.

    In one revision, or none where nothing changed. `values` are the figures of the city.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLICATION_LOCK])
        cursor.execute(_STAND_BY)
        copy_plots(cursor, "reach_told", plots)
        cursor.execute(_COMPARE)
        cursor.execute(_COUNTS)
        new, going, kept = cursor.fetchone()
    standing = dict(PublishedArea.objects.known_now().values_list("fingerprint", "pk"))
    wanted = {ground.fingerprint: ground for ground in grounds}
    closed = [pk for fingerprint, pk in standing.items() if fingerprint not in wanted]
    opened = [ground for fingerprint, ground in wanted.items() if fingerprint not in standing]
    told = Told(new + len(opened), going + len(closed), kept + len(standing) - len(closed))
    if told.opened or told.closed:
        with Revision.open(by=None, why="reach of the city") as revision:
            with connection.cursor() as cursor:
                cursor.execute(_CLOSE, [revision.number])
                cursor.execute(_OPEN, [run.on, revision.number])
            PublishedArea.objects.filter(pk__in=closed).close(revision)
            PublishedArea.objects.bulk_create([_row(one, run, revision) for one in opened])
        told = Told(told.opened, told.closed, told.kept, revision.number)
    ReachSummary.objects.create(
        run=run,
        on=run.on,
        revision=run.revision,
        values=dict(values),
        released_at=timezone.now(),
    )
    return told


def _row(ground: AreaReached, run: CoverageRun, revision: Revision) -> PublishedArea:
    moved = crs.transform(ground.boundary, settings.STORAGE_EPSG, crs.WEB_MERCATOR)
    if not shapely.is_valid(moved):
        # What is mended may leave a line where two outlines ran together.
        moved = surfaces(shapely.make_valid(moved, method="structure"))
    return PublishedArea(
        kind=ground.kind,
        mode=str(ground.mode),
        ring=ground.ring,
        from_m=ground.from_m,
        band_m=ground.band_m,
        norm=ground.norm,
        people=ground.people,
        fingerprint=ground.fingerprint,
        boundary=to_multipolygon(ground.boundary, settings.STORAGE_SRID),
        boundary_3857=to_multipolygon(moved, crs.WEB_MERCATOR),
        valid_from=run.on,
        from_revision=revision.number,
    )


_NAMES: Final = ", ".join(COLUMNS)
_STAND_BY: Final = f"""
    DROP TABLE IF EXISTS reach_told, reach_going;
    CREATE TEMP TABLE reach_told ON COMMIT DROP AS
        SELECT {_NAMES} FROM planning_publishedreach WITH NO DATA
"""  # noqa: S608 - names of this module
_COMPARE: Final = """
    ANALYZE reach_told (parcel_id, fingerprint);
    CREATE TEMP TABLE reach_going ON COMMIT DROP AS
        SELECT p.id FROM planning_publishedreach p
        LEFT JOIN reach_told t ON t.parcel_id = p.parcel_id AND t.fingerprint = p.fingerprint
        WHERE p.to_revision IS NULL AND t.parcel_id IS NULL;
    DELETE FROM reach_told t USING planning_publishedreach p
        WHERE p.to_revision IS NULL AND p.parcel_id = t.parcel_id
            AND p.fingerprint = t.fingerprint
"""
_COUNTS: Final = """
    SELECT (SELECT count(*) FROM reach_told), g.many,
        (SELECT count(*) FROM planning_publishedreach WHERE to_revision IS NULL) - g.many
    FROM (SELECT count(*) AS many FROM reach_going) g
"""
_CLOSE: Final = """
    UPDATE planning_publishedreach SET to_revision = %s
    WHERE id IN (SELECT id FROM reach_going)
"""
_OPEN: Final = f"""
    INSERT INTO planning_publishedreach (valid_from, from_revision, {_NAMES})
    SELECT %s, %s, {_NAMES} FROM reach_told ORDER BY parcel_id
"""  # noqa: S608 - names of this module
