"""The layers of a land-use plan's file. Columns: docs/city-files.md."""

from __future__ import annotations

from typing import Final

from importers import guard
from importers.features.columns import Column, Day, Number, Text, Word
from importers.features.spec import LayerSpec
from planning.models import ItemKind, ItemStatus

#: No annual plan of this century lies outside, and a slip of the pen does.
_YEAR: Final = Number(1990, 2100, whole=True)
_PLAN_CODE: Final = Column("annual_plan_code", Text(40), needed=True)
_ITEM_KEY: Final = Column("item_key", Text(40), needed=True)

ANNUAL_PLAN: Final = LayerSpec(
    "annual_plan",
    guard.SURFACE,
    "code",
    (
        Column("name_vi", Text(300), needed=True, quoted=False),
        Column("name_en", Text(300), quoted=False),
        Column("year", _YEAR, needed=True),
        Column("authority", Text(200), needed=True, quoted=False),
        Column("decision_number", Text(60), needed=True),
        Column("decision_date", Day(), needed=True),
        Column("data_date", Day(), needed=True),
        Column("valid_from", Day(), needed=True),
        Column("valid_to", Day()),
    ),
)
ITEM: Final = LayerSpec(
    "item",
    guard.SURFACE,
    "",
    (
        _PLAN_CODE,
        _ITEM_KEY,
        Column("name_vi", Text(300), needed=True, quoted=False),
        Column("name_en", Text(300), quoted=False),
        Column("kind", Word(ItemKind.values), needed=True),
        Column("purpose", Text(10), needed=True),
        Column("area_m2", Number(0, 99_999_999_999)),
        Column("first_listed_year", _YEAR, needed=True),
        Column("status", Word(ItemStatus.values), needed=True),
        Column("decision_number", Text(60)),
        Column("decision_date", Day()),
        Column("note", Text(4000), quoted=False),
    ),
    # Some are known by their list of plots only.
    shape_needed=False,
)
ITEM_PLOT: Final = LayerSpec(
    "item_parcel",
    guard.NO_GEOMETRY,
    "",
    (
        _PLAN_CODE,
        _ITEM_KEY,
        Column("unit_code", Text(5), needed=True),
        Column("sheet", Text(20), needed=True),
        Column("scale", Number(1, 1_000_000, whole=True)),
        Column("number", Text(20), needed=True),
    ),
)
