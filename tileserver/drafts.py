"""Vector tiles of drafts.

They are kept apart from the public's, under a name made of the drafts in sight and
their state: who sees other drafts, or these after an edit, finds other files.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from tileserver import cache as tile_cache
from tileserver import freshness, tiles
from tileserver.layer import Audience
from tileserver.layers.drafts import DRAFT_ZONES
from tileserver.layers.scenarios import SCENARIOS

if TYPE_CHECKING:
    import datetime as dt

    from tileserver.layer import Layer
    from tileserver.sight import Sight

#: Below the cache of tiles, beside the layers of the public.
FOLDER = "drafts"


def draft_tile(at: tiles.Place, sight: Sight, *, today: dt.date) -> tiles.Tile:
    """Return a vector tile of the drafts in sight."""
    mark = _mark(at.layer, sight, today)
    path = settings.TILE_CACHE / FOLDER / mark / f"{at.z}/{at.x}/{at.y}.mvt.gz"
    kept = tile_cache.read(path)
    if kept is None:
        kept = tiles.render(at, day=today, drafts=sight.drafts)
        # An edit during the drawing is in the tile or not: only what surely is what the name says
        # is kept.
        if _mark(at.layer, sight, today) == mark:
            tile_cache.write(path, kept)
    return tiles.Tile(kept.body, tile_cache.etag_of(kept.body))


# A zone that goes lowers the count, a new one raises the greatest number, an edit the sum.
_ZONES = """
    SELECT count(*), max(id), sum(edits) FROM team_draft_zones(%(drafts)s::bigint[])
"""
# Of scenarios there are so few rows that all of them are told.
_SCENARIOS = """
    SELECT md5(string_agg(s::text, ',' ORDER BY s.id)) FROM team_scenarios(%(drafts)s::bigint[]) s
"""
_STATES = {DRAFT_ZONES.id: _ZONES, SCENARIOS.id: _SCENARIOS}


def _mark(layer: Layer, sight: Sight, today: dt.date) -> str:
    with connections[Audience.TEAM.value].cursor() as cursor:
        cursor.execute(_STATES[layer.id], {"drafts": list(sight.drafts)})
        state = cursor.fetchone()
    # Names and colours come from tables of the public, known at a revision and valid on a day.
    shown = f"{freshness.newest()} {today}"
    text = f"{layer.id} {tiles.made_by(layer)} {sight.drafts} {state} {shown}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]
