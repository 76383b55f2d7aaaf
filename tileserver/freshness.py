"""Whether a kept picture still shows what a new one would: the one judge, for raster and vector.

A kept picture says which edition it shows. It holds if that edition is of our history and no
change that is newer and of one of its layers touches its box (docs/decisions/0002). Days on which
rows begin or cease change the map without an edit: `last_change` names the last such day, and a
picture is kept under that name.

In a serving process a thread keeps the newest edition and the recent changes in memory
(`tileserver.listening`), so that judging asks nobody. Elsewhere, and whenever that thread is not
sure of itself, the database is asked.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import connections

from tileserver import listening
from tileserver.cache import Edition
from tileserver.layers import MAP_BY_ID
from tileserver.listening import LEGAL_TIME, edition_of, moment_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from tileserver.layer import Layer

#: The restricted role: a picture can show what a `public_…` view shows and nothing else.
ALIAS = "public"

#: West, south, east, north in EPSG:3857 metres.
Box = tuple[float, float, float, float]


def newest() -> Edition:
    """Return the newest state of the public data."""
    known = listening.known()
    if known is not None:
        return known.newest
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    return edition_of(row) if row else Edition(0, 0)


def holds(layers: Sequence[str], box: Box, shown: Edition, newest: Edition) -> bool:
    """Say whether a picture of `layers` in `box` that shows one edition shows the newest too.

    `box` is all that was drawn for it, margins included.
    """
    return hold_many(layers, [box], [shown], newest)[0]


def hold_many(
    layers: Sequence[str], boxes: ArrayLike, shown: Sequence[Edition], newest: Edition
) -> list[bool]:
    """Say of each of many pictures of the same layers whether it holds (see `holds`).

    `boxes` has a row (west, south, east, north) for each picture.
    """
    result = [edition == newest for edition in shown]
    names = noted_names(tuple(layers))
    asked = []
    known = listening.known()
    corners = np.asarray(boxes, float).reshape(-1, 4)
    for place, edition in enumerate(shown):
        if result[place]:
            continue
        judged = None if known is None else known.judge(names, corners[place], edition, newest)
        if judged is None:
            asked.append(place)
        else:
            result[place] = judged
    if asked:
        answers = _ask(names, corners[asked], [shown[place] for place in asked])
        for place, answer in zip(asked, answers, strict=True):
            result[place] = answer
    return result


def is_beyond_memory(shown: Edition) -> bool:
    """Say whether this process listens, and cannot judge pictures of an edition as old as this."""
    known = listening.known()
    return known is not None and shown.revision < known.since


def last_change(layer: Layer, newest: Edition, today: dt.date) -> str:
    """Return what besides noted changes decides about a layer's content on a day.

    It is the last day up to `today` that the layer's rows waited for. What holds from the day it
    was entered on needs no waiting: it is noted as a change. That reckons with days in their
    order, so a day before that of the newest edition (a clock set back) stands for itself.
    """
    known = listening.known()
    if known is not None and known.newest == newest:
        if today < known.latest_day:
            return f"{today:%Y%m%d}-only"
        return known.last_awaited(noted_names((layer.id,)), today)
    return _asked_last_change(layer.id, newest, today)


@lru_cache(maxsize=128)
def _asked_last_change(layer_id: str, newest: Edition, today: dt.date) -> str:
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_LATEST_DAY)
        (latest,) = cursor.fetchone()
        if latest is not None and today < latest.astimezone(LEGAL_TIME).date():
            return f"{today:%Y%m%d}-only"
        cursor.execute(_LAST_AWAITED, {"names": list(noted_names((layer_id,))), "today": today})
        (day,) = cursor.fetchone()
    return listening.day_name(day)


@lru_cache(maxsize=256)
def noted_names(layers: tuple[str, ...]) -> tuple[str, ...]:
    """Return under which names changes are noted that concern a picture of these layers."""
    return tuple(dict.fromkeys(name for y in layers for name in MAP_BY_ID[y].noted_as))


def _ask(names: Sequence[str], boxes: Any, shown: Sequence[Edition]) -> list[bool]:
    values = {
        "names": list(names),
        "revisions": [edition.revision for edition in shown],
        "made_at": [moment_of(edition) for edition in shown],
        **{side: boxes[:, n].tolist() for n, side in enumerate(("w", "s", "e", "n"))},
    }
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(_HOLD, values)
        return [bool(answer) for (answer,) in cursor.fetchall()]


_NEWEST = "SELECT number, made_at FROM public_revisions ORDER BY number DESC LIMIT 1"
# Clocks of several machines can give moments out of order, by a few revisions at most.
_LATEST_DAY = """
    SELECT max(made_at) FROM (
        SELECT made_at FROM public_revisions ORDER BY number DESC LIMIT 1000
    ) r
"""
_LAST_AWAITED = """
    SELECT max(day) FROM public_awaited_days WHERE layer = ANY(%(names)s) AND day <= %(today)s
"""
# Boxes of an index have four bytes a number, a metre here: near ones are compared again.
_HOLD = """
    SELECT EXISTS (
        SELECT FROM public_revisions r WHERE r.number = t.revision AND r.made_at = t.made_at
    ) AND NOT EXISTS (
        SELECT FROM public_changed_areas c
        WHERE c.layer = ANY(%(names)s) AND c.revision > t.revision
            AND c.extent_3857 && ST_MakeEnvelope(t.w, t.s, t.e, t.n, 3857)
            AND ST_XMin(c.extent_3857) <= t.e AND ST_XMax(c.extent_3857) >= t.w
            AND ST_YMin(c.extent_3857) <= t.n AND ST_YMax(c.extent_3857) >= t.s
    )
    FROM unnest(
        %(revisions)s::bigint[], %(made_at)s::timestamptz[],
        %(w)s::float8[], %(s)s::float8[], %(e)s::float8[], %(n)s::float8[]
    ) WITH ORDINALITY AS t (revision, made_at, w, s, e, n, place)
    ORDER BY t.place
"""
