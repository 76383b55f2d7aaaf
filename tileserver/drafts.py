"""What a signed-in caller sees beyond the public: layers of drafts, and which drafts in them.

Pictures of drafts are kept apart from the public's, under a name made of the drafts in sight and
their state: who sees other drafts, or these after an edit, finds other files.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from planning.permissions import drafts_open_to
from tileserver import cache as tile_cache
from tileserver import freshness, tiles
from tileserver.layer import Audience
from tileserver.layers import TEAM_LAYERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

    from tileserver.layer import Layer

#: Below the cache of tiles, beside the layers of the public.
FOLDER = "drafts"


@dataclass(frozen=True, slots=True)
class Sight:
    """Layers that a caller sees besides the public ones, by id, and the versions shown in them."""

    by_id: Mapping[str, Layer]
    drafts: tuple[int, ...]


NOTHING_MORE = Sight({}, ())
_TEAM = {layer.id: layer for layer in TEAM_LAYERS}


def sight_of(user: AbstractBaseUser | AnonymousUser, *, on: dt.date) -> Sight:
    """Return what a caller sees. Whoever may see no draft is not told that there are any."""
    if not user.is_authenticated:
        return NOTHING_MORE
    drafts = drafts_open_to(user, on=on)
    return Sight(_TEAM, drafts) if drafts else NOTHING_MORE


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
_STATE = """
    SELECT count(*), max(id), sum(edits) FROM team_draft_zones(%(drafts)s::bigint[])
"""


def _mark(layer: Layer, sight: Sight, today: dt.date) -> str:
    with connections[Audience.TEAM.value].cursor() as cursor:
        cursor.execute(_STATE, {"drafts": list(sight.drafts)})
        state = cursor.fetchone()
    # Names and colours come from tables of the public, known at a revision and valid on a day.
    shown = f"{freshness.newest()} {today}"
    text = f"{layer.id} {tiles.made_by(layer)} {sight.drafts} {state} {shown}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]
