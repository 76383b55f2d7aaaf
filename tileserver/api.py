"""What the map page has to know."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["map"])
