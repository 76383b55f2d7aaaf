"""Bringing together what two planners made of one zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from landdata.geometry import to_multipolygon, to_surface
from planning.editing.records import WRITTEN_FIELDS
from planning.topology import merge_drawings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.contrib.gis.geos import MultiPolygon


def merge_content(
    base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the written fields with both planners' changes, None where both changed one.

    >>> merge_content({"label": "A", "note": ""}, {"label": "B", "note": ""},
    ...               {"label": "A", "note": "new"})
    {'label': 'B', 'note': 'new'}
    """
    merged: dict[str, Any] = {}
    for name in (name for name in WRITTEN_FIELDS if name in base):
        changed_by = [side[name] for side in (mine, theirs) if side[name] != base[name]]
        if len(changed_by) == 2 and changed_by[0] != changed_by[1]:
            return None
        merged[name] = changed_by[0] if changed_by else base[name]
    return merged


def merge_boundaries(
    base: MultiPolygon, mine: MultiPolygon, theirs: MultiPolygon
) -> MultiPolygon | None:
    """Return the boundary with both planners' vertices, None where both moved the same stretch."""
    merged = merge_drawings(to_surface(base), to_surface(mine), to_surface(theirs))
    return None if merged is None else to_multipolygon(merged, settings.STORAGE_SRID)
