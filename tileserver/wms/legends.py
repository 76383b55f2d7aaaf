"""Legends as pictures, and how large they are: capabilities have to tell."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PIL import Image

from tileserver.extents import last_changes
from tileserver.layers import MAP_BY_ID
from tileserver.legend import legend_png
from tileserver.services import in_language
from tileserver.wms import tree

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from tileserver.cache import Edition

LEGEND_FORMAT = "image/png"


def legend(name: str, *, today: dt.date) -> bytes:
    """Return the legend of a layer or a theme in the active language.

    Raises KeyError for a name that is none of those in sight.
    """
    layers = tree.by_name()[name]
    language = in_language("vi", "en")
    if any(layer.id not in MAP_BY_ID for layer in layers):
        # What drafts show is for one caller.
        return legend_png(layers, as_of=today, language=language)
    changed = last_changes()
    return _kept(
        tuple(layer.id for layer in layers),
        today,
        max((changed[layer.id] for layer in layers), key=lambda e: e.revision),
        language,
    )


def sizes(*, today: dt.date) -> dict[str, tuple[int, int]]:
    """Return width and height of the legend of each public layer."""
    changed = last_changes()
    language = in_language("vi", "en")
    return {
        layer_id: _size((layer_id,), today, changed[layer_id], language) for layer_id in MAP_BY_ID
    }


def address(service: str, name: str) -> str:
    """Return where the legend of a layer is, in the active language."""
    asked: Mapping[str, str] = {
        "SERVICE": "WMS",
        "VERSION": "1.3.0",
        "REQUEST": "GetLegendGraphic",
        "SLD_VERSION": "1.1.0",
        "LAYER": name,
        "STYLE": "default",
        "FORMAT": LEGEND_FORMAT,
        "LANGUAGE": in_language("vi", "en"),
    }
    return f"{service}?{urlencode(asked)}"


# A legend of zones asks the database which functions are in force: not again until that changes.
@lru_cache(maxsize=256)
def _kept(layer_ids: tuple[str, ...], today: dt.date, last_change: Edition, language: str) -> bytes:
    return legend_png(
        [MAP_BY_ID[layer_id] for layer_id in layer_ids], as_of=today, language=language
    )


@lru_cache(maxsize=256)
def _size(
    layer_ids: tuple[str, ...], today: dt.date, last_change: Edition, language: str
) -> tuple[int, int]:
    content = _kept(layer_ids, today, last_change, language)
    with Image.open(io.BytesIO(content)) as picture:
        return picture.size
