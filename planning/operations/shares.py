"""Working out beforehand what zones share of plots.

A version of a plot and a row of a zone never change, so a share that is written once stays true;
what comes later is added. A reader compares revisions and works out for himself what is missing,
so this may run at any time, or never: it makes answers fast, not right.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from django.conf import settings
from django.db import connection, transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from landdata import crs
from planning.extract.pieces import clip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

#: Two rounds at once would work out the same.
SHARES_LOCK = 7_305_903
#: Plots that are held in memory at a time.
BATCH = 20_000


@dataclass(frozen=True)
class Refreshed:
    """What a round did."""

    plots: int
    shares: int
    through_revision: int


@dataclass
class _Zones:
    """All open zones, and their shapes in each zone of VN-2000 that some sheet was drawn in."""

    ids: NDArray[np.int64]
    since: NDArray[np.int64]
    stored: NDArray[Any]
    _moved: dict[int, tuple[NDArray[Any], shapely.STRtree]] = field(default_factory=dict)

    def in_zone(self, epsg: int) -> tuple[NDArray[Any], shapely.STRtree]:
        """Return shapes and their tree in a zone of VN-2000, ready to be asked often."""
        if epsg not in self._moved:
            shapes = np.array(crs.transform(self.stored, settings.STORAGE_EPSG, epsg), dtype=object)
            shapely.prepare(shapes)
            self._moved[epsg] = (shapes, shapely.STRtree(shapes))
        return self._moved[epsg]


@dataclass(frozen=True)
class _Plots:
    """A batch of plots whose sheets were drawn in one zone of VN-2000."""

    epsg: int
    ids: NDArray[np.int64]
    #: Up to which revision they were looked at; 0: never.
    through: NDArray[np.int64]
    ground: NDArray[Any]


def refresh_shares(*, progress: Callable[[int, int], None] | None = None) -> Refreshed:
    """Bring the stored shares up to the newest revision.

    Looks at plots that were never looked at and at those near zones that came since. `progress`
    hears how many plots of how many are done. Safe to repeat and to interrupt.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SHARES_LOCK])
        # What is read from here on is at least as new as this revision.
        cursor.execute("SELECT coalesce(max(number), 0) FROM landdata_revision")
        (through,) = cursor.fetchone()
        cursor.execute(_FORGET)
        cursor.execute(_WAITING)
        cursor.execute("SELECT count(*) FROM waiting_plot")
        (total,) = cursor.fetchone()
        if not total:
            return Refreshed(0, 0, through)
        zones = _zones(cursor, through)
        done = shares = 0
        for plots in _batches(cursor):
            shares += _write(cursor, plots, zones, through)
            done += len(plots.ids)
            if progress is not None:
                progress(done, total)
        return Refreshed(done, shares, through)


@task()
def refresh_plot_shares() -> dict[str, int]:
    """Let the worker bring the stored shares up to date."""
    refreshed = refresh_shares()
    return {"plots": refreshed.plots, "shares": refreshed.shares}


def plan_refresh() -> None:
    """Put a round in the queue unless one is waiting there; one that runs may have begun before."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=refresh_plot_shares.module_path)
    if not waiting.exists():
        refresh_plot_shares.enqueue()


def _zones(cursor: Any, through: int) -> _Zones:
    cursor.execute(_ZONES, {"through": through})
    rows = cursor.fetchall()
    return _Zones(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        shapely.from_wkb(np.array([bytes(row[2]) for row in rows], dtype=object)),
    )


def _batches(cursor: Any) -> Iterator[_Plots]:
    after = 0
    while True:
        cursor.execute(_BATCH, [after, BATCH])
        rows = cursor.fetchall()
        if not rows:
            return
        after = rows[-1][0]
        epsg = np.array([row[1] for row in rows])
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        through = np.array([row[2] for row in rows], dtype=np.int64)
        ground = shapely.from_wkb(np.array([bytes(row[3]) for row in rows], dtype=object))
        for zone in np.unique(epsg):
            chosen = epsg == zone
            yield _Plots(
                int(zone),
                ids[chosen],
                through[chosen],
                np.array(
                    crs.transform(ground[chosen], settings.STORAGE_EPSG, int(zone)), dtype=object
                ),
            )


def _write(cursor: Any, plots: _Plots, zones: _Zones, through: int) -> int:
    """Work out and write the shares of a batch; return how many there are."""
    shapes, tree = zones.in_zone(plots.epsg)
    plot, zone = tree.query(plots.ground)
    new = zones.since[zone] > plots.through[plot]
    plot, zone = plot[new], zone[new]
    shared, whole = clip(plots.ground[plot], shapes[zone])
    kept = ~shapely.is_missing(shared)
    plot, zone, shared, whole = plot[kept], zone[kept], shared[kept], whole[kept]
    out = io.StringIO()
    shared[whole] = None
    pieces: list[str | None] = shapely.to_wkb(shared, hex=True).tolist()
    csv.writer(out).writerows(
        (one, other, "" if piece is None else f"\\x{piece}")
        for one, other, piece in zip(
            plots.ids[plot].tolist(), zones.ids[zone].tolist(), pieces, strict=True
        )
    )
    out.seek(0)
    cursor.execute(_STAGING)
    cursor.copy_expert(_COPY, out)
    if cursor.rowcount != len(plot):
        raise RuntimeError(f"{len(plot)} shares were sent, {cursor.rowcount} arrived")
    cursor.execute(_KEEP)
    cursor.execute(_LOOKED_AT, {"plots": plots.ids.tolist(), "through": through})
    return len(plot)


#: What nobody reads again. A zone's share of a plot is read until the plot was looked at after the
#: zone had been closed.
_FORGET = """
    DELETE FROM planning_plotshare s USING landdata_parcelversion v
    WHERE v.id = s.parcel_version_id AND v.to_revision IS NOT NULL;
    DELETE FROM planning_plotshare s USING planning_zone z, planning_plotsharestate t
    WHERE z.id = s.zone_id AND t.parcel_version_id = s.parcel_version_id
        AND z.to_revision <= t.through_revision;
    DELETE FROM planning_plotsharestate s USING landdata_parcelversion v
    WHERE v.id = s.parcel_version_id AND v.to_revision IS NOT NULL
"""
_WAITING = """
    DROP TABLE IF EXISTS waiting_plot;
    CREATE TEMPORARY TABLE waiting_plot ON COMMIT DROP AS
    SELECT v.id, 0 AS through
    FROM landdata_parcelversion v
    LEFT JOIN planning_plotsharestate s ON s.parcel_version_id = v.id
    WHERE v.to_revision IS NULL AND v.geometry_state = 'valid' AND s.parcel_version_id IS NULL
    UNION ALL
    SELECT v.id, s.through_revision
    FROM landdata_parcelversion v
    JOIN planning_plotsharestate s ON s.parcel_version_id = v.id
    WHERE v.to_revision IS NULL AND EXISTS (
        SELECT FROM planning_zone z
        WHERE z.boundary && v.boundary AND z.to_revision IS NULL
            AND z.from_revision > s.through_revision
            AND z.from_revision > (SELECT min(through_revision) FROM planning_plotsharestate)
    );
    CREATE INDEX ON waiting_plot (id);
    ANALYZE waiting_plot
"""
_ZONES = """
    SELECT id, from_revision, ST_AsBinary(boundary) FROM planning_zone
    WHERE from_revision <= %(through)s AND (to_revision IS NULL OR to_revision > %(through)s)
    ORDER BY id
"""
_BATCH = """
    SELECT w.id, s.epsg, w.through, ST_AsBinary(v.boundary)
    FROM waiting_plot w
    JOIN landdata_parcelversion v ON v.id = w.id
    JOIN landdata_cadastralsheet s ON s.id = v.sheet_id
    WHERE w.id > %s ORDER BY w.id LIMIT %s
"""
_STAGING = """
    DROP TABLE IF EXISTS arriving_share;
    CREATE TEMPORARY TABLE arriving_share (
        parcel_version_id bigint NOT NULL, zone_id bigint NOT NULL, piece bytea
    ) ON COMMIT DROP
"""
_COPY = "COPY arriving_share (parcel_version_id, zone_id, piece) FROM STDIN WITH (FORMAT csv)"
_KEEP = """
    INSERT INTO planning_plotshare (parcel_version_id, zone_id, piece)
    SELECT parcel_version_id, zone_id, piece FROM arriving_share
    ON CONFLICT (parcel_version_id, zone_id) DO NOTHING
"""
_LOOKED_AT = """
    INSERT INTO planning_plotsharestate (parcel_version_id, through_revision)
    SELECT unnest(%(plots)s), %(through)s
    ON CONFLICT (parcel_version_id) DO UPDATE SET through_revision = excluded.through_revision
"""
