"""Handing a sheet to Typst."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from landdata import typesetting

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE = Path(__file__).with_name("map_sheet.typ")


def pdf_of(data: Mapping[str, Any], picture: bytes) -> bytes:
    """Return the sheet as PDF. `picture` is the map as PNG, `data` what map_sheet.typ reads."""
    return typesetting.pdf_of(_TEMPLATE, data, {"map.png": picture})
